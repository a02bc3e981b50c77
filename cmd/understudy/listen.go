package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// listenFlags say where a mock listens.
type listenFlags struct {
	port      int
	portGiven bool // on the command line
	listen    string
}

func (l *listenFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.IntVarP(&l.port, "port", "p", 4010, "port to listen on, 0 picks a free one")
	f.StringVar(&l.listen, "listen", "", "`HOST:PORT` to listen on (default 127.0.0.1 with --port)")
}

// note looks at the command line, before the environment and the file fill the flags.
func (l *listenFlags) note(cmd *cobra.Command) error {
	l.portGiven = cmd.Flags().Changed("port")
	if l.portGiven && cmd.Flags().Changed("listen") {
		return usage("--port and --listen are both given: --listen has the port too")
	}
	return nil
}

// address is what both flags say together: an explicit --port goes before a --listen from
// the environment or the file.
func (l *listenFlags) address() (string, error) {
	if l.port < 0 || l.port > 65535 {
		return "", refuse("port", fmt.Sprintf(" is %d", l.port), "use a number from 0 to 65535, where 0 picks a free one")
	}
	if l.listen == "" || l.portGiven {
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(l.port)), nil
	}
	if _, _, err := net.SplitHostPort(l.listen); err != nil {
		return "", refuse("listen", fmt.Sprintf(" is %q", l.listen), "write HOST:PORT, such as 127.0.0.1:4010")
	}
	return l.listen, nil
}

// explainListen says what to do where one of the addresses cannot be used.
func explainListen(err error, opts mock.Options) error {
	address, flag := opts.Listen, "--port"
	var failed *net.OpError
	if errors.As(err, &failed) && failed.Addr != nil && portOf(failed.Addr.String()) != portOf(opts.Listen) {
		address, flag = opts.AdminListen, "--admin-listen"
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is in use by another program: stop that one, or take another port with %s (0 picks a free one)", address, flag)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("%s may not be used by this user: take a port above 1023 with %s", address, flag)
	}
	return fmt.Errorf("cannot listen on %s: %w", address, err)
}

func portOf(address string) string {
	_, port, _ := net.SplitHostPort(address) // addresses of listeners have one
	return port
}
