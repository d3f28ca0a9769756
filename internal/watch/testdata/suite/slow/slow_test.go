package slow

import (
	"os"
	"testing"
	"time"

	"example.com/suite"
)

// TestSlow holds a connection for the time in SUITE_SLOW, whatever becomes of the server.
func TestSlow(t *testing.T) {
	conn := suite.Connect(t)
	defer conn.Close(t.Context())
	duration, err := time.ParseDuration(os.Getenv("SUITE_SLOW"))
	if err != nil {
		t.Skip("SUITE_SLOW: ", err)
	}
	time.Sleep(duration)
}
