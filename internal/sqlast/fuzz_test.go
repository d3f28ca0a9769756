package sqlast

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// seeds are texts that have been hard to read, by form.
var seeds = []string{
	"", ";", ";;", "\x00", "\x00\x00", "(", ")", "((((", "))))", "select", "select (", "select ((1) union",
	"select 'a", "select \"a", "select $$a", "select $a$b$a", "/* /* */", "-- x", "# x", "\\x\nselect 1",
	"select E'\\'", "select U&\"a\"", "select _utf8'a'", "select @", "select @@", "select :a ::b", "select a[1:2][:3]",
	"select ?|?, a ?| b, a ? 'b'", "select a @> b, @a, a<@b, a=@b", "select {{.A}} from {{", "select a{}b",
	"select \x00a\x00_\x00 from \x00.\x00", "select $\x00, :\x00, @\x00, ?\x00", "'\x00' \"\x00\" $$\x00$$ --\x00",
	"with a as (select 1), \x00 select * from a \x00 where \x00 b \x00 c", "with a as", "with", "values", "values (", "values ()",
	"select * from a join b join c on d on e", "select * from (a join b) join", "select * from (select 1) union select 2",
	"select * from ((a)), ((select 1) union (select 2)) x", "select * from rows from (f(), g()) x", "select * from lateral",
	"insert into a values (1) on conflict", "insert into a (b, \x00) values \x00, (\x00) on conflict (\x00) \x00",
	"insert into a select 1 on duplicate key update b = values(b)", "update a set", "select * from a set, b set where", "update a set (b, c) = (select 1, 2), d[1].e = 3",
	"delete a, b.* from a join b", "delete from a using b, c", "merge into a using b on c when not matched by source and d then",
	"create table a (b int, constraint", "create table a (\x00, b int default 1 + not null)", "create table a partition of b for values in (1)",
	"alter table a add (b int, c int), drop, rename to", "rename table a to b, c to", "create policy a on b using",
	"create function a() begin atomic select 1; select case when 1 then 2 end; end; select 1", "create trigger a begin if 1 then; end if; end; b",
	"create rule a as on insert to b do (select 1; select 2", "do $$ begin; end $$", "explain (a, b) select 1", "copy (select 1) to 'a'",
	"select grouping sets (a), collation for (b), timestamp(3) with time zone 'a', char(1) 'b'", "select interval 'a' day to second",
	"select case when \x00 \x00 then", "select cast(a as", "select f(a => 1, variadic b order by c) filter (where d) over (partition by e rows 1 preceding)",
	"select json_object('a' : b absent on null returning jsonb), xmltable(a passing b columns c int)", "select a is not json scalar with unique",
	"select not not not a, - - - b, ~!@c", "select a between b and c and d not between symmetric e and f", "select a like b escape c collate d",
	"select 1 where (((a) and b) or (c)) in (select 1)", "set local a.b = \x00, c", "truncate only a*, b", "A(0)with 00A0'", "CREATE ALGORITHM=", "copy a from stdin;\n1\n\\.\nselect 1",
	"select 1e, 1e+, 0x, 1.2.3, 1_000, .5, 1..2",
}

// FuzzRead holds every text to what Read promises: it ends, and everything it returns
// lies within the text.
func FuzzRead(f *testing.F) {
	for _, s := range seeds {
		for d := range SQLite + 1 {
			f.Add(s, uint8(d))
		}
	}
	for _, s := range ownStatements(f) {
		f.Add(s, uint8(Postgres))
	}
	f.Fuzz(func(t *testing.T, src string, dialect uint8) {
		check(t, src, Options{Dialect: Dialect(dialect % uint8(SQLite+1))})
	})
}

// ownStatements returns the statements that the oracles are asked about.
func ownStatements(t testing.TB) []string {
	paths, err := filepath.Glob("oracle/testdata/*.sql")
	if err != nil || len(paths) == 0 {
		t.Fatalf("our own statements are missing: %v", err)
	}
	var list []string
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		var b strings.Builder
		lines := bufio.NewScanner(file)
		for lines.Scan() {
			b.WriteString(lines.Text() + "\n")
			if strings.HasSuffix(lines.Text(), ";") {
				list = append(list, b.String())
				b.Reset()
			}
		}
	}
	return list
}

// check reads src and verifies every span.
func check(t *testing.T, src string, opts Options) {
	t.Helper()
	file := Read(src, opts)
	within := func(what string, s Span) {
		if s.Start < 0 || s.End < s.Start || s.End > len(src) {
			t.Fatalf("%s has the span %v in a text of %d bytes: %q", what, s, len(src), src)
		}
	}
	holes := strings.Count(src, HoleMark) + strings.Count(src, "{{")
	for _, s := range file.Stmts {
		Inspect(s, func(n Node) bool {
			within(fmt.Sprintf("%T", n), n.Bounds())
			switch n := n.(type) {
			case *ColumnRef:
				within("a name", n.Name.Bounds())
			case *TableRef:
				within("a table", n.Name.Bounds())
				within("an alias", n.Alias.Span)
			case *Hole:
				if n.Index < 0 || n.Index >= holes {
					t.Fatalf("hole %d of %d in %q", n.Index, holes, src)
				}
			}
			return true
		})
		Tables(s)
	}
	for _, c := range file.Comments {
		within("a comment", c.Span)
	}
	for i, p := range file.Problems {
		within(p.Msg, p.Span)
		if i > 0 && p.Start < file.Problems[i-1].Start {
			t.Fatalf("problems out of order in %q: %v", src, file.Problems)
		}
	}
	e, _ := ReadExpr(src, opts)
	within("an expression", e.Bounds())
}
