// Package routetest gives tests and benchmarks attack graphs: small random
// ones drawn by rapid, and large seeded ones in the shape of a cloud estate.
// It holds nothing that a product needs.
package routetest
