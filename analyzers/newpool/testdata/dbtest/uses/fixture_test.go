package uses

import (
	"os"
	"testing"

	"example.com/newpool/dbtest"
)

func TestOpen(t *testing.T)   { dbtest.Open(t) }
func TestServer(t *testing.T) { dbtest.NewServer(t, os.Getenv("DSN")).Open() }
