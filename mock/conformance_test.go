package mock_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// maxOperations bounds the operations of one description that TestConformance asks.
const maxOperations = 40

// TestConformance holds the promise that every answer conforms, for all descriptions in
// the repository and, where the folder is there, for the real ones that
// UNDERSTUDY_CORPUS names (../shared/corpus beside the repository without it).
//
// For every operation, every documented status and every media type it
// makes a request from the contract, asks for that status with Prefer: code and for that
// type with Accept, and judges the answer by the contract and by another library
// (judge). It asks twice, for the contract's own answer and for a dynamic one. Then it
// breaks the request in each way that the operation offers; each must get a 4xx.
//
// What cannot be had is counted by reason in the log (-v), and must be what Findings
// tells.
//
// Of descriptions with more than maxOperations operations an evenly spread sample is
// taken, so that all of it takes seconds. UNDERSTUDY_TEST_LONG=1 takes all, which takes
// some minutes with the race detector.
func TestConformance(t *testing.T) {
	t.Parallel()
	for name, file := range descriptions(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newConformance(t, file).run()
		})
	}
}

// descriptions finds the files that look like descriptions, by a name for the test.
func descriptions(t *testing.T) map[string]string {
	t.Helper()
	corpus := testenv.Corpus(t)
	found := map[string]string{"openapi.yaml": "../openapi.yaml"}
	for prefix, folder := range map[string]string{"testdata": "../testdata", "mock": ".", "corpus": corpus} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !isDescription(t, path) {
				return err
			}
			if path == filepath.Join("internal", "admin", "openapi.yaml") {
				return nil // the control plane's own, with paths and headers that no API may have
			}
			name, err := filepath.Rel(folder, path)
			found[prefix+"/"+filepath.ToSlash(name)] = path
			return err
		})
		if err != nil && prefix != "corpus" {
			t.Fatal(err)
		}
	}
	if len(found) < 30 {
		t.Fatalf("only %d descriptions are found", len(found))
	}
	return found
}

var headOfDescription = regexp.MustCompile(`(?m)^[\s{]*"?(openapi|swagger)"?\s*:`)

func isDescription(t *testing.T, path string) bool {
	t.Helper()
	switch filepath.Ext(path) {
	case ".yaml", ".yml", ".json":
	default:
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	head := make([]byte, 2048)
	n, _ := io.ReadFull(f, head)
	return headOfDescription.Match(head[:n])
}

// conformance asks the mock of one description.
type conformance struct {
	*testing.T
	contract *contract.Contract
	mock     *mock.Mock
	judge    judge
	// unsatisfiable are the places that Findings tells of.
	unsatisfiable map[source.Span]bool
	// done and left count what was asked and what was left out, by reason.
	done, left map[string]int
}

func newConformance(t *testing.T, file string) *conformance {
	t.Helper()
	x := newServed(t, file)
	x.judge, x.unsatisfiable = newJudge(t, file, x.contract), map[source.Span]bool{}
	for _, d := range sample.Findings(t.Context(), x.contract) {
		if d.Code == sample.CodeUnsatisfiable {
			x.unsatisfiable[d.At] = true
		}
	}
	return x
}

func (x *conformance) run() {
	for _, op := range x.sample() {
		x.done["operations"]++
		call, err := sample.Request(op, sample.Options{})
		if err != nil {
			x.expectUnsatisfiable(op.Name(), err)
			x.leave("requests: a schema that no value fits")
			path, query, _ := strings.Cut(sample.URL(op), "?")
			call = &sample.Call{Method: op.Method, Path: path, RawQuery: query, Header: http.Header{}}
		} else {
			x.valid(op, call)
			x.breakRequest(op, call)
			x.otherBodies(op)
			if call, err := sample.Request(op, sample.Options{Seed: 1, Dynamic: true}); err != nil {
				x.Errorf("%s: there is a request, but no dynamic one: %v", op.Name(), err)
			} else {
				x.valid(op, call)
			}
		}
		for _, r := range op.Responses {
			x.response(op, call, r)
		}
	}
	x.Logf("asked: %s; left out: %s", counted(x.done), counted(x.left))
}

// valid holds that a request which keeps to the contract is taken.
func (x *conformance) valid(op *contract.Operation, call *sample.Call) {
	x.Helper()
	if told := x.send(call).Header().Get("Understudy-Violations"); told != "" {
		x.Errorf("%s: a request that keeps to the contract is refused: %s", op.Name(), told)
	}
}

// otherBodies holds that a body of each described media type is taken, and a broken one
// refused.
func (x *conformance) otherBodies(op *contract.Operation) {
	x.Helper()
	media := op.RequestBody()
	if len(media) < 2 {
		return
	}
	for _, m := range media {
		call, err := sample.RequestAs(op, m.Name, sample.Options{})
		if err != nil {
			x.expectUnsatisfiable(op.Name()+" as "+m.Name, err)
			x.leave("requests: a schema that no value fits")
			continue
		}
		x.done["requests of "+m.Name]++
		x.valid(op, call)
		x.breakRequest(op, call)
	}
}

// sample takes operations evenly, and all in the long mode.
func (x *conformance) sample() []*contract.Operation {
	all := x.contract.Operations
	if len(all) <= maxOperations || os.Getenv("UNDERSTUDY_TEST_LONG") != "" {
		return all
	}
	list := make([]*contract.Operation, maxOperations)
	for i := range list {
		list[i] = all[i*len(all)/maxOperations]
	}
	return list
}

func (x *conformance) leave(reason string) { x.left[reason]++ }

func counted(m map[string]int) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		list = append(list, fmt.Sprintf("%d %s", m[name], name))
	}
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}

// send asks the mock. The header lines come on top of the call's own.
func (x *conformance) send(call *sample.Call, lines ...string) *httptest.ResponseRecorder {
	x.Helper()
	target := "http://mock.example" + call.Path
	if call.RawQuery != "" {
		target += "?" + call.RawQuery
	}
	var body io.Reader
	if call.Body != nil {
		body = bytes.NewReader(call.Body)
	}
	req, err := http.NewRequestWithContext(x.Context(), call.Method, target, body)
	if err != nil {
		x.Fatal(err)
	}
	req.Header = call.Header.Clone()
	if call.Body != nil && len(call.Body) == 0 {
		req.Header.Set("Content-Length", "0") // as net/http shows it to a handler
	}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Set(name, value)
	}
	if call.ClientCertificate {
		req.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{}}}
	}
	w := httptest.NewRecorder()
	x.mock.ServeHTTP(w, req)
	return w
}
