//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"strconv"
	"sync"
	"time"
)

// connection sends requests that are written out and reads as much of the answers as
// it must, so that the driver takes little of the machine.
type connection struct {
	net.Conn
	r    *bufio.Reader
	c    *testCase
	next int
}

// open makes connections to a server. Each begins at another place of the requests.
func open(address string, c *testCase, n int) ([]*connection, error) {
	list := make([]*connection, n)
	for i := range list {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return nil, err
		}
		list[i] = &connection{conn, bufio.NewReaderSize(conn, 16<<10), c, i * len(c.requests) / n}
	}
	return list, nil
}

func (c *connection) exchange() error {
	request := c.c.requests[c.next]
	if c.next++; c.next == len(c.c.requests) {
		c.next = 0
	}
	if _, err := io.WriteString(c, request.text); err != nil {
		return err
	}
	status, err := readAnswer(c.r)
	if err == nil && status != request.status {
		err = fmt.Errorf("%q was answered with %d", request.text, status)
	}
	return err
}

var lengthField = []byte("Content-Length:")

// readAnswer reads an answer whose body has a length, and gives its status.
func readAnswer(r *bufio.Reader) (int, error) {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 {
		return 0, fmt.Errorf("no status line: %q", line)
	}
	status, err := strconv.Atoi(string(line[9:12]))
	if err != nil {
		return 0, err
	}
	length := -1
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		if value, ok := bytes.CutPrefix(line, lengthField); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 && status != http.StatusNoContent {
		return 0, errors.New("an answer has no length")
	}
	_, err = r.Discard(max(length, 0))
	return status, err
}

// firstAnswer gives a whole answer, for the bare server to send.
func firstAnswer(address string, c *testCase) (*answer, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, c.requests[0].text); err != nil {
		return nil, err
	}
	method, _, _ := bytes.Cut([]byte(c.requests[0].text), []byte(" "))
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: string(method)})
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != c.requests[0].status {
		return nil, fmt.Errorf("%s: %d %s", c.name, res.StatusCode, body)
	}
	for _, name := range []string{"Date", "Content-Length"} { // net/http's own
		delete(res.Header, textproto.CanonicalMIMEHeaderKey(name))
	}
	return &answer{res.StatusCode, res.Header, body}, nil
}

// each runs f for all connections at once and gives their errors.
func each(list []*connection, f func(int, *connection) error) error {
	errs := make([]error, len(list))
	var group sync.WaitGroup
	for i, c := range list {
		group.Go(func() { errs[i] = f(i, c) })
	}
	group.Wait()
	return errors.Join(errs...)
}

// closedLoop keeps all connections busy and gives the number of answers.
func closedLoop(ctx context.Context, list []*connection, d time.Duration) (int, error) {
	counts := make([]int, len(list))
	end := time.Now().Add(d)
	err := each(list, func(i int, c *connection) error {
		for time.Now().Before(end) && ctx.Err() == nil {
			if err := c.exchange(); err != nil {
				return err
			}
			counts[i]++
		}
		return ctx.Err()
	})
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return sum, err
}

// openLoop sends requests at fixed times, rate of them in a second, and gives how long
// after those times each was answered.
func openLoop(ctx context.Context, list []*connection, d time.Duration, rate float64) ([]time.Duration, error) {
	took := make([][]time.Duration, len(list))
	begin := time.Now().Add(10 * time.Millisecond)
	apart := time.Duration(float64(time.Second) / rate * float64(len(list)))
	err := each(list, func(i int, c *connection) error {
		due := begin.Add(apart * time.Duration(i) / time.Duration(len(list)))
		for ; due.Sub(begin) < d && ctx.Err() == nil; due = due.Add(apart) {
			time.Sleep(time.Until(due))
			if err := c.exchange(); err != nil {
				return err
			}
			took[i] = append(took[i], time.Since(due))
		}
		return ctx.Err()
	})
	var all []time.Duration
	for _, each := range took {
		all = append(all, each...)
	}
	return all, err
}
