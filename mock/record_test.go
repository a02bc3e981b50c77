package mock_test

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
	"github.com/understudy-mock/understudy/testdata/provider"
)

const ordersSpec = "../testdata/provider/openapi.yaml"

// recorder is one in front of a provider, which ends with the test.
func recorder(t *testing.T, p *provider.Provider, to mock.RecordTo) *mock.Recorder {
	t.Helper()
	api := httptest.NewServer(p)
	t.Cleanup(api.Close)
	r, err := mock.NewRecorder(t.Context(), mock.Options{Specs: []mock.Spec{{Location: ordersSpec}}, Upstream: []string{api.URL + provider.Base}}, to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Mock().Stop(context.Background()) })
	return r
}

// said is a request, and what of its answer a recording keeps.
type said struct {
	method, path, contentType, body string
	header                          http.Header
	answer                          string
}

// ask sends a request to a handler, without a socket.
func (s *said) ask(h http.Handler) string {
	r := httptest.NewRequest(s.method, s.path, strings.NewReader(s.body))
	for name, lines := range s.header {
		r.Header[name] = lines
	}
	if s.contentType != "" {
		r.Header.Set("Content-Type", s.contentType)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body := w.Body.Bytes()
	if w.Header().Get("Content-Encoding") == "gzip" && len(body) > 0 { // what is recorded is without it
		unpacked, err := gzip.NewReader(w.Body)
		if err == nil {
			body, err = io.ReadAll(unpacked)
		}
		if err != nil {
			return err.Error()
		}
	}
	var b strings.Builder
	fmt.Fprintln(&b, w.Code)
	for _, name := range []string{"Content-Type", "Location", "Etag", "X-Total-Count", "Www-Authenticate"} {
		if name != "Content-Type" || len(body) > 0 { // a stub always sends the one that is described
			fmt.Fprintln(&b, name, w.Header()[name])
		}
	}
	b.Write(body)
	return b.String()
}

// mixed makes calls that depend on what came before them, by a seed.
func mixed(random *rand.Rand, n int) []said {
	key := http.Header{"X-Api-Key": {provider.Key}}
	id := func() string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", random.IntN(40)) }
	notes := []string{"${x}", "$${x}", "a ${path.order_id} b", "$", "{}", "#: -", `"quoted" \ ${1+1}`, "", "ünïcode\n${", "null", "true", "010"}
	statuses := []string{"new", "paid", "sent", "cancelled"}
	var calls []said
	for range n {
		c := said{method: "GET", header: key}
		switch k := random.IntN(20); {
		case k < 4:
			c.method, c.path, c.contentType = "POST", "/v1/orders", "application/json"
			c.body = fmt.Sprintf(`{"items":[{"sku":"A-%d","quantity":%d}],"note":%q}`, random.IntN(9), 1+random.IntN(5), notes[random.IntN(len(notes))])
			if random.IntN(4) == 0 {
				c.header = http.Header{"X-Api-Key": {provider.Key}, "Idempotency-Key": {fmt.Sprint(random.IntN(5))}}
			}
		case k < 9:
			c.path = "/v1/orders/" + id()
			if random.IntN(4) == 0 {
				c.header = http.Header{"X-Api-Key": {provider.Key}, "If-None-Match": {`"0001-new"`}}
			}
		case k < 12:
			c.path = "/v1/orders?limit=" + fmt.Sprint(1+random.IntN(3))
			if random.IntN(2) == 0 {
				c.path += "&status=" + statuses[random.IntN(4)]
			}
			if random.IntN(3) == 0 {
				c.header = http.Header{"X-Api-Key": {provider.Key}, "Accept": {"text/csv"}}
			}
		case k < 15:
			c.method, c.path, c.contentType = "PATCH", "/v1/orders/"+id(), "application/merge-patch+json"
			c.body = fmt.Sprintf(`{"status":%q}`, statuses[random.IntN(4)])
			if random.IntN(2) == 0 {
				c.body = fmt.Sprintf(`{"note":%q}`, notes[random.IntN(len(notes))])
			}
		case k < 16:
			c.method, c.path = "DELETE", "/v1/orders/"+id()
		case k < 17:
			c.path, c.header = "/v1/orders/"+id(), nil // without a key
		case k < 18:
			c.path = "/v1/orders?limit=" + []string{"0", "x", "1000"}[random.IntN(3)]
		case k < 19:
			c.method, c.path, c.contentType, c.body = "POST", "/v1/orders", "application/json", []string{`{"items":[]}`, `{`, `{"items":[{"sku":"a","quantity":1}]}`}[random.IntN(3)]
		default:
			c.path = "/v1/orders/" + []string{"7", "x", id() + "/events"}[random.IntN(3)]
		}
		calls = append(calls, c)
	}
	return calls
}

// TestRecordingReplays holds that a recording of a thousand mixed calls, served, gives the
// very answers, and that it passes the check.
func TestRecordingReplays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := provider.New()
	rec := recorder(t, p, mock.RecordTo{Dir: dir})
	calls := mixed(rand.New(rand.NewPCG(8, 8)), 1000)
	faults := []provider.Fault{provider.ExtraField, provider.WrongType, provider.UndocumentedStatus, provider.WrongContentType, provider.EmptyBody, provider.Compressed}
	for i := range calls {
		c := &calls[i]
		if i%10 == 0 { // answers that break the contract
			c.header = c.header.Clone()
			if c.header == nil {
				c.header = http.Header{}
			}
			c.header.Set(provider.FaultHeader, string(faults[i/10%len(faults)]))
		}
		c.answer = c.ask(rec.Mock())
	}
	result, err := rec.Write()
	if err != nil {
		t.Fatal(err)
	}
	if result.Calls != len(calls) || len(result.LeftOut) > 0 || len(result.Missed) > 0 || len(result.OffContract) == 0 {
		t.Errorf("%d calls, left out %v, missed %v, off the contract %v", result.Calls, result.LeftOut, result.Missed, result.OffContract)
	}
	opts := mock.Options{Specs: []mock.Spec{{Location: ordersSpec}}, Scenarios: []string{dir}}
	checked, err := mock.Check(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range checked.Findings {
		t.Error(finding.Text)
	}
	m, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	served := p.Served()
	different := 0
	for i := range calls {
		c := &calls[i]
		delete(c.header, provider.FaultHeader)
		if answer := c.ask(m); answer != c.answer {
			if different++; different <= 5 {
				t.Errorf("call %d, %s %s %v %s:\n%s\nwant\n%s", i, c.method, c.path, c.header, c.body, answer, c.answer)
			}
		}
	}
	if different > 0 {
		t.Errorf("%d of %d answers are different", different, len(calls))
	}
	if p.Served() != served {
		t.Error("the replay has asked the real API")
	}
	entries, err := os.ReadDir(filepath.Join(dir, mock.DefaultRecording))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(dir, mock.DefaultRecording, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), provider.Key) {
			t.Errorf("%s has the API key", entry.Name())
		}
		if strings.HasPrefix(entry.Name(), ".") {
			t.Errorf("%s is left behind", entry.Name())
		}
	}
}

// TestRecorderKeepsFiles holds that files of others stay, that its own are replaced as
// calls come, and that large bodies have files of their own.
func TestRecorderKeepsFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rec := recorder(t, provider.New(), mock.RecordTo{Dir: dir})
	if _, err := rec.Write(); !errors.Is(err, mock.ErrNothingRecorded) {
		t.Errorf("%v", err)
	}
	key := http.Header{"X-Api-Key": {provider.Key}}
	get := said{method: "GET", path: "/v1/orders/" + provider.SeedID, header: key}
	create := said{method: "POST", path: "/v1/orders", contentType: "application/json", header: key, body: `{"items":[` + strings.Repeat(`{"sku":"A-1","quantity":1},`, 49) + `{"sku":"A-1","quantity":1}],"note":"` + strings.Repeat("n", 1000) + `"}`}
	list := said{method: "GET", path: "/v1/orders", header: key}
	get.ask(rec.Mock())
	first, err := rec.Write()
	if err != nil || !slices.Equal(first.Files, []string{"recorded/getOrder.yaml"}) {
		t.Fatalf("%+v, %v", first, err)
	}
	for range 3 {
		create.ask(rec.Mock())
		list.ask(rec.Mock())
	}
	if again, err := rec.Write(); err != nil || !slices.Contains(again.Files, "recorded/listOrders.2.json") {
		t.Fatalf("%+v, %v", again, err)
	}
	other := recorderTo(t, mock.RecordTo{Dir: dir})
	var exists *mock.ExistsError
	if !errors.As(other, &exists) || len(exists.Files) != len(readNames(t, filepath.Join(dir, "recorded"))) {
		t.Errorf("%v", other)
	}
	if err := recorderTo(t, mock.RecordTo{Dir: dir, Overwrite: true}); err != nil {
		t.Error(err)
	}
	if err := recorderTo(t, mock.RecordTo{Dir: dir, Name: "another"}); err != nil {
		t.Error(err)
	}
	// A file that has come in between stays as well.
	if err := os.WriteFile(filepath.Join(dir, "recorded", "health.yaml"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	(&said{method: "GET", path: "/v1/health"}).ask(rec.Mock())
	if _, err := rec.Write(); !errors.As(err, &exists) || !strings.HasSuffix(exists.Files[0], "recorded/health.yaml") {
		t.Errorf("%v", err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "recorded", "health.yaml")); err != nil || string(text) != "mine" {
		t.Errorf("%q, %v", text, err)
	}
}

// TestRecorderFolders holds which folders are refused before anything is recorded, and that
// links are followed where they stay below the scenarios' folder.
func TestRecorderFolders(t *testing.T) {
	t.Parallel()
	health := said{method: "GET", path: "/v1/health"}
	for name, test := range map[string]struct {
		link, to string // in the folder of the test
		refused  string
	}{
		"the folder is a link":            {"out", "real", ""},
		"the name is a link inside":       {"out/recorded", "inside", ""},
		"the name is a link that leaves":  {"out/recorded", "../real", "leads out of"},
		"the name is a link to nothing":   {"out/recorded", "missing", "or nowhere"},
		"the folder is a link to nothing": {"out", "missing", "no such file"},
		"the name is a file":              {"out/recorded", "file", "it is no folder"},
		"the folder is a file":            {"out", "real/file", "not a directory"},
	} {
		for _, overwrite := range []bool{false, true} {
			dir := t.TempDir()
			for _, folder := range []string{"real", "out/inside"} {
				if folder == "real" || strings.HasPrefix(test.link, "out/") {
					if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(filepath.Join(dir, folder, "..", "file"), nil, 0o600); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(filepath.Join(dir, folder, "file"), nil, 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := os.Symlink(test.to, filepath.Join(dir, test.link)); err != nil {
				t.Fatal(err)
			}
			to := mock.RecordTo{Dir: filepath.Join(dir, "out"), Overwrite: overwrite}
			if test.refused != "" {
				if err := recorderTo(t, to); err == nil || !strings.Contains(err.Error(), "cannot be written into "+to.Dir) || !strings.Contains(err.Error(), test.refused) {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			rec := recorder(t, provider.New(), to)
			health.ask(rec.Mock())
			if _, err := rec.Write(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := os.Stat(filepath.Join(to.Dir, "recorded", "health.yaml")); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestTwoRecordersOfOneFolder holds that the second one to write says so, and that what the
// first has written stays, also where both may overwrite what was there before them.
func TestTwoRecordersOfOneFolder(t *testing.T) {
	t.Parallel()
	health := said{method: "GET", path: "/v1/health"}
	for name, before := range map[string]bool{"a new folder": false, "a recording of before": true} {
		for _, overwrite := range []bool{false, true} {
			if before && !overwrite {
				continue // refused at the start
			}
			to := mock.RecordTo{Dir: t.TempDir(), Overwrite: overwrite}
			file := filepath.Join(to.Dir, "recorded", "health.yaml")
			if before {
				if err := os.Mkdir(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte("of before"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			first, second := recorder(t, provider.New(), to), recorder(t, provider.New(), to)
			health.ask(first.Mock())
			if _, err := first.Write(); err != nil {
				t.Errorf("%s, the first: %v", name, err)
			}
			written, err := os.ReadFile(file)
			if err != nil || string(written) == "of before" {
				t.Errorf("%s: %s, %v", name, written, err)
			}
			health.ask(second.Mock())
			health.header = http.Header{"Accept": {"text/html"}} // another recording than the first
			health.ask(second.Mock())
			aside, err := second.Write()
			var exists *mock.ExistsError
			if !errors.As(err, &exists) || !strings.Contains(err.Error(), "perhaps another recording") || !slices.Equal(aside.Files, []string{"recorded-2/health.yaml"}) {
				t.Errorf("%s, the second: %v, %v", name, aside.Files, err)
			}
			if now, err := os.ReadFile(file); err != nil || string(now) != string(written) {
				t.Errorf("%s: %s, %v", name, now, err)
			}
			health.header = nil
			health.path += "?again=1"
			health.ask(first.Mock())
			if _, err := first.Write(); err != nil {
				t.Errorf("%s, the first once more: %v", name, err)
			}
			health.path = "/v1/health"
		}
	}
}

// TestRecorderLosesNothing holds that a file which somebody changes while a recording goes on
// stays, be it of before or of the recording itself, that no other is replaced then, and that
// the whole recording, with what comes later, is in the first folder that is not there.
func TestRecorderLosesNothing(t *testing.T) {
	t.Parallel()
	key := http.Header{"X-Api-Key": {provider.Key}}
	for name, test := range map[string]struct {
		overwrite, written bool // whether there is something of before, or of an earlier Write
	}{
		"a file of before": {overwrite: true}, "its own file": {written: true}, "both": {true, true},
	} {
		dir := t.TempDir()
		in := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
		if err := os.MkdirAll(in("recorded-2"), 0o755); err != nil {
			t.Fatal(err)
		}
		put := func(name, text string) {
			if err := os.WriteFile(in(name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if test.overwrite {
			if err := os.Mkdir(in("recorded"), 0o755); err != nil {
				t.Fatal(err)
			}
			put("recorded/health.yaml", "of before")
			put("recorded/listOrders.yaml", "of before")
		}
		rec := recorder(t, provider.New(), mock.RecordTo{Dir: dir, Overwrite: test.overwrite})
		health, list := said{method: "GET", path: "/v1/health"}, said{method: "GET", path: "/v1/orders", header: key}
		if test.written {
			health.ask(rec.Mock())
			list.ask(rec.Mock())
			if _, err := rec.Write(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		put("recorded/health.yaml", "a change by hand")
		other, err := os.ReadFile(in("recorded/listOrders.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		health.header = http.Header{"Accept": {"text/html"}}
		health.ask(rec.Mock())
		list.path += "?limit=0"
		list.ask(rec.Mock())
		var exists *mock.ExistsError
		result, err := rec.Write()
		if !errors.As(err, &exists) || len(exists.Files) != 1 || !strings.Contains(err.Error(), filepath.ToSlash(dir)+"/recorded-3") {
			t.Errorf("%s: %v", name, err)
		}
		if want := []string{"recorded-3/health.yaml", "recorded-3/listOrders.yaml"}; !slices.Equal(result.Files, want) {
			t.Errorf("%s: %v", name, result.Files)
		}
		for file, want := range map[string]string{"recorded/health.yaml": "a change by hand", "recorded/listOrders.yaml": string(other)} {
			if text, err := os.ReadFile(in(file)); err != nil || string(text) != want {
				t.Errorf("%s: %s is %q, %v", name, file, text, err)
			}
		}
		(&said{method: "GET", path: "/v1/orders/" + provider.SeedID, header: key}).ask(rec.Mock())
		if later, err := rec.Write(); !errors.As(err, &exists) || !slices.Contains(later.Files, "recorded-3/getOrder.yaml") || len(later.Files) != 3 {
			t.Errorf("%s, later: %v, %v", name, later.Files, err)
		}
		if again, err := rec.Write(); !errors.As(err, &exists) || len(again.Files) != 3 {
			t.Errorf("%s, with nothing new: %v, %v", name, again.Files, err)
		}
		if there := readNames(t, in("recorded-3")); len(there) != 3 {
			t.Errorf("%s: %v", name, there)
		}
		if _, err := os.Stat(in("recorded-4")); err == nil {
			t.Errorf("%s: there is a fourth folder", name)
		}
		if _, err := mock.Check(t.Context(), mock.Options{Specs: []mock.Spec{{Location: ordersSpec}}, Scenarios: []string{in("recorded-3")}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func recorderTo(t *testing.T, to mock.RecordTo) error {
	t.Helper()
	_, err := mock.NewRecorder(t.Context(), mock.Options{Specs: []mock.Spec{{Location: ordersSpec}}, Upstream: []string{"http://127.0.0.1:1"}}, to)
	return err
}

func readNames(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// TestRecorderLeavesOutSecrets holds what is not written.
func TestRecorderLeavesOutSecrets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Set-Cookie", "session=cookie-secret")
		w.Header().Set("X-Mine", "header-secret")
		w.Header().Set("X-Other", "shown")
		w.Header().Set("Date", "Mon, 23 Nov 2026 08:00:00 GMT")
		w.Header().Set("X-Request-Id", "volatile")
		_, _ = io.WriteString(w, "you are "+r.Header.Get("Authorization"))
	}))
	t.Cleanup(api.Close)
	file := filepath.Join(t.TempDir(), "relay.yaml")
	if err := os.WriteFile(file, []byte(relay), 0o600); err != nil {
		t.Fatal(err)
	}
	rec, err := mock.NewRecorder(t.Context(), mock.Options{Specs: []mock.Spec{{Location: file}}, Upstream: []string{api.URL}, Redact: []string{"x-mine"}}, mock.RecordTo{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rec.Mock().Stop(context.Background()) })
	(&said{method: "GET", path: "/text", header: http.Header{"Authorization": {"Bearer token-secret"}, "Cookie": {"a=request-cookie-secret"}}}).ask(rec.Mock())
	if _, err := rec.Write(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "recorded", "getText.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"cookie-secret", "header-secret", "token-secret", "request-cookie-secret", "volatile", "2026 08"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("%s is in the file:\n%s", secret, text)
		}
	}
	if !strings.Contains(string(text), "X-Other: shown") {
		t.Errorf("%s", text)
	}
}
