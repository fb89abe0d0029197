package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cairn-security/cairn/graph"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/notifications"
)

// Config says where the database is.
type Config struct {
	URL      string // neo4j://HOST:7687 or bolt://…; +s for TLS
	User     string // empty: do not sign in
	Password string
	Database string // empty: the server's default
}

// Store is a store in a Neo4j database. It is safe for concurrent use, by any
// number of processes.
type Store struct {
	driver   neo4j.DriverWithContext
	database string
	url      string
	// stale is after what silence an import counts as dead.
	stale time.Duration
}

var _ graph.Store = (*Store)(nil)

const (
	formatVersion = 1
	defaultStale  = time.Minute
)

// schema makes identity unique, which also is the index that writes and reads
// go by. Statements are repeatable.
var schema = []string{
	"CREATE CONSTRAINT cairn_node IF NOT EXISTS FOR (n:Node) REQUIRE (n.snapshot, n.id) IS UNIQUE",
	"CREATE CONSTRAINT cairn_snapshot IF NOT EXISTS FOR (n:Snapshot) REQUIRE n.id IS UNIQUE",
	"CREATE CONSTRAINT cairn_set IF NOT EXISTS FOR (n:RecordSet) REQUIRE (n.snapshot, n.number) IS UNIQUE",
	"CREATE CONSTRAINT cairn_path IF NOT EXISTS FOR (n:Path) REQUIRE (n.snapshot, n.id) IS UNIQUE",
	"CREATE CONSTRAINT cairn_blob IF NOT EXISTS FOR (n:Blob) REQUIRE (n.owner, n.part) IS UNIQUE",
	"CREATE CONSTRAINT cairn_result IF NOT EXISTS FOR (n:Result) REQUIRE n.hash IS UNIQUE",
	"CREATE CONSTRAINT cairn_ledger IF NOT EXISTS FOR (n:Ledger) REQUIRE n.id IS UNIQUE",
	"CREATE CONSTRAINT cairn_entry IF NOT EXISTS FOR (n:LedgerEntry) REQUIRE n.revision IS UNIQUE",
	"CREATE CONSTRAINT cairn_append IF NOT EXISTS FOR (n:LedgerEntry) REQUIRE n.append IS UNIQUE",
}

// Open connects to the database and prepares its constraints. Close the store
// when done.
func Open(ctx context.Context, c Config) (*Store, error) {
	auth := neo4j.NoAuth()
	if c.User != "" {
		auth = neo4j.BasicAuth(c.User, c.Password, "")
	}
	driver, err := neo4j.NewDriverWithContext(c.URL, auth, func(o *config.Config) {
		o.NotificationsMinSeverity = notifications.DisabledLevel // id() is meant: see nodes.go
		o.TelemetryDisabled = true
		o.FetchSize = 10_000
		o.UserAgent = "cairn"
	})
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", c.URL, err)
	}
	s := &Store{driver: driver, database: c.Database, url: c.URL, stale: defaultStale}
	if err := driver.VerifyConnectivity(ctx); err != nil {
		driver.Close(ctx)
		return nil, s.fail(ctx, "connect", err)
	}
	if err := s.checkVersion(ctx); err != nil {
		driver.Close(ctx)
		return nil, s.fail(ctx, "connect", err)
	}
	for _, statement := range schema {
		if err := s.auto(ctx, statement, nil); err != nil {
			driver.Close(ctx)
			return nil, s.fail(ctx, "prepare constraints", err)
		}
	}
	return s, nil
}

// checkVersion refuses servers that do not know labels as parameters.
func (s *Store) checkVersion(ctx context.Context) error {
	info, err := s.driver.GetServerInfo(ctx)
	if err != nil {
		return err
	}
	if tooOld(info.Agent()) {
		return fmt.Errorf("%s is too old: cairn needs Neo4j 5.26 or later", info.Agent())
	}
	return nil
}

// tooOld reports whether an agent such as Neo4j/5.26.12 is below 5.26. What
// names itself otherwise gets the benefit of the doubt.
func tooOld(agent string) bool {
	var major, minor int
	n, _ := fmt.Sscanf(agent, "Neo4j/%d.%d", &major, &minor)
	return n == 2 && (major < 5 || major == 5 && minor < 26)
}

// Close implements graph.Store: it ends the connections.
func (s *Store) Close() error { return s.driver.Close(context.Background()) }

// fail describes an error; a cancelled context is what the caller sees, however
// the driver puts it.
func (s *Store) fail(ctx context.Context, what string, err error) error {
	if err == nil {
		return nil
	}
	if cause := ctx.Err(); cause != nil && !errors.Is(err, cause) {
		err = errors.Join(cause, err)
	}
	return fmt.Errorf("store %s: %s: %w", s.url, what, err)
}

func (s *Store) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	return s.driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: mode, DatabaseName: s.database})
}

// params are the parameters of a statement.
type params = map[string]any

// write runs one statement in a transaction that is repeated after a deadlock
// or a change of leader, and returns all of its records.
func (s *Store) write(ctx context.Context, statement string, p params) ([]*neo4j.Record, error) {
	return s.writeAll(ctx, func(tx neo4j.ManagedTransaction) ([]*neo4j.Record, error) { return collect(ctx, tx, statement, p) })
}

// writeAll runs several statements in one such transaction; what f did before
// it is repeated is rolled back.
func (s *Store) writeAll(ctx context.Context, f func(tx neo4j.ManagedTransaction) ([]*neo4j.Record, error)) ([]*neo4j.Record, error) {
	session := s.session(ctx, neo4j.AccessModeWrite)
	defer session.Close(ctx)
	records, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) { return f(tx) })
	if err != nil {
		return nil, err
	}
	return records.([]*neo4j.Record), nil
}

func collect(ctx context.Context, tx neo4j.ManagedTransaction, statement string, p params) ([]*neo4j.Record, error) {
	result, err := tx.Run(ctx, statement, p)
	if err != nil {
		return nil, err
	}
	return result.Collect(ctx)
}

// read streams the records of a statement to f. It is not repeated: f may keep
// what it has seen.
func (s *Store) read(ctx context.Context, statement string, p params, f func(values []any) error) error {
	session := s.session(ctx, neo4j.AccessModeRead)
	defer session.Close(ctx)
	result, err := session.Run(ctx, statement, p)
	if err != nil {
		return err
	}
	for result.Next(ctx) {
		if err := f(result.Record().Values); err != nil {
			return err
		}
	}
	return result.Err()
}

// auto runs a statement outside of a transaction of ours: changes of the
// schema, and CALL … IN TRANSACTIONS.
func (s *Store) auto(ctx context.Context, statement string, p params) error {
	session := s.session(ctx, neo4j.AccessModeWrite)
	defer session.Close(ctx)
	result, err := session.Run(ctx, statement, p)
	if err != nil {
		return err
	}
	_, err = result.Consume(ctx)
	return err
}
