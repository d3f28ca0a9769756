// Package rebound writes the placeholders of another dialect into its queries, in every way that
// a text can be taken apart.
package rebound

import (
	"database/sql"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"example.com/queries/rebound/pieces"
)

type store struct{ db *sql.DB }

func byRunes(query string, n int) string {
	counter := 0
	var b strings.Builder
	for _, r := range query {
		if r != '?' {
			b.WriteRune(r)
			continue
		}
		counter++
		b.WriteString("$" + strconv.Itoa(counter))
	}
	if counter != n {
		panic(fmt.Sprintf("%d placeholders for %d values", counter, n))
	}
	return b.String()
}

func byBytes(query string) string {
	b, n := []byte{}, 0
	for i := 0; i < len(query); i++ {
		if query[i] == '?' {
			n++
			b = append(b, ':')
			b = strconv.AppendInt(b, int64(n), 10)
		} else {
			b = append(b, query[i])
		}
	}
	return string(b)
}

func byCuts(query string) (string, int) {
	n, out := 0, ""
	for {
		before, after, found := strings.Cut(query, "?")
		if !found {
			return out + before, n
		}
		n++
		out += before + fmt.Sprintf("@p%d", n)
		query = after
	}
}

func byReplacing(query string) string {
	for i := 1; strings.Contains(query, "?"); i++ {
		query = strings.Replace(query, "?", "$"+strconv.Itoa(i), 1)
	}
	return query
}

var marks = regexp.MustCompile(`\?`)

func byPattern(query string) string {
	n := 0
	return marks.ReplaceAllStringFunc(query, func(string) string {
		n++
		return "$" + strconv.Itoa(n)
	})
}

// byTenant adds a condition to the text, and two is of two texts.
func byTenant(query string) string { return strings.ReplaceAll(query, "?", "$") + " and tenant_id = 1" }
func two(a, b string) string       { return strings.ReplaceAll(a, "?", "$") + b }

func (s *store) Query(query string, args ...any) (*sql.Rows, error) {
	query = byRunes(query, len(args))
	return s.db.Query(query, args...)
}

func (s *store) wrapped(id int) {
	s.Query("SELECT a FROM t WHERE id = ?", id)
	// wrapper: SELECT a FROM t WHERE id = ?
}

func (s *store) direct(id int) {
	s.db.Query(byBytes("SELECT b FROM t WHERE id = ?"), id)
	// helper: SELECT b FROM t WHERE id = ?
	query, _ := byCuts("SELECT c FROM t WHERE id = ?")
	s.db.Query(query, id)
	// helper: SELECT c FROM t WHERE id = ?
	s.db.Query(byReplacing("SELECT d FROM t WHERE id = ?"), id)
	// helper: SELECT d FROM t WHERE id = ?
	s.db.Query(byPattern("SELECT e FROM t WHERE id = ?"), id)
	// helper: SELECT e FROM t WHERE id = ?
}

func (s *store) others(id int) {
	s.db.Query(byTenant("SELECT f FROM t WHERE id = ?"), id)
	// helper: SELECT f FROM t WHERE id = ? and tenant_id = 1
	s.db.Query(two("SELECT g FROM t WHERE id = ?", " LIMIT 1"), id)
	// helper: SELECT g FROM t WHERE id = ? LIMIT 1
}

func (s *store) inPieces(name string) {
	q := pieces.New("SELECT h FROM t WHERE id = ?")
	q.Add("AND h = ?", name)
	s.Query(q.String(), q.Args...)
	// wrapper: SELECT h FROM t WHERE id = ? AND h = ?
}
