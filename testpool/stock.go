package testpool

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// A stock makes and drops the private databases of a process. Where [Main] waits for it
// in the end, it works beside the tests: one database is copied ahead of the test that will ask
// for it, and that of an ended test is dropped while others run.
type stock struct {
	mu       sync.Mutex
	open     bool // Main will wait
	asked    int
	ahead    chan spare // gets the one database made ahead; nil if none is
	template template
	known    bool  // template and err are final
	err      error // of the template
	behind   chan func() error
	done     chan error // gets what went wrong in the end
}

// A spare is a database that no test has asked for yet.
type spare struct {
	name string
	err  error
}

// maxBehind is how many databases of ended tests may wait to be dropped.
const maxBehind = 4

// start has the stock work beside the tests, until close.
func (k *stock) start() {
	k.open = true
	k.behind, k.done = make(chan func() error, maxBehind), make(chan error)
	go func() {
		var again []func() error
		for drop := range k.behind {
			if drop() != nil {
				again = append(again, drop)
			}
		}
		// By now the tests that had the connections have ended.
		for _, drop := range again {
			if err := drop(); err != nil {
				k.done <- err // of the rest, too: it takes time, and a later run drops them
				return
			}
		}
		k.done <- nil
	}()
}

// takeDatabase makes a database called name.
func (s *shared) takeDatabase(ctx context.Context, name string) error {
	template, err := s.stock.templateOf(ctx, s)
	if err != nil {
		return err
	}
	if ahead := s.stock.take(func() spare { return s.makeSpare(template) }); ahead != nil {
		spare := <-ahead
		if spare.err == nil {
			return s.exec(ctx, "alter database "+quoteName(spare.name)+" rename to "+quoteName(name))
		}
		// What went wrong, such as that no connection was free, need not do so again.
		if err := s.dropDatabase(spare.name); err != nil {
			return err
		}
	}
	return s.exec(ctx, template.create(name))
}

// templateOf finds or makes the process's template, once.
func (k *stock) templateOf(ctx context.Context, s *shared) (template, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.known {
		k.known = true
		k.err = errors.New("the migrations have ended the test that ran them") // unless they return
		k.template, k.err = s.template(ctx)
	}
	return k.template, k.err
}

// take returns where the database made ahead comes from, nil if there is none. From the second
// one that is asked for, it has another one made: a process that asks twice goes on to ask.
func (k *stock) take(makeSpare func() spare) <-chan spare {
	k.mu.Lock()
	defer k.mu.Unlock()
	ahead := k.ahead
	k.ahead = nil
	if k.asked++; k.open && k.asked > 1 {
		next := make(chan spare, 1)
		k.ahead = next
		go func() { next <- makeSpare() }()
	}
	return ahead
}

func (s *shared) makeSpare(template template) spare {
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTimeout)
	defer cancel()
	name := placeName("next")
	return spare{name, s.createNoted(ctx, template, name, "a test to come")}
}

// createNoted makes a database, and notes whose it is.
func (s *shared) createNoted(ctx context.Context, template template, name, test string) error {
	if err := s.exec(ctx, template.create(name)); err != nil {
		return err
	}
	return s.exec(ctx, "comment on database "+quoteName(name)+" is "+quoteLiteral(newOwner(test).String()))
}

// dropDatabase drops a database of a test that has ended, now or a little later.
func (s *shared) dropDatabase(name string) error {
	drop := func() error {
		waitForSessions(s.pool, name)
		return execCleanup(s.pool, "drop database if exists "+quoteName(name)+" with (force)")
	}
	if !s.stock.open {
		return drop()
	}
	s.stock.behind <- func() error {
		if err := drop(); err != nil {
			return fmt.Errorf("testpool: drop the private database %s: %w", name, err)
		}
		return nil
	}
	return nil
}

// close drops what is left to drop, and waits until it is.
func (k *stock) close(drop func(name string) error) error {
	if !k.open {
		return nil
	}
	var err error
	if k.ahead != nil {
		spare := <-k.ahead
		err = drop(spare.name)
	}
	close(k.behind)
	k.open = false
	return errors.Join(err, <-k.done)
}
