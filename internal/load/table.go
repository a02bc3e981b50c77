//go:build unix

package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/internal/page"
)

// The tables of a page stand behind these marks.
const (
	loadMark = "<!-- load: written by go run ./internal/load -write docs/performance.md -->"
	soakMark = "<!-- soak: written by go run ./internal/load -soak 2000000 -write docs/performance.md -->"
)

func table(p plan, results []result, starts []time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s, %d processors, %s/%s, %s; load before: %s. %d rounds of %s, %d connections; medians.\n\n", processor(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), loadBefore, p.rounds, p.round, p.connections)
	b.WriteString("| request | requests/s, bare | Understudy | ratio | processor time each, bare | Understudy | ratio | allocations, bare | Understudy |\n")
	b.WriteString("| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, r := range results {
		fmt.Fprintf(&b, "| %s | %.0f | %.0f | %.2f | %s | %s | %.2f | %.0f | %.0f |\n", r.name,
			r.bare.throughput, r.understudy.throughput, r.throughput, micro(r.bare.cpu), micro(r.understudy.cpu), r.cpu, r.bare.mallocs, r.understudy.mallocs)
	}
	b.WriteString("\nThe same in an open loop, at half of the bare handler's requests a second:\n\n")
	b.WriteString("| request | p50, bare | Understudy | p99, bare | Understudy | ratio |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, r := range results {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %.2f |\n", r.name, micro(r.bare.p50), micro(r.understudy.p50), micro(r.bare.p99), micro(r.understudy.p99), float64(r.understudy.p99)/float64(r.bare.p99))
	}
	if n := len(starts); n > 0 {
		fmt.Fprintf(&b, "\nFrom exec of `understudy serve` to the first answer, the first API, %d starts: median %s, shortest %s, longest %s.\n", n, milli(starts[n/2]), milli(starts[0]), milli(starts[n-1]))
	}
	b.WriteString("\n")
	return b.String()
}

func micro(d time.Duration) string { return fmt.Sprintf("%.0f µs", float64(d)/1e3) }
func milli(d time.Duration) string { return fmt.Sprintf("%.0f ms", float64(d)/1e6) }

// replace puts text behind a mark of the page in a file.
func replace(file, mark, text string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	all, err := page.Put(string(old), mark, text)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, []byte(all), 0o600)
}

// processor is the name of the machine's processor, where the system tells it.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}

// loadBefore is how many programs were waiting for a processor when this one began.
var loadBefore = func() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}()

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
