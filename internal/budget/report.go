package budget

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/poollint/poollint/internal/printable"
)

// A Run says how tests run and what the server takes.
type Run struct {
	Packages int `json:"p"`        // test binaries at once: go test -p
	Parallel int `json:"parallel"` // parallel tests at once in each: go test -parallel
	CPUs     int `json:"cpus"`     // of the machine that runs them
	Limit    int `json:"limit"`    // connections that the server takes
	Count    int `json:"count"`    // how often each test runs: go test -count, for each of -cpu

	Bench bool `json:"bench"` // benchmarks run too
}

// A Report is the budget of a run.
type Report struct {
	Version int      `json:"version"`
	Run     Run      `json:"run"`
	Servers []Server `json:"servers"` // the largest first
}

// Over reports whether a server may have to serve more than it takes.
func (r *Report) Over() bool {
	for _, s := range r.Servers {
		if s.Over {
			return true
		}
	}
	return false
}

// A Server is what one server has to serve. Servers are told apart by their addresses; a pool whose
// address the code does not show counts for each.
type Server struct {
	Name  string   `json:"server"` // "$DATABASE_URL", "localhost:5432"
	Names []string `json:"names"`  // what the code calls it
	Need
	Over     bool      `json:"over"`     // more than the limit, or without bound
	Reasons  []Reason  `json:"reasons"`  // why there is no bound
	Notes    []Reason  `json:"notes"`    // what may make the bound larger than what happens
	Packages []Package `json:"packages"` // the largest first
}

// Need is a number of connections that are open at once: in the worst case, with every pool full, and
// with one connection in every pool.
type Need struct {
	Worst     int  `json:"worst"`
	Unbounded bool `json:"unbounded"` // Worst is what is known, and no bound
	Least     int  `json:"least"`
}

func (n Need) plus(m Need) Need {
	return Need{min(n.Worst+m.Worst, maxTimes), n.Unbounded || m.Unbounded, min(n.Least+m.Least, maxTimes)}
}

func (n Need) times(k int) Need {
	k = min(k, maxTimes)
	return Need{min(n.Worst*k, maxTimes), n.Unbounded && k > 0, min(n.Least*k, maxTimes)}
}

// larger orders needs, the larger first.
func larger(a, b Need) int {
	switch {
	case a.Unbounded && !b.Unbounded:
		return -1
	case b.Unbounded && !a.Unbounded:
		return 1
	}
	return cmp.Or(cmp.Compare(b.Worst, a.Worst), cmp.Compare(b.Least, a.Least))
}

func (n Need) String() string {
	if n.Unbounded {
		return fmt.Sprintf("no bound (%d without what has none)", n.Worst)
	}
	return fmt.Sprint(n.Worst)
}

// short is a Need for a table.
func (n Need) short() string {
	if n.Unbounded {
		return "no bound"
	}
	return fmt.Sprint(n.Worst)
}

// A Package is the peak of one test binary at one server.
type Package struct {
	Path string `json:"package"`
	Need
	Process Need   `json:"process"`  // opened once a process
	Leaked  Need   `json:"leaked"`   // opened by tests and never closed
	Tests   Need   `json:"tests"`    // opened by the tests that run at once
	AtOnce  int    `json:"at_once"`  // these tests, and subtests
	Reached int    `json:"db_tests"` // all tests that open pools, without their subtests
	Pools   []Pool `json:"pools"`
}

// A Pool is one opener, as a binary uses it.
type Pool struct {
	Where   string `json:"where"` // file:line
	Opener  string `json:"opener"`
	Cap     string `json:"cap"` // in words, with what says so
	Conns   int    `json:"connections"`
	NoLimit bool   `json:"no_limit"`
	Use     string `json:"use"` // "once a process", "by each of 12 tests"
}

// WriteJSON writes the report for programs.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// What the text lists of one server; JSON has all.
const (
	shownPackages = 12
	shownPools    = 12
	shownReasons  = 12
)

// WriteText writes the report for readers.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "connection budget of go test -p %d -parallel %d on %d CPUs\n", r.Run.Packages, r.Run.Parallel, r.Run.CPUs)
	if len(r.Servers) == 0 {
		b.WriteString("\nno test opens a pool\n")
	}
	for _, s := range r.Servers {
		r.server(&b, s)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) server(b *strings.Builder, s Server) {
	verdict := "within"
	if s.Over {
		verdict = "over"
	}
	fmt.Fprintf(b, "\n%s: worst case %s, %s the limit of %d; %d with one connection in each pool\n", printable.Line(s.Name), s.Need, verdict, r.Run.Limit, s.Least)
	if len(s.Names) > 1 {
		b.WriteString("  counted as one server: different names do not tell whether they are several\n")
	}
	listReasons(b, "no bound, because", s.Reasons)
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "  PACKAGE\tPEAK\tPROCESS\tLEAKED\tTESTS\tAT ONCE\tDB TESTS\tONE EACH")
	for i, p := range s.Packages {
		if i == shownPackages {
			fmt.Fprintf(table, "  and %d more\t\t\t\t\t\t\t\n", len(s.Packages)-i)
			break
		}
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\n", p.Path, p.short(), p.Process.short(), p.Leaked.short(), p.Tests.short(),
			p.AtOnce, p.Reached, p.Least)
	}
	table.Flush()
	pools := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(pools, "  POOL\tOPENER\tCONNECTIONS\tOPENED")
	all := s.pools()
	for i, p := range all {
		if i == shownPools {
			fmt.Fprintf(pools, "  and %d more\t\t\t\n", len(all)-i)
			break
		}
		fmt.Fprintf(pools, "  %s\t%s\t%s\t%s\n", printable.Line(p.Where), printable.Line(p.Opener), p.Cap, p.Use)
	}
	pools.Flush()
	listReasons(b, "the bound may be larger than what happens, because", s.Notes)
}

// listReasons writes reasons, a line each.
func listReasons(b *strings.Builder, title string, all []Reason) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(b, "  %s\n", title)
	for i, r := range all {
		if i == shownReasons {
			fmt.Fprintf(b, "    and %d more\n", len(all)-i)
			break
		}
		fmt.Fprintf(b, "    %s\n", printable.Line(r.String()))
	}
}

// String is a reason as one line: where, what, and how to mend it.
func (r Reason) String() string {
	s := r.What
	if r.Where != "" {
		s = r.Where + ": " + s
	}
	if r.Remedy != "" {
		s += "; " + r.Remedy
	}
	return s
}

// pools returns the pools of a server, each once, in the order of the packages.
func (s Server) pools() []Pool {
	var all []Pool
	packages := map[string]int{}
	for _, p := range s.Packages {
		for _, pool := range p.Pools {
			if packages[pool.Where]++; packages[pool.Where] == 1 {
				all = append(all, pool)
			}
		}
	}
	for i, pool := range all {
		if n := packages[pool.Where]; n > 1 {
			all[i].Use += fmt.Sprintf(", in %d packages", n)
		}
	}
	return all
}
