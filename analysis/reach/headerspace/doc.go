// Package headerspace holds exact sets of packet headers: addresses, services
// (protocol with port, or ICMP type with code), and products of both.
//
// Cloud filters are products of an address range and a port range, so sorted
// disjoint intervals represent every set they can describe without loss; the
// idea is that of interval atoms (Horn, Kheradmand, Prasad: Delta-net, NSDI
// 2017) on the header space of Kazemian, Varghese, McKeown (NSDI 2012).
//
// The package knows nothing of any cloud: it never reads documents, never
// decides. Sets are values: no function changes its arguments, results may
// share memory with them.
package headerspace
