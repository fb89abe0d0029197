package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// maxTar bounds what a tar archive may unfold to in memory.
const maxTar = 4 << 30

// Open opens a folder or an archive (.zip, .tar, .tar.gz, .tgz) as a file
// system. Close the closer when done with it. A tar archive, which has no
// index, is read into memory.
func Open(name string) (fs.FS, io.Closer, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, err
	}
	lower := strings.ToLower(name)
	switch {
	case info.IsDir():
		return os.DirFS(name), nothing{}, nil
	case strings.HasSuffix(lower, ".zip"):
		z, err := zip.OpenReader(name)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		return z, z, nil
	case strings.HasSuffix(lower, ".tar"), strings.HasSuffix(lower, ".tar.gz"), strings.HasSuffix(lower, ".tgz"):
		fsys, err := openTar(name, !strings.HasSuffix(lower, ".tar"))
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		return fsys, nothing{}, nil
	}
	return nil, nil, fmt.Errorf("%s: is neither a folder nor an archive (.zip, .tar, .tar.gz, .tgz)", name)
}

type nothing struct{}

func (nothing) Close() error { return nil }

func openTar(name string, packed bool) (fs.FS, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	fsys, err := readTar(f, packed)
	return fsys, errors.Join(err, f.Close())
}

func readTar(in io.Reader, packed bool) (fs.FS, error) {
	if packed {
		unpack, err := gzip.NewReader(in)
		if err != nil {
			return nil, err
		}
		in = unpack
	}
	// An archive with an index, uncompressed and in memory, is a file system.
	var indexed bytes.Buffer
	index, left := zip.NewWriter(&indexed), int64(maxTar)
	for archive := tar.NewReader(in); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		clean := strings.TrimPrefix(path.Clean("/"+h.Name), "/")
		if h.Typeflag != tar.TypeReg || clean == "" {
			continue
		}
		if left -= h.Size; left < 0 {
			return nil, fmt.Errorf("unfolds to more than %d bytes", int64(maxTar))
		}
		out, err := index.CreateHeader(&zip.FileHeader{Name: clean, Method: zip.Store, Modified: h.ModTime})
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(out, archive); err != nil {
			return nil, err
		}
	}
	if err := index.Close(); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(indexed.Bytes()), int64(indexed.Len()))
}
