package cache

import "testing"

// BenchmarkGet reads an entry of 16 KiB, about that of a package.
func BenchmarkGet(b *testing.B) {
	c, err := Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	key := NewHash("bench").Key()
	if err := c.Put(key, make([]byte, 16<<10)); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := c.Get(key); !ok {
			b.Fatal("it is gone")
		}
	}
}

// BenchmarkHash makes a key of 50 names, about that of a package.
func BenchmarkHash(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		h := NewHash("bench")
		for range 50 {
			h.Add("/home/user/src/service/internal/orders/orders_test.go")
		}
		h.Key()
	}
}
