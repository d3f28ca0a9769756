package tidy

import (
	"testing"
	"time"

	"example.com/suite"
)

func TestTidy(t *testing.T) {
	conn := suite.Connect(t)
	defer conn.Close(t.Context())
	time.Sleep(100 * time.Millisecond)
}
