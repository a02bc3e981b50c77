package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// receiverKey finds a script's receiver among its values.
type receiverKey struct{}

// receiver is what a script has started with listen.
type receiver struct{ got chan string }

// maxReceived bounds the requests that a receiver keeps until received asks for them.
const maxReceived = 100

func cmdListen(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: listen")
	}
	r := ts.Value(receiverKey{}).(*receiver)
	r.got = make(chan string, maxReceived)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			body = []byte(err.Error())
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%s %s\n", req.Method, req.RequestURI)
		var names []string
		for name := range req.Header {
			if name != "Understudy-Request-Id" && name != "Connection" {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			fmt.Fprintf(&b, "%s: %s\n", name, strings.Join(req.Header[name], ", "))
		}
		fmt.Fprintf(&b, "\n%s\n", body)
		r.got <- b.String()
		if req.URL.Path == "/moved" {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(http.StatusTemporaryRedirect)
		}
	}))
	ts.Defer(server.Close)
	ts.Setenv("RECEIVER", strings.TrimPrefix(server.URL, "http://"))
}

func cmdReceived(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: received N")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	r := ts.Value(receiverKey{}).(*receiver)
	list := make([]string, 0, n)
	for range n {
		select {
		case text := <-r.got:
			list = append(list, text)
		case <-time.After(startTimeout):
			ts.Fatalf("%d of %d requests came in time", len(list), n)
		}
	}
	if more := len(r.got); more > 0 {
		ts.Fatalf("%d more requests came", more)
	}
	slices.Sort(list) // calls of one answer come in any order
	fmt.Fprint(ts.Stdout(), strings.Join(list, "\n"))
}
