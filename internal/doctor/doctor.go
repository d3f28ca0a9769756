// Package doctor is "poollint doctor": it checks, before a run, the database that
// tests use and the server behind it.
package doctor

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/redact"
	"github.com/poollint/poollint/internal/testdb"
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

// Command is "poollint doctor".
var Command = newCommand(os.Environ)

func newCommand(environ func() []string) command.Command {
	return command.Command{
		Name:    "poollint doctor",
		Summary: "check the tests' database and its server before a run",
		About:   "The format sql is a script for psql that mends what is found; none of it is executed.",
		Status:  "0 a run may start, 1 something is wrong, 2 there is no database to check.",
		New: func(flags *flag.FlagSet) command.Run {
			var dsn string
			var need int
			var outputs command.Outputs
			testdb.Flag(flags, &dsn)
			command.Int(flags, &need, "need", "`N` connections that a run needs", 10, 0)
			command.Format(flags, &outputs, "text", "json", "sql")
			return func(ctx context.Context, args []string, stdout, _ io.Writer) (int, error) {
				if err := command.None(args); err != nil {
					return 0, err
				}
				results, err := visit(ctx, dsn, need, environ())
				if err != nil {
					return 0, err
				}
				return tell(results, outputs.Or("text"), stdout)
			}
		},
	}
}

var formats = map[string]func(io.Writer, []result) error{"text": writeText, "json": writeJSON, "sql": writeScript}

// tell prints what the checks say and returns the exit status.
func tell(results []result, outputs command.Outputs, stdout io.Writer) (status int, err error) {
	for i := range results { // a server's error, or a query that it shows, may have one
		results[i].Text = printable.Line(redact.Text(results[i].Text))
	}
	if err := outputs.Write(stdout, func(format string, to io.Writer) error { return formats[format](to, results) }); err != nil {
		return 0, err
	}
	if slices.ContainsFunc(results, func(r result) bool { return r.Verdict == bad }) {
		return command.Found, nil
	}
	return command.Clean, nil
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
