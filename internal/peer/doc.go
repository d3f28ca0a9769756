// Package peer finds the process on this machine that has the other end of a server's connection.
package peer
