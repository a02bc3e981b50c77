package testenv

import (
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"testing"
)

// Systems give out ports from 32768 or 49152 on to who asks for any. Below, nobody gets
// one that was not asked for by its number.
const firstPort, ports = 20_000, 12_000

// given are the ports that FreePort has given in this process.
var given sync.Map

// FreePort gives a port of the loopback interface on which nobody listens, for a program
// that is to listen there. No other call in this process gives it again, and the system
// gives it to nobody in the meantime.
func FreePort(t testing.TB) string {
	t.Helper()
	for range 100 {
		port := strconv.Itoa(firstPort + rand.IntN(ports))
		if _, taken := given.LoadOrStore(port, true); taken {
			continue
		}
		if free, err := net.Listen("tcp", "127.0.0.1:"+port); err == nil {
			_ = free.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return ""
}
