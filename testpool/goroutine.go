package testpool

import (
	"bytes"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// A goroutine is one as its stack trace tells. The runtime uses no id twice.
type goroutine struct {
	id      int
	creator string // the function that started it
	parent  int    // the goroutine that started it; 0 if that is not known
}

// goroutineID returns the id of the calling goroutine.
func goroutineID() int {
	var head [64]byte
	return parseID(head[:runtime.Stack(head[:], false)])
}

// thisGoroutine reads the whole trace, which takes longer.
func thisGoroutine() goroutine {
	trace := make([]byte, 64<<10)
	trace = trace[:runtime.Stack(trace, false)]
	g := goroutine{id: parseID(trace)}
	if at := bytes.LastIndex(trace, []byte("\ncreated by ")); at >= 0 {
		line, _, _ := strings.Cut(string(trace[at+len("\ncreated by "):]), "\n")
		var parent string
		g.creator, parent, _ = strings.Cut(line, " in goroutine ")
		g.parent, _ = strconv.Atoi(parent)
	}
	return g
}

// parseID reads 7 from "goroutine 7 [running]:".
func parseID(trace []byte) int {
	fields := bytes.Fields(trace)
	if len(fields) < 2 {
		return 0
	}
	id, _ := strconv.Atoi(string(fields[1]))
	return id
}

// whereabouts returns where another goroutine is outside of the database libraries, as
// file:line, and the test function in its stack.
func whereabouts(id int) (site, function string) {
	site = "an unknown place"
	traces := make([]byte, 1<<20)
	for n := runtime.Stack(traces, true); n == len(traces) && n < 64<<20; n = runtime.Stack(traces, true) {
		traces = make([]byte, 2*n)
	}
	_, trace, found := strings.Cut("\n\n"+string(bytes.Trim(traces, "\x00")), "\n\ngoroutine "+strconv.Itoa(id)+" ")
	if !found {
		return site, ""
	}
	trace, _, _ = strings.Cut(trace, "\n\n")
	lines := strings.Split(trace, "\n")[1:] // a line with the function and its arguments, and one with "\tfile:line +0x1d"
	seen := false
	for i := 0; i+1 < len(lines) && !strings.HasPrefix(lines[i], "created by "); i += 2 {
		called := lines[i][:max(0, strings.LastIndexByte(lines[i], '('))]
		at, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " +")
		file := at[:max(0, strings.LastIndexByte(at, ':'))]
		if !seen && !isLibrary(runtime.Frame{Function: called, File: file}) {
			site, seen = filepath.Base(at), true
		}
		if name := testName(called); name != "" {
			function = name
		}
	}
	return site, function
}
