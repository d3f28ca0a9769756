package vet

import (
	"fmt"
	"testing"
)

func TestVet(*testing.T) { fmt.Printf("%d\n", "text") }
