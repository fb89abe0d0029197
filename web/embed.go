// Package web holds the built interface: the files of web/dist, embedded so
// that the command needs nothing beside itself.
//
// It owns the embedding and nothing else. It never serves: routing, headers
// and the fallback to index.html are the server's. The files are built from
// the TypeScript in this folder (npm ci && npm run build) and committed; a
// rebuild from the same sources gives the same bytes.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// FS is the root of the built interface: index.html and the assets folder.
// Names under assets carry a hash of their content and may be cached forever;
// index.html may not.
var FS = must(fs.Sub(dist, "dist"))

func must(sub fs.FS, err error) fs.FS {
	if err != nil {
		panic(err) // only an invalid path literal in this file
	}
	return sub
}
