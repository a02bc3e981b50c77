//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// TestDescriptorsRunOut opens connections until the process may open no more files. The
// log says so in one line, who waits is answered when others have gone, and nothing is left
// open behind them.
func TestDescriptorsRunOut(t *testing.T) {
	t.Parallel()
	p := startProcess(t, "ulimit -n 64; exec understudy serve ../../openapi.yaml --scenarios ../../scenarios --listen 127.0.0.1:0 --watch off")
	before := openFiles(p)
	var all []net.Conn
	for range 100 { // more than there is room for
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		all = append(all, conn)
	}
	if line := p.await(t, p.tells, "no connection can be taken"); !strings.Contains(line, "level=WARN") || !strings.Contains(line, "raise ulimit -n") {
		t.Errorf("the log says %s", line)
	}
	waiting := all[len(all)-1]
	const request = "GET /v1/orgs/y/identifications/identity_document/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
	if _, err := io.WriteString(waiting, request); err != nil {
		t.Fatal(err)
	}
	for _, conn := range all[:len(all)-1] {
		_ = conn.Close()
	}
	if err := waiting.SetReadDeadline(time.Now().Add(startTimeout)); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(waiting), nil)
	if err != nil {
		t.Fatal("who waited is not answered:", err)
	}
	_ = res.Body.Close()
	_ = waiting.Close()
	for late := time.Now().Add(startTimeout); openFiles(p) > before+1; time.Sleep(10 * time.Millisecond) { // one for what the runtime opens when it is first needed
		if time.Now().After(late) {
			t.Fatalf("%d files are open, and %d were before", openFiles(p), before)
		}
	}
	for _, line := range p.end(t) {
		if strings.Contains(line, "no connection can be taken") || strings.Contains(line, "level=ERROR") {
			t.Errorf("the log goes on: %s", line)
		}
	}
}

// openFiles counts the descriptors of a process, 0 where the system does not tell.
func openFiles(p *process) int {
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid))
	return len(entries)
}
