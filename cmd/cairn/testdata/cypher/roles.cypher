// Roles by the number of ranked paths that pass through them.
MATCH (p:Path {snapshot: $snapshot})-[:VISITS]->(r:Role)
RETURN r.name AS role, count(DISTINCT p) AS paths
ORDER BY paths DESC, role
