// Package migrate stands in for the library's.
package migrate

type Migrate struct{}

func New(source, dsn string) (*Migrate, error) { return &Migrate{}, nil }

func NewWithDatabaseInstance(source, name string, driver any) (*Migrate, error) {
	return &Migrate{}, nil
}

func (*Migrate) Up() error { return nil }

func (*Migrate) Down() error { return nil }
