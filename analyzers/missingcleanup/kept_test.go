package missingcleanup

import (
	"fmt"
	"strings"
	"testing"
)

// TestKeptInReceivers combines how an object comes to be with how it opens its pool, and with
// who closes that.
func TestKeptInReceivers(t *testing.T) {
	t.Parallel()
	const head = combinedHead + `
type store struct {
	DSN string
	DB  *sql.DB
}

func newStore() *store { return &store{DSN: dsn} }

func (s *store) Connect() (err error) {
	s.DB, err = sql.Open("postgres", s.DSN)
	return err
}

func (s *store) ConnectLate() error {
	db, err := sql.Open("postgres", s.DSN)
	if err != nil {
		return err
	}
	s.DB = db
	return nil
}

func (s *store) Start() error { return s.Connect() }
func (s *store) Ping() error  { return s.DB.Ping() }
func (s *store) Stop() error  { return s.DB.Close() }

type outer struct{ *store }

func (o *outer) Init() error { return o.store.Connect() }

func newOuter() *outer { return &outer{newStore()} }

func quit(c interface{ Close() error }) { _ = c.Close() }
`
	var tests []string
	for _, made := range []struct{ code, promotes string }{
		{"s := newStore()", ""},
		{"s := &store{DSN: dsn}", ""},
		{"var s store; s.DSN = dsn", ""},
		{"s := new(store)", ""},
		{"s := newOuter()", "Init"},
		{"s := newOuter().store", ""},
		{"s := &outer{store: newStore()}", "Init"},
	} {
		for _, method := range strings.Fields("Connect ConnectLate Start " + made.promotes) {
			for _, opened := range []string{"if err := s.%s(); err != nil { t.Fatal(err) }", "err := s.%s(); if err != nil { t.Fatal(err) }"} {
				for _, end := range []part{
					{"defer s.DB.Close()", false},
					{"t.Cleanup(func() { s.DB.Close() })", false},
					{"defer s.Stop()", false},
					{"defer func() { _ = s.Stop() }()", false},
					{"db := s.DB; defer db.Close()", false},
					{"defer quit(s.DB)", false},
					{"shared = s.DB", false},
					{"_ = s.Ping()", true},
					{"_ = s.DB.Ping()", true},
					{"db := s.DB; _ = db.Ping()", true},
				} {
					code := fmt.Sprintf(opened, method)
					if end.wrong {
						code = strings.Replace(code, "{ t", "{ // want `never closed`\n\t\tt", 1)
					}
					tests = append(tests, fmt.Sprintf("\nfunc Test%d(t *testing.T) {\n\t%s\n\t%s\n\t%s\n}\n", len(tests), made.code, code, end.code))
				}
			}
		}
	}
	combine(t, head, tests)
}
