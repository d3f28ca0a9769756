package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/config"
)

// isUnit reports whether the go command asks, as go vet -vettool does: for the
// version, for the flags, or to analyse one unit.
func isUnit(args []string) bool {
	return slices.Contains(args, "-V=full") || slices.Contains(args, "-flags") ||
		len(args) > 0 && strings.HasSuffix(args[len(args)-1], ".cfg")
}

// vettool answers the go command.
func vettool() {
	if slices.Contains(os.Args[1:], "-V=full") {
		if err := printBuildID(os.Stdout); err != nil {
			os.Exit(fail(os.Stderr, "%v", err))
		}
		return
	}
	for _, name := range []string{"config", "settings"} {
		f := config.Analyzer.Flags.Lookup(name)
		flag.Var(f.Value, f.Name, f.Usage)
	}
	last := os.Args[len(os.Args)-1]
	if strings.HasSuffix(last, ".cfg") && isDependency(last) {
		unitchecker.Run(last, nil) // its types are still handed on
	}
	unitchecker.Main(poollint.Analyzers()...)
}

// printBuildID identifies the tool, and the inputs that the go command's cache
// does not know: it runs this in the directory in which it was called.
func printBuildID(w io.Writer) error {
	name, err := os.Executable()
	if err != nil {
		return err
	}
	binary, err := os.Open(name)
	if err != nil {
		return err
	}
	defer binary.Close()
	h := sha256.New()
	if _, err := io.Copy(h, binary); err != nil {
		return err
	}
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	fmt.Fprintln(h, config.Digest(dir))
	_, err = fmt.Fprintf(w, "%s version devel poollint buildID=%s\n", name, hex.EncodeToString(h.Sum(nil)))
	return err
}

// isDependency reports whether a unit is a package of another module or of the
// standard library. Facts are those of the user's modules, in every driver.
func isDependency(file string) bool {
	text, err := os.ReadFile(file)
	if err != nil {
		return false // unitchecker says what is wrong
	}
	var unit unitchecker.Config
	if err := json.Unmarshal(text, &unit); err != nil {
		return false
	}
	ours := unit.ModulePath != "" && unit.ModuleVersion == "" || unit.Module != nil && unit.Module.Version == ""
	return unit.VetxOnly && !ours
}
