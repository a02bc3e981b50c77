package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/internal/testenv"
)

// BenchmarkReplicas measures one, two and three replicas on one server, in one run:
// requests without state, requests of sessions, and steps of sequences, each client with a
// session of its own, on one replica or on all in turn. The clients are in
// this process and share the machine with all of it. Processor time is told for the
// replicas together and for the server, without the clients.
func BenchmarkReplicas(b *testing.B) {
	dir := writeSteps(b, 1)
	forever := "operations: {step: {atEnd: restart, respond: [{status: 200, body: {step: 1}}, {status: 200, body: {step: 2}}]}}\n"
	if err := os.WriteFile(dir+"/scenarios/forever.yaml", []byte(forever), 0o600); err != nil {
		b.Fatal(err)
	}
	for n := 0; n <= 3; n++ {
		state := "memory"
		var mocks, servers []*exec.Cmd
		if n > 0 {
			server := testenv.NewRedis(b, "--appendonly", "yes", "--appendfsync", "always")
			state = server.URL()
			servers = append(servers, server.Process())
		}
		var urls []string
		for range max(n, 1) {
			r := startReplica(b, dir, state, "--journal-entries", "0")
			urls, mocks = append(urls, r.url), append(mocks, r.cmd)
		}
		for i := range 64 {
			control(b, "PUT", urls[0]+"/__admin/sessions/s"+strconv.Itoa(i), `{"scenarios": ["forever"]}`)
			control(b, "PUT", urls[0]+"/__admin/sessions/p"+strconv.Itoa(i), `{}`)
		}
		name := fmt.Sprintf("redis-%d", n)
		if n == 0 {
			name = "memory-1"
		}
		for _, kind := range []struct {
			name, path string
			inTurn     bool // each request of a client goes to the next replica
		}{
			{"stateless", "/step", false}, {"session", "/__session/p%d/step", false},
			{"sequence", "/__session/s%d/step", false}, {"sequence-in-turn", "/__session/s%d/step", true},
		} {
			if kind.inTurn && len(urls) == 1 {
				continue
			}
			b.Run(kind.name+"/"+name, func(b *testing.B) {
				mocksBefore, serverBefore := cpu(b, mocks), cpu(b, servers)
				var next atomic.Int64
				var clients sync.WaitGroup
				b.ResetTimer()
				for i := range 32 {
					path := strings.ReplaceAll(kind.path, "%d", strconv.Itoa(i))
					clients.Go(func() {
						client := &http.Client{Transport: &http.Transport{}}
						defer client.CloseIdleConnections()
						for n := i; next.Add(1) <= int64(b.N); {
							res, err := client.Get(urls[n%len(urls)] + path)
							if err != nil {
								b.Error(err)
								return
							}
							_, _ = io.Copy(io.Discard, res.Body)
							res.Body.Close()
							if res.StatusCode != 200 {
								b.Error(res.Status)
								return
							}
							if kind.inTurn {
								n++
							}
						}
					})
				}
				clients.Wait()
				b.StopTimer()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
				b.ReportMetric(float64((cpu(b, mocks)-mocksBefore).Microseconds())/float64(b.N), "mock-µs/request")
				b.ReportMetric(float64((cpu(b, servers)-serverBefore).Microseconds())/float64(b.N), "server-µs/request")
			})
		}
		for _, p := range append(mocks, servers...) {
			_ = p.Process.Signal(syscall.SIGKILL)
		}
	}
}

// cpu adds up the processor time of processes, as Linux counts it in hundredths of a second.
func cpu(b *testing.B, processes []*exec.Cmd) time.Duration {
	b.Helper()
	var ticks int64
	for _, p := range processes {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Process.Pid))
		if err != nil {
			b.Skip("processor time is read from /proc")
		}
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		for _, i := range []int{11, 12} { // utime and stime, see proc(5)
			n, _ := strconv.ParseInt(fields[i], 10, 64)
			ticks += n
		}
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
