package testpool

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A Migrator brings a database to the state that tests start from. The packages below
// testpool/migrate make one of the migrations of other tools, [SQL] makes one of plain files.
type Migrator interface {
	// Hash names that state: migrators of the same hash make the same database.
	Hash() (string, error)
	// Migrate applies what the database or schema of the pool lacks, which may be nothing.
	Migrate(ctx context.Context, pool *pgxpool.Pool) error
}

// Migrations migrates the process's pool once, before a test gets it, and each private
// [Schema]. Each private [Database] is a copy of a template, which the first process
// that has these migrations makes, and which later runs find. A template of migrations
// that nobody has used for 14 days is dropped when another one is made.
//
// The option [Setup], where there is one too, runs after the migrations, and on each copy.
func Migrations(m Migrator) Option { return func(s *settings) { s.migrator = m } }

// prepare returns what makes a database or schema ready that is no copy of a template, nil if nothing does.
func (s *settings) prepare() func(context.Context, *pgxpool.Pool) error {
	if s.migrator == nil {
		return s.setup
	}
	return func(ctx context.Context, pool *pgxpool.Pool) error {
		err := s.migrator.Migrate(ctx, pool)
		if err == nil && s.setup != nil {
			err = s.setup(ctx, pool)
		}
		return err
	}
}

// SQL returns a Migrator of the files *.sql in the root directory of fsys, in the order of
// their names, such as 0001_orders.sql. Each runs in a transaction of its own. Those that
// end in ".down.sql" are left out.
//
//	//go:embed *.sql
//	var files embed.FS
//
//	testpool.Migrations(testpool.SQL(files))
//
// The table testpool_migrations has the files that have run. One that has changed since is an error.
func SQL(fsys fs.FS) Migrator { return sqlMigrator{fsys} }

type sqlMigrator struct{ fsys fs.FS }

func (m sqlMigrator) Hash() (string, error) {
	names, err := m.names()
	if err != nil {
		return "", err
	}
	return HashFiles("sql", m.fsys, names...)
}

func (m sqlMigrator) names() ([]string, error) {
	names, err := fs.Glob(m.fsys, "*.sql")
	if err != nil {
		return nil, err
	}
	up := names[:0]
	for _, name := range names {
		if !strings.HasSuffix(name, ".down.sql") {
			up = append(up, name)
		}
	}
	if len(up) == 0 {
		return nil, errors.New("no *.sql file in the root of the migrations: narrow an embed.FS with fs.Sub")
	}
	return up, nil
}

func (m sqlMigrator) Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	names, err := m.names()
	if err != nil {
		return err
	}
	_, err = pool.Exec(ctx, "create table if not exists testpool_migrations (name text primary key, hash text not null)")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := m.apply(ctx, pool, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// apply runs a file that has not run.
func (m sqlMigrator) apply(ctx context.Context, pool *pgxpool.Pool, name string) error {
	statements, err := fs.ReadFile(m.fsys, name)
	if err != nil {
		return err
	}
	hash, err := HashFiles("", m.fsys, name)
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		var applied string
		err := tx.QueryRow(ctx, "select hash from testpool_migrations where name = $1", name).Scan(&applied)
		switch {
		case err == nil && applied != hash:
			return errors.New("has changed since it ran on this database: undo the change, or drop the database")
		case !errors.Is(err, pgx.ErrNoRows):
			return err
		}
		if _, err := tx.Exec(ctx, string(statements)); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "insert into testpool_migrations values ($1, $2)", name, hash)
		return err
	})
}

// HashFiles returns a hash of a tool's name and of the names and contents of files, for
// the Hash of a [Migrator]. Without names it takes all files below fsys.
func HashFiles(tool string, fsys fs.FS, names ...string) (string, error) {
	if len(names) == 0 {
		err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				names = append(names, name)
			}
			return err
		})
		if err != nil {
			return "", err
		}
	}
	hash := sha256.New()
	fmt.Fprintln(hash, tool)
	for _, name := range names {
		content, err := fs.ReadFile(fsys, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(hash, "%q %d\n%s", path.Clean(name), len(content), content)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
