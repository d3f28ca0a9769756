package envfile

import (
	"slices"
	"strings"
)

// Names are the files with the tests' environment that are read without configuration, by
// descending precedence.
var Names = []string{".env.test", ".env.testing", "test.env", ".env.test.local", ".env.local", ".env"}

// Is reports whether a file name, without directories, is that of a .env file.
func Is(name string) bool { return strings.HasPrefix(name, ".env") || slices.Contains(Names, name) }

// ForTests reports whether a file name is that of a .env file for tests.
func ForTests(name string) bool { return Is(name) && strings.Contains(name, "test") }
