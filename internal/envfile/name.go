package envfile

import (
	"slices"
	"strings"
)

// Names are the files with the tests' environment that are found without
// configuration, the weightiest first.
var Names = []string{".env.test", ".env.testing", "test.env", ".env.test.local", ".env.local", ".env"}

// Is reports whether a file of the name, without directories, holds an environment.
func Is(name string) bool { return strings.HasPrefix(name, ".env") || slices.Contains(Names, name) }

// ForTests reports whether a file of the name holds the environment of tests.
func ForTests(name string) bool { return Is(name) && strings.Contains(name, "test") }
