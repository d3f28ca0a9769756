package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// A Subject is a command in a state: what is measured, a row of the table.
type Subject struct {
	Name    string
	Args    []string
	Env     []string
	Warm    bool         // it runs once before Prepare and each run, which is not measured
	Prepare func() error // brings the state about before each run; not measured
	Runs    int          // fewer than the others take where a run takes minutes
}

// A Figure is what one run cost.
type Figure struct {
	Wall, CPU time.Duration
	Peak      int64 // bytes, of the largest process
}

// run brings the state about and runs the subject once in dir.
func (s *Subject) run(ctx context.Context, dir string) (Figure, error) {
	if s.Warm {
		if _, err := s.once(ctx, dir); err != nil {
			return Figure{}, err
		}
	}
	if s.Prepare != nil {
		if err := s.Prepare(); err != nil {
			return Figure{}, fmt.Errorf("%s: prepare: %w", s.Name, err)
		}
	}
	return s.once(ctx, dir)
}

// once measures one run. Linters exit with 1 for findings, so only a command
// that cannot be started or is killed is an error.
func (s *Subject) once(ctx context.Context, dir string) (Figure, error) {
	cmd := exec.CommandContext(ctx, s.Args[0], s.Args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), s.Env...)
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if cmd.ProcessState == nil || !cmd.ProcessState.Exited() {
		return Figure{}, fmt.Errorf("%s: %w", s.Name, err)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return Figure{
		Wall: wall,
		CPU:  cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		Peak: usage.Maxrss * 1024,
	}, nil
}

// measure runs the subjects in turn, round by round, so that a change of the
// machine's speed meets them all.
func measure(ctx context.Context, dir string, subjects []*Subject, rounds int, log func(string)) (map[*Subject][]Figure, error) {
	figures := map[*Subject][]Figure{}
	for round := range rounds {
		for _, s := range subjects {
			if s.Runs > 0 && round >= s.Runs {
				continue
			}
			figure, err := s.run(ctx, dir)
			if err != nil {
				return nil, err
			}
			figures[s] = append(figures[s], figure)
			log(fmt.Sprintf("round %d: %-40s %8.2f s", round+1, s.Name, figure.Wall.Seconds()))
		}
	}
	return figures, nil
}

// spread is the least, the median and the greatest of some values.
type spread struct{ Min, Median, Max float64 }

func spreadOf(figures []Figure, of func(Figure) float64) spread {
	values := make([]float64, len(figures))
	for i, f := range figures {
		values[i] = of(f)
	}
	slices.Sort(values)
	return spread{values[0], values[len(values)/2], values[len(values)-1]}
}

func wall(f Figure) float64 { return f.Wall.Seconds() }
func cpu(f Figure) float64  { return f.CPU.Seconds() }
func peak(f Figure) float64 { return float64(f.Peak) / (1 << 20) }
