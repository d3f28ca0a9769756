package testpool

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// templatePrefix begins the names of the databases that private ones are copied from. A hash follows.
	templatePrefix = privatePrefix + "template_"
	// templateLife is how long a template stays that no run uses.
	templateLife = 14 * 24 * time.Hour
	// templateComment is a template's comment, which ends with the last day on which a run has used it.
	templateComment = "template of testpool, last used on "
)

// A template is what private databases are copied from.
type template struct {
	name     string // "" is the server's own
	fileCopy bool   // copy files, not blocks that go through the log
}

// create returns the statement that makes a copy.
func (t template) create(name string) string {
	statement := "create database " + quoteName(name)
	if t.name != "" {
		statement += " template " + quoteName(t.name)
	}
	if t.fileCopy {
		statement += " strategy file_copy"
	}
	return statement
}

// template returns what the process's private databases are copied from. A template that
// no run has left is made, by one process at a time.
func (s *shared) template(ctx context.Context) (t template, err error) {
	// A copy of files takes two checkpoints: slow where writes are synced, and else the fastest.
	err = s.pool.QueryRow(unrecorded(ctx), "select current_setting('server_version_num')::int >= 150000 and current_setting('fsync') = 'off'").Scan(&t.fileCopy)
	if err != nil || s.settings.migrator == nil {
		return t, err
	}
	hash, err := s.settings.migrator.Hash()
	if err != nil {
		return t, fmt.Errorf("hash of the migrations: %w", err)
	}
	// The role that migrates owns the tables: another role needs a template of its own.
	sum := sha256.Sum256([]byte(s.pool.Config().ConnConfig.User + " " + hash))
	t.name = templatePrefix + hex.EncodeToString(sum[:10])
	if found, day, err := s.findTemplate(ctx, t.name); err != nil || found && day == today() {
		return t, err
	}
	return t, s.inTurn(s.pool.Config().ConnConfig, func(ctx context.Context) error { return s.keepTemplate(ctx, t.name) })
}

func today() string { return time.Now().UTC().Format(time.DateOnly) }

// findTemplate looks for a template, and for the day on which it was last used.
func (s *shared) findTemplate(ctx context.Context, name string) (found bool, day string, err error) {
	var comment string
	err = s.pool.QueryRow(unrecorded(ctx), `select coalesce(shobj_description(oid, 'pg_database'), '')
		from pg_database where datname = $1 and datistemplate`, name).Scan(&comment)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, "", nil
	}
	return true, strings.TrimPrefix(comment, templateComment), err
}

// keepTemplate makes the template where it is missing, and notes that it is used.
// What needs no template any more makes room for a new one.
func (s *shared) keepTemplate(ctx context.Context, name string) error {
	found, _, err := s.findTemplate(ctx, name)
	if err != nil {
		return err
	}
	if found {
		return s.exec(ctx, noteUse(name))
	}
	if err := s.makeTemplate(ctx, name); err != nil {
		// The turn is one of this database: a process that uses another one may have been faster.
		if found, _, _ := s.findTemplate(ctx, name); found {
			return nil
		}
		return err
	}
	return s.dropOldTemplates(ctx)
}

func noteUse(name string) string {
	return "comment on database " + quoteName(name) + " is " + quoteLiteral(templateComment+today())
}

// makeTemplate migrates a private database and makes it the template in one step: a process that
// is killed meanwhile leaves a private database like another.
func (s *shared) makeTemplate(ctx context.Context, name string) (err error) {
	// A process that was killed while it dropped the template has left it, as none.
	if err := s.exec(ctx, "drop database if exists "+quoteName(name)); err != nil {
		return err
	}
	draft := placeName("template")
	if err := s.createNoted(ctx, template{}, draft, "a template"); err != nil {
		return err
	}
	done := false
	defer func() { // also if the migrations end the test
		if !done {
			err = errors.Join(err, s.dropDatabase(draft))
		}
	}()
	if err := s.migrate(ctx, draft); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := s.endSessions(ctx, draft); err != nil {
		return err
	}
	ctx = unrecorded(ctx)
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		for _, statement := range []string{
			noteUse(draft),
			// Nobody can copy a database that has a session.
			"alter database " + quoteName(draft) + " with is_template true allow_connections false",
			"alter database " + quoteName(draft) + " rename to " + quoteName(name),
		} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	done = err == nil
	return err
}

// migrate runs the migrations in a private database.
func (s *shared) migrate(ctx context.Context, name string) error {
	config, err := s.settings.poolConfig(s.settings.privateConns)
	if err != nil {
		return err
	}
	database.use(config.ConnConfig, name)
	holders := newHolders()
	pool, err := s.openPrivate(ctx, database, name, config, holders)
	if err != nil {
		return err
	}
	err = s.settings.migrator.Migrate(ctx, pool)
	if left := holders.waitForNone(patience); len(left) > 0 {
		// Close would wait for them.
		return errors.Join(err, fmt.Errorf("a connection of the migrations is left: %s", left[0]))
	}
	pool.Close()
	return err
}

// dropOldTemplates drops the role's templates that no run has used for long.
func (s *shared) dropOldTemplates(ctx context.Context) error {
	rows, err := s.pool.Query(unrecorded(ctx), `select datname from pg_database
		where datname like $1 and pg_has_role(datdba, 'usage')
			and starts_with(shobj_description(oid, 'pg_database'), $2)
			and substr(shobj_description(oid, 'pg_database'), length($2) + 1) < $3`,
		strings.ReplaceAll(templatePrefix, "_", `\_`)+"%", templateComment, time.Now().UTC().Add(-templateLife).Format(time.DateOnly))
	if err != nil {
		return err
	}
	old, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := s.exec(ctx, "alter database "+quoteName(name)+" with is_template false"); err != nil {
			return err
		}
		if err := s.exec(ctx, "drop database if exists "+quoteName(name)); err != nil {
			return err
		}
	}
	return nil
}

// endSessions ends the sessions that a pooler keeps in a database.
func (s *shared) endSessions(ctx context.Context, name string) error {
	waitForSessions(s.pool, name)
	return s.exec(ctx, "select pg_terminate_backend(pid) from pg_stat_activity where datname = "+quoteLiteral(name))
}

// waitForSessions waits, for a moment, until a database has no session: the server ends those that
// were closed a little later, and looks again only after 100 ms when it finds one.
func waitForSessions(pool *pgxpool.Pool, database string) {
	ctx, cancel := context.WithTimeout(unrecorded(context.Background()), 50*time.Millisecond)
	defer cancel()
	for busy := true; busy; time.Sleep(time.Millisecond) {
		err := pool.QueryRow(ctx, "select exists (select from pg_stat_activity where datname = $1)", database).Scan(&busy)
		if err != nil {
			return // what comes next waits itself
		}
	}
}
