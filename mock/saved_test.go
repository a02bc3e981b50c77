package mock_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// maxSaved bounds the operations of one description whose answers TestSavedAnswers saves.
const maxSaved = 6

// TestSavedAnswers holds, for the descriptions of TestConformance, that each answer which
// the contract describes can be saved as a scenario, and that the scenario passes and
// gives the same answer again.
func TestSavedAnswers(t *testing.T) {
	t.Parallel()
	for name, file := range descriptions(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newServed(t, file)
			list := x.sample()
			if os.Getenv("UNDERSTUDY_TEST_LONG") == "" && len(list) > maxSaved {
				list = list[:maxSaved]
			}
			for _, op := range list {
				call, err := sample.Request(op, sample.Options{})
				if err != nil {
					continue // told by TestConformance
				}
				for _, status := range op.Statuses() {
					x.saved(op.Name(), call, "Prefer: code="+status)
				}
				x.saved(op.Name(), call)
			}
			x.Logf("saved: %s; left out: %s", counted(x.done), counted(x.left))
		})
	}
}

// newServed serves a description for tests that need no second opinion.
func newServed(t *testing.T, file string) *conformance {
	t.Helper()
	file, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Dir(filepath.Dir(file))
	c, err := contract.Load(t.Context(), file, contract.Options{Options: document.Options{Root: root}})
	if err != nil {
		t.Skipf("not served: %.200v", err)
	}
	m, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: file}}, Scenarios: []string{}, RefRoot: root})
	if err != nil {
		t.Fatal(err)
	}
	return &conformance{T: t, contract: c, mock: m, done: map[string]int{}, left: map[string]int{}}
}

// saved saves the answer to a request, and asks for it again in a session that has the
// scenario.
func (x *conformance) saved(op string, call *sample.Call, lines ...string) {
	x.Helper()
	first := x.send(call, lines...)
	if name := first.Header().Get("Understudy-Error"); name != "" {
		x.leave(name)
		return
	}
	file := x.admin("GET", "/exchanges/"+first.Header().Get("Understudy-Request-Id")+"/scenario", "")
	if file.Code != http.StatusOK {
		x.Errorf("%s %v: %s", op, lines, file.Body)
		return
	}
	text := file.Body.String()
	x.admin("PUT", "/sessions/again", "{}")
	if added := x.admin("POST", "/sessions/again/scenarios?name=saved", text); added.Code != http.StatusCreated || strings.Contains(added.Body.String(), `"findings"`) {
		x.Errorf("%s %v: %s\n%s", op, lines, added.Body, text)
		return
	}
	again := x.send(call, "Understudy-Session: again")
	if by := again.Header().Get("Understudy-Scenario"); by != "saved" {
		x.Errorf("%s %v is not answered by the scenario but by %q: %s\n%s", op, lines, by, again.Header().Get("Understudy-Why"), text)
		return
	}
	if again.Code != first.Code || compacted(again) != compacted(first) || again.Header().Get("Content-Type") != first.Header().Get("Content-Type") {
		x.Errorf("%s %v: %d %s %s, saved from %d %s %s\n%s", op, lines, again.Code, again.Header().Get("Content-Type"), again.Body, first.Code, first.Header().Get("Content-Type"), first.Body, text)
	}
	x.done["answers"]++
}

// admin asks the control plane.
func (x *conformance) admin(method, path, body string) *httptest.ResponseRecorder {
	x.Helper()
	r := httptest.NewRequestWithContext(x.Context(), method, "http://localhost/__admin"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/yaml")
	w := httptest.NewRecorder()
	x.mock.ServeHTTP(w, r)
	return w
}

// compacted is a body without the blanks between the values of JSON.
func compacted(w *httptest.ResponseRecorder) string {
	var b bytes.Buffer
	if json.Compact(&b, w.Body.Bytes()) != nil {
		return w.Body.String()
	}
	return b.String()
}
