// Package estatetest creates, through the AWS SDK, the small estate that tests
// of the collector and of everything behind it read: two accounts, an instance
// exposed to the internet whose role may read a bucket of (test) card numbers,
// an encrypted bucket whose key nobody outside may use, a function with a
// login in its environment, and near misses of each.
package estatetest
