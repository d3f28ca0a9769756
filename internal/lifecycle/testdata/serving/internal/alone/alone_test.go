package alone_test

import (
	"testing"

	"example.com/serving/internal/alone"
)

func TestAlone(t *testing.T) { alone.Open("postgres://localhost/shop") } // want TestAlone:"." site:"."
