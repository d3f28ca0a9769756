package replicas

import "database/sql"

type Config struct{ DSN, Replica, Mode string }

type Store struct{ DB, Replica *sql.DB }

func New(c Config) (*Store, error) {
	db, err := sql.Open("pgx", c.DSN)
	if err != nil {
		return nil, err
	}
	s := &Store{db, db}
	if c.Replica != "" {
		s.Replica, err = sql.Open("pgx", c.Replica)
	}
	return s, err
}

// Mirrored opens one at least.
func Mirrored(c Config) (s Store) {
	s.DB, _ = sql.Open("pgx", c.DSN)
	if c.Mode != "single" {
		s.Replica, _ = sql.Open("pgx", c.DSN)
	}
	return s
}
