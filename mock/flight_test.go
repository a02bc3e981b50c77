package mock_test

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/understudy-mock/understudy/mock"
)

// TestBodiesInFlight refuses a body while others take the room, whether its length was
// announced or not, and takes it when they are done.
func TestBodiesInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMock(t, mock.Options{}, nil)
		m.SetInFlight(100)
		order := func(target string, body io.Reader) *httptest.ResponseRecorder {
			r := httptest.NewRequest("POST", "http://localhost"+target, body)
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			m.ServeHTTP(w, r)
			return w
		}
		const small = `{"sku": "thirty bytes in all"}`
		in, out := io.Pipe()
		first := make(chan int)
		go func() { first <- order("/orders", in).Code }()
		if _, err := out.Write([]byte(`{"sku": "` + strings.Repeat("a", 71))); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := m.InFlight(); got != 80 {
			t.Errorf("%d bytes are held", got)
		}
		for name, w := range map[string]*httptest.ResponseRecorder{
			"announced":         order("/orders", strings.NewReader(small)),
			"not announced":     order("/orders", io.MultiReader(strings.NewReader(small))),
			"the control plane": order("/__admin/scenarios?name=a", strings.NewReader(small)),
		} {
			if w.Code != 503 || w.Header().Get("Retry-After") != "1" || w.Header().Get("Understudy-Error") != "TOO_MUCH_IN_FLIGHT" {
				t.Errorf("%s: %d %v\n%s", name, w.Code, w.Header(), w.Body)
			}
		}
		if w := order("/orders", strings.NewReader(`{"sku": "a"}`)); w.Code != 201 {
			t.Errorf("what there is room for: %d %s", w.Code, w.Body)
		}
		if _, err := out.Write([]byte(`"}`)); err != nil {
			t.Fatal(err)
		}
		out.Close()
		if got := <-first; got != 201 {
			t.Errorf("the one that was first: %d", got)
		}
		synctest.Wait()
		if got := m.InFlight(); got != 0 {
			t.Errorf("%d bytes are held in the end", got)
		}
		if w := order("/orders", strings.NewReader(small)); w.Code != 201 {
			t.Errorf("afterwards: %d %s", w.Code, w.Body)
		}
	})
}

// TestMadeAnswersInFlight refuses to make an answer while others take the room, whose
// clients wait for it, and takes no step with it; what is the same for all takes none.
func TestMadeAnswersInFlight(t *testing.T) {
	t.Parallel()
	const scenario = `
default: true
operations:
  getOrder:
    - {name: made, when: {path: {id: 1}}, respond: {status: 200, body: {text: '${repeat("ab", 40)}'}, delay: 1m}}
    - {name: same, when: {path: {id: 2}}, respond: {status: 200, body: {text: the same}, delay: 1m}}
    - name: steps
      when: {path: {id: 3}}
      respond:
        - {status: 200, body: {first: '${repeat("ab", 40)}'}}
        - {status: 404, body: {error: second}}
`
	synctest.Test(t, func(t *testing.T) {
		m := newMock(t, mock.Options{}, map[string]string{"made": scenario})
		m.SetInFlight(400)
		get := func(target string) *httptest.ResponseRecorder {
			r := httptest.NewRequest("GET", "http://localhost"+target, nil)
			w := httptest.NewRecorder()
			m.ServeHTTP(w, r)
			return w
		}
		answers := make(chan *httptest.ResponseRecorder, 4)
		for _, id := range []string{"1", "1", "1", "2"} {
			go func() { answers <- get("/orders/" + id) }()
		}
		synctest.Wait()
		if held := m.InFlight(); held < 240 || held > 400 {
			t.Errorf("%d bytes are held", held)
		}
		if w := get("/orders/3"); w.Code != 503 || w.Header().Get("Retry-After") != "1" || w.Header().Get("Understudy-Error") != "TOO_MUCH_IN_FLIGHT" {
			t.Errorf("one too many: %d %v\n%s", w.Code, w.Header(), w.Body)
		}
		for range 4 {
			if w := <-answers; w.Code != 200 {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		}
		synctest.Wait()
		if held := m.InFlight(); held != 0 {
			t.Errorf("%d bytes are held in the end", held)
		}
		if w := get("/orders/3"); w.Code != 200 || !strings.Contains(w.Body.String(), "first") {
			t.Errorf("the step that was refused: %d %s", w.Code, w.Body)
		}
		if w := get("/orders/3"); w.Code != 404 || m.InFlight() != 0 {
			t.Errorf("the next step: %d %s, and %d bytes are held", w.Code, w.Body, m.InFlight())
		}
	})
}

// TestHeadersInFlight refuses a large header while others take the room, which wait for their
// answers, and small ones never.
func TestHeadersInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMock(t, mock.Options{}, nil)
		m.SetInFlight(200_000)
		get := func(target string, header map[string][]string) *httptest.ResponseRecorder {
			r := httptest.NewRequest("GET", "http://localhost"+target, nil)
			for name, lines := range header {
				r.Header[name] = lines
			}
			w := httptest.NewRecorder()
			m.ServeHTTP(w, r)
			return w
		}
		long := strings.Repeat("a", 100_000)
		first := make(chan int)
		go func() { first <- get("/orders/1", map[string][]string{"X-Long": {long}, "Prefer": {"delay=1m"}}).Code }()
		synctest.Wait()
		if held := m.InFlight(); held < 80_000 || held > 100_000 {
			t.Errorf("%d bytes are held", held)
		}
		for name, w := range map[string]*httptest.ResponseRecorder{
			"a long line":         get("/orders/1", map[string][]string{"X-Long": {long + long}}),
			"many lines":          get("/orders/1", map[string][]string{"X-Many": slices.Repeat([]string{"a"}, 3_000)}),
			"a long target":       get("/orders/1?x="+long+long, nil),
			"with one that waits": get("/orders/1", map[string][]string{"X-Long": {long + long[:60_000]}}),
			"one of a session":    get("/__session/s/orders/1", map[string][]string{"X-Long": {long + long}}),
		} {
			if w.Code != 503 || w.Header().Get("Retry-After") != "1" || w.Header().Get("Understudy-Error") != "TOO_MUCH_IN_FLIGHT" {
				t.Errorf("%s: %d %v\n%s", name, w.Code, w.Header(), w.Body)
			}
		}
		m.SetInFlight(1)
		if w := get("/orders/1", map[string][]string{"X-Long": {long[:10_000]}}); w.Code != 200 {
			t.Errorf("a header that is not large: %d %s", w.Code, w.Body)
		}
		if told := get("/__admin/sessions/s/exchanges", nil).Body.String(); strings.Count(told, `"path": "/orders/1"`) != 1 || strings.Count(told, `"status": 503`) != 1 {
			t.Errorf("the refused request in the journal of its session: %s", told)
		}
		if code := <-first; code != 200 {
			t.Errorf("the one that was first: %d", code)
		}
		m.SetInFlight(200_000)
		synctest.Wait()
		if held := m.InFlight(); held != 0 {
			t.Errorf("%d bytes are held in the end", held)
		}
		if w := get("/orders/1", map[string][]string{"X-Long": {long + long[:60_000]}}); w.Code != 200 || m.InFlight() != 0 {
			t.Errorf("afterwards: %d, and %d bytes are held", w.Code, m.InFlight())
		}
	})
}

// TestLongNames sends a body whose violations are all behind a name of a megabyte: neither
// the answer nor what is logged repeats it whole for each of them.
func TestLongNames(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	spec := filepath.Join(folder, "long.yaml")
	const text = `
openapi: 3.1.0
info: {title: Long, version: "1"}
paths:
  /long:
    post:
      operationId: long
      requestBody: {content: {application/json: {schema: {additionalProperties: {additionalProperties: {type: integer}}}}}}
      responses: {"204": {description: ok}}
`
	if err := os.WriteFile(spec, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	name := strings.Repeat("n", 1<<20)
	members := make([]string, 150)
	for i := range members {
		members[i] = `"` + strconv.Itoa(i) + `": "x"`
	}
	object := "{" + strings.Join(members, ", ") + "}"
	var logged strings.Builder
	m := newMock(t, mock.Options{Specs: []mock.Spec{{Location: spec}}, Logger: slog.New(slog.NewTextHandler(&logged, nil))}, nil)
	for what, body := range map[string]string{
		"values":    `{"` + name + `": ` + object + `}`,
		"twice":     `{"` + name + `": 1, "` + name + `": 2}`,
		"below it":  `{"` + name + `": {"a": 1, "a": 2}}`,
		"too deep":  `{"` + name + `": ` + strings.Repeat("[", 2000),
		"not there": `{"` + name + `": {"a": tru}}`,
	} {
		logged.Reset()
		r := httptest.NewRequest("POST", "http://localhost/long", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		if w.Code != 400 || !strings.Contains(w.Body.String(), "nnn") || w.Body.Len() > 2<<20 || logged.Len() > 2<<20 {
			t.Errorf("%s: %d, an answer of %d bytes, a log of %d", what, w.Code, w.Body.Len(), logged.Len())
		}
	}
}
