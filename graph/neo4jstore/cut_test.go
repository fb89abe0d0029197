package neo4jstore_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
	"github.com/cairn-security/cairn/graph/neo4jstore/neo4jtest"
)

// TestCutAfterTheServerWrote ends imports and removals at every answer of the
// server in turn, after the server has done its part and before the store knows:
// whatever was cut, nothing of it is left and the id is free at once.
func TestCutAfterTheServerWrote(t *testing.T) {
	uri := neo4jtest.Empty(t)
	link := newLink(t, uri)
	s, direct := open(t, link.uri), open(t, uri)
	defer s.Close()
	defer direct.Close()
	first := graphtest.Estate(graphtest.EstateConfig{Seed: 2, Edges: 50, ID: "first"})
	second := graphtest.Estate(graphtest.EstateConfig{Seed: 3, Edges: 50, ID: "second"})
	if err := direct.Put(t.Context(), first, nil); err != nil {
		t.Fatal(err)
	}
	sets := []graph.RecordSet{{Slice: graph.Slice{Service: "ec2"}, Blob: []byte("rows")}}
	check := func(what string, n int) {
		t.Helper()
		infos, err := direct.List(t.Context())
		if err != nil || len(infos) != 1 || infos[0].ID != "first" {
			t.Fatalf("%s at answer %d: %v, %v", what, n, infos, err)
		}
		got, err := direct.Load(t.Context(), "first")
		if err != nil {
			t.Fatal(err)
		}
		graphtest.Equal(t, first, got)
	}

	cutPuts := 0
	for n := 1; ; n++ {
		ctx, cancel := context.WithCancel(t.Context())
		link.cutAt(n, cancel)
		err := s.Put(ctx, second, sets)
		cut := link.disarm()
		cancel()
		if !cut {
			if err != nil {
				t.Fatalf("a put that is not cut: %v", err)
			}
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("put cut at answer %d: %v, want context.Canceled", n, err)
		}
		cutPuts++
		check("put cut", n)
		if left := count(t, uri, "MATCH (x) WHERE x.snapshot = 'second' OR x.id = 'second' OR (x:Blob AND x.owner ENDS WITH '/set/0') RETURN count(x)"); left != 0 {
			t.Fatalf("put cut at answer %d leaves %d nodes", n, left)
		}
	}

	cutDeletes := 0
	for n := 1; ; n++ {
		ctx, cancel := context.WithCancel(t.Context())
		link.cutAt(n, cancel)
		err := s.Delete(ctx, "second")
		cut := link.disarm()
		cancel()
		if !cut {
			if err != nil {
				t.Fatalf("a delete that is not cut: %v", err)
			}
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("delete cut at answer %d: %v, want context.Canceled", n, err)
		}
		cutDeletes++
		// Whole or gone, and either way it can be there again at once.
		if got, err := direct.Load(t.Context(), "second"); err == nil {
			graphtest.Equal(t, second, got)
			continue
		} else if !errors.Is(err, graph.ErrNotFound) {
			t.Fatalf("delete cut at answer %d: %v", n, err)
		}
		check("delete cut", n)
		if err := direct.Put(t.Context(), second, sets); err != nil {
			t.Fatalf("put after the delete cut at answer %d: %v", n, err)
		}
	}
	check("delete", 0)
	t.Logf("%d puts and %d deletes were cut", cutPuts, cutDeletes)
}

// link stands between a store and its server. Armed, it calls back at a given
// answer of the server and lets nothing more of that connection through.
type link struct {
	uri    string
	mu     sync.Mutex
	left   int // answers until the cut; 0: not armed
	cancel func()
	cut    bool
}

func newLink(t *testing.T, uri string) *link {
	server, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	l := &link{uri: "bolt://" + listener.Addr().String()}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go l.serve(client, server.Host)
		}
	}()
	return l
}

func (l *link) serve(client net.Conn, address string) {
	defer client.Close()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	go func() { // what was sent arrives, also where the client is gone by then
		io.Copy(server, client)
		server.(*net.TCPConn).CloseWrite()
	}()
	defer server.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := server.Read(buffer)
		if err != nil {
			return
		}
		if l.reached() {
			io.Copy(io.Discard, server)
			return
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			io.Copy(io.Discard, server)
			return
		}
	}
}

func (l *link) reached() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left == 0 {
		return false
	}
	if l.left--; l.left > 0 {
		return false
	}
	l.cut = true
	l.cancel()
	return true
}

func (l *link) cutAt(n int, cancel func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left, l.cancel, l.cut = n, cancel, false
}

// disarm reports whether the cut came.
func (l *link) disarm() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left = 0
	return l.cut
}
