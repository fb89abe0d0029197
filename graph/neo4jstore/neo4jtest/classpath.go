package neo4jtest

import (
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

//go:embed testdata/pom.xml testdata/Server.java
var sources embed.FS

// classPath returns a folder with the library (lib) and the compiled server
// (classes), and makes it when it is not there. It is named after the sources,
// so a change of either makes a new one.
func classPath() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	content := map[string][]byte{}
	for _, name := range []string{"pom.xml", "Server.java"} {
		data, err := sources.ReadFile("testdata/" + name)
		if err != nil {
			return "", err
		}
		content[name] = data
		sum.Write(data)
	}
	dir := filepath.Join(cache, "cairn", fmt.Sprintf("neo4j-%x", sum.Sum(nil)[:6]))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return "", err
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), "making-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	for name, data := range content {
		if err := os.WriteFile(filepath.Join(work, name), data, 0o600); err != nil {
			return "", err
		}
	}
	if err := run(work, "mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib", "-DincludeScope=runtime"); err != nil {
		return "", err
	}
	if err := run(work, "javac", "-cp", filepath.Join("lib", "*"), "-d", "classes", "Server.java"); err != nil {
		return "", err
	}
	if err := os.Rename(work, dir); err != nil {
		if _, found := os.Stat(dir); found != nil {
			return "", err
		} // another test binary was faster
	}
	return dir, nil
}

func run(dir, name string, args ...string) error {
	path, err := exec.LookPath(name)
	if err != nil {
		return errors.New(name + " is not on PATH, and it takes Maven and a Java compiler to fetch Neo4j once")
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	var said tail
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, said.String())
	}
	return nil
}
