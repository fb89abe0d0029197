package classify

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// Limits of archives.
const (
	maxZip     = 64 << 20 // a zip file is held in memory: its directory is at the end
	maxMembers = 10_000
)

var errExpanded = errors.New("expands beyond the limit")

// expanding counts decompressed bytes against the limit of the session.
type expanding struct {
	r    io.Reader
	left *int64
	over bool
}

func (e *expanding) Read(p []byte) (int, error) {
	if *e.left <= 0 {
		e.over = true
		return 0, errExpanded
	}
	if int64(len(p)) > *e.left {
		p = p[:*e.left]
	}
	n, err := e.r.Read(p)
	*e.left -= int64(n)
	return n, err
}

// inside reads decompressed data and turns what is wrong with it into a
// reason, so that the files around it are still read.
func (s *session) inside(name string, r io.Reader, depth int) error {
	before := len(s.report.Skipped)
	err := s.read(name, &expanding{r: r, left: &s.left}, depth+1)
	switch {
	case err == nil:
		return nil
	case s.ctx.Err() != nil:
		return s.ctx.Err()
	case errors.Is(err, errExpanded):
		s.skip("expands beyond the limit; read as far as that")
	case errors.Is(err, io.ErrUnexpectedEOF):
		s.skip("compressed data is cut off; read as far as that")
	case errors.As(err, new(emitError)):
		return err
	case len(s.report.Skipped) == before:
		s.skip("compressed data is damaged: " + err.Error())
	}
	return nil
}

func (s *session) gzip(name string, r io.Reader, depth int) error {
	if depth >= maxDepth {
		s.skip("compressed too many times")
		return nil
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		s.skip("not a gzip file after all: " + err.Error())
		return nil
	}
	defer z.Close()
	inner := strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".gzip")
	if strings.HasSuffix(inner, ".tgz") || strings.HasSuffix(inner, ".tar") {
		s.skip("format not supported: tar")
		return nil
	}
	return s.inside(inner, z, depth)
}

func (s *session) zip(name string, r io.Reader, depth int) error {
	if depth >= maxDepth {
		s.skip("compressed too many times")
		return nil
	}
	if s.opts.From > 0 {
		s.skip("a piece of a zip file cannot be read")
		return nil
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxZip+1))
	if err != nil {
		return err
	}
	if len(raw) > maxZip {
		s.skip("zip file larger than 64 MiB")
		return nil
	}
	files, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		s.skip("zip file is damaged or cut off: " + err.Error())
		return nil
	}
	outer := s.member
	defer func() { s.member = outer }()
	for n, file := range files.File {
		if n == maxMembers {
			s.member = outer
			s.skip("more than 10000 files; the rest was left out")
			break
		}
		if file.FileInfo().IsDir() || officePart(file.Name) {
			continue
		}
		s.member = file.Name
		if outer != "" {
			s.member = outer + "!" + file.Name
		}
		if file.Flags&1 != 0 {
			s.skip("encrypted")
			continue
		}
		in, err := file.Open()
		if err != nil {
			s.skip("damaged: " + err.Error())
			continue
		}
		err = s.inside(file.Name, in, depth)
		in.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// officePart: parts of Office files that hold no text of the document.
func officePart(name string) bool {
	return strings.HasSuffix(name, ".rels") || name == "[Content_Types].xml" || strings.HasPrefix(name, "docProps/app") || strings.Contains(name, "/theme/")
}

// emitError marks an error of the caller's callback, which ends everything.
type emitError struct{ error }

func (e emitError) Unwrap() error { return e.error }
