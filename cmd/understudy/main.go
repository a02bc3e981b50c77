// Command understudy is a mock server for HTTP APIs that never departs from the
// OpenAPI description.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	os.Exit(mainCode())
}

// mainCode is main with its exit code as a value, so that tests can register it
// as a command.
func mainCode() int {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	return run(os.Args[1:], environment{
		stdout:  os.Stdout,
		stderr:  os.Stderr,
		lookup:  os.LookupEnv,
		signals: signals,
	})
}
