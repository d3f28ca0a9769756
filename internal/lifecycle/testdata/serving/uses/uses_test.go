package uses

import (
	"testing"

	"example.com/serving/dbtest"
	"example.com/serving/driver"
	"example.com/serving/internal/harness"
	"example.com/serving/internal/store"
	"example.com/serving/internal/tagged"
	"example.com/serving/internal/testkit"
)

func TestUses(t *testing.T) { // want TestUses:"."
	harness.Open("postgres://localhost/a")
	dbtest.Open("postgres://localhost/a")
	driver.Open("postgres://localhost/a")  // want site:"."
	store.Open("postgres://localhost/a")   // want site:"."
	testkit.Open("postgres://localhost/a") // want site:"."
	tagged.Open("postgres://localhost/a")  // want site:"."
}
