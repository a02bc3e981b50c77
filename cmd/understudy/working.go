package main

import (
	"fmt"
	"io"
	"time"
)

// working shows on the standard error, where that is a terminal, what a command is at when
// it takes more than a second. done takes it away; it must be called before anything else is
// written there.
func working(env environment, what string) (done func()) {
	if !isTerminal(env, env.stderr) {
		return func() {}
	}
	return showWorking(env.stderr, what)
}

// showWorking is working on a terminal.
func showWorking(out io.Writer, what string) (done func()) {
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		every := time.NewTicker(time.Second)
		defer every.Stop()
		for seconds := 1; ; seconds++ {
			select {
			case <-stop:
				if seconds > 1 {
					fmt.Fprint(out, "\r\x1b[K")
				}
				return
			case <-every.C:
				fmt.Fprintf(out, "\r%s … %d s", what, seconds)
			}
		}
	}()
	return func() {
		close(stop)
		<-ended
	}
}
