package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// listenAddress is what --listen and --port say together: an explicit --port goes before a
// --listen from the environment or the file.
func listenAddress(listen string, port int, portGiven bool) (string, error) {
	if port < 0 || port > 65535 {
		return "", usage(fmt.Sprintf("--port is %d: use a number from 0 to 65535, where 0 picks a free one", port))
	}
	if listen == "" || portGiven {
		listen = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	}
	return listen, nil
}

// explainListen says what to do where the address cannot be used.
func explainListen(err error, address string) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is in use by another program: stop that one, or take another port with --port (0 picks a free one)", address)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("%s may not be used by this user: take a port above 1023 with --port", address)
	}
	return fmt.Errorf("cannot listen on %s: %w", address, err)
}
