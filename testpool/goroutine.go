package testpool

import (
	"bytes"
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
