package record

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Open opens a bundle: a folder, an archive of one (.tar, .tar.gz, .tgz, .zip)
// or a file in stream form (.gz or not). For standard input use [NewReader].
func Open(name string) (*Reader, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	switch lower := strings.ToLower(name); {
	case info.IsDir():
		return OpenFS(os.DirFS(name), name)
	case strings.HasSuffix(lower, ".zip"):
		return openZip(name)
	case strings.HasSuffix(lower, ".tar"), strings.HasSuffix(lower, ".tar.gz"), strings.HasSuffix(lower, ".tgz"):
		return openTar(name)
	}
	return openStream(name)
}

// OpenFS opens a bundle in folder form inside a file system, at its root or in
// the one folder that holds a manifest.
func OpenFS(fsys fs.FS, name string) (*Reader, error) {
	root, err := bundleRoot(fsys)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	text, err := fs.ReadFile(fsys, path.Join(root, manifestName))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	records, err := fsys.Open(path.Join(root, recordsName))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r, err := newFolderReader(text, records, name)
	if err != nil {
		return nil, errors.Join(err, records.Close())
	}
	r.closers = append(r.closers, records)
	return r, nil
}

func newFolderReader(manifest []byte, records io.Reader, name string) (*Reader, error) {
	r := newReader(records, filepath.Join(name, recordsName))
	if err := json.Unmarshal(manifest, &r.manifest); err != nil {
		return nil, fmt.Errorf("%s: %w: %s: %w", name, ErrFormat, manifestName, err)
	}
	if err := r.manifest.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

func bundleRoot(fsys fs.FS) (string, error) {
	if _, err := fs.Stat(fsys, manifestName); err == nil {
		return ".", nil
	}
	found, err := fs.Glob(fsys, "*/"+manifestName)
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", fmt.Errorf("%w: no %s in it", ErrFormat, manifestName)
	}
	return path.Dir(found[0]), nil
}

func openZip(name string) (*Reader, error) {
	z, err := zip.OpenReader(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r, err := OpenFS(z, name)
	if err != nil {
		return nil, errors.Join(err, z.Close())
	}
	r.closers = append([]io.Closer{z}, r.closers...)
	return r, nil
}

// openTar streams the records out of the archive. A manifest that stands
// behind them is read in a first pass.
func openTar(name string) (*Reader, error) {
	manifest, err := tarFile(name, manifestName)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(manifest.Reader, 1<<20))
	if err = errors.Join(err, manifest.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	records, err := tarFile(name, recordsName)
	if err != nil {
		return nil, err
	}
	r, err := newFolderReader(text, records, name)
	if err != nil {
		return nil, errors.Join(err, records.Close())
	}
	r.closers = append(r.closers, records)
	return r, nil
}

type tarMember struct {
	io.Reader
	io.Closer
}

func tarFile(name, member string) (tarMember, error) {
	f, err := os.Open(name)
	if err != nil {
		return tarMember{}, err
	}
	var in io.Reader = f
	if !strings.HasSuffix(strings.ToLower(name), ".tar") {
		if in, err = gzip.NewReader(f); err != nil {
			return tarMember{}, errors.Join(fmt.Errorf("%s: %w", name, err), f.Close())
		}
	}
	for archive := tar.NewReader(in); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			err = fmt.Errorf("%w: no %s in it", ErrFormat, member)
		}
		if err != nil {
			return tarMember{}, errors.Join(fmt.Errorf("%s: %w", name, err), f.Close())
		}
		if h.Typeflag == tar.TypeReg && path.Base(h.Name) == member {
			return tarMember{archive, f}, nil
		}
	}
}

func openStream(name string) (*Reader, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	var magic [2]byte
	n, err := f.ReadAt(magic[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(err, f.Close())
	}
	var in io.Reader = f
	if bytes.Equal(magic[:n], []byte{0x1f, 0x8b}) {
		if in, err = gzip.NewReader(f); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", name, err), f.Close())
		}
	}
	r, err := NewReader(in, name)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	r.closers = append(r.closers, f)
	return r, nil
}
