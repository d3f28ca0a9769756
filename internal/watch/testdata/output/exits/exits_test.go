package exits

import (
	"fmt"
	"os"
	"testing"
)

func TestExits(*testing.T) {
	fmt.Print("leaving")
	os.Exit(3)
}
