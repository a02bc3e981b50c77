package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// defaultServer is where a mock listens that was started without flags.
const defaultServer = "http://" + mock.DefaultListen

// callTimeout bounds one call to a running mock.
const callTimeout = 30 * time.Second

// maxAnswer bounds the answer to a call, in bytes: more than a mock with as many sessions as
// there may be has to say.
const maxAnswer = 64 << 20

// remote is a running mock as commands reach it, by its control plane.
type remote struct {
	server, session, token string
	// caFile is a PEM file with further certificates to trust, "" for none.
	caFile   string
	insecure bool // trusts every certificate
	// client is made for the first request.
	client *http.Client
	// otherwise says what else can be done where the mock does not run.
	otherwise string
}

func (r *remote) add(cmd *cobra.Command, env environment, server, session string) {
	f := cmd.Flags()
	f.StringVar(&r.server, "server", "", server)
	f.Var((*sessionID)(&r.session), "session", session)
	f.StringVar(&r.caFile, "cacert", "", "PEM `FILE` with the certificate of the running mock, or of its authority, beside those that the system trusts")
	f.BoolVar(&r.insecure, "insecure", false, "trust whatever certificate the running mock has, as of serve --tls-self-signed")
	f.StringVar(&r.token, "token", "", "`TOKEN` that admits to the control plane of the running mock")
	offer(cmd, map[string]completed{"session": r.sessions(env)})
}

// sessionID is the value of --session. It refuses what is no id and would lead past the
// sessions, to what is for everybody: nothing, as of a variable that is not set, and the
// dots that are taken out of a path (RFC 3986 section 5.2.4). The mock refuses the rest.
type sessionID string

// Set reads an id.
func (s *sessionID) Set(text string) error {
	if text == "" || text == "." || text == ".." {
		return errors.New("write the id of a session, or leave the flag out for everybody")
	}
	*s = sessionID(text)
	return nil
}

// String is the id.
func (s *sessionID) String() string { return string(*s) }

// Type names the kind of value in the help.
func (*sessionID) Type() string { return "string" }

// url is that of a path of the control plane, whose parts are not escaped yet; within
// the session where one is named.
func (r *remote) url(parts ...string) (string, error) {
	if r.server == "" {
		r.server = defaultServer
	}
	server, err := url.Parse(r.server)
	if err != nil || server.Scheme != "http" && server.Scheme != "https" || server.Host == "" {
		return "", refuse("server", fmt.Sprintf(" is %q", r.server), "write a URL such as "+defaultServer)
	}
	path := []string{"__admin"}
	if r.session != "" {
		path = append(path, "sessions", url.PathEscape(r.session))
	}
	for _, part := range parts {
		path = append(path, url.PathEscape(part))
	}
	return server.JoinPath(path...).String(), nil
}

// open sends a request and gives the body of its answer. value is sent as JSON, nil for
// no body. An answer that is no success is an error that says what the mock has said.
func (r *remote) open(ctx context.Context, method string, value any, parts ...string) (io.ReadCloser, error) {
	target, err := r.url(parts...)
	if err != nil {
		return nil, err
	}
	var body io.Reader
	if value != nil {
		data, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, target, body)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	if value != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	client, err := r.connect()
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted):
		return nil, &exitError{exitWrong, fmt.Errorf("the certificate of the mock at %s is not trusted: %w; name it with --cacert FILE, or trust any with --insecure", r.server, untrusted.Err)}
	case err != nil:
		return nil, &exitError{exitWrong, fmt.Errorf("the mock at %s cannot be asked: %w; start it with understudy serve%s", r.server, reason(err), r.otherwise)}
	}
	if res.StatusCode >= 300 {
		defer res.Body.Close()
		return nil, &exitError{exitWrong, r.refusal(res)}
	}
	return res.Body, nil
}

// connect makes the client for the mock.
func (r *remote) connect() (*http.Client, error) {
	if r.client != nil {
		return r.client, nil
	}
	trust := &tls.Config{InsecureSkipVerify: r.insecure}
	if r.caFile != "" {
		if r.insecure {
			return nil, refuse("cacert", " and --insecure are both given", "with --insecure no certificate is looked at")
		}
		var err error
		if trust.RootCAs, err = mock.ReadAuthority(r.caFile); err != nil {
			return nil, refuse("cacert", ": "+err.Error(), "")
		}
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = trust
	r.client = &http.Client{Timeout: callTimeout, Transport: transport}
	return r.client, nil
}

// call is open for answers that are decoded into result; nil leaves them.
func (r *remote) call(ctx context.Context, method string, value, result any, parts ...string) error {
	body, err := r.open(ctx, method, value, parts...)
	if err != nil {
		return err
	}
	defer body.Close()
	if result == nil {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(body, maxAnswer+1))
	if err == nil && len(text) > maxAnswer {
		err = fmt.Errorf("it is longer than %d MiB", maxAnswer>>20)
	}
	if err == nil {
		err = json.Unmarshal(text, result)
	}
	if err != nil {
		return &exitError{exitWrong, fmt.Errorf("the mock at %s answered what cannot be read: %w", r.server, err)}
	}
	return nil
}

// reason takes method and URL off an error of net/http: they are told beside it.
func reason(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// refusal says what a mock has said against a request.
func (r *remote) refusal(res *http.Response) error {
	text, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10)) // what there is of it helps
	var problem struct{ Detail string }
	if err := json.Unmarshal(text, &problem); err == nil && problem.Detail != "" {
		hint := ""
		if res.StatusCode == http.StatusUnauthorized {
			hint = "\n  --token or " + variable("token") + " brings one"
		}
		return fmt.Errorf("%s%s", problem.Detail, hint)
	}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		text = []byte("  this is a page, which is not of Understudy: look what stands there")
	}
	return fmt.Errorf("the mock at %s answered %s\n%.4000s", r.server, res.Status, strings.TrimRight(string(text), " \r\n"))
}
