package testenv

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// slots is how many a cluster shares out to its nodes.
const slots = 16384

// NewRedisCluster starts a cluster of n servers, each with a part of the slots and none
// with a copy, and ends it with the test. It skips as NewRedis does.
func NewRedisCluster(t testing.TB, n int) []*RedisServer {
	t.Helper()
	nodes := make([]*RedisServer, n)
	for i := range nodes {
		bus := FreePort(t)
		nodes[i] = NewRedis(t, "--cluster-enabled", "yes", "--cluster-port", bus)
		commands := []string{fmt.Sprintf("CLUSTER ADDSLOTSRANGE %d %d", i*slots/n, (i+1)*slots/n-1)}
		if i > 0 {
			commands = append(commands, fmt.Sprintf("CLUSTER SET-CONFIG-EPOCH %d", i), fmt.Sprintf("CLUSTER MEET 127.0.0.1 %s %s", nodes[0].port, nodes[0].args[3]))
		}
		for _, command := range commands {
			if got := nodes[i].Ask(command); got != "+OK" {
				t.Fatalf("%s: %s", command, got)
			}
		}
	}
	for late := time.Now().Add(30 * time.Second); !allReady(nodes); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatal("the servers do not become a cluster")
		}
	}
	return nodes
}

// allReady tells whether each node knows all the others and that no slot is missing.
func allReady(nodes []*RedisServer) bool {
	for _, node := range nodes {
		info := node.Ask("CLUSTER INFO")
		if !strings.Contains(info, "cluster_state:ok") || !strings.Contains(info, fmt.Sprintf("cluster_size:%d\r\n", len(nodes))) {
			return false
		}
	}
	return true
}
