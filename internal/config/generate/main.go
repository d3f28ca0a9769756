// Command generate writes what docs tell of the configuration.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/poollint/poollint/internal/config"
)

//go:generate go run . ../../../docs

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: generate DIRECTORY")
	}
	files, err := files()
	if err != nil {
		log.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(os.Args[1], name), content, 0o666); err != nil {
			log.Fatal(err)
		}
	}
}

// files returns the generated files of docs by name.
func files() (map[string][]byte, error) {
	schema, err := config.JSONSchema()
	if err != nil {
		return nil, err
	}
	return map[string][]byte{
		"configuration.md":     config.Markdown(),
		"poollint.schema.json": append(schema, '\n'),
	}, nil
}
