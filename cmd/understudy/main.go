// Command understudy is a mock server for HTTP APIs that never departs from the
// OpenAPI description.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/understudy-mock/understudy/internal/pacing"
)

func main() {
	pacing.Start(pacing.Floor)
	os.Exit(mainCode())
}

// mainCode is main with its exit code as a value, so that tests can register it
// as a command.
func mainCode() int {
	return run(os.Args[1:], environment{
		stdout: os.Stdout,
		stderr: os.Stderr,
		lookup: os.LookupEnv, variables: os.Environ,
		notify: func(ctx context.Context) (context.Context, context.CancelFunc) {
			return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
		},
		open: openInBrowser,
		hangup: func() (<-chan os.Signal, func()) {
			c := make(chan os.Signal, 1)
			signal.Notify(c, syscall.SIGHUP)
			return c, func() { signal.Stop(c) }
		},
	})
}
