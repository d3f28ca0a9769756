package misnamed_test

import (
	"testing"

	"example.com/newpool/misnamed"
)

func TestDatabase(t *testing.T) { misnamed.TestDB(t) }
