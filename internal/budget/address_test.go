package budget

import "testing"

// All names that a machine has for itself are one server; ports tell servers apart.
func TestAddress(t *testing.T) {
	t.Parallel()
	for server, want := range map[string]string{
		"localhost":                "localhost:5432",
		"LocalHost:5432":           "localhost:5432",
		"127.0.0.1:5432":           "localhost:5432",
		"127.0.1.1":                "localhost:5432",
		"0.0.0.0":                  "localhost:5432",
		"::1":                      "localhost:5432",
		"[::1]:5432":               "localhost:5432",
		"[::1]":                    "localhost:5432",
		"[::ffff:127.0.0.1]:5432":  "localhost:5432",
		"ip6-localhost":            "localhost:5432",
		"db.localhost:5432":        "localhost:5432",
		"/var/run/postgresql":      "localhost:5432",
		"/var/run/postgresql:5433": "localhost:5433",
		"127.0.0.1:5433":           "localhost:5433",
		"[::1]:5433":               "localhost:5433",
		"db:5432":                  "db:5432",
		"DB":                       "db:5432",
		"10.0.0.1:5432":            "10.0.0.1:5432",
		"[fd00::1]:5432":           "fd00::1:5432",
		"fd00::1":                  "fd00::1:5432",
		"localhost.example.com":    "localhost.example.com:5432",
		"$DATABASE_URL":            "",
	} {
		o := open{Servers: []string{server}}
		if got := o.address(); got != want {
			t.Errorf("%s: %q, want %q", server, got, want)
		}
	}
	if got := (&open{Servers: []string{"localhost", "db"}}).address(); got != "" {
		t.Errorf("one of two: %q", got)
	}
}
