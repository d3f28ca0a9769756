package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/propose"
	"github.com/poollint/poollint/internal/wholefile"
)

// initialise writes a configuration file from what it finds in the module.
func initialise(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		return fail(stderr, "init takes no arguments; it writes %s to the module's root", config.FileName)
	}
	dir, err := os.Getwd()
	if err != nil {
		return fail(stderr, "%v", err)
	}
	root, ok := config.ModuleRoot(dir)
	if !ok {
		return fail(stderr, "there is no go.mod here or above; run poollint init in a module")
	}
	path := filepath.Join(root, config.FileName)
	if _, err := os.Lstat(path); err == nil {
		return fail(stderr, "%s exists; remove it to have it written anew", path)
	}
	values := propose.Values(config.NewFiles(root))
	if ctx.Err() != nil {
		return failed
	}
	if err := wholefile.Write(path, config.Template(values)); err != nil {
		return fail(stderr, "%v", err)
	}
	fmt.Fprintf(stdout, "%s: %s, all explained\n", path, counted(values))
	return clean
}

// counted says how many keys are set, and how many only proposed.
func counted(values map[string]config.Proposal) string {
	proposed := 0
	for _, v := range values {
		if v.Doubt != "" {
			proposed++
		}
	}
	text := fmt.Sprintf("%s set from what the module holds", keys(len(values)-proposed))
	if proposed > 0 {
		text += fmt.Sprintf(", %s proposed in a comment", keys(proposed))
	}
	return text
}

func keys(n int) string {
	if n == 1 {
		return "1 key"
	}
	return fmt.Sprintf("%d keys", n)
}
