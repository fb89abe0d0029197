package classify

import (
	"cmp"
	"hash/fnv"
	"path"
	"slices"
	"strings"
	"time"
)

// Object is one entry of a listing.
type Object struct {
	Key      string
	Size     int64
	Modified time.Time
	// Archived: reading it takes a restore first, as in Glacier.
	Archived bool
}

// Budget bounds a plan; zero means no bound of that sort.
type Budget struct {
	Bytes    int64
	Objects  int
	Requests int
}

// Read is one ranged request: Length bytes from From, which is the whole
// object where From is 0 and Length its size.
type Read struct {
	Object Object
	From   int64
	Length int64
}

// Reads of one object.
const (
	wholeUpTo = 256 << 10 // read whole
	headSize  = 128 << 10
	window    = 64 << 10
	windows   = 3
)

// Plan chooses what to read of a datastore within a budget. Objects fall into
// strata by key template (digits, dates and ids replaced) and file ending, and
// size; every stratum gives one object before any gives two, the rest goes by
// the square root of its size. Within a stratum the order is that of a hash
// of seed and key, so that a plan is reproducible and a larger budget reads a
// superset. Archived and empty objects are left out; the caller counts them as
// unread. Cost: O(n log n).
func Plan(objects []Object, budget Budget, seed uint64) []Read {
	strata := map[string][]ranked{}
	for _, o := range objects {
		if o.Archived || o.Size <= 0 || strings.HasSuffix(o.Key, "/") {
			continue
		}
		key := stratum(o)
		strata[key] = append(strata[key], ranked{o, order(o.Key, seed)})
	}
	// Every object gets the moment at which its stratum would send it: the
	// n-th of N goes at n²/N, so that strata advance by the square root of
	// their size; the first of each goes at once.
	var queue []turn
	for key, list := range strata {
		slices.SortFunc(list, func(a, b ranked) int {
			return cmp.Or(cmp.Compare(a.order, b.order), strings.Compare(a.Key, b.Key))
		})
		for n, r := range list {
			at := 0.0
			if n > 0 {
				at = float64(n+1) * float64(n+1) / float64(len(list))
			}
			queue = append(queue, turn{r, at, key, n})
		}
	}
	slices.SortFunc(queue, func(a, b turn) int {
		return cmp.Or(cmp.Compare(min(a.n, 1), min(b.n, 1)), cmp.Compare(a.at, b.at), cmp.Compare(a.order, b.order), strings.Compare(a.Key, b.Key))
	})
	return spend(queue, budget, seed)
}

type ranked struct {
	Object
	order uint64
}

type turn struct {
	ranked
	at      float64
	stratum string
	n       int
}

// spend takes turns until the budget is used up. An object that does not fit
// any more ends its kind of spending: going on with smaller ones would favour
// them.
func spend(queue []turn, budget Budget, seed uint64) []Read {
	var (
		reads   []Read
		bytes   int64
		objects int
	)
	for _, t := range queue {
		parts := ranges(t.Object, seed)
		cost := int64(0)
		for _, r := range parts {
			cost += r.Length
		}
		if budget.Objects > 0 && objects == budget.Objects || budget.Requests > 0 && len(reads)+len(parts) > budget.Requests {
			break
		}
		if budget.Bytes > 0 && bytes+cost > budget.Bytes {
			left := budget.Bytes - bytes
			if left < window && objects > 0 || left <= 0 {
				break
			}
			parts = []Read{{t.Object, 0, min(left, t.Size)}}
			cost = parts[0].Length
		}
		reads = append(reads, parts...)
		bytes += cost
		objects++
	}
	return reads
}

// ranges decides what is read of one object: all of a small one, the start of
// what cannot be entered in the middle, and else the start and some windows at
// random places, in order.
func ranges(o Object, seed uint64) []Read {
	if o.Size <= wholeUpTo {
		return []Read{{o, 0, o.Size}}
	}
	switch strings.ToLower(path.Ext(o.Key)) {
	case ".gz", ".tgz":
		return []Read{{o, 0, min(o.Size, 4*headSize)}}
	case ".zip", ".xlsx", ".docx", ".pptx", ".jar":
		return []Read{{o, 0, min(o.Size, maxZip)}}
	case ".json":
		if o.Size <= 4<<20 {
			return []Read{{o, 0, o.Size}}
		}
	}
	reads := []Read{{o, 0, headSize}}
	var starts []int64
	h := order(o.Key, seed^0x9E3779B97F4A7C15)
	for range windows {
		h = h*6364136223846793005 + 1442695040888963407
		starts = append(starts, headSize+int64((h>>1)%uint64(o.Size-headSize-window+1)))
	}
	slices.Sort(starts)
	end := int64(headSize)
	for _, start := range starts {
		start = max(start, end) // windows must not overlap
		if start >= o.Size {
			break
		}
		length := min(window, o.Size-start)
		reads = append(reads, Read{o, start, length})
		end = start + length
	}
	return reads
}

// order is the place of a key in the random order of a seed.
func order(key string, seed uint64) uint64 {
	h := fnv.New64a()
	var b [8]byte
	for i := range b {
		b[i] = byte(seed >> (8 * i))
	}
	h.Write(b[:])
	h.Write([]byte(key))
	// FNV mixes its last bytes badly: finish as MurmurHash3 does.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// stratum names the class of an object: template, ending, size.
func stratum(o Object) string {
	size := "s"
	switch {
	case o.Size > 16<<20:
		size = "l"
	case o.Size > 64<<10:
		size = "m"
	}
	return template(o.Key) + "|" + strings.ToLower(path.Ext(o.Key)) + "|" + size
}

// template is the folder of a key with runs of digits replaced by 0, ids of
// hexadecimal digits by *, and values of name=value folders by *. At most four
// levels count.
func template(key string) string {
	dir := path.Dir(key)
	parts := strings.Split(dir, "/")
	for i, part := range parts {
		if name, _, ok := strings.Cut(part, "="); ok {
			parts[i] = name + "=*"
			continue
		}
		parts[i] = templatePart(part)
	}
	return strings.Join(parts[:min(len(parts), 4)], "/")
}

func templatePart(part string) string {
	hex, digits, letters := 0, 0, 0
	for _, c := range []byte(part) {
		switch {
		case c >= '0' && c <= '9':
			digits++
			hex++
		case c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F':
			letters++
			hex++
		case c == '-':
			hex++
		}
	}
	if len(part) >= 8 && hex == len(part) && digits > 0 && letters > 0 {
		return "*"
	}
	var b strings.Builder
	last := false
	for _, c := range []byte(part) {
		isDigit := c >= '0' && c <= '9'
		if !isDigit {
			b.WriteByte(c)
		} else if !last {
			b.WriteByte('0')
		}
		last = isDigit
	}
	return b.String()
}

// Estimate is what a plan will cost.
func Estimate(reads []Read) (bytes int64, objects, requests int) {
	last := ""
	for _, r := range reads {
		bytes += r.Length
		if r.Object.Key != last {
			objects++
			last = r.Object.Key
		}
	}
	return bytes, objects, len(reads)
}
