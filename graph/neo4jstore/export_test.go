package neo4jstore

import "time"

// SetStale shortens the silence after which an import counts as dead.
func (s *Store) SetStale(d time.Duration) { s.stale = d }

var TooOld = tooOld
