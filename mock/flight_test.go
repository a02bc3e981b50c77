package mock_test

import (
	"io"
	"net/http/httptest"
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
