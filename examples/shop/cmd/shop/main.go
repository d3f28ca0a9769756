// Command shop serves the shop at :8080, with the database in DATABASE_URL. With
// -migrate it brings the database up to date and ends.
package main

import (
	"context"
	"flag"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/poollint/poollint/examples/shop/internal/shop"
	"github.com/poollint/poollint/examples/shop/internal/web"
	"github.com/poollint/poollint/examples/shop/migrations"
)

func main() {
	migrate := flag.Bool("migrate", false, "bring the database up to date and end")
	listen := flag.String("listen", ":8080", "the `address` to serve at")
	flag.Parse()
	if err := run(*migrate, *listen); err != nil {
		log.Fatal(err)
	}
}

func run(migrate bool, listen string) error {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	defer pool.Close()
	if migrate {
		return migrations.Up(ctx, pool)
	}
	server := &http.Server{Addr: listen, Handler: web.Handler(shop.New(pool)), ReadHeaderTimeout: 10 * time.Second}
	return server.ListenAndServe()
}
