//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// figures are what one server did for a case: medians of the rounds.
type figures struct {
	throughput float64 // answers a second
	cpu        time.Duration
	mallocs    float64
	p50, p99   time.Duration
}

// result is a case with the figures of both servers.
type result struct {
	name             string
	bare, understudy figures
	// ratios are medians of the ratios of each round, because the two of one round
	// met the same machine.
	throughput, cpu float64
}

func measure(ctx context.Context, p plan) (string, error) {
	if p.profiles != "" {
		if err := os.MkdirAll(p.profiles, 0o700); err != nil {
			return "", err
		}
	}
	var results []result
	for _, c := range cases() {
		if !p.only.MatchString(c.name) {
			continue
		}
		fmt.Fprintln(os.Stderr, c.name)
		r, err := measureCase(ctx, &c, p)
		if err != nil {
			return "", fmt.Errorf("%s: %w", c.name, err)
		}
		results = append(results, r)
	}
	if len(results) == 0 {
		return "", fmt.Errorf("no case matches %s", p.only)
	}
	starts, err := firstAnswers(ctx, p.starts)
	if err != nil {
		return "", err
	}
	return table(p, results, starts), nil
}

// side is a server with its connections and what was measured of it.
type side struct {
	*server
	connections  []*connection
	throughput   []float64
	cpu, mallocs []float64
	p50, p99     []float64
}

func measureCase(ctx context.Context, c *testCase, p plan) (r result, err error) {
	u, err := newSide(ctx, understudy, c, nil, p)
	if err != nil {
		return r, err
	}
	defer u.close()
	a, err := firstAnswer(u.address, c)
	if err != nil {
		return r, err
	}
	b, err := newSide(ctx, bare, c, a, p)
	if err != nil {
		return r, err
	}
	defer b.close()
	for _, s := range []*side{b, u} { // fills caches, the journal and pools
		if _, err := closedLoop(ctx, s.connections, p.round); err != nil {
			return r, err
		}
	}
	for i := range p.rounds {
		for _, s := range turn(i, b, u) {
			if err := s.closedRound(ctx, p.round); err != nil {
				return r, err
			}
		}
	}
	rate := median(b.throughput) / 2
	for i := range p.rounds {
		for _, s := range turn(i, b, u) {
			if err := s.openRound(ctx, p.round, rate); err != nil {
				return r, err
			}
		}
	}
	return result{c.name, b.figures(), u.figures(), ratio(u.throughput, b.throughput), ratio(u.cpu, b.cpu)}, nil
}

// turn lets each side begin every other round.
func turn(i int, b, u *side) [2]*side {
	if i%2 == 0 {
		return [2]*side{b, u}
	}
	return [2]*side{u, b}
}

func newSide(ctx context.Context, kind string, c *testCase, a *answer, p plan) (*side, error) {
	s, err := startServer(ctx, kind, c, a, p.profiles)
	if err != nil {
		return nil, err
	}
	list, err := open(s.address, c, p.connections)
	if err != nil {
		s.stop()
		return nil, err
	}
	return &side{server: s, connections: list}, nil
}

func (s *side) close() {
	for _, c := range s.connections {
		_ = c.Close()
	}
	s.stop()
}

func (s *side) closedRound(ctx context.Context, d time.Duration) error {
	before, err := s.used(false)
	if err != nil {
		return err
	}
	n, err := closedLoop(ctx, s.connections, d)
	if err != nil {
		return err
	}
	after, err := s.used(false)
	if err != nil {
		return err
	}
	s.throughput = append(s.throughput, float64(n)/d.Seconds())
	s.cpu = append(s.cpu, float64(after.CPU-before.CPU)/float64(n))
	s.mallocs = append(s.mallocs, float64(after.Mallocs-before.Mallocs)/float64(n))
	return nil
}

func (s *side) openRound(ctx context.Context, d time.Duration, rate float64) error {
	took, err := openLoop(ctx, s.connections, d, rate)
	if err != nil {
		return err
	}
	slices.Sort(took)
	s.p50 = append(s.p50, float64(took[len(took)/2]))
	s.p99 = append(s.p99, float64(took[len(took)*99/100]))
	return nil
}

func (s *side) figures() figures {
	return figures{median(s.throughput), time.Duration(median(s.cpu)), median(s.mallocs), time.Duration(median(s.p50)), time.Duration(median(s.p99))}
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

func ratio(a, b []float64) float64 {
	each := make([]float64, len(a))
	for i := range a {
		each[i] = a[i] / b[i]
	}
	return median(each)
}

// firstAnswers builds the program and measures, n times, how long after exec it has
// answered for the first API.
func firstAnswers(ctx context.Context, n int) ([]time.Duration, error) {
	if n == 0 {
		return nil, nil
	}
	folder, err := os.MkdirTemp("", "understudy-load")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	program := filepath.Join(folder, "understudy")
	if out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, "./cmd/understudy").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	c := cases()[0]
	list := make([]time.Duration, n)
	for i := range list {
		if list[i], err = firstAnswerOf(ctx, program, &c); err != nil {
			return nil, err
		}
	}
	slices.Sort(list)
	return list, nil
}

func firstAnswerOf(ctx context.Context, program string, c *testCase) (time.Duration, error) {
	address, err := freeAddress()
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, program, "serve", "--listen", address)
	began := time.Now()
	if err := cmd.Start(); err != nil {
		cancel()
		return 0, err
	}
	defer func() {
		cancel()
		_ = cmd.Wait()
	}()
	for time.Since(began) < 10*time.Second {
		_, err := firstAnswer(address, c)
		if err == nil {
			return time.Since(began), nil
		}
		if !strings.Contains(err.Error(), "refused") {
			return 0, err
		}
		time.Sleep(time.Millisecond)
	}
	return 0, fmt.Errorf("%s gave no answer", program)
}
