package harness

import "testing"

func TestOwn(t *testing.T) { Open("postgres://localhost/shop") } // want TestOwn:"."
