package testtrace

import (
	"strconv"
	"strings"
)

const (
	// sessionPrefix is what the application_name of sessions begins with.
	sessionPrefix = "poollint:"
	// maxName is how much of an application_name PostgreSQL keeps, in bytes.
	maxName = 63
)

// A Session is what the application_name of a test binary's session says.
type Session struct {
	Run     string
	Process int
}

// ParseSession reads an application_name; ok is false if it is not one that a test binary of
// a trace has given.
func ParseSession(name string) (s Session, ok bool) {
	rest, ok := strings.CutPrefix(name, sessionPrefix)
	if !ok {
		return Session{}, false
	}
	run, rest, _ := strings.Cut(rest, ":")
	process, _, _ := strings.Cut(rest, ":")
	id, err := strconv.Atoi(process)
	return Session{run, id}, err == nil
}
