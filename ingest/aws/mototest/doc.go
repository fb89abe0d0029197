// Package mototest starts moto_server, an emulator of the AWS API, for tests of
// any package. It imports no SDK: tests give the address to whatever client they
// use.
//
// A test skips with one line where moto_server is not on PATH, and fails
// instead when the environment variable CAIRN_REQUIRE names moto.
package mototest
