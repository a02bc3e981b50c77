//go:build unix

// Command load measures Understudy beside a bare net/http handler that sends the same
// bytes, and writes what it found as Markdown:
//
//	go run ./internal/load
//	go run ./internal/load -write docs/performance.md
//	go run ./internal/load -soak 2000000 -write docs/performance.md
//
// Both servers are processes of their own, and so is the driver. Rounds of the two
// take turns, so that what else the machine does meets both. A round in a closed loop
// keeps all connections busy and gives the throughput, and the server's processor time
// and allocations for each request. A round in an open loop sends at fixed times, at
// half of what the bare handler can take, and measures from when a request was due, so
// that a server that stalls is not spared the requests of that time.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "load:", err)
		}
		os.Exit(1)
	}
}

// plan is what is measured, and for how long.
type plan struct {
	only        *regexp.Regexp
	rounds      int
	round       time.Duration
	connections int
	starts      int
	profiles    string
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	serve := flags.String("serve", "", "")
	of := flags.String("of", "", "")
	only := flags.String("case", "", "measure the cases that match this regular expression")
	write := flags.String("write", "", "put the tables into this file, in place of those that stand there")
	var p plan
	flags.IntVar(&p.rounds, "rounds", 7, "rounds of each server in each loop")
	flags.DurationVar(&p.round, "round", 2*time.Second, "how long a round takes")
	flags.IntVar(&p.connections, "connections", 16, "connections that send at the same time")
	flags.IntVar(&p.starts, "starts", 15, "how often the program is started, to measure its first answer")
	requests := flags.Int("soak", 0, "send this many mixed requests instead, while files change every second, and tell the server's memory")
	idle := flags.Int("idle", 5_000, "connections that do nothing during -soak")
	slow := flags.Int("slow", 1_000, "connections that send a byte a second during -soak")
	flags.StringVar(&p.profiles, "profiles", "", "leave a CPU profile of Understudy for each case in this folder")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *serve != "" {
		return child(ctx, *serve, *of, p.profiles)
	}
	var err error
	if p.only, err = regexp.Compile(*only); err != nil {
		return err
	}
	if *requests > 0 {
		e, err := endure(ctx, *requests, p.connections, *idle, *slow)
		if err != nil {
			return err
		}
		return put(*write, soakMark, e.table())
	}
	text, err := measure(ctx, p)
	if err != nil {
		return err
	}
	return put(*write, loadMark, text)
}

// put prints a table, or puts it into a page.
func put(page, mark, text string) error {
	if page != "" {
		return replace(page, mark, text)
	}
	_, err := fmt.Print(text)
	return err
}
