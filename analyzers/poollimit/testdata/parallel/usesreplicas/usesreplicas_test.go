package usesreplicas

import (
	"testing"

	"example.com/pools/parallel/replicas"
)

func TestA(t *testing.T) {
	t.Parallel()
	_, _ = replicas.New(replicas.Config{DSN: "postgres://localhost/a", Replica: ""}) // want `replicas.New opens a pool for the parallel test TestA`
}

func TestB(t *testing.T) {
	t.Parallel()
	_, _ = replicas.New(replicas.Config{DSN: "postgres://localhost/a"}) // want `replicas.New opens a pool for the parallel test TestB`
}

func TestBoth(t *testing.T) {
	t.Parallel()
	_, _ = replicas.New(replicas.Config{DSN: "postgres://localhost/a", Replica: "postgres://localhost/b"}) // want `replicas.New opens 2 pools for the parallel test TestBoth`
}

func TestMirrored(t *testing.T) {
	t.Parallel()
	_ = replicas.Mirrored(replicas.Config{DSN: "postgres://localhost/a", Mode: ""}) // want `replicas.Mirrored opens a pool for the parallel test TestMirrored`
}

func given() replicas.Config {
	c := load()
	return c
}

var load func() replicas.Config

func TestGiven(t *testing.T) {
	t.Parallel()
	_, _ = replicas.New(given()) // want `replicas.New opens a pool for the parallel test TestGiven`
}
