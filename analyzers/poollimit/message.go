package poollimit

import (
	"fmt"
	"strings"

	"github.com/poollint/poollint/internal/capacity"
	"github.com/poollint/poollint/internal/dbapi"
)

// loose says that a pool may take too many connections.
type loose struct {
	Opener  dbapi.Name
	Through dbapi.Name // the function called, which calls the opener; may be empty
	Limit   limit
	Most    int // connections that it should take at most
	Remedy  remedy

	// The calls that have the same cause, and the packages they are of, where there are several.
	Calls, Packages int
}

// A limit is the present bound on the pool.
type limit struct {
	State capacity.State
	N     int    // Limited: connections
	By    string // what sets it
	From  string // the constant that it is given, or who is given it; may be empty

	// The library's own limit.
	Fixed, PerCPU, Min int
}

// A remedy says how to limit the pool.
type remedy struct {
	Means   means
	Name    string // of the method, field, option or parameter
	N       int    // connections
	Held    bool   // since so many are held at once
	On      string // the method or field that gives the handle which has the method, if it is not the one opened
	Misused bool   // the DSN has pgxpool's parameter, which the library does not know
	Timeout int    // seconds to connect, to be set as well; 0 if something bounds them
}

// A means is where a limit is set.
type means int

const (
	setter means = iota // a method of the handle
	field               // of the configuration
	option              // a function or method
	param               // of the DSN
	lower               // where it is now
	inside              // in the function that opens the pool
)

func (l loose) Message() string {
	subject := l.Opener.Short() + " opens a pool"
	if l.Through != "" {
		subject = fmt.Sprintf("%s opens a pool (%s)", l.Through.Short(), l.Opener.Short())
	}
	calls := ""
	switch {
	case l.Packages > 1:
		calls = fmt.Sprintf(", at %d places of %d packages", l.Calls, l.Packages)
	case l.Calls > 1:
		calls = fmt.Sprintf(", at %d places of this package", l.Calls)
	}
	return fmt.Sprintf("%s %s%s; %s", subject, l.size(), calls, l.remedy())
}

// size says how many connections the pool may take.
func (l loose) size() string {
	now := l.Limit
	switch now.State {
	case capacity.Limited:
		by := now.By
		if now.From != "" {
			by += ", " + now.From
		}
		return fmt.Sprintf("of %d connections (%s), more than %d", now.N, by, l.Most)
	case capacity.CPUs:
		return fmt.Sprintf("whose limit (%s) grows with the number of CPUs", now.By)
	}
	switch {
	case now.Fixed == 0 && now.PerCPU == 0:
		return "without a limit"
	case now.PerCPU > 1:
		return fmt.Sprintf("without a limit of its own: %d connections for each CPU", now.PerCPU)
	case now.PerCPU > 0:
		return fmt.Sprintf("without a limit of its own: max(%d, CPUs) connections", now.Min)
	}
	return fmt.Sprintf("without a limit of its own: %d connections", now.Fixed)
}

// remedy says how to limit the pool.
func (l loose) remedy() string {
	r := l.Remedy
	text := ""
	switch r.Means {
	case setter:
		text = fmt.Sprintf("call %s(%d)", r.Name, r.N)
		switch method, ok := strings.CutSuffix(r.On, "()"); {
		case ok:
			text += fmt.Sprintf(" on what its %s method returns", method)
		case r.On != "":
			text += " on its " + r.On
		}
	case field:
		text = fmt.Sprintf("set %s to %d in its configuration", r.Name, r.N)
	case option:
		text = fmt.Sprintf("set %s(%d)", r.Name, r.N)
	case param:
		text = fmt.Sprintf("set %s=%d", r.Name, r.N)
		if r.Timeout > 0 {
			text += fmt.Sprintf(" and %s=%d", connectTimeout, r.Timeout)
		}
		text += " in its DSN"
	case lower:
		text = fmt.Sprintf("lower that to %d", r.N)
		if l.Limit.State == capacity.CPUs {
			text = fmt.Sprintf("set it to %d", r.N)
		}
	case inside:
		text = fmt.Sprintf("let it take a limit for %s, %d in tests", r.Name, r.N)
	}
	if r.Held {
		text += fmt.Sprintf(", as %d are held at once", r.N)
	}
	if r.Misused {
		text += "; " + pgxpoolParam + " in its DSN is pgxpool's alone, the server refuses it"
	}
	return text
}
