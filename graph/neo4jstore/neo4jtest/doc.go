// Package neo4jtest gives tests a real Neo4j.
//
// With NEO4J_URI set it is that server (with NEO4J_USER and NEO4J_PASSWORD);
// its database must be empty, because tests remove all of it. Otherwise the
// package starts Neo4j as a library in a Java process of its own on a free
// loopback port, once per test binary. The first start ever fetches the
// library with Maven into the user's cache folder (some 120 MB). Where Java or
// Maven is missing, tests that need the server are skipped with a plain
// sentence, or fail if CAIRN_REQUIRE names neo4j.
package neo4jtest
