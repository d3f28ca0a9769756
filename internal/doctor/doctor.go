// Package doctor is "poollint doctor": it checks, before a run, the database that
// tests use and the server behind it.
package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/redact"
	"github.com/poollint/poollint/internal/testdb"
)

// Exit statuses.
const (
	statusFound  = 1 // something is wrong
	statusFailed = 2 // nothing could be checked
)

// application is the name of the doctor's session.
const application = "poollint doctor"

// timeout bounds all checks together.
const timeout = 30 * time.Second

// A verdict is the outcome of a check.
type verdict string

const (
	ok   verdict = "ok"
	warn verdict = "warn" // works, but may cause trouble
	bad  verdict = "bad"  // makes the command fail
)

// A result is one finding of a check, and what to do about it.
type result struct {
	Check   string  `json:"check"`
	Verdict verdict `json:"verdict"`
	Text    string  `json:"text"`
	Remedy  string  `json:"remedy,omitempty"`
	Fix     string  `json:"fix,omitempty"` // a statement, without ";"
}

// Main runs "poollint doctor" with the arguments that follow that word, and returns the
// exit status: 0 if a run may start, 1 if something is wrong, 2 if there is no database to
// check.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return run(ctx, args, stdout, stderr, os.Environ())
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer, environ []string) int {
	var dsn, format string
	var need int
	var fix bool
	flags := flag.NewFlagSet("poollint doctor", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // errors are reported below
	flags.StringVar(&dsn, "dsn", "", "the `database` to check; default DATABASE_URL_TEST, TEST_DATABASE_URL or DATABASE_URL, from the environment or .env.test")
	flags.IntVar(&need, "need", 10, "`connections` that a run needs")
	flags.StringVar(&format, "format", "text", "`format` of the report: text, json")
	flags.BoolVar(&fix, "fix", false, "print, in place of the report, the statements that mend what is found, as a script for psql; none is executed")
	flags.Usage = func() {
		flags.SetOutput(stdout)
		fmt.Fprintln(stdout, "usage: poollint doctor [flags]")
		flags.PrintDefaults()
	}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	write := map[string]func(io.Writer, []result) error{"text": writeText, "json": writeJSON}[format]
	if err == nil && write == nil {
		err = fmt.Errorf("-format %s: not one of json, text", format)
	}
	if err == nil && fix {
		if write = writeScript; format != "text" {
			err = fmt.Errorf("-fix prints SQL: it takes no -format")
		}
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("%s: no arguments are taken", flags.Arg(0))
	}
	var results []result
	if err == nil {
		results, err = visit(ctx, dsn, need, environ)
	}
	for i := range results { // a server's error, or a query that it shows, may have one
		results[i].Text = printable.Line(redact.Text(results[i].Text))
	}
	if err == nil {
		err = write(stdout, results)
	}
	if err != nil {
		fmt.Fprintln(stderr, "poollint doctor:", printable.Line(redact.Text(err.Error())))
		return statusFailed
	}
	for _, r := range results {
		if r.Verdict == bad {
			return statusFound
		}
	}
	return 0
}

// visit runs all checks. The error says why there is no database to check.
func visit(ctx context.Context, dsn string, need int, environ []string) ([]result, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	db, err := testdb.Find(dsn, environ)
	if err != nil {
		return nil, err
	}
	config, err := db.Config(application)
	if err != nil {
		return nil, err
	}
	results := []result{{Check: "database", Verdict: ok,
		Text: fmt.Sprintf("%s: %s at %s:%d, as %s", db.Source, config.Database, config.Host, config.Port, config.User)}}
	results = append(results, checkURL(db)...)

	start := time.Now()
	conn, err := testdb.Connect(ctx, config)
	if err != nil {
		return append(results, unreachable(err)), nil
	}
	defer conn.Close(context.WithoutCancel(ctx))
	results = append(results, result{Check: "server", Verdict: ok, Text: fmt.Sprintf("PostgreSQL %s, connected in %d ms",
		conn.PgConn().ParameterStatus("server_version"), time.Since(start).Milliseconds())})
	for _, check := range checks {
		found, err := check.run(ctx, conn, need)
		if err != nil {
			found = []result{{Verdict: bad, Text: "could not be checked: " + err.Error()}}
		}
		for _, r := range found {
			r.Check = check.name
			results = append(results, r)
		}
	}
	return results, nil
}

func unreachable(err error) result {
	if testdb.IsFull(err) {
		return result{Check: "server", Verdict: bad, Text: "takes no more connections: " + err.Error(),
			Remedy: "end sessions, or wait for the other run: select pid, application_name, state from pg_stat_activity, as a superuser"}
	}
	return result{Check: "server", Verdict: bad, Text: err.Error(), Remedy: "start the server, or correct the connection string"}
}

func writeText(w io.Writer, results []result) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range results {
		fmt.Fprintf(table, "%s\t%s\t%s\n", r.Verdict, r.Check, r.Text)
		if r.Remedy != "" {
			fmt.Fprintf(table, "\t\t-> %s\n", r.Remedy)
		}
	}
	return table.Flush()
}

func writeJSON(w io.Writer, results []result) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		Version int      `json:"version"`
		Checks  []result `json:"checks"`
	}{1, results})
}
