package lent

import (
	"log"
	"runtime"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

var maxConns = int32(max(4, runtime.NumCPU()))

func config(name string) *pgxpool.Config {
	config, err := pgxpool.ParseConfig("postgres://localhost/" + name)
	if err != nil {
		log.Fatal(err)
	}
	config.MaxConns = maxConns
	return config
}

func TestMain(m *testing.M) {
	if _, err := NewManager(config("shop")); err != nil { // want `lent.NewManager opens a pool \(pgxpool.NewWithConfig\) whose limit \(MaxConns\) grows with the number of CPUs`
		log.Fatal(err)
	}
	small := config("items")
	small.MaxConns = 4
	if _, err := NewManager(small); err != nil {
		log.Fatal(err)
	}
	m.Run()
}
