package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cairn-security/cairn/graph"
)

// cleanupTime bounds what is done after the caller's context has ended.
const cleanupTime = time.Minute

// claim takes an id for one import: a random word on the snapshot's node says
// whose it is, and its time of last life when it is dead.
func (s *Store) claim(ctx context.Context, id, claim string) error {
	owner, err := s.take(ctx, id, claim)
	switch {
	case err != nil:
		return err
	case owner.claim == claim:
		return s.wipe(ctx, id, "") // what a write that outlived its cancelled import may have left
	case owner.complete:
		return graph.ErrExists
	}
	removed, err := s.remove(ctx, id, owner.claim, isDead)
	if err != nil {
		return err
	}
	if !removed {
		return fmt.Errorf("%w: it is being written or removed by another process", graph.ErrBusy)
	}
	return s.claim(ctx, id, claim)
}

// holder is who has an id.
type holder struct {
	claim    string
	complete bool
}

// take claims an id that nobody has and says who has it now. It waits for a
// write to the same id that is still under way on the server.
func (s *Store) take(ctx context.Context, id, claim string) (holder, error) {
	records, err := s.write(ctx, `MERGE (s:Snapshot {id: $id})
		ON CREATE SET s.complete = false, s.claim = $claim, s.beat = timestamp(), s.format = $format
		RETURN s.claim, s.complete`,
		params{"id": id, "claim": claim, "format": formatVersion})
	if err != nil {
		return holder{}, err
	}
	complete, _ := records[0].Values[1].(bool)
	return holder{text(records[0].Values[0]), complete}, nil
}

// release removes whatever an import has left, also where nobody knows what of
// it reached the server, and nothing of another import of the same id.
func (s *Store) release(ctx context.Context, id, claim string) error {
	owner, err := s.take(ctx, id, claim)
	if err != nil {
		return err
	}
	if owner.claim != claim {
		return s.wipeBlobs(ctx, claim)
	}
	_, err = s.remove(ctx, id, claim, isMine)
	return err
}

// beat shows that an import or a removal is alive, until stop is called.
func (s *Store) beat(ctx context.Context, id, claim string) (stop func()) {
	ctx, stop = context.WithCancel(ctx)
	go func() {
		tick := time.NewTicker(s.stale / 6)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				// A missed beat is harmless; five in a row mean that the server is gone.
				_, _ = s.write(ctx, "MATCH (s:Snapshot {id: $id}) WHERE s.claim = $claim SET s.beat = timestamp()", params{"id": id, "claim": claim})
			}
		}
	}()
	return stop
}

// When a snapshot may be removed, as conditions in Cypher.
const (
	isComplete = "s.complete"
	isMine     = "true"
	isDead     = "NOT s.complete AND timestamp() - s.beat > $stale"
)

// sweep removes what dead imports and dead removals left.
func (s *Store) sweep(ctx context.Context) error {
	var dead [][2]string
	err := s.read(ctx, "MATCH (s:Snapshot) WHERE "+isDead+" RETURN s.id, s.claim",
		params{"stale": s.stale.Milliseconds()}, func(v []any) error {
			dead = append(dead, [2]string{text(v[0]), text(v[1])})
			return nil
		})
	for _, d := range dead {
		_, failed := s.remove(ctx, d[0], d[1], isDead)
		err = errors.Join(err, failed)
	}
	return err
}

// Delete implements graph.Store. Where it is cut, the snapshot is absent and
// the next Put removes what is left of it.
func (s *Store) Delete(ctx context.Context, id string) error {
	owner, err := s.ownerOf(ctx, id)
	if err != nil {
		return s.fail(ctx, "delete snapshot "+id, err)
	}
	removed, err := s.remove(ctx, id, owner, isComplete)
	if err != nil {
		return s.fail(ctx, "delete snapshot "+id, err)
	}
	if !removed {
		return notFound(id)
	}
	return nil
}

func (s *Store) ownerOf(ctx context.Context, id string) (claim string, err error) {
	err = s.read(ctx, "MATCH (s:Snapshot {id: $id}) RETURN s.claim", params{"id": id}, func(v []any) error {
		claim = text(v[0])
		return nil
	})
	return claim, err
}

// remove deletes a snapshot, its own node last, unless another has removed it
// or the condition does not hold (any more). From its first statement on the
// snapshot is absent for readers and can no more be completed.
func (s *Store) remove(ctx context.Context, id, claim, condition string) (bool, error) {
	p := params{"id": id, "claim": claim, "stale": s.stale.Milliseconds()}
	taken, err := s.write(ctx, "MATCH (s:Snapshot {id: $id}) WHERE s.claim = $claim AND ("+condition+`)
		SET s.complete = false, s.removing = true, s.beat = timestamp() RETURN s.id`, p)
	if err == nil && len(taken) == 0 {
		return false, nil
	}
	if err == nil {
		stop := s.beat(ctx, id, claim)
		err = s.wipe(ctx, id, claim)
		stop()
	}
	if err == nil {
		_, err = s.write(ctx, "MATCH (s:Snapshot {id: $id}) WHERE s.claim = $claim DELETE s", p)
	}
	if err == nil {
		return true, nil
	}
	// Nobody goes on with it: the next import need not wait until it counts as dead.
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	_, _ = s.write(after, "MATCH (s:Snapshot {id: $id}) WHERE s.claim = $claim AND s.removing SET s.beat = 0", p)
	return true, err
}

// wipe deletes what belongs to a snapshot, in batches.
func (s *Store) wipe(ctx context.Context, id, claim string) error {
	const batches = " CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
	for _, statement := range []string{
		"MATCH (n:Path {snapshot: $id}) WHERE n.id IS NOT NULL" + batches,
		"MATCH (n:Node {snapshot: $id}) WHERE n.id IS NOT NULL" + batches,
		"MATCH (n:RecordSet {snapshot: $id}) WHERE n.number IS NOT NULL" + batches,
	} {
		if err := s.auto(ctx, statement, params{"id": id}); err != nil {
			return err
		}
	}
	if claim == "" {
		return nil
	}
	return s.wipeBlobs(ctx, claim)
}

// wipeBlobs deletes the bytes that an import has written.
func (s *Store) wipeBlobs(ctx context.Context, claim string) error {
	return s.auto(ctx, "MATCH (n:Blob) WHERE n.owner STARTS WITH $blobs AND n.part IS NOT NULL CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 20 ROWS",
		params{"blobs": claim + "/"})
}
