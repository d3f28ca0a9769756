// Package watch is "poollint watch": it runs a command, usually go test, and watches the
// connections of its tests on the PostgreSQL server.
//
//	poollint watch [flags] -- go test ./...
//
// One connection, opened before the command starts, samples pg_stat_activity. The command has
// the watch's own standard streams, so that nothing stands between it and them. Package
// testtrace has test binaries say what runs, and name their sessions with PGAPPNAME; package peer finds the
// process of a session with another name.
package watch
