package classify

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sniffed is how much of a file decides about its format.
const sniffed = 4096

// maxDepth bounds archives inside archives.
const maxDepth = 3

// read finds out what r holds and reads it.
func (s *session) read(name string, r io.Reader, depth int) error {
	in := bufio.NewReaderSize(r, 64<<10)
	head, err := in.Peek(sniffed)
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return s.gzip(name, in, depth)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return s.zip(name, in, depth)
	}
	if why := unreadable(name, head); why != "" {
		s.skip(why)
		return nil
	}
	if wide(head) {
		in = bufio.NewReaderSize(transform.NewReader(in, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()), 64<<10)
		head, _ = in.Peek(sniffed)
	} else if bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")) {
		if _, err := in.Discard(3); err != nil {
			return err
		}
		head = head[3:]
	}
	if bytes.IndexByte(head, 0) >= 0 {
		s.skip("binary data of an unknown format")
		return nil
	}
	if s.opts.JSONLField != "" {
		return s.jsonLines(in, s.opts.JSONLField)
	}
	switch formatOf(name, head) {
	case formatCSV:
		return s.csv(in, delimiter(name, head))
	case formatJSON:
		return s.json(in)
	case formatJSONLines:
		return s.jsonLines(in, "")
	default:
		return s.text(in)
	}
}

// wide reports a byte order mark of UTF-16.
func wide(head []byte) bool {
	return bytes.HasPrefix(head, []byte{0xFF, 0xFE}) || bytes.HasPrefix(head, []byte{0xFE, 0xFF})
}

// magics are the starts of formats that are not read yet.
var magics = []struct{ start, name string }{
	{"PAR1", "Parquet"}, {"Obj\x01", "Avro"}, {"ORC", "ORC"}, {"%PDF-", "PDF"}, {"SQLite format 3\x00", "SQLite"},
	{"\xD0\xCF\x11\xE0", "legacy Office"}, {"BZh", "bzip2"}, {"\xFD7zXZ\x00", "xz"}, {"\x28\xB5\x2F\xFD", "zstd"},
	{"7z\xBC\xAF\x27\x1C", "7z"}, {"Rar!", "RAR"}, {"\x89PNG", "image"}, {"\xFF\xD8\xFF", "image"}, {"GIF8", "image"},
	{"\x7FELF", "executable"}, {"MZ", "executable"}, {"\x04\x22\x4D\x18", "lz4"}, {"\xCA\xFE\xBA\xBE", "class file"},
}

// unreadable names the reason why a file cannot be read, or "".
func unreadable(name string, head []byte) string {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.start)) {
			if m.start == "MZ" && bytes.IndexByte(head, 0) < 0 || m.start == "ORC" && !strings.HasSuffix(name, ".orc") && bytes.IndexByte(head, 0) < 0 {
				continue // text that happens to start so
			}
			return fmt.Sprintf("format not supported: %s", m.name)
		}
	}
	if len(head) > 262 && string(head[257:262]) == "ustar" {
		return "format not supported: tar"
	}
	return ""
}

type format uint8

const (
	formatText format = iota
	formatCSV
	formatJSON
	formatJSONLines
)

// formatOf decides by the ending of the name and then by the first lines.
func formatOf(name string, head []byte) format {
	trimmed := bytes.TrimLeft(head, " \t\r\n")
	switch strings.ToLower(path.Ext(strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".GZ"))) {
	case ".csv", ".tsv", ".psv", ".ssv":
		return formatCSV
	case ".jsonl", ".ndjson":
		return formatJSONLines
	case ".json", ".tfstate", ".ipynb":
		if manyDocuments(trimmed) {
			return formatJSONLines
		}
		return formatJSON
	case ".log", ".txt", ".md", ".sql", ".xml", ".html", ".yaml", ".yml", ".ini", ".env", ".sh", ".py":
		return formatText
	}
	switch {
	case len(trimmed) == 0:
		return formatText
	case trimmed[0] == '{' && manyDocuments(trimmed):
		return formatJSONLines
	case trimmed[0] == '{' && bytes.Contains(trimmed, []byte(`":`)), trimmed[0] == '[' && len(trimmed) > 1 && bytes.ContainsAny(trimmed[1:2], "{[\" \n\r"):
		return formatJSON
	case looksTabular(head):
		return formatCSV
	}
	return formatText
}

// manyDocuments reports a first line that is a whole object with another
// behind it.
func manyDocuments(head []byte) bool {
	first, rest, ok := bytes.Cut(head, newline)
	first, rest = bytes.TrimSpace(first), bytes.TrimSpace(rest)
	return ok && len(first) > 1 && first[0] == '{' && first[len(first)-1] == '}' && len(rest) > 0 && rest[0] == '{'
}

// looksTabular reports three or more lines with the same number of the same
// delimiter, at least two.
func looksTabular(head []byte) bool {
	lines := bytes.Split(head, newline)
	if len(lines) < 4 {
		return false
	}
	for _, d := range []byte(",;\t|") {
		n := bytes.Count(lines[0], []byte{d})
		if n < 2 {
			continue
		}
		same := true
		for _, line := range lines[1:min(len(lines)-1, 6)] {
			same = same && bytes.Count(line, []byte{d}) == n
		}
		if same {
			return true
		}
	}
	return false
}

// delimiter is the one that is most frequent in the first line outside of
// quotes.
func delimiter(name string, head []byte) byte {
	switch strings.ToLower(path.Ext(name)) {
	case ".tsv":
		return '\t'
	case ".psv":
		return '|'
	case ".ssv":
		return ';'
	}
	first, _, _ := bytes.Cut(head, newline)
	best, most := byte(','), 0
	for _, d := range []byte(",;\t|") {
		n, quoted := 0, false
		for _, c := range first {
			if c == '"' {
				quoted = !quoted
			} else if c == d && !quoted {
				n++
			}
		}
		if n > most {
			best, most = d, n
		}
	}
	return best
}
