package mock_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/understudy-mock/understudy/mock"
)

// bodies is a description of three operations: with a small example, with a large one,
// and without.
func bodies(t testing.TB) http.Handler {
	t.Helper()
	text := fmt.Sprintf(`
openapi: 3.1.0
info: {title: Bodies, version: "1"}
paths:
  /small: {get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/List"}, example: [order]}}}}}}
  /large: {get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/List"}, example: [%s]}}}}}}
  /generated: {get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}}}}
components:
  schemas:
    List: {type: array, items: {type: string}}
    Order:
      type: object
      required: [id, status, email, items, total, createdAt]
      properties:
        id: {type: string, format: uuid}
        status: {enum: [new, paid, packed, sent]}
        email: {type: string, format: email}
        city: {type: string, maxLength: 100}
        postcode: {type: string, pattern: "^[0-9A-Z -]{3,10}$"}
        items: {type: array, minItems: 1, maxItems: 50, items: {type: object, required: [sku, quantity], properties: {sku: {type: string}, quantity: {type: integer, minimum: 1}}}}
        total: {type: number, minimum: 0, multipleOf: 0.01}
        createdAt: {type: string, format: date-time}
`, strings.Repeat("order, ", 20_000))
	file := filepath.Join(t.TempDir(), "bodies.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: file}}, Scenarios: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestBodiesAreEncodedOnce holds that the answers to two requests are the same bytes in
// memory, unless a request wants some of its own.
func TestBodiesAreEncodedOnce(t *testing.T) {
	t.Parallel()
	m := bodies(t)
	for _, path := range []string{"/small", "/large", "/generated"} {
		first, second := written(m, path), written(m, path)
		if len(first) == 0 || len(first) != len(second) || &first[0] != &second[0] {
			t.Errorf("%s: the body was made twice", path)
		}
	}
	if a, b := written(m, "/generated?__seed=1"), written(m, "/generated?__seed=1"); string(a) != string(b) || &a[0] == &b[0] {
		t.Errorf("seeded bodies: %s, %s", a, b)
	}
}

// keeper is a ResponseWriter that keeps the slice that it is given.
type keeper struct {
	discard
	body []byte
}

func (k *keeper) Write(p []byte) (int, error) {
	k.body = p
	return len(p), nil
}

func written(m http.Handler, path string) []byte {
	w := &keeper{discard: discard{header: http.Header{}}}
	m.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w.body
}

// BenchmarkBodies measures the handler for a small example, one of 160 KB, a body that was
// generated for an earlier request, and one that is generated anew.
func BenchmarkBodies(b *testing.B) {
	m := bodies(b)
	for _, path := range []string{"/small", "/large", "/generated", "/generated?__dynamic=true"} {
		b.Run(strings.TrimPrefix(path, "/"), func(b *testing.B) {
			req := httptest.NewRequest("GET", path, nil)
			w := &discard{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				m.ServeHTTP(w, req)
			}
		})
	}
}

// TestBodiesOfWaitingRequests sends large bodies to a stub that waits, and looks for them in
// memory meanwhile: they are not counted any more. It is not parallel: what others hold must
// not count.
func TestBodiesOfWaitingRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMock(t, mock.Options{}, map[string]string{"slow": `
default: true
operations:
  createOrder: {when: {body: {sku: a}}, respond: {status: 201, delay: 5m}}
`})
		const size, asked = 4 << 20, 16
		body := `{"sku": "a"` + strings.Repeat(" ", size) + "}"
		held := func() int64 {
			runtime.GC()
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			return int64(stats.HeapAlloc)
		}
		before := held()
		answers := make(chan int, asked)
		for range asked {
			go func() {
				r := httptest.NewRequest("POST", "http://localhost/orders", strings.NewReader(body))
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				m.ServeHTTP(w, r)
				answers <- w.Code
			}()
		}
		synctest.Wait()
		if len(answers) > 0 || m.InFlight() > 0 {
			t.Errorf("%d were answered at once, %d bytes are counted", len(answers), m.InFlight())
		}
		if more := held() - before; more > 2*size {
			t.Errorf("%d requests that wait hold %d bytes", asked, more)
		}
		for range asked {
			if status := <-answers; status != 201 {
				t.Errorf("got %d", status)
			}
		}
		runtime.KeepAlive(body)
	})
}
