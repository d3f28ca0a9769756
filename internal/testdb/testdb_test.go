package testdb

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/poollint/poollint/internal/pgtest"
)

func TestFind(t *testing.T) {
	for _, test := range []struct {
		name    string
		flag    string
		environ []string
		file    string
		want    Database
		wantErr string
	}{
		{name: "flag", flag: "a", environ: []string{"DATABASE_URL_TEST=b"}, want: Database{"a", "-dsn"}},
		{name: "environment", environ: []string{"DATABASE_URL=c", "TEST_DATABASE_URL=b?x=y"}, file: "DATABASE_URL_TEST=d",
			want: Database{"b?x=y", "TEST_DATABASE_URL"}},
		{name: "file", environ: []string{"DATABASE_URL="}, file: "# the tests' database\nexport DATABASE_URL_TEST=\"postgres://localhost/shop\"\n",
			want: Database{"postgres://localhost/shop", "DATABASE_URL_TEST in .env.test"}},
		{name: "file without it", file: "PORT=80", wantErr: errNone.Error()},
		{name: "malformed file", file: "DATABASE_URL_TEST=\"postgres:", wantErr: ".env.test: "},
		{name: "nothing", wantErr: errNone.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if test.file != "" {
				if err := os.WriteFile(filepath.Join(".", envFile), []byte(test.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got, err := Find(test.flag, test.environ)
			if got != test.want || (err == nil) != (test.wantErr == "") || err != nil && !strings.HasPrefix(err.Error(), test.wantErr) {
				t.Errorf("Find = %v, %v; want %v, %q", got, err, test.want, test.wantErr)
			}
		})
	}
}

func TestServer(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t, "max_connections=5", "superuser_reserved_connections=2")
	db := Database{server.URL() + "&pool_max_conns=4", "-dsn"}
	config, err := db.Config("testdb")
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	limits, err := ReadLimits(ctx, conn)
	if want := (Limits{MaxConnections: 5, Reserved: 2}); err != nil || limits != want || limits.Usable() != 3 {
		t.Errorf("limits %+v, %v; want %+v", limits, err, want)
	}
	if pooler, err := BehindPooler(ctx, conn); err != nil || pooler {
		t.Errorf("BehindPooler = %v, %v", pooler, err)
	}
	for {
		extra, err := pgx.ConnectConfig(ctx, config)
		if err != nil {
			if !IsFull(err) {
				t.Errorf("a full server answers %v", err)
			}
			break
		}
		t.Cleanup(func() { _ = extra.Close(context.Background()) })
	}
	if IsFull(errors.New("too many clients")) || IsFull(nil) {
		t.Error("IsFull of another error")
	}
}
