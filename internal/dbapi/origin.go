package dbapi

import (
	"go/types"
	"regexp"
	"strings"
	"sync"
)

// Origin says where a handle, a DSN or a part of one comes from. Origins of the
// parts of a value add up.
type Origin uint8

// The origins that decide whether two tests can share a pool.
const (
	Fake        Origin = 1 << iota // a mock, an in-memory or file database: no server
	Private                        // a database, schema, container or server that the code made for itself
	Unique                         // a name that differs from test to test
	Unreachable                    // an address that nothing answers
	Existing                       // the connections of another handle
	Server                         // an address, or a driver, of a server
)

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

// Differs reports whether the package's functions give what differs from call to call.
func Differs(path string) bool { return originOfPackage(path)&Unique != 0 }

// MakesServers reports whether the package is a library that starts servers or
// makes databases for tests.
func MakesServers(path string) bool { return originOfPackage(path)&Private != 0 }

var (
	// memoryText matches a DSN that leads to no server, or a driver's name that says so.
	memoryText = sync.OnceValue(func() *regexp.Regexp {
		drivers := []string{"fakedb"}
		for _, lib := range libraries {
			drivers = append(drivers, strings.Fields(lib.Drivers)...)
		}
		return regexp.MustCompile(`(?i)^(?:in[-_]?)?mem(?:ory)?$|^(?:mock|fake|noop)$|:memory:|mode=memory|^file:|\.sqlite3?\b|\.db(?:[?"]|$)|^sqlite|^(?:` +
			strings.Join(drivers, "|") + `)\b`)
	})
	// a DSN of a server, or the name of a driver that knows nothing else
	serverText = regexp.MustCompile(`(?i)^(?:postgres(?:ql)?|cockroach(?:db)?|mysql|mariadb|sqlserver|mssql|mongodb(?:\+srv)?|rediss?|clickhouse)(?:://|$)|^(?:pgx(?:/v\d)?|pq)$|\bhost=|@(?:tcp|unix)\(`)
	// no DSN at all, port 0 or 1, or a host that says of itself that it is none
	deadText = regexp.MustCompile(`(?i)^(?:bad|malformed|broken|garbage|not[-_ ]a)\b[\w -]*$|^(?:bad|not_a)_\w*$|(?:^|[\w\]])?:[01](?:[/?,\s]|$)|\bport=[01]\b|` +
		`(?:^|@|//|host=|addr=|\()(?:[\w.-]*\.)?[\w-]*(?:invalid|non-?_?exist(?:ent|ing)?|does-?_?not-?_?exist|no-?such|unreachable|(?:bad|no|unknown|fake|dummy)-?host|example\.(?:com|org|net|test))[\w.-]*(?:[:/\s)?]|$)`)
)

// OriginOfText returns what a constant part of a DSN or a driver's name says.
func OriginOfText(s string) Origin {
	var o Origin
	if memoryText().MatchString(s) {
		o |= Fake
	}
	if deadText.MatchString(s) {
		o |= Unreachable
	}
	if o == 0 && serverText.MatchString(s) {
		o |= Server
	}
	return o
}

var incidental = regexp.MustCompile(`(?i)app(?:lication)?_?name|client_?name|log|trac|metric|timeout|lifetime`)

// Incidental reports whether a configuration's field of that name has no part
// in which database a handle leads to.
func Incidental(field string) bool { return incidental.MatchString(field) }

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
