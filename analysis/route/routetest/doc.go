// Package routetest gives tests and benchmarks attack graphs in the words of
// package attack: small random ones drawn by rapid, and the large generated ones
// of package graphtest. It holds nothing that a product needs.
package routetest
