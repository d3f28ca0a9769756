package service

import (
	"context"
	"testing"
)

func TestInvoice(t *testing.T) {
	if _, err := new(Service).TestedInvoice(context.Background(), "1"); err != nil {
		t.Fatal(err)
	}
}
