package tenancy_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/tenancy"
)

// A shape is a random statement whose parts can be written in different ways.
type shape struct {
	form  string // what stands around the joins: see forms
	joins []joined
	tests []string // conjuncts; %[1]s and so on are the aliases
}

// A joined table, linked to an earlier one.
type joined struct {
	table, kind, left, right string // left and right sides of its ON
}

var forms = []string{
	"SELECT 1 FROM %s WHERE %s",
	"SELECT * FROM (SELECT a0.* FROM %s WHERE %s) x",
	"WITH x AS (SELECT a0.id FROM %s WHERE %s) SELECT * FROM x",
	"WITH x AS (SELECT a0.id FROM %s WHERE %s LIMIT 5) SELECT * FROM x JOIN x y ON y.id = x.id",
	"SELECT 1 FROM countries c0 WHERE EXISTS (SELECT 1 FROM %s WHERE %s)",
	"SELECT 1 UNION ALL SELECT 2 FROM %s WHERE %s",
	"INSERT INTO countries (id) SELECT 1 FROM %s WHERE %s",
}

// links are pairs of a table and the columns by which it joins invoices.
var links = []joined{
	{"payments", "JOIN", "a%[2]d.invoice_id", "a%[1]d.id"},
	{"payments", "LEFT JOIN", "a%[2]d.invoice_id", "a%[1]d.id"},
	{"payments", "JOIN", "a%[2]d.amount", "a%[1]d.total"},
	{"customers", "JOIN", "a%[2]d.id", "a%[1]d.customer_id"},
	{"customers", "LEFT JOIN", "a%[2]d.name", "a%[1]d.number"},
	{"lines", "JOIN", "a%[2]d.invoice_id", "a%[1]d.id"},
	{"invoices", "JOIN", "a%[2]d.tenant_id", "a%[1]d.tenant_id"},
}

var conjuncts = []string{
	"a0.id = $2", "a0.number = $3", "a0.customer_id = $4", "a0.total > 5", "a0.number IS NOT NULL",
	"(a0.total = 1 OR a0.total = 2)", "($5::text IS NULL OR a0.number = $5)", "NOT (a0.total = 7)",
	"a0.customer_id IN (SELECT id FROM customers WHERE tenant_id = $1)",
	"EXISTS (SELECT 1 FROM payments q WHERE q.invoice_id = a0.id AND q.amount = 3)",
	"a0.tenant_id = $1",
}

func randomShape(r *rand.Rand) shape {
	s := shape{form: forms[r.IntN(len(forms))], joins: []joined{{table: "invoices"}}}
	for range r.IntN(4) {
		link := links[r.IntN(len(links))]
		n := len(s.joins)
		link.left = fmt.Sprintf(link.left, 0, n)
		link.right = fmt.Sprintf(link.right, 0, n)
		s.joins = append(s.joins, link)
	}
	s.tests = []string{"true"}
	for range r.IntN(4) {
		s.tests = append(s.tests, conjuncts[r.IntN(len(conjuncts))])
	}
	return s
}

// write renders the shape; edit, if not nil, changes how.
func (s shape) write(edit *rand.Rand) string {
	from := make([]string, len(s.joins))
	for i, j := range s.joins {
		if i == 0 {
			from[i] = fmt.Sprintf("%s a%d", j.table, i)
			continue
		}
		left, right := j.left, j.right
		if edit != nil && edit.IntN(2) == 0 {
			left, right = right, left
		}
		from[i] = fmt.Sprintf("%s %s a%d ON %s", j.kind, j.table, i, parens(left+" = "+right, edit))
	}
	tests := slices.Clone(s.tests)
	if edit != nil {
		edit.Shuffle(len(tests), func(i, j int) { tests[i], tests[j] = tests[j], tests[i] })
		for i, test := range tests {
			if left, right, ok := strings.Cut(test, " = $"); ok && strings.Count(test, " ") == 2 {
				test = "$" + right + " = " + left
			}
			tests[i] = parens(test, edit)
		}
	}
	sql := fmt.Sprintf(s.form, strings.Join(from, " "), strings.Join(tests, " AND "))
	if edit != nil {
		for i := range s.joins {
			sql = strings.ReplaceAll(sql, fmt.Sprintf("a%d.", i), fmt.Sprintf("t_%d.", 9-i))
			sql = strings.ReplaceAll(sql, fmt.Sprintf(" a%d ", i), fmt.Sprintf(" AS t_%d ", 9-i))
		}
	}
	return sql
}

func parens(s string, edit *rand.Rand) string {
	for edit != nil && edit.IntN(2) == 0 {
		s = "(" + s + ")"
	}
	return s
}

func judge(t *testing.T, db *schema.Database, sql string) []tenancy.Verdict {
	t.Helper()
	file := sqlast.Read(sql, sqlast.Options{})
	if len(file.Problems) > 0 || len(file.Stmts) != 1 {
		t.Fatalf("%s: %v", sql, file.Problems)
	}
	return tenancy.Judge(file.Stmts[0], db, tenancy.Options{Placeholder: "$1"})
}

func summary(verdicts []tenancy.Verdict) string {
	var all []string
	for _, v := range verdicts {
		all = append(all, fmt.Sprint(v.Table.Name, v.Pinned, v.Tier, v.Reason, v.Write))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func TestWritingDoesNotMatter(t *testing.T) {
	t.Parallel()
	db := database(t)
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := randomShape(r)
		plain, edited := s.write(nil), s.write(r)
		if a, b := summary(judge(t, db, plain)), summary(judge(t, db, edited)); a != b {
			t.Fatalf("seed %d:\n%s\n  %s\n%s\n  %s", seed, plain, a, edited, b)
		}
	}
}

// TestPredicateSilences adds the predicates that the verdicts name, until
// nothing is left to add: at most one for each leader.
func TestPredicateSilences(t *testing.T) {
	t.Parallel()
	db := database(t)
	for seed := range uint64(2000) {
		sql := randomShape(rand.New(rand.NewPCG(seed, 2))).write(nil)
		start := sql
		for range leaders(judge(t, db, sql)) {
			verdicts := judge(t, db, sql)
			for i, v := range verdicts {
				if v.Pinned || v.Leader != i {
					continue
				}
				insertions, ok := v.Insertions(sql)
				if !ok {
					t.Fatalf("seed %d: no place for %q in\n%s", seed, v.Add, sql)
				}
				sql = insert(sql, insertions)
				break
			}
		}
		if n := leaders(judge(t, db, sql)); n > 0 {
			t.Fatalf("seed %d: %d left\n%s\n%s\n%s", seed, n, start, sql, summary(judge(t, db, sql)))
		}
	}
}

func leaders(verdicts []tenancy.Verdict) int {
	n := 0
	for i, v := range verdicts {
		if !v.Pinned && v.Leader == i {
			n++
		}
	}
	return n
}

func insert(sql string, insertions []tenancy.Insertion) string {
	for _, i := range slices.Backward(insertions) {
		sql = sql[:i.Offset] + i.Text + sql[i.Offset:]
	}
	return sql
}

// TestRemovalFlags takes the only tenant predicates out of pinned statements.
func TestRemovalFlags(t *testing.T) {
	t.Parallel()
	db := database(t)
	pin := "a0.tenant_id = $1"
	other := conjuncts[8] // pins the customer, and so the invoice
	removed := 0
	for seed := range uint64(2000) {
		s := randomShape(rand.New(rand.NewPCG(seed, 3)))
		s.tests = slices.DeleteFunc(s.tests, func(c string) bool { return c == pin || c == other })
		if leaders(judge(t, db, s.write(nil))) == 0 {
			t.Fatalf("seed %d: not flagged\n%s", seed, s.write(nil))
		}
		s.tests = append(s.tests, pin)
		for _, v := range judge(t, db, s.write(nil)) {
			if v.Table.Name == "invoices" && v.Ref.Alias.Text == "a0" {
				if !v.Pinned {
					t.Fatalf("seed %d: flagged\n%s", seed, s.write(nil))
				}
				removed++
			}
		}
	}
	if removed == 0 {
		t.Fatal("no statement was pinned")
	}
}
