// Command withpostgres runs a command with a PostgreSQL server of its own:
//
//	go run ./internal/pgtest/withpostgres -set max_connections=20 -- go test ./...
//
// The command finds the server in DATABASE_URL_TEST. The server is gone when the command ends.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/poollint/poollint/internal/pgtest"
)

func main() {
	var settings []string
	flag.Func("set", "server `setting` such as max_connections=20; may be given again", func(s string) error {
		settings = append(settings, s)
		return nil
	})
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres [-set name=value]... -- command [argument]...")
		os.Exit(2)
	}
	os.Exit(run(settings, flag.Args()))
}

func run(settings, command []string) int {
	server, err := pgtest.New(settings...)
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		return 2
	}
	defer server.Close()

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "DATABASE_URL_TEST="+server.URL())
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		return 2
	}
	go func() {
		for s := range signals {
			_ = cmd.Process.Signal(s)
		}
	}()
	err = cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		return 2
	}
	return 0
}
