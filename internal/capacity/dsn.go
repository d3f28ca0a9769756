package capacity

import (
	"go/ast"
	"go/types"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/redact"
)

// connectTimeout is the parameter of a DSN that bounds the time to connect.
const connectTimeout = "connect_timeout"

// text notes what a constant part of a DSN says.
func (t *tracer) text(s string) {
	if !strings.ContainsAny(s, "=:(") { // most constants are no DSN
		return
	}
	for _, m := range words().inText.FindAllStringSubmatch(s, -1) {
		if m[2] != "" || !t.told[s] {
			t.found.set(Setting{Key: "?" + m[1], Amount: amountOf(m[2])})
		}
	}
	t.found.Timeout = t.found.Timeout || strings.Contains(s, connectTimeout+"=")
	t.found.server(serverOf(s))
}

// formatted notes the numbers that a format puts behind the parameters of a DSN.
func (t *tracer) formatted(fn *types.Func, args []ast.Expr) {
	if dbapi.NameOf(fn) != "fmt.Sprintf" || len(args) < 2 {
		return
	}
	format := flow.Text(t.info, args[0])
	if strings.ContainsAny(format, "[*") {
		return // which say what is put where
	}
	limits := map[int]string{} // parameters, by where the text breaks off behind them
	for _, m := range words().inText.FindAllStringSubmatchIndex(format, -1) {
		if m[4] == m[5] {
			limits[m[1]] = format[m[2]:m[3]]
		}
	}
	for i, at := range flow.Verbs(format) {
		key := limits[at]
		if key == "" || i+1 >= len(args) {
			continue
		}
		t.told[format] = true
		for _, a := range t.amounts(args[i+1]) {
			t.found.set(Setting{Key: "?" + key, Amount: a.under("?" + key)})
		}
	}
}

// under returns what the amount is under a key: in a DSN, which the library refuses with zero, that
// is a number which the code does not show.
func (a Amount) under(key string) Amount {
	if strings.HasPrefix(key, "?") && a.Kind == Number && a.N <= 0 {
		return Amount{Kind: Unknown}
	}
	return a
}

// amountOf returns the number that a text is.
func amountOf(text string) Amount {
	if n, err := strconv.Atoi(text); err == nil {
		return Amount{N: n}
	}
	return Amount{Kind: Unknown}
}

// keyword matches the host and the port of a DSN of keywords and values.
var keyword = regexp.MustCompile(`\b(host|port)=([^\s']+)`)

// serverOf returns the "host:port" in a DSN, "" if the text is none. It is told, so
// that nothing of a password may be taken for it.
func serverOf(dsn string) string {
	if strings.Contains(dsn, "://") {
		u, err := url.Parse(redact.Text(strings.NewReplacer("%s", "x", "%d", "0", "%v", "x").Replace(dsn)))
		if err != nil || u.Hostname() == "" || strings.HasPrefix(u.Scheme, "http") {
			return ""
		}
		host, port := u.Hostname(), u.Port()
		if host == "x" {
			return ""
		}
		return join(host, port)
	}
	if _, rest, ok := strings.Cut(dsn, "@tcp("); ok { // MySQL
		host, _, _ := strings.Cut(rest, ")")
		if strings.Contains(host, "%") {
			return ""
		}
		if !strings.Contains(host, ":") {
			host += ":3306"
		}
		return host
	}
	if !strings.Contains(dsn, "host=") || !strings.Contains(dsn, " ") {
		return ""
	}
	var host, port string
	for _, m := range keyword.FindAllStringSubmatch(redact.Text(dsn), -1) {
		switch m[1] {
		case "host":
			host = m[2]
		case "port":
			port = m[2]
		}
	}
	if host == "" || strings.Contains(host, "%") {
		return ""
	}
	return join(host, strings.Trim(port, "%ds"))
}

func join(host, port string) string {
	if port == "" || port == "0" {
		return host
	}
	if strings.Contains(host, ":") { // an IPv6 address
		host = "[" + host + "]"
	}
	return host + ":" + port
}

// isEnvironment reports whether fn reads a variable of the environment that its
// first argument names.
func isEnvironment(fn *types.Func) bool {
	return fn.Pkg() != nil && fn.Pkg().Path() == "os" && (fn.Name() == "Getenv" || fn.Name() == "LookupEnv")
}

// environment notes a DSN from the environment: what the module's .env files
// give the variable, if they do.
func (t *tracer) environment(variable ast.Expr) {
	name := flow.Text(t.info, variable)
	if name == "" {
		t.Follow(variable) // a helper that takes the name, perhaps with a default
		return
	}
	if value := t.envFile(name); value != "" {
		t.text(value)
		return
	}
	if !besides(name) {
		t.found.server("$" + name)
	}
}

// aside are the last words of variables that a DSN may be put together from and that name no server.
var aside = []string{"CA", "CERT", "KEY", "PASS", "PASSWD", "PASSWORD", "SECRET", "SSL", "SSLMODE", "TLS", "USER", "USERNAME", "VALIDATION"}

// besides reports whether a variable holds what goes with a server: a certificate, a password, a user.
func besides(name string) bool {
	words := strings.Split(strings.ToUpper(name), "_")
	return slices.Contains(aside, words[len(words)-1])
}
