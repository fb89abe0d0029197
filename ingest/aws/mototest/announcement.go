package mototest

import (
	"bytes"
	"regexp"
	"sync"
)

// announcement is what the emulator prints. Its first lines say where it listens;
// then it already does.
type announcement struct {
	url chan string // of one: it is sent once

	mu   sync.Mutex
	text bytes.Buffer // until the address is known
	said bool
}

var listening = regexp.MustCompile(`Running on (http://127\.0\.0\.1:\d+)[\s/]`)

// Write reads what is printed.
func (a *announcement) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.said {
		return len(p), nil // one line for each call: nobody reads them
	}
	a.text.Write(p)
	if found := listening.FindSubmatch(a.text.Bytes()); found != nil {
		a.said = true
		a.url <- string(found[1])
	}
	return len(p), nil
}

// String is what was printed up to the address.
func (a *announcement) String() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.text.String()
}
