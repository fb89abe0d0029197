package graph

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Store keeps snapshots and what belongs to them. Both implementations pass
// graphtest's conformance suite; any visible difference between them is a bug.
// To a store, record sets, results and ledger entries are opaque blobs.
type Store interface {
	// Put writes a snapshot with its record sets, all or nothing: a crash in
	// the middle leaves earlier snapshots readable and the new one absent.
	// ErrExists if the id is taken.
	Put(ctx context.Context, snap *Snapshot, sets []RecordSet) error
	// List describes the complete snapshots, oldest first.
	List(ctx context.Context) ([]Info, error)
	// Load reads a snapshot back, equal to what was put. ErrNotFound.
	Load(ctx context.Context, id string) (*Snapshot, error)
	// RecordSets reads the slices a snapshot was made from, sorted by slice. ErrNotFound.
	RecordSets(ctx context.Context, id string) ([]RecordSet, error)
	// Delete removes a snapshot with its record sets and derived data. ErrNotFound.
	Delete(ctx context.Context, id string) error

	// PutResult and Result are a cache that may be dropped at any time.
	PutResult(ctx context.Context, key string, blob []byte) error
	Result(ctx context.Context, key string) (blob []byte, ok bool, err error)
	DropResults(ctx context.Context) error

	// Append adds an entry to the append-only ledger and returns its revision
	// (1 for the first). Ledger reads entries with a revision above since, in order.
	Append(ctx context.Context, e LedgerEntry) (revision uint64, err error)
	Ledger(ctx context.Context, since uint64) ([]LedgerEntry, error)

	// PutDerived writes what the analysis concluded beside the snapshot, for
	// people who query the store itself. A store without a query language of
	// its own keeps nothing. ErrNotFound.
	PutDerived(ctx context.Context, snapshot string, d Derived) error

	Close() error
}

// Errors of every store.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("already exists")
	// ErrBusy says that another process holds the store; the message names it.
	ErrBusy = errors.New("store is busy")
	// ErrFormat says that the stored data were written by an incompatible version or are damaged.
	ErrFormat = errors.New("unreadable store format")
)

// Info describes a stored snapshot without loading it.
type Info struct {
	Meta
	Nodes int `json:"nodes"`
	Edges int `json:"edges"`
	Gaps  int `json:"gaps"`
}

// Slice names what one kind of call read: the unit that a later scan replaces.
type Slice struct {
	Account   string `json:"account"`
	Region    string `json:"region"`
	Service   string `json:"service"`
	Operation string `json:"operation"`
}

// RecordSet is the records of one slice as an opaque blob with its outcome.
type RecordSet struct {
	Slice
	Outcome Outcome         `json:"outcome"` // the worst of its records
	Counts  map[Outcome]int `json:"counts"`
	ReadAt  time.Time       `json:"readAt"` // newest
	Blob    []byte          `json:"-"`
}

// LedgerEntry is one decision of a person: a mark, a status, an acceptance.
type LedgerEntry struct {
	Revision uint64          `json:"revision"` // set by the store
	At       time.Time       `json:"at"`
	Actor    string          `json:"actor"`
	Kind     string          `json:"kind"` // "mark" ...
	Subject  string          `json:"subject"`
	Body     json.RawMessage `json:"body"`
}

// Derived is the analysis in neutral words for a store that has a query
// language: sensitivity per datastore, steps and ranked paths.
type Derived struct {
	Sensitivity []DerivedSensitivity
	Steps       []DerivedStep
	Paths       []DerivedPath
}

// DerivedSensitivity is the label of one datastore.
type DerivedSensitivity struct {
	Node     string
	Label    string
	Critical bool
	Source   string // scan, catalogue, declared, assumed, none
	Types    []string
}

// DerivedStep is one attack step between two nodes (its first premise's node
// and its conclusion's node).
type DerivedStep struct {
	From, To   string
	Technique  string
	Status     string
	Likelihood float64
	Gains      string // the state concluded, such as "controls"
}

// DerivedPath is one ranked path family with the nodes of its best path in order.
type DerivedPath struct {
	ID, Title, Entry, Target, Outcome, Status, Level string
	Rank                                             int
	Risk, Likelihood                                 float64
	Nodes                                            []string
}
