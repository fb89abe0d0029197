package main

import (
	"context"
	"io"
)

// interruptible reads from in until ctx ends. A read that waits for a person or
// a pipe cannot be taken back, so it goes on in its own goroutine and what it
// brings after the end is dropped with the process.
type interruptible struct {
	ctx  context.Context
	in   io.Reader
	rest []byte
	err  error
	next chan chunk // of the read under way; nil for none
}

type chunk struct {
	data []byte
	err  error
}

// chunkSize is what one read asks for.
const chunkSize = 64 << 10

func (r *interruptible) Read(p []byte) (int, error) {
	for len(r.rest) == 0 && r.err == nil {
		if err := r.ctx.Err(); err != nil {
			return 0, err
		}
		if r.next == nil {
			r.next = make(chan chunk, 1)
			go func(to chan<- chunk) {
				buffer := make([]byte, chunkSize)
				n, err := r.in.Read(buffer)
				to <- chunk{buffer[:n], err}
			}(r.next)
		}
		select {
		case <-r.ctx.Done():
			return 0, r.ctx.Err()
		case c := <-r.next:
			r.rest, r.err, r.next = c.data, c.err, nil
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	if n == 0 {
		return 0, r.err
	}
	return n, nil
}
