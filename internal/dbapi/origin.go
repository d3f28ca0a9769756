package dbapi

import (
	"go/types"
	"regexp"
	"strings"
	"sync"
)

// Origin says where a handle, a DSN or a part of one comes from. Origins of the
// parts of a value add up.
type Origin uint16

// The origins that decide whether two tests can share a pool.
const (
	Fake        Origin = 1 << iota // a mock, or a database of a library without servers
	Private                        // a database, schema, container or server that the code made for itself
	Unique                         // a name that differs from test to test
	Unreachable                    // an address that nothing answers
	Existing                       // the connections of another handle
	Server                         // an address, or a driver, of a server
	Address                        // a DSN of a server: what else goes into it is a part of it
	Started                        // a server that the code started, where all that it holds is the code's own
	File                           // a path: a database in a file, unless it leads to a server
	Memory                         // by its words in memory or in a file: what knows servers only is never given it
)

// NoServer reports whether what comes from there is no server, or none that answers.
func (o Origin) NoServer() bool {
	return o&Unreachable != 0 || o.Fakes()
}

// Fakes reports whether what comes from there is a mock, in memory or in a file.
func (o Origin) Fakes() bool {
	return o&(Fake|Memory) != 0 || o&File != 0 && o&(Server|Address) == 0
}

// OriginOf returns what a call of fn says of its result.
func OriginOf(fn *types.Func) Origin {
	if fn.Pkg() == nil {
		return 0
	}
	if rows := rowsOf(fn); rows != nil {
		if origin, ok := rows.origins[fn.Name()]; ok {
			return origin
		}
	}
	return originOfPackage(fn.Pkg().Path())
}

func originOfPackage(path string) Origin {
	if lib := libraryAt(path); lib != nil {
		return lib.Origin
	}
	return 0
}

// Knows reports whether the package belongs to a library of the catalogue.
func Knows(path string) bool { return libraryAt(path) != nil || byPackage()[path] != nil }

// Differs reports whether the package's functions give what differs from call to call.
func Differs(path string) bool { return originOfPackage(path)&Unique != 0 }

// OriginOfServer returns what values of the types of such a package are.
func OriginOfServer(path string) Origin {
	if !MakesServers(path) {
		return 0
	}
	return originOfPackage(path) & (Private | Started)
}

// Mocks reports whether what the package's types stand for is no server, whatever they are told.
func Mocks(path string) bool { return originOfPackage(path)&Fake != 0 }

// MakesServers reports whether the package is a library that starts servers or
// makes databases for tests.
func MakesServers(path string) bool { return originOfPackage(path)&Private != 0 }

const servers = `postgres(?:ql)?|cockroach(?:db)?|mysql|mariadb|sqlserver|mssql|mongodb(?:\+srv)?|rediss?|clickhouse`

var (
	// memoryText matches a DSN that leads into memory, or a driver's name that says that there is no server.
	memoryText = sync.OnceValue(func() *regexp.Regexp {
		var drivers []string
		for _, lib := range libraries {
			drivers = append(drivers, strings.Fields(lib.Drivers)...)
		}
		return regexp.MustCompile(`(?i)^(?:in[-_]?)?mem(?:ory)?$|:memory:|mode=memory|^sqlite|^(?:` +
			strings.Join(drivers, "|") + `)\b`)
	})
	// the name of a driver that is made up
	fakeText = regexp.MustCompile(`(?i)^(?:(?:mock|fake|noop)$|fakedb\b)`)
	// the name or path of a file
	fileText = regexp.MustCompile(`(?i)^file:|\.sqlite3?\b|\.db(?:[?"]|$)`)
	// the name of a driver that knows servers only
	serverText = regexp.MustCompile(`(?i)^(?:` + servers + `|pgx(?:/v\d)?|pq)$`)
	// a DSN of a server, or a part that others do not have
	addressText = regexp.MustCompile(`(?i)^(?:` + servers + `)://|\bhost=|@(?:tcp|unix)\(|\bssl(?:mode|rootcert|cert|key)=`)
	// no DSN at all, port 0 or 1, or a host that says of itself that it is none
	deadText = regexp.MustCompile(`(?i)^(?:bad|malformed|broken|garbage|not[-_ ]a)\b[\w -]*$|^(?:bad|not_a)_\w*$|(?:^|[\w\]])?:0*[01](?:[/?,\s]|$)|\bport=0*[01]\b|` +
		`(?:^|@|//|host=|addr=|\()(?:[\w.-]*\.)?[\w-]*(?:invalid|non-?_?exist(?:ent|ing)?|does-?_?not-?_?exist|no-?such|unreachable|(?:bad|no|unknown|fake|dummy)-?host|example\.(?:com|org|net|test)|\w\.example(?:[:/\s)?]|$)|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)[\w.-]*(?:[:/\s)?]|$)`)
	// the address of something else: a page, or somebody's mail
	otherText = regexp.MustCompile(`(?i)^https?://(?:[\w-]+\.)*example\.|^[\w.+-]+@[\w.-]+$`)
)

// OriginOfText returns what a constant part of a DSN or a driver's name says.
func OriginOfText(s string) Origin {
	var o Origin
	if memoryText().MatchString(s) {
		o |= Memory
	}
	if fakeText.MatchString(s) {
		o |= Fake
	}
	if deadText.MatchString(s) && !otherText.MatchString(s) {
		o |= Unreachable
	}
	switch {
	case o != 0:
	case addressText.MatchString(s):
		o = Server | Address
	case serverText.MatchString(s):
		o = Server
	case fileText.MatchString(s):
		o = File
	}
	return o
}

// A word is a field or a key of a configuration, or a text that another is put behind. What
// it is about is asked for many times of the same few.
type word struct {
	kind, located, incidental, socket bool
}

var words sync.Map // from a string to a word

func wordOf(text string) word {
	if known, ok := words.Load(text); ok {
		return known.(word)
	}
	w := word{
		kind:       kinds.MatchString(text),
		located:    located.MatchString(text) && !material.MatchString(text),
		incidental: incidental.MatchString(text),
		socket:     socket.MatchString(text),
	}
	words.Store(text, w)
	return w
}

var (
	socket     = regexp.MustCompile(`(?i)(?:^|\W)(?:pg_?|db_?|sql_?)?(?:host(?:name)?|addr(?:ess)?|socket)(?:=|%3D)?["']?$|@unix\($`)
	kinds      = regexp.MustCompile(`(?i)driver|dialect|type|engine|backend|kind|provider|adapter|scheme`)
	located    = regexp.MustCompile(`(?i)host|addr|dsn|ur[li]|conn|server|endpoint|source|port|path|file|dir|^name|data|db|socket|node|sql|pg|postgres|stor|mem|conf|cfg|^opt|setting`)
	material   = regexp.MustCompile(`(?i)cert|ssl|tls|^ca|key|template|static|migrat`)
	incidental = regexp.MustCompile(`(?i)app(?:lication)?_?name|client_?name|log|trac|metric|timeout|lifetime`)
)

// Socket reports whether a key, or a text that ends with one, takes the address of a server,
// which may be a path.
func Socket(key string) bool { return wordOf(key).socket }

// Decides reports whether what stands in a configuration's field of that name says what
// kind of database there is.
func Decides(field string) bool { return wordOf(field).kind }

// Located reports whether a configuration's field of that name may say where a database is.
func Located(field string) bool { return wordOf(field).located }

// Incidental reports whether a configuration's field of that name has no part
// in which database a handle leads to.
func Incidental(field string) bool { return wordOf(field).incidental }

// Dialer reports whether a field of a configuration takes the function that makes connections.
func Dialer(key string) bool { return key == "Dialer" || key == "DialFunc" || key == "DialContext" }

// Pipes reports whether a function makes connections that lead to nobody but the program itself.
func Pipes(fn *types.Func) bool {
	name := NameOf(fn)
	return name == "net.Pipe" || strings.HasPrefix(string(name), "google.golang.org/grpc/test/bufconn.")
}

// OriginOfField returns what an assignment to a configuration's field says:
// a handle that gets a schema or a database of its own cannot share a pool.
func OriginOfField(key string) Origin {
	switch {
	case strings.EqualFold(key, "search_path"):
		return Private
	case key == "Conn": // of a GORM dialector's configuration
		return Existing
	}
	return 0
}
