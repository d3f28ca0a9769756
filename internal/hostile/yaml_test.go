package hostile

import (
	"fmt"
	"strings"
)

// yamls are sqlc.yaml that means, or looks, more than it is long.
var yamls = []shape{
	{"yaml-alias-bomb-sql", 9, func(n int) map[string]string {
		return sqlc("version: \"2\"\na0: &a0 [{schema: migrations}]\n" + each(n, "a@: &a@ [*a#,*a#,*a#,*a#,*a#,*a#,*a#,*a#,*a#]\n") + fmt.Sprintf("sql: *a%d\n", n))
	}},
	{"yaml-merge-bomb", 9, func(n int) map[string]string {
		return sqlc("version: \"2\"\na0: &a0 {k0: x, l0: y}\n" + each(n, "a@: &a@ {k@: z, <<: [*a#, *a#, *a#, *a#, *a#, *a#]}\n") + fmt.Sprintf("sql: [{<<: *a%d}]\n", n))
	}},
	{"yaml-alias-wide", 2000, func(n int) map[string]string {
		return sqlc("version: \"2\"\na: &a [" + join(n, ",", "x") + "]\nsql: [" + join(n, ",", "*a") + "]\n")
	}},
	{"yaml-brackets", 50000, func(n int) map[string]string { return sqlc(strings.Repeat("[", n)) }},
	{"yaml-dashes", 50000, func(n int) map[string]string { return sqlc(strings.Repeat("- ", n)) }},
	{"yaml-questions", 50000, func(n int) map[string]string { return sqlc(strings.Repeat("? ", n)) }},
	{"yaml-indent", 500, func(n int) map[string]string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.Repeat(" ", i) + "a:\n")
		}
		return sqlc(b.String())
	}},
	{"yaml-entries", 250000, func(n int) map[string]string { return sqlc("version: \"2\"\nsql:\n" + strings.Repeat("- a\n", n)) }},
	{"yaml-flow-entries", 250000, func(n int) map[string]string { return sqlc("version: \"2\"\nsql: [" + strings.Repeat("a,", n) + "]\n") }},
	{"yaml-keys", 20000, func(n int) map[string]string { return sqlc("version: \"2\"\n" + each(n, "k#: v\n")) }},
	{"yaml-documents", 20000, func(n int) map[string]string { return sqlc(strings.Repeat("---\na: b\n", n)) }},
	{"yaml-plain-scalar", 50000, func(n int) map[string]string { return sqlc("a:\n" + strings.Repeat("  x\n", n)) }},
	{"json-deep", 50000, func(n int) map[string]string { return map[string]string{"sqlc.json": strings.Repeat(`{"a":`, n)} }},
	{"sqlc-files", 1_000, func(n int) map[string]string { // many configurations
		m := map[string]string{}
		for i := range n {
			m[fmt.Sprintf("d%d/sqlc.yaml", i)] = "version: \"2\"\nsql: [{engine: postgresql, schema: ../migrations, gen: {go: {out: x}}}]\n"
		}
		return m
	}},
	{"sqlc-entries", 500, func(n int) map[string]string {
		m := map[string]string{"sqlc.yaml": "version: \"2\"\nsql:\n" + each(n, "- {engine: postgresql, schema: [\"m/*.sql\"], gen: {go: {out: o#}}}\n")}
		for i := range n {
			m[fmt.Sprintf("m/%d.sql", i)] = fmt.Sprintf("CREATE TABLE t%d (id int);\n", i)
		}
		return m
	}},
	{"sqlc-globs", 500, func(n int) map[string]string { // each entry reads another prefix of the files
		m := map[string]string{"sqlc.yaml": "version: \"2\"\nsql:\n" + each(n, "- {engine: postgresql, schema: [\"m/*.sql\", \"migrations/1.sql\", \"m/#.sql\"], gen: {go: {out: o#}}}\n")}
		for i := range n {
			m[fmt.Sprintf("m/%d.sql", i)] = fmt.Sprintf("CREATE TABLE t%d (id int);\n", i)
		}
		return m
	}},
}

func sqlc(text string) map[string]string { return map[string]string{"sqlc.yaml": text} }
