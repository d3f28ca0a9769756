package capacity

import "testing"

func TestServerOf(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string]string{
		"postgres://shop:secret@db:5433/shop?sslmode=disable": "db:5433",
		"postgres://%s:%s@localhost/shop":                     "localhost",
		"postgres://shop@%s:%d/shop":                          "",
		"postgresql:///shop?host=/tmp":                        "",
		"host=localhost port=5433 dbname=shop":                "localhost:5433",
		"host=db user=shop":                                   "db",
		"host=%s port=%d":                                     "",
		"root:secret@tcp(127.0.0.1:3306)/shop":                "127.0.0.1:3306",
		"root@tcp(127.0.0.1)/shop":                            "127.0.0.1:3306",
		"postgres://[::1]:5433/shop":                          "[::1]:5433",
		"postgres://[::1]/shop":                               "::1",
		"host=::1 port=5433":                                  "[::1]:5433",
		"host=/run/postgresql port=5433":                      "/run/postgresql:5433",
		"root@tcp(%s)/shop":                                   "",
		"https://example.com/":                                "",
		"?sslmode=disable":                                    "",
		"host=":                                               "",
		"://":                                                 "",
	} {
		if got := serverOf(dsn); got != want {
			t.Errorf("serverOf(%q) = %q, want %q", dsn, got, want)
		}
	}
}

func TestLimitText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Setting{
		"postgres://localhost/shop?pool_max_conns=3":     {Key: "?pool_max_conns", Amount: Amount{N: 3}},
		"host=localhost pool_max_conns=12":               {Key: "?pool_max_conns", Amount: Amount{N: 12}},
		"postgres://localhost/shop?pool_max_conns=%d":    {Key: "?pool_max_conns", Amount: Amount{Kind: Unknown}},
		"&pool_max_conns=":                               {Key: "?pool_max_conns", Amount: Amount{Kind: Unknown}},
		"mongodb://localhost/?maxPoolSize=5&appName=x":   {Key: "?maxPoolSize", Amount: Amount{N: 5}},
		"postgres://localhost/shop?xpool_max_connsx=3":   {},
		"postgres://localhost/shop?pool_max_conn_idle=1": {},
	} {
		tr := &tracer{}
		tr.text(text)
		var got Setting
		if len(tr.found.Settings) > 0 {
			got = tr.found.Settings[0]
		}
		if got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
