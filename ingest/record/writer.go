package record

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Writer writes a bundle. [Writer.Write] is safe for concurrent use. A bundle
// that is not closed never looks complete.
type Writer struct {
	mu       sync.Mutex
	manifest Manifest
	out      *bufio.Writer
	sum      hash.Hash
	err      error // first failure; everything after it returns it
	closed   bool

	file        *os.File // folder form only
	temp, final string
}

// Create starts a bundle as a folder. It is written beside dir under a
// temporary name and renamed by [Writer.Close]; dir must not exist or be empty.
func Create(dir string, m Manifest) (*Writer, error) {
	final, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if entries, err := os.ReadDir(final); err == nil && len(entries) > 0 {
		return nil, fmt.Errorf("%s: exists and is not empty", dir)
	}
	if err := os.MkdirAll(filepath.Dir(final), 0o700); err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp(filepath.Dir(final), "."+filepath.Base(final)+".partial-")
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(temp, recordsName), os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(temp))
	}
	w := newWriter(file, m)
	w.file, w.temp, w.final = file, temp, final
	return w, nil
}

// NewStream starts a bundle on a stream and writes its header line.
func NewStream(out io.Writer, m Manifest) (*Writer, error) {
	w := newWriter(out, m)
	line, err := json.Marshal(header{&w.manifest})
	if err != nil {
		return nil, err
	}
	if _, err := w.out.Write(append(line, '\n')); err != nil {
		return nil, err
	}
	return w, w.out.Flush()
}

func newWriter(out io.Writer, m Manifest) *Writer {
	m.Format, m.Version = bundleFormat, bundleVersion
	m.Records, m.Bytes, m.SHA256 = 0, 0, ""
	if m.StartedAt.IsZero() {
		m.StartedAt = time.Now().UTC()
	}
	return &Writer{manifest: m, out: bufio.NewWriterSize(out, 1<<16), sum: sha256.New()}
}

// Write appends a record. After a failure every call returns that failure.
func (w *Writer) Write(r Record) error {
	line, err := json.Marshal(&r)
	if err != nil {
		return fmt.Errorf("%s: %w", r.Place(), err)
	}
	line = append(line, '\n')
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return errors.New("bundle is closed")
	}
	if w.err != nil {
		return w.err
	}
	if _, w.err = w.out.Write(line); w.err != nil {
		return w.err
	}
	w.sum.Write(line)
	w.manifest.Records++
	w.manifest.Bytes += int64(len(line))
	return nil
}

// Flush hands what was written so far to the operating system.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil && !w.closed {
		w.err = w.out.Flush()
	}
	return w.err
}

// Close finishes the bundle: trailer or manifest with counts and hash, and the
// rename into place. After an error the bundle is not there.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return w.err
	}
	w.closed = true
	w.manifest.SHA256 = hex.EncodeToString(w.sum.Sum(nil))
	if w.file == nil {
		return w.closeStream()
	}
	if err := w.closeFolder(); err != nil {
		w.err = errors.Join(err, os.RemoveAll(w.temp))
	}
	return w.err
}

// Abort gives the bundle up and removes what was written. It does nothing
// after [Writer.Close], so it can be deferred.
func (w *Writer) Abort() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil
	}
	w.closed = true
	if w.file == nil {
		return nil
	}
	return errors.Join(w.file.Close(), os.RemoveAll(w.temp))
}

// Manifest returns the manifest as it stands.
func (w *Writer) Manifest() Manifest {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.manifest
}

func (w *Writer) closeStream() error {
	if w.err != nil {
		return w.err
	}
	m := &w.manifest
	line, err := json.Marshal(trailer{&ending{m.Records, m.Bytes, m.SHA256}})
	if err == nil {
		_, err = w.out.Write(append(line, '\n'))
	}
	w.err = errors.Join(err, w.out.Flush())
	return w.err
}

func (w *Writer) closeFolder() error {
	if err := errors.Join(w.err, w.out.Flush(), w.file.Sync(), w.file.Close()); err != nil {
		return err
	}
	text, err := json.MarshalIndent(&w.manifest, "", "  ")
	if err != nil {
		return err
	}
	if err := writeSynced(filepath.Join(w.temp, manifestName), append(text, '\n')); err != nil {
		return err
	}
	// An empty folder at the target would make the rename fail on some systems.
	if err := os.Remove(w.final); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Rename(w.temp, w.final)
}

func writeSynced(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}
