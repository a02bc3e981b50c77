package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts in testdata/script run the built command as a user would and talk
// to it over real HTTP. Beside testscript's own commands they have
//
//	serve [flags and specs]     starts understudy serve on a free port; $URL is its
//	                            address, serve.out what it printed, serve.log its log
//	record [flags and specs]    the same with understudy record
//	end [TERM|INT]              ends it with a signal and waits for exit code 0; "stop" is
//	                            testscript's own and ends the script
//	await PATTERN               waits until it prints a line that matches, on either
//	                            stream and after the line that the last await found
//	hangup                      sends it SIGHUP
//	http METHOD PATH [-H 'Name: value']... [-d BODY | -f FILE]
//	                            sends a request and prints status line, headers (sorted,
//	                            without Date and Understudy-Request-Id) and body; with !
//	                            the connection must break, and why is printed
//	listen                      starts a receiver of callbacks; $RECEIVER is its host and port
//	provider [OPERATION=[FAULT]]...
//	                            starts the real API of testdata/provider; $UPSTREAM is its
//	                            URL; each argument switches a fault on or off; with down
//	                            it ends
//	received N                  waits for N requests to it and prints each, sorted
//
// http sends no header of its own but Host, so that there is a User-Agent only
// where a script gives one.

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"understudy": func() { os.Exit(mainCode()) },
	})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join(root, "testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			env.Values[serverKey{}] = new(server)
			env.Values[receiverKey{}] = new(receiver)
			env.Values[providerKey{}] = new(realAPI)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"serve":  func(ts *testscript.TestScript, neg bool, args []string) { cmdServe(ts, neg, "serve", args) },
			"record": func(ts *testscript.TestScript, neg bool, args []string) { cmdServe(ts, neg, "record", args) },
			"end":    cmdEnd,
			"await":  cmdAwait,
			"hangup": func(ts *testscript.TestScript, _ bool, _ []string) {
				ts.Check(ts.Value(serverKey{}).(*server).cmd.Process.Signal(syscall.SIGHUP))
			},
			"http":     cmdHTTP,
			"listen":   cmdListen,
			"received": cmdReceived,
			"provider": cmdProvider,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// TestScriptsRunToTheirEnd keeps out testscript's own stop, behind which nothing of a
// script is run, and which is easily taken for end.
func TestScriptsRunToTheirEnd(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("../../testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatal(len(scripts), err)
	}
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains("\n"+string(text), "\nstop") {
			t.Errorf("%s stops: write end", script)
		}
	}
}

func cmdHTTP(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: http METHOD PATH [-H 'Name: value']... [-d BODY | -f FILE]")
	}
	req, err := newRequest(ts, args)
	ts.Check(err)
	res, err := (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(req)
	var body []byte
	if err == nil {
		defer res.Body.Close()
		body, err = io.ReadAll(res.Body)
	}
	out := ts.Stdout()
	if neg {
		if err == nil {
			ts.Fatalf("the connection did not break: %s", res.Status)
		}
		fmt.Fprintln(out, err)
		return
	}
	ts.Check(err)
	fmt.Fprintf(out, "%s %s\n", res.Proto, res.Status)
	var names []string
	for name := range res.Header {
		if name != "Date" && name != "Understudy-Request-Id" && name != "Connection" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range res.Header[name] {
			fmt.Fprintf(out, "%s: %s\n", name, value)
		}
	}
	fmt.Fprintf(out, "\n%s", body)
	if len(body) > 0 && body[len(body)-1] != '\n' {
		fmt.Fprintln(out)
	}
}

func newRequest(ts *testscript.TestScript, args []string) (*http.Request, error) {
	var body io.Reader
	header := http.Header{"User-Agent": nil} // nil keeps net/http from sending its own
	for rest := args[2:]; len(rest) > 0; rest = rest[2:] {
		if len(rest) < 2 {
			return nil, fmt.Errorf("%s needs a value", rest[0])
		}
		switch rest[0] {
		case "-H":
			name, value, _ := strings.Cut(rest[1], ":")
			key := http.CanonicalHeaderKey(name)
			header[key] = append(header[key], strings.TrimSpace(value))
		case "-d":
			body = strings.NewReader(rest[1])
		case "-f":
			body = strings.NewReader(ts.ReadFile(rest[1]))
		default:
			return nil, errors.New("unknown option " + rest[0])
		}
	}
	req, err := http.NewRequest(args[0], ts.Getenv("URL")+args[1], body)
	if err == nil {
		req.Header, req.Host = header, header.Get("Host")
	}
	return req, err
}
