package classify

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph/sit"
	"github.com/cairn-security/cairn/ingest/classify/detect"
)

// Sampling collects what the sampled objects of one datastore hold. Objects
// are given one after the other; it is not safe for several goroutines.
type Sampling struct {
	classifier *Classifier
	least      uint8
	hasher     *Hasher
	result     sit.Sampling
	types      map[sit.ID]*typeTotal
	found      []sit.Credential
	seenSecret map[string]bool
	scratch    []byte

	sizeRead int64   // sizes of the objects read
	records  float64 // their records, extrapolated to whole objects
	counted  bool    // some object had records
	partial  bool    // some object was read in part
	now      current
}

// current is the object whose pieces are being read.
type current struct {
	name     string
	size     int64
	read     int64
	records  int64 // -1 while nothing countable was read
	readable bool
	types    map[sit.ID]bool
	seen     map[columnKey]int // where in the result's list
	columns  []*detect.Field
}

type typeTotal struct {
	best    sit.Confidence
	values  sketch
	matches int
	objects int
}

// column gathers one type in one column of one object.
type column struct {
	values  sketch
	matches int
	best    int
	spoken  bool // the name or a word speaks for it
}

type columnKey struct {
	field string
	typ   sit.ID
}

// Limits of what a result lists.
const (
	maxSeen        = 1000
	maxCredentials = 10_000
	boundAt        = 0.95
)

// NewSampling starts the summary of one datastore.
func (c *Classifier) NewSampling(h *Hasher) *Sampling {
	lenient := *c
	lenient.least = 40 // a column of weak matches may be strong evidence
	return &Sampling{classifier: &lenient, least: c.least, hasher: h, types: map[sit.ID]*typeTotal{}, seenSecret: map[string]bool{}}
}

// Object reads one object or a piece of it; size is that of the whole object.
// Pieces of one object are given one after the other, the first with From 0;
// they count as one object, and later pieces of a table keep the names of its
// columns. Nothing is kept but counts, places and keyed hashes. The error is
// that of the context or of r; what cannot be read is counted as unreadable.
func (s *Sampling) Object(ctx context.Context, name string, size int64, r io.Reader, opts Options) error {
	if opts.From == 0 || name != s.now.name {
		s.close()
		s.now = current{name: name, size: size, records: -1, types: map[sit.ID]bool{}, seen: map[columnKey]int{}}
	}
	opts.columns = s.now.columns
	columns := map[columnKey]*column{}
	lastKey := accessKeySeen{}
	report, err := s.classifier.Classify(ctx, name, r, opts, func(f *Finding) error {
		key := columnKey{f.Field, f.Type}
		c := columns[key]
		if c == nil {
			c = &column{}
			columns[key] = c
		}
		var hash uint64
		hash, s.scratch = s.hasher.number(f.secret, s.scratch)
		c.values.add(hash)
		c.matches++
		c.best = max(c.best, f.Score)
		c.spoken = c.spoken || f.Score >= 85
		if f.category == sit.Credentials && f.Score >= int(s.least) {
			s.credential(f, &lastKey)
		}
		return nil
	})
	s.result.BytesRead += report.Bytes
	if err != nil {
		return err
	}
	for _, skipped := range report.Skipped {
		s.skipped(skipped)
	}
	if report.Bytes == 0 && len(report.Skipped) > 0 {
		s.result.Unreadable++
		return nil
	}
	s.now.readable = true
	s.now.read += report.Bytes
	s.now.columns = report.columns
	if report.Records >= 0 {
		s.now.records = max(s.now.records, 0) + report.Records
	}
	s.fold(columns, report.Records)
	return nil
}

// Unreadable counts an object that could not be fetched at all.
func (s *Sampling) Unreadable(name, why string) {
	s.result.Unreadable++
	s.skipped(sit.Skipped{Object: name, Why: why})
}

func (s *Sampling) skipped(skipped sit.Skipped) {
	if len(s.result.Skipped) < maxSeen {
		s.result.Skipped = append(s.result.Skipped, skipped)
	}
}

// close counts the object whose pieces were read.
func (s *Sampling) close() {
	o := s.now
	s.now = current{}
	if !o.readable {
		return
	}
	s.result.Sampled++
	s.partial = s.partial || o.read < o.size
	s.sizeRead += max(o.size, o.read)
	if o.records < 0 {
		return
	}
	s.counted = true
	records := float64(o.records)
	if o.read > 0 && o.size > o.read {
		records *= float64(o.size) / float64(o.read)
	}
	s.records += records
}

// fold judges the columns of one piece and adds them to the totals.
func (s *Sampling) fold(columns map[columnKey]*column, records int64) {
	keys := slices.SortedFunc(maps.Keys(columns), func(a, b columnKey) int {
		return cmp.Or(cmp.Compare(a.field, b.field), cmp.Compare(a.typ, b.typ))
	})
	for _, key := range keys {
		c := columns[key]
		confidence := s.judge(key.typ, c, records, key.field != "")
		if confidence < sit.OfScore(int(s.least)) {
			continue
		}
		total := s.types[key.typ]
		if total == nil {
			total = &typeTotal{}
			s.types[key.typ] = total
		}
		total.best = max(total.best, confidence)
		total.values.merge(&c.values)
		total.matches += c.matches
		if !s.now.types[key.typ] {
			s.now.types[key.typ] = true
			total.objects++
		}
		if at, ok := s.now.seen[key]; ok {
			s.result.Seen[at].Count += c.matches
		} else if len(s.result.Seen) < maxSeen {
			s.now.seen[key] = len(s.result.Seen)
			s.result.Seen = append(s.result.Seen, sit.Location{Object: s.now.name, Column: key.field, Type: key.typ, Count: c.matches})
		}
	}
}

// judge weighs a column as a whole: check digits that one number in ten passes
// prove nothing where about one in ten of a column passes, and prove much
// where nearly all do (binomial test against the random pass rate).
func (s *Sampling) judge(typ sit.ID, c *column, records int64, isColumn bool) sit.Confidence {
	confidence := sit.OfScore(c.best)
	info, ok := sit.Lookup(typ)
	if !ok || c.spoken || !isColumn || info.PassRate <= 0 || info.PassRate >= 0.9 || records <= 0 {
		return confidence
	}
	share := float64(c.matches) / float64(records)
	noise := 3 * math.Sqrt(info.PassRate*(1-info.PassRate)/float64(records))
	switch {
	case records >= 30 && share <= info.PassRate+noise:
		return sit.Low // what chance gives
	case share >= 0.6 && float64(c.values.count())*math.Log(info.PassRate) < math.Log(1e-6):
		return max(confidence, sit.Medium)
	}
	return confidence
}

// accessKeySeen is the last access key id of a file, for the secret beside it.
type accessKeySeen struct {
	id           string
	record, line int
}

// credential keeps a record of a find, once per secret and object.
func (s *Sampling) credential(f *Finding, last *accessKeySeen) {
	at := f.File
	if f.Member != "" {
		at += "!" + f.Member
	}
	c := credentialOf(f.Type, f.value, f.secret, f.Field, at, s.hasher)
	switch f.Type {
	case "aws_access_key":
		*last = accessKeySeen{c.Locator, f.Record, f.Line}
	case "aws_secret_key":
		if last.id != "" && last.record == f.Record && f.Line-last.line <= 5 {
			c.Locator = last.id
		}
	}
	key := fmt.Sprint(c.Kind, "\x00", c.Locator, "\x00", c.KeyedHash, "\x00", at)
	if s.seenSecret[key] || len(s.found) == maxCredentials {
		return
	}
	s.seenSecret[key] = true
	if f.Field != "" {
		c.FoundAt += "#" + f.Field
	} else {
		c.FoundAt += fmt.Sprint(":", f.Line)
	}
	s.found = append(s.found, c)
}

// Result is the summary so far and ends the object at hand. objects and size
// are those of the whole datastore, -1 where unknown.
func (s *Sampling) Result(objects, size int64) (sit.Sampling, []sit.Credential) {
	s.close()
	r := s.result
	r.Objects, r.Bytes, r.Records = objects, size, -1
	r.Types = make([]sit.Summary, 0, len(s.types))
	for id, t := range s.types {
		r.Types = append(r.Types, sit.Summary{
			Type: id, Confidence: t.best, Distinct: t.values.count(), Matches: t.matches,
			Share: sit.Wilson(t.objects, r.Sampled), Objects: t.objects,
		})
	}
	slices.SortFunc(r.Types, func(a, b sit.Summary) int { return strings.Compare(string(a.Type), string(b.Type)) })
	r.Bound = sit.ZeroBound(r.Sampled, boundAt)
	if objects >= 0 && int64(r.Sampled) >= objects && r.Unreadable == 0 && !s.partial {
		r.Bound.Share = 0 // everything was looked at
	}
	if s.counted {
		r.Records = int64(math.Round(s.records))
		if size > s.sizeRead && s.sizeRead > 0 {
			r.Records = int64(math.Round(s.records * float64(size) / float64(s.sizeRead)))
		}
	}
	r.Seen = append([]sit.Location{}, r.Seen...)
	r.Skipped = append([]sit.Skipped{}, r.Skipped...)
	return r, append([]sit.Credential{}, s.found...)
}
