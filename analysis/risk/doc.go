// Package risk puts attack paths into numbers: the chance that a target is
// reached, the likelihood of a family of paths, bounds, and the risk of
// families, datastores and the estate.
//
// Configuration is observed, so it is never random; what is random are the
// factors that steps rest on. Each factor is one chance, however many steps
// share it. Chances are simulated 64 worlds at a time with random numbers that
// depend on nothing but the factor's key and the world, so that two graphs are
// compared under the same luck; where few enough factors matter all their
// combinations are summed up instead and the result is exact.
//
// The numbers are not calibrated to incidents. The package finds no paths
// (route does) and knows no labels (settings and sensitivity do).
package risk
