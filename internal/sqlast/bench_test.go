package sqlast

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// typical is a query of the size and the shape that programs hold most.
const typical = `-- name: ListLoans :many
SELECT l.id, l.book_id, l.reader_id, l.due_at, b.title, r.name AS reader
FROM loan l
JOIN book b ON b.id = l.book_id AND b.branch_id = l.branch_id
LEFT JOIN reader r ON r.id = l.reader_id
WHERE l.branch_id = $1
  AND (sqlc.narg('reader_id')::uuid IS NULL OR l.reader_id = sqlc.narg('reader_id'))
  AND l.returned_at IS NULL
  AND l.due_at BETWEEN $2 AND $3
ORDER BY l.due_at DESC, l.id
LIMIT $4 OFFSET $5;
`

func BenchmarkRead(b *testing.B) {
	b.Run("typical", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(typical)))
		for b.Loop() {
			Read(typical, Options{})
		}
	})
	b.Run("own", func(b *testing.B) {
		own := ownStatements(b)
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			Read(own[i%len(own)], Options{})
			i++
		}
	})
}

// hostile are texts that make a careless reader slow or deep, by form.
var hostile = map[string]func(n int) string{
	"parens":       func(n int) string { return strings.Repeat("(", n) },
	"select":       func(n int) string { return strings.Repeat("(select ", n/8) },
	"case":         func(n int) string { return "select " + strings.Repeat("case when ", n/10) },
	"not":          func(n int) string { return "select " + strings.Repeat("not ", n/4) },
	"minus":        func(n int) string { return "select " + strings.Repeat("- ", n/2) },
	"plus":         func(n int) string { return "select 1" + strings.Repeat("+1", n/2) },
	"and":          func(n int) string { return "select 1" + strings.Repeat(" and a=1", n/8) },
	"casts":        func(n int) string { return "select 1" + strings.Repeat("::a", n/3) },
	"joins":        func(n int) string { return "select * from a" + strings.Repeat(" join a", n/7) },
	"joins on":     func(n int) string { return "select * from a" + strings.Repeat(" join a on b", n/12) },
	"unions":       func(n int) string { return "select 1" + strings.Repeat(" union select 1", n/15) },
	"quotes":       func(n int) string { return "select " + strings.Repeat("'a' ", n/4) + "'" },
	"dollars":      func(n int) string { return "select " + strings.Repeat("$a$ ", n/4) },
	"tags":         func(n int) string { return "select " + strings.Repeat("$a ", n/3) },
	"comments":     func(n int) string { return strings.Repeat("/*", n/2) },
	"holes":        func(n int) string { return "select a where b " + strings.Repeat(HoleMark, n) },
	"hole words":   func(n int) string { return "select a where b " + strings.Repeat(HoleMark+" c ", n/4) },
	"hole parens":  func(n int) string { return "select " + strings.Repeat(HoleMark+"(", n/2) },
	"templates":    func(n int) string { return "select " + strings.Repeat("{{", n/2) },
	"commas":       func(n int) string { return "select " + strings.Repeat(",", n) },
	"dots":         func(n int) string { return "select a" + strings.Repeat(".a", n/2) },
	"brackets":     func(n int) string { return "select a" + strings.Repeat("[", n) },
	"semicolons":   func(n int) string { return strings.Repeat(";", n) },
	"routine":      func(n int) string { return "create function a begin " + strings.Repeat("b;", n/2) },
	"errors":       func(n int) string { return "select " + strings.Repeat("from where ", n/11) },
	"closers":      func(n int) string { return "select " + strings.Repeat(") ", n/2) },
	"one name":     func(n int) string { return "select " + strings.Repeat("a", n) },
	"operators":    func(n int) string { return "select 1 " + strings.Repeat("@", n) + " 2" },
	"with":         func(n int) string { return strings.Repeat("with a as (", n/11) },
	"insert":       func(n int) string { return "insert into a values " + strings.Repeat("(1),", n/4) + "(2)" },
	"columns":      func(n int) string { return "create table a (" + strings.Repeat("a int,", n/6) + "b int)" },
	"alterations":  func(n int) string { return "alter table a " + strings.Repeat("add a int,", n/10) + "drop b" },
	"table parens": func(n int) string { return "select * from " + strings.Repeat("(", n) },
	"ctes": func(n int) string {
		return "with " + strings.Repeat("a as (select 1),", n/16) + "b as (select 1) select * from a"
	},
}

func BenchmarkHostile(b *testing.B) {
	for name, text := range hostile {
		for _, n := range []int{1 << 17, 1 << 20} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				src := text(n)
				b.SetBytes(int64(len(src)))
				b.ReportAllocs()
				for b.Loop() {
					Read(src, Options{})
				}
			})
		}
	}
}

// TestHostile: the hostile texts are read to their end and can be walked. Reading one of
// them takes milliseconds; were it quadratic in the length, it would take minutes.
func TestHostile(t *testing.T) {
	t.Parallel()
	const patience = 20 * time.Second // on a busy machine
	for name, text := range hostile {
		src := text(1 << 17)
		for d := range SQLite + 1 {
			start := time.Now()
			f := Read(src, Options{Dialect: d})
			for _, s := range f.Stmts {
				Tables(s)
			}
			if took := time.Since(start); took > patience {
				t.Errorf("%s: took %v", name, took)
			}
		}
	}
}
