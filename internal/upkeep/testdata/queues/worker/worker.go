// Package worker works off what brokers deliver.
package worker

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/nats-io/nats.go"
	"github.com/segmentio/kafka-go"
)

type store struct{ db *sql.DB }

func (s store) scan(ctx context.Context, id string) {
	s.db.ExecContext(ctx, `UPDATE invoices SET total = 0 WHERE id = $1`, id) // want info:`by design, as it works off a queue in handlers`
}

func (s store) index(ctx context.Context, id string) {
	s.db.ExecContext(ctx, `UPDATE invoices SET total = 1 WHERE id = $1`, id) // want info:`by design, as it works off a queue in consume`
}

// A caller that a request comes from makes it a finding.
func (s store) both(ctx context.Context, id string) {
	s.db.ExecContext(ctx, `UPDATE invoices SET total = 2 WHERE id = $1`, id) // want `update on "invoices" is not limited to a tenant`
}

func (s store) answer(ctx context.Context, id string) {
	s.db.ExecContext(ctx, `UPDATE invoices SET total = 3 WHERE id = $1`, id) // want `update on "invoices" is not limited to a tenant`
}

// The message says whose it is.
func (s store) forget(ctx context.Context, number string) {
	s.db.ExecContext(ctx, `UPDATE invoices SET total = 4 WHERE number = $1`, number) // want `update on "invoices" is not limited to a tenant`
}

type job struct{ InvoiceID string }

type own struct{ TenantID, Number string }

type subscription struct {
	subject string
	run     func(*nats.Msg) bool
}

func handlers(s store) []subscription {
	return []subscription{
		{"scan", func(msg *nats.Msg) bool {
			var j job
			if json.Unmarshal(msg.Data, &j) != nil {
				return false
			}
			s.scan(context.Background(), j.InvoiceID)
			s.both(context.Background(), j.InvoiceID)
			return msg.Ack() == nil
		}},
		{"forget", func(msg *nats.Msg) bool {
			var o own
			if json.Unmarshal(msg.Data, &o) != nil {
				return false
			}
			s.forget(context.Background(), o.Number)
			return msg.Ack() == nil
		}},
	}
}

func consume(ctx context.Context, s store, m kafka.Message) error {
	s.index(ctx, string(m.Key))
	return nil
}

// Somebody waits for what this answers.
func serve(conn *nats.Conn, s store) {
	conn.QueueSubscribe("answer", "all", func(msg *nats.Msg) {
		s.answer(context.Background(), string(msg.Data))
		msg.Respond(nil)
	})
}

func Handle(ctx context.Context, s store, id string) { s.both(ctx, id) }
