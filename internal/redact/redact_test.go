package redact

import "testing"

func TestText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"postgres://app:s3cret@db:5432/shop?x=y":         "postgres://app:******@db:5432/shop?x=y",
		`cannot use "postgres://app:s3/c@r t@db" as int`: `cannot use "postgres://app:********@db" as int`,
		"postgres://app:s3cret":                          "postgres://app:******",
		"postgres://db:5432/shop":                        "postgres://db:5432/shop",
		"postgres://[::1]:5432/shop":                     "postgres://[::1]:5432/shop",
		"postgres://app:s3cret@[::1]:5432/shop":          "postgres://app:******@[::1]:5432/shop",
		"postgres://:s3cret":                             "postgres://:******",
		"host=db user=app password=s3cret port=1":        "host=db user=app password=****** port=1",
		`host=db password = 's3 cr\'et' port=1`:          `host=db password = '*********' port=1`,
		"postgres://db/shop?user=a&password=s3cret&x=y":  "postgres://db/shop?user=a&password=******&x=y",
		"app:s3cret@/shop":                               "app:******@/shop",
		`"app:s3'cret@tcp(db)/shop"`:                     `"app:*******@tcp(db)/shop"`,
		`"app/s3cret@db:1521/shop"`:                      `"app/******@db:1521/shop"`,
		"libsql://db?authToken=s3cret":                   "libsql://db?authToken=******",
		"app:s3cret@tcp(db:3306)/shop":                   "app:******@tcp(db:3306)/shop",
		"alter role app password 's3cret'":               "alter role app password '******'",
		"sqlserver://db?user id=sa;Pwd=s3cret;x=y":       "sqlserver://db?user id=sa;Pwd=******;x=y",
		"export PGPASSWORD=s3cret":                       "export PGPASSWORD=******",
		"the password of the pool; see a@b.example":      "the password of the pool; see a@b.example",
		"a_test.go:10:13: sql.Open opens a pool":         "a_test.go:10:13: sql.Open opens a pool",
		"postgres:/app:s3cret@db: no package":            "postgres:/app:******@db: no package",
		"postgres://a:\u00fc\u00f6@h":                    "postgres://a:**@h",
	} {
		if got := Text(text); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		`cannot use "app:s3'c\"r t@tcp(db)/x" (untyped string constant) as int`:     `cannot use "…" (untyped string constant) as int`,
		"cannot use f(`app/s3\n\"cret@db`, \"a\") (value of type string)":           "cannot use f(`…`, \"a\") (value of type string)",
		`cannot use dsn (constant "app/s3c...) as int`:                              `cannot use dsn (constant "…"`,
		`duplicate case "url?authToken=s3cret" in expression switch`:                `duplicate case "…" in expression switch`,
		`could not import "example.com/a" or "a b"`:                                 `could not import "example.com/a" or "a b"`,
		`x redeclared, other declaration of x at a.go:1:2; postgres://a:s3cret@h/x`: `x redeclared, other declaration of x at a.go:1:2; postgres://a:******@h/x`,
	} {
		if got := Code(message); got != want {
			t.Errorf("%s\n got %s\nwant %s", message, got, want)
		}
	}
}
