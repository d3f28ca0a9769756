package sqlast

import (
	"slices"
	"strings"
	"testing"
)

// TestPositions: the span of every name is where the name stands, in all of our own
// statements.
func TestPositions(t *testing.T) {
	t.Parallel()
	count := 0
	for _, src := range ownStatements(t) {
		f := Read(src, Options{})
		name := func(n Name) {
			if n.Text == "" {
				return
			}
			count++
			text := src[n.Start:n.End]
			if n.Quoted {
				text = unquote(text)
			} else {
				text = strings.ToLower(text)
			}
			if text != n.Text {
				t.Errorf("%q has the span of %q in %s", n.Text, text, src)
			}
		}
		for _, s := range f.Stmts {
			Inspect(s, func(n Node) bool {
				switch n := n.(type) {
				case *TableRef:
					for _, part := range n.Name {
						name(part)
					}
					if n.Alias.Text != "" && !strings.HasPrefix(src[n.Alias.Start:], "'") {
						name(n.Alias)
					}
				case *ColumnRef:
					for _, part := range n.Name {
						name(part)
					}
				}
				return true
			})
		}
	}
	if count < 1000 {
		t.Errorf("only %d names", count)
	}
}

// TestSpans: marks of the form ‹…› stand around the expected span of one node.
func TestSpans(t *testing.T) {
	t.Parallel()
	find := func(src string, pick func(Node) bool) (spans []string) {
		for _, s := range Read(src, Options{}).Stmts {
			Inspect(s, func(n Node) bool {
				if pick(n) {
					b := n.Bounds()
					spans = append(spans, src[b.Start:b.End])
				}
				return true
			})
		}
		return spans
	}
	tests := []struct {
		src  string
		pick func(Node) bool
		want []string
	}{
		{"SELECT a FROM t  AS x , s.u y WHERE b", is[*TableRef], []string{"t  AS x", "s.u y"}},
		{"SELECT 1 FROM t WHERE (a) = (b + 1)  AND c", is[*Binary], []string{"(a) = (b + 1)", "b + 1"}},
		{"SELECT 1 WHERE a = 1 AND (b OR c) AND d ", is[*And], []string{"a = 1 AND (b OR c) AND d"}},
		{"SELECT 1 WHERE a = 1 AND (b OR c) AND d ", is[*Or], []string{"b OR c"}},
		{"SELECT f( a ) OVER w , $1 :: int[] , -  2", is[*FuncCall], []string{"f( a ) OVER w"}},
		{"SELECT f( a ) OVER w , $1 :: int[] , -  2", is[*Cast], []string{"$1 :: int[]"}},
		{"SELECT f( a ) OVER w , $1 :: int[] , -  2", is[*Unary], []string{"-  2"}},
		{"SELECT a IN ( 1 ) , b NOT  IN (SELECT c)", is[*In], []string{"a IN ( 1 )", "b NOT  IN (SELECT c)"}},
		{"SELECT a FROM t UNION (SELECT b FROM u) LIMIT 1 ; SELECT 2", is[*Select],
			[]string{"SELECT a FROM t UNION (SELECT b FROM u) LIMIT 1", "SELECT a FROM t", "(SELECT b FROM u)", "SELECT 2"}},
		{"WITH x AS (SELECT 1) DELETE FROM t", is[*CTE], []string{"x AS (SELECT 1)"}},
		{"WITH x AS (SELECT 1) DELETE FROM t", is[*Delete], []string{"WITH x AS (SELECT 1) DELETE FROM t"}},
		{"SELECT 1 FROM a JOIN b ON c , (d CROSS JOIN e) f", is[*Join], []string{"a JOIN b ON c", "(d CROSS JOIN e) f"}},
		{"SELECT 1 FROM (SELECT 2) AS q (r) , s", is[*Derived], []string{"(SELECT 2) AS q (r)"}},
	}
	for _, tt := range tests {
		if got := find(tt.src, tt.pick); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.src, got, tt.want)
		}
	}
}

func is[T Node](n Node) bool {
	_, ok := n.(T)
	return ok
}

func TestComments(t *testing.T) {
	t.Parallel()
	tests := []struct {
		src     string
		dialect Dialect
		want    []string
	}{
		{"-- name: GetBook :one\nSELECT 1; -- poollint:ignore tenantfilter -- seed\nSELECT 2", Postgres,
			[]string{"-- name: GetBook :one", "-- poollint:ignore tenantfilter -- seed"}},
		{"SELECT /* a /* b */ c */ 1 --\r\n", Postgres, []string{"/* a /* b */ c */", "--"}},
		{"SELECT /* a /* b */ 1 # c\n--d\n-- e", MySQL, []string{"/* a /* b */", "# c", "-- e"}},
		{"SELECT '-- a', \"/* b */\", $$-- c$$ --d", SQLite, []string{"--d"}},
		{"SELECT 1 # a", Postgres, nil},
	}
	for _, tt := range tests {
		f := Read(tt.src, Options{Dialect: tt.dialect})
		var got []string
		for _, c := range f.Comments {
			got = append(got, c.Text)
			if tt.src[c.Start:c.End] != c.Text {
				t.Errorf("%q: comment %q has the span of %q", tt.src, c.Text, tt.src[c.Start:c.End])
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q: comments %q, want %q", tt.src, got, tt.want)
		}
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	f := Read("SELECT 1; SELECT FROM WHERE a; SELECT 2; SELECT a LIMIT ; SELECT 3; SELECT (", Options{})
	var got []bool
	for _, s := range f.Stmts {
		got = append(got, f.Clean(s))
	}
	if want := []bool{true, false, true, false, true, false}; !slices.Equal(got, want) {
		t.Errorf("clean: %v, want %v", got, want)
	}
}

func TestHoleNumbers(t *testing.T) {
	t.Parallel()
	src := strings.ReplaceAll("SELECT '{}', \"a{}\", {}, b_{} FROM {{x}} /* {} */ WHERE {} AND $${}$$ = {}", "{}", HoleMark)
	var got []int
	Inspect(Read(src, Options{}).Stmts[0], func(n Node) bool {
		if h, ok := n.(*Hole); ok {
			got = append(got, h.Index)
		}
		return true
	})
	if want := []int{2, 6, 8}; !slices.Equal(got, want) {
		t.Errorf("holes %v, want %v", got, want)
	}
}

func TestReadExpr(t *testing.T) {
	t.Parallel()
	tests := []struct{ src, want, problem string }{
		{"a = ? AND b IN (?)", "(and (= a $) (in b ($)))", ""},
		{"t.a = $1", "(= t.a $1)", ""},
		{"a = 1 {}", "(and (= a 1) {0})", ""},
		{"{}", "{0}", ""},
		{"a = 1; b = 2", "(= a 1)", "unexpected b"},
		{"a = 1 ORDER BY b", "(= a 1)", "unexpected ORDER"},
		{"", "(unknown)", "expression expected"},
		{"a = ", "(= a (unknown))", "expression expected"},
	}
	for _, tt := range tests {
		e, problems := ReadExpr(strings.ReplaceAll(tt.src, "{}", HoleMark), Options{})
		problem := ""
		if len(problems) > 0 {
			problem = problems[0].Msg
		}
		if got := printExpr(e); got != tt.want || problem != tt.problem {
			t.Errorf("%q: got %s %q, want %s %q", tt.src, got, problem, tt.want, tt.problem)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, src, want string }{
		{"depth", "SELECT " + strings.Repeat("(", 1000), "nested too deeply"},
		{"chain", "SELECT 1" + strings.Repeat("+1", maxLinks+10), "too many operators"},
		{"statement", "SELECT 1" + strings.Repeat(",1", maxTokens), "statement is too long to be read to its end"},
		{"text", strings.Repeat(" ", maxLength+1), "text is too long to be read"},
	}
	for _, tt := range tests {
		f := Read(tt.src+"; SELECT a FROM t", Options{})
		if len(f.Problems) == 0 || f.Problems[0].Msg != tt.want {
			t.Errorf("%s: problems %v, want %q", tt.name, f.Problems, tt.want)
		}
		if n := len(f.Stmts); tt.name != "text" && n != 2 {
			t.Errorf("%s: %d statements, want 2: reading goes on at the next one", tt.name, n)
		}
	}
}
