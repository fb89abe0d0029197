package aws

import (
	"sync"
	"time"

	"github.com/cairn-security/cairn/graph/settings"
)

// budget bounds what sampling takes from one account. Zero limits are none. It
// is safe for concurrent use.
type budget struct {
	mu       sync.Mutex
	limit    settings.Budget
	used     settings.Budget
	deadline time.Time // zero for none
	buckets  int
}

// leastShare is what a bucket may always take while the budget lasts.
const leastShare = 4 << 20

// newBudget divides a budget among so many buckets.
func newBudget(limit settings.Budget, buckets int) *budget {
	b := &budget{limit: limit, buckets: max(1, buckets)}
	if limit.Time > 0 {
		b.deadline = time.Now().Add(limit.Time)
	}
	return b
}

// share is what one bucket may take of the bytes: its equal part, or enough for
// a few objects where there are many buckets. 0 is no limit.
func (b *budget) share() int64 {
	if b.limit.Bytes == 0 {
		return 0
	}
	return max(b.limit.Bytes/int64(b.buckets), leastShare)
}

// take reserves one object of so many bytes and the request that reads it. It
// reports false, and takes nothing, where any limit is reached.
func (b *budget) take(bytes int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over() || b.limit.Objects > 0 && b.used.Objects >= b.limit.Objects ||
		b.limit.Bytes > 0 && b.used.Bytes+bytes > b.limit.Bytes {
		return false
	}
	b.used.Bytes += bytes
	b.used.Objects++
	b.used.Requests++
	return true
}

// request reserves a request that reads no object.
func (b *budget) request() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over() {
		return false
	}
	b.used.Requests++
	return true
}

func (b *budget) over() bool {
	return b.limit.Requests > 0 && b.used.Requests >= b.limit.Requests ||
		!b.deadline.IsZero() && time.Now().After(b.deadline)
}
