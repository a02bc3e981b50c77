package mock_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// covered makes a mock and asks it for this and that.
func covered(t *testing.T) *mock.Mock {
	t.Helper()
	m, err := mock.New(t.Context(), mock.Options{
		Specs: []mock.Spec{{Location: "testdata/coverage/api.yaml"}}, Scenarios: []string{"testdata/coverage/scenarios"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, session := range []string{"first", "second"} {
		if _, err := m.Session(t.Context(), session); err != nil {
			t.Fatal(err)
		}
	}
	first, err := m.Session(t.Context(), "first")
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Activate(t.Context(), "outage"); err != nil {
		t.Fatal(err)
	}
	const long = "/a/rather/long/path/with/many/segments/1/which/some/2/variables/it/fills/a/line/3"
	for _, r := range []struct{ method, target, headers, body string }{
		{"GET", "/orders/1", "", ""},
		{"GET", "/orders/1", "Authorization: Bearer x; X-Key: y", ""},
		{"HEAD", "/orders/1", "", ""},
		{"GET", "/__session/first/orders/1", "", ""},
		{"GET", "/__session/first/orders/7", "", ""},
		{"GET", "/__session/first/orders/8", "", ""},
		{"GET", "/__session/first/orders/9", "", ""},
		{"GET", "/__session/second/orders/1", "Prefer: code=404", ""},
		{"GET", "/__session/second/orders/x", "", ""},
		{"POST", "/orders?page=x", "Content-Type: application/json; X-Client: c", "{}"},
		{"POST", "/orders", "Content-Type: application/json; X-Client: c", "{}"},
		{"POST", "/orders", "Prefer: expect=invalid; X-Client: c", ""},
		{"POST", "/orders", "Prefer: code=999; X-Client: c; Content-Type: text/csv", "a,b"},
		{"GET", long, "Prefer: code=404", ""},
		{"GET", "/nowhere", "", ""},
		{"PUT", "/orders", "", ""},
		{"OPTIONS", "/orders", "Origin: http://localhost:3000; Access-Control-Request-Method: POST", ""}, // a preflight is no request to the API
	} {
		direct(m, r.method, r.target, r.headers, r.body)
	}
	return m
}

// direct sends a request with headers that are separated by ";".
func direct(m http.Handler, method, target, headers, body string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, target, strings.NewReader(body))
	if body == "" {
		req.Body, req.ContentLength = http.NoBody, 0
	}
	for header := range strings.SplitSeq(headers, "; ") {
		if name, value, ok := strings.Cut(header, ": "); ok {
			req.Header.Add(name, value)
		}
	}
	w := httptest.NewRecorder()
	defer func() {
		if e := recover(); e != nil && e != http.ErrAbortHandler {
			panic(e)
		}
	}()
	m.ServeHTTP(w, req)
	return w
}

// coverageOf tells what everybody has used of the contract.
func coverageOf(t *testing.T, m *mock.Mock) *mock.Coverage {
	t.Helper()
	c, err := m.Coverage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCoverageFormats shows one coverage in every format.
func TestCoverageFormats(t *testing.T) {
	t.Parallel()
	c := coverageOf(t, covered(t))
	min := mock.CoverageMinimums{Operations: 50, Statuses: 80}
	for _, format := range mock.CoverageFormats() {
		var b strings.Builder
		if err := c.Write(&b, mock.Format(format), min); err != nil {
			t.Fatal(err)
		}
		testenv.Golden(t, "testdata/coverage/"+format+".golden", b.String())
		checkForm(t, mock.Format(format), b.String())
	}
	if err := c.Write(io.Discard, mock.SARIF, min); err == nil {
		t.Error("coverage was written as SARIF")
	}
	if err := new(mock.Coverage).Write(io.Discard, mock.Text, min); err == nil {
		t.Error("coverage that nobody has counted was written")
	}
}

// checkForm holds what is true of a format whatever is written in it.
func checkForm(t *testing.T, format mock.Format, text string) {
	t.Helper()
	if strings.ContainsRune(text, '\x1b') || strings.Contains(text, "<b>") && format != mock.JSON && format != mock.Text {
		t.Errorf("%s: what a description says is not escaped", format)
	}
	switch format {
	case mock.Text:
		for line := range strings.Lines(text) {
			if utf8.RuneCountInString(strings.TrimSpace(line)) > 100 {
				t.Errorf("a line is too long: %s", line)
			}
		}
	case mock.JUnit, mock.HTML:
		if strings.Contains(text, "src=") || strings.Contains(text, "href=") || strings.Contains(text, "url(") || strings.Contains(text, "<script") {
			t.Errorf("%s needs something from elsewhere", format)
		}
	}
	if format == mock.JUnit {
		for dec := xml.NewDecoder(strings.NewReader(text)); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestCoverageInJSON holds that the type of this package and what is written are the
// same, and that reading and merging keep it.
func TestCoverageInJSON(t *testing.T) {
	t.Parallel()
	c := coverageOf(t, covered(t))
	var written, again, twice strings.Builder
	if err := c.Write(&written, mock.JSON, mock.CoverageMinimums{}); err != nil {
		t.Fatal(err)
	}
	enc := json.NewEncoder(&again)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(c); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(written.String(), again.String()); diff != "" {
		t.Error(diff)
	}
	read, err := mock.ReadCoverage(strings.NewReader(written.String()))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := c.Merge(read)
	if err != nil {
		t.Fatal(err)
	}
	if sum.Runs != 2 || sum.Requests != 2*c.Requests || sum.Totals != c.Totals || sum.WithoutOperation != 4 {
		t.Errorf("%+v of two runs, %+v of one", sum, c)
	}
	if err := read.Write(&twice, mock.JSON, mock.CoverageMinimums{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(written.String(), twice.String()); diff != "" {
		t.Error(diff)
	}
	if _, err := c.Merge(new(mock.Coverage)); err == nil {
		t.Error("coverage that nobody has counted was merged")
	}
	if below := c.Below(mock.CoverageMinimums{Operations: 100}); len(below) != 1 || !strings.HasPrefix(below[0], "operations: 3 of 4 conform") {
		t.Error(below)
	}
}

// TestSessionCoverage holds that a session counts its own requests until it is reset or
// deleted, and that everybody's counts outlive it.
func TestSessionCoverage(t *testing.T) {
	t.Parallel()
	m := covered(t)
	s, err := m.Session(t.Context(), "second")
	if err != nil {
		t.Fatal(err)
	}
	requests := func(want uint64) {
		t.Helper()
		c, err := s.Coverage(t.Context())
		if err != nil || c.Requests != want {
			t.Fatalf("%+v, %v", c, err)
		}
	}
	requests(2)
	all := coverageOf(t, m).Requests
	if err := s.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	requests(0)
	direct(m, "GET", "/__session/second/orders/1", "", "")
	requests(1)
	if _, err := m.MakeSession(t.Context(), "second", mock.SessionStart{}); err != nil {
		t.Fatal(err)
	}
	requests(0)
	if err := s.Delete(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Coverage(t.Context()); !errors.Is(err, mock.ErrNoSession) {
		t.Error(err)
	}
	if err := m.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := coverageOf(t, m).Requests; got != all+1 {
		t.Errorf("%d requests, want %d", got, all+1)
	}
}

// TestCoverageCountsWhatIsAnswered holds that a request whose client does not wait for
// the answer is not counted, and that nothing conforms that was not checked.
func TestCoverageCountsWhatIsAnswered(t *testing.T) {
	t.Parallel()
	m := newMock(t, mock.Options{Validate: "off"}, nil)
	direct(m, "GET", "/orders/1", "", "")
	c := coverageOf(t, m)
	if got := c.Totals.Statuses; got.Reached != 1 || got.Conforming != 0 || !c.Unchecked {
		t.Errorf("%+v", c)
	}
	ctx, gone := context.WithCancel(t.Context())
	gone()
	req := httptest.NewRequest("GET", "/orders/1?__delay=1m", nil).WithContext(ctx)
	m.ServeHTTP(httptest.NewRecorder(), req)
	if got := coverageOf(t, m).Requests; got != 1 {
		t.Errorf("%d requests", got)
	}
}
