package classify

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Hasher makes keyed hashes (HMAC-SHA-256) of values, so that finds can be
// told apart and linked without keeping them. It is safe for several
// goroutines.
type Hasher struct{ key []byte }

// keySize is the size of a new key in bytes; minKeySize the least accepted.
const (
	keySize    = 32
	minKeySize = 16
)

// NewHasher takes the key; 16 bytes at least.
func NewHasher(key []byte) (*Hasher, error) {
	if len(key) < minKeySize {
		return nil, fmt.Errorf("hash key: %d bytes, want %d at least", len(key), minKeySize)
	}
	return &Hasher{bytes.Clone(key)}, nil
}

// LoadHasher reads the key file, or makes one (readable by its owner only)
// where there is none. Collectors whose finds are to be linked share the file.
func LoadHasher(path string) (*Hasher, error) {
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, keySize)
		if _, err := rand.Read(key); err != nil {
			return nil, fmt.Errorf("hash key: %w", err)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("hash key: %w", err)
		}
		// Of two that start at once the first wins, and both use its key.
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return LoadHasher(path)
		}
		if err != nil {
			return nil, fmt.Errorf("hash key: %w", err)
		}
		if _, err := f.Write(key); err != nil {
			f.Close()
			return nil, fmt.Errorf("hash key: %w", err)
		}
		if err := f.Close(); err != nil {
			return nil, fmt.Errorf("hash key: %w", err)
		}
		return NewHasher(key)
	}
	if err != nil {
		return nil, fmt.Errorf("hash key: %w", err)
	}
	return NewHasher(key)
}

// Sum is the keyed hash of a value, hex.
func (h *Hasher) Sum(value []byte) string {
	m := hmac.New(sha256.New, h.key)
	m.Write(value)
	return hex.EncodeToString(m.Sum(nil))
}

// number is the first half of the keyed hash of a value without separators and
// case, for counting.
func (h *Hasher) number(value, scratch []byte) (uint64, []byte) {
	scratch = scratch[:0]
	for _, c := range value {
		switch c {
		case ' ', '-', '.', '(', ')', '/':
			continue
		}
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		scratch = append(scratch, c)
	}
	m := hmac.New(sha256.New, h.key)
	m.Write(scratch)
	var sum [sha256.Size]byte
	m.Sum(sum[:0])
	n := uint64(0)
	for _, b := range sum[:8] {
		n = n<<8 | uint64(b)
	}
	return n, scratch
}
