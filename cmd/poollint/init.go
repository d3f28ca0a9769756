package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/propose"
	"github.com/poollint/poollint/internal/wholefile"
)

// initialise writes a configuration file from what it finds in the module.
func initialise(ctx context.Context, args []string, stdout, _ io.Writer) (status int, err error) {
	if len(args) > 0 {
		return 0, fmt.Errorf("takes no arguments: it writes %s to the module's root", config.FileName)
	}
	dir, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	root, ok := config.ModuleRoot(dir)
	if _, err := os.Stat(filepath.Join(config.Root(dir), "go.work")); !ok && err == nil {
		return 0, errors.New("there is a go.work here and no go.mod; run poollint init in one of its modules, and move the file beside go.work if it is to hold for all")
	}
	if !ok {
		return 0, errors.New("there is no go.mod here or above; run poollint init in a module")
	}
	path := filepath.Join(root, config.FileName)
	if _, err := os.Lstat(path); err == nil {
		return 0, fmt.Errorf("%s exists; remove it to have it written anew", path)
	}
	values := propose.Values(config.NewFiles(root))
	if p, ok := values["tenant.column"]; ok && p.Doubt != "" && isTerminal(stdout) && term.IsTerminal(int(os.Stdin.Fd())) {
		values["tenant.column"] = ask(os.Stdin, stdout, p)
	}
	if ctx.Err() != nil {
		return command.Failed, nil
	}
	if err := wholefile.Write(path, config.Template(values)); err != nil {
		return 0, err
	}
	fmt.Fprintf(stdout, "%s: %s, all explained\n", path, counted(values))
	return command.Clean, nil
}

// ask lets the user choose among the proposed columns; without a choice they stay proposed.
func ask(in io.Reader, out io.Writer, p config.Proposal) config.Proposal {
	columns := append([]config.Proposal{p}, p.Or...)
	fmt.Fprintln(out, "Which column says whose a row is?")
	for i, c := range columns {
		fmt.Fprintf(out, "  %d  %s\n", i+1, printable.Line(c.YAML+": "+c.Doubt))
	}
	fmt.Fprint(out, "Its number, or Enter to decide later: ")
	line, _ := bufio.NewReader(io.LimitReader(in, 100)).ReadString('\n')
	if n, err := strconv.Atoi(strings.TrimSpace(line)); err == nil && 0 < n && n <= len(columns) {
		return config.Proposal{YAML: columns[n-1].YAML}
	}
	return p
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
