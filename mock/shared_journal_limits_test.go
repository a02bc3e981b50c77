package mock_test

import (
	"bufio"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// TestSharedJournalInBatches holds that another replica sees more requests than one batch
// has, and that the server forgets all keys of the journal after a day.
func TestSharedJournalInBatches(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	replicas := replicasOf(t, 2, mock.Options{State: server.URL()})
	for i := range 700 {
		send1(replicas[0], fmt.Sprintf("GET /orders/%d", i+1))
	}
	if n, err := replicas[1].CountRequests(t.Context(), mock.JournalFilter{}); err != nil || n != 700 {
		t.Errorf("%d requests are seen, %v", n, err)
	}
	conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(server.URL(), "redis://"), "/0"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	lines := bufio.NewScanner(conn)
	told := func(command string) (line string) {
		t.Helper()
		if _, err := fmt.Fprint(conn, command+"\r\n"); err != nil || !lines.Scan() {
			t.Fatal(command, err)
		}
		return lines.Text()
	}
	n, err := strconv.Atoi(strings.TrimPrefix(told("KEYS *journal*"), "*"))
	if err != nil || n == 0 {
		t.Fatalf("%d keys, %v", n, err)
	}
	var keys []string
	for range n { // each is its length and its text (RESP2, bulk strings)
		lines.Scan()
		lines.Scan()
		keys = append(keys, lines.Text())
	}
	for _, key := range keys {
		if ttl, err := strconv.Atoi(strings.TrimPrefix(told("TTL "+key), ":")); err != nil || ttl <= 0 || ttl > 24*60*60 {
			t.Errorf("%s lives for %d seconds, %v", key, ttl, err)
		}
	}
}
