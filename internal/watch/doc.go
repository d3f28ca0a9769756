// Package watch is "poollint watch": it runs a command, usually go test, and watches the
// connections of its tests on the PostgreSQL server.
//
//	poollint watch [flags] -- go test ./...
//
// One connection, opened before the command starts, samples pg_stat_activity. Every
// test binary is started through poollint itself (go test -exec, set in GOFLAGS),
// which names its sessions with PGAPPNAME; events of go test -json tell which tests ran.
package watch
