package clients_test

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"testing"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/jmoiron/sqlx"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/poollint/poollint/testpool"
	"github.com/poollint/poollint/testpool/clients/ent"
)

const leaveEnv = "TESTPOOL_CLIENTS_LEAVE"

// TestLeaving begins transactions and leaves them open. With t.Context() they would end with the test.
func TestLeaving(t *testing.T) {
	if os.Getenv(leaveEnv) == "" {
		t.Skip("TestHolders starts it")
	}
	ctx, db := context.Background(), testpool.DB(t)
	if err := openGORM(t, db).WithContext(ctx).Begin().Error; err != nil {
		t.Error(err)
	}
	if _, err := bun.NewDB(db, pgdialect.New()).BeginTx(ctx, nil); err != nil {
		t.Error(err)
	}
	if _, err := sqlx.NewDb(db, "pgx").BeginTxx(ctx, nil); err != nil {
		t.Error(err)
	}
	if _, err := ent.NewClient(ent.Driver(entsql.OpenDB(dialect.Postgres, db))).Tx(ctx); err != nil {
		t.Error(err)
	}
}

// Whatever library takes a connection, testpool names the line of the test that made it do so.
func TestHolders(t *testing.T) {
	t.Parallel()
	child := exec.Command(os.Args[0], "-test.run=^TestLeaving$")
	child.Env = append(os.Environ(), leaveEnv+"=1", "TESTPOOL_MAX_CONNS=4", "PGAPPNAME=")
	out, err := child.CombinedOutput()
	if err == nil {
		t.Error("the run passes")
	}
	taken := regexp.MustCompile(`TestLeaving: taken at (\S+):\d+`).FindAllStringSubmatch(string(out), -1)
	if len(taken) != 4 {
		t.Errorf("%d holders, want 4:\n%s", len(taken), out)
	}
	for _, match := range taken {
		if match[1] != "holders_test.go" && match[1] != "tx.go" { // which ent has generated: it is of the module, too
			t.Errorf("taken at %s", match[1])
		}
	}
}
