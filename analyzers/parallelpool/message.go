package parallelpool

import (
	"fmt"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/isolation"
)

// opened says that parallel tests open something each for itself.
type opened struct {
	By    dbapi.Name // the function called
	Count int        // of the pools that it opens at least
	Conn  bool       // they are single connections
	Tests []string
	// Single is the binary of the one test, or the parallel tests of that, if no other of them opens
	// anything: nothing multiplies yet.
	Single string
}

func (o opened) Message() string {
	kind, remedy := "pool", "open one a process and share it"
	if o.Conn {
		kind, remedy = "connection", "open a pool a process, and take connections from that"
	}
	opens := "a " + kind
	if o.Count > 1 {
		opens = fmt.Sprintf("%d %ss", o.Count, kind)
	}
	if o.Single != "" {
		return fmt.Sprintf("%s opens %s for %s; the next parallel test that does will multiply it: %s", o.By.Short(), opens, parallelTests(o.Tests), remedy)
	}
	return fmt.Sprintf("%s opens %s for %s, so that -parallel multiplies its connections; %s", o.By.Short(), opens, parallelTests(o.Tests), remedy)
}

// wiped says that parallel tests change tables that other tests use.
type wiped struct {
	Does  isolation.Effect
	Tests []string
}

func (w wiped) Message() string {
	return fmt.Sprintf("%s %s the shared database while other parallel tests use it; do it once in TestMain, or give the test a database or schema of its own",
		parallelTests(w.Tests), w.Does)
}

// shared says that parallel tests, or the parallel subtests of one, use one tenant.
type shared struct {
	Tenant string
	Tests  []string
}

func (s shared) Message() string {
	whom := "the parallel tests " + enumerate(s.Tests)
	if len(s.Tests) == 1 {
		whom = "the parallel subtests of " + s.Tests[0]
	}
	return fmt.Sprintf("%s share the tenant %q of one database; make it unique with t.Name() or a UUID", whom, s.Tenant)
}

// held says that a test holds a connection or transaction that its parallel subtests need.
type held struct {
	By   dbapi.Name // the function that took it
	Kind dbapi.Kind
	Use  use
}

// A use is what parallel subtests do with it, or with its pool.
type use int

const (
	nothing use = iota
	share
	compete
)

func (u use) String() string {
	return [...]string{"leave it alone", "share it", "take connections from the same pool"}[u]
}

func (h held) Message() string {
	what, remedy := "a "+h.Kind.String(), "take it inside each subtest, or release it before t.Run"
	switch h.Kind {
	case dbapi.Acquired:
		what = "an " + h.Kind.String()
	case dbapi.Rows:
		what, remedy = "the connection of its rows", "query inside each subtest, or close them before t.Run"
	}
	return fmt.Sprintf("%s holds %s while parallel subtests %s; %s", h.By.Short(), what, h.Use, remedy)
}

func parallelTests(names []string) string {
	if len(names) == 1 {
		return "the parallel test " + names[0]
	}
	return fmt.Sprintf("each of %d parallel tests (%s)", len(names), enumerate(names))
}

const maxNames = 3 // tests that a message names

func enumerate(names []string) string {
	shown := strings.Join(names[:min(len(names), maxNames)], ", ")
	if len(names) > maxNames {
		shown += ", …"
	}
	return shown
}
