package record

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
)

func load(t *testing.T, text string) []*contract.Contract {
	t.Helper()
	file := filepath.Join(t.TempDir(), "api.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := contract.Load(t.Context(), file, contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return []*contract.Contract{c}
}

const pages = `
openapi: 3.1.0
info: {title: Pages, version: "1"}
paths:
  /pages/{n}: {get: {operationId: getPage, parameters: [{name: n, in: path, required: true, schema: {type: integer}}], responses: {"200": {description: ok, content: {application/json: {schema: {type: string}}}}}}}
`

// sight is a request for a page with its answer.
func sight(t *testing.T, apis []*contract.Contract, number uint64, method, path, body string) *exchange.Exchange {
	t.Helper()
	m := apis[0].Route("GET", path, true)
	if m.Op == nil {
		t.Fatal(path)
	}
	ex := &exchange.Exchange{Number: number, Request: exchange.Request{Method: method, Path: path, Host: "mock:4010", Header: http.Header{}}}
	m.Op.Validate(ex, &m)
	ex.Answer = exchange.Answer{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
	ex.Answer.Violations = m.Op.ValidateResponse(200, ex.Answer.Header, ex.Answer.Body)
	return ex
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	apis := load(t, `
openapi: 3.1.0
info: {title: Names, version: "1"}
paths:
  /a: {get: {responses: {"200": {description: ok}}}}
  "/a/{b}": {get: {parameters: [{name: b, in: path, required: true, schema: {type: string}}], responses: {"200": {description: ok}}}, put: {operationId: "a/../b", parameters: [{name: b, in: path, required: true, schema: {type: string}}], responses: {"200": {description: ok}}}}
  /c: {get: {operationId: "getC", responses: {"200": {description: ok}}}, put: {operationId: "getc", responses: {"200": {description: ok}}}}
  /d: {get: {operationId: "ÄÖ", responses: {"200": {description: ok}}}, put: {operationId: ".hidden", responses: {"200": {description: ok}}}}
`)
	names := FileNames(apis)
	var got []string
	for _, op := range apis[0].Operations {
		got = append(got, names[op])
		if err := scenario.CheckName("recorded/" + names[op]); err != nil {
			t.Errorf("%s: %v", names[op], err)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"GET-a", "GET-a-b", "a-..-b", "getC", "getc-2", "hidden", "operation"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestHeadersCount holds that what is kept is bounded also where it is no body.
func TestHeadersCount(t *testing.T) {
	t.Parallel()
	apis := load(t, pages)
	r := New(apis)
	ex := sight(t, apis, 1, "GET", "/pages/1", `"a"`)
	ex.Answer.Header["X-Long"] = []string{strings.Repeat("a", 1<<20)}
	op := apis[0].Operations[0]
	for range MaxBytes>>20 + 1 {
		r.Add(op, ex, "")
	}
	if taken := r.Take(); len(taken.Seen) >= MaxBytes>>20 || taken.Missed[Full] == 0 {
		t.Errorf("%d are kept, %d missed", len(taken.Seen), taken.Missed[Full])
	}
}

// TestOrder holds that answers follow each other as the requests came, whenever they ended.
func TestOrder(t *testing.T) {
	t.Parallel()
	apis := load(t, pages)
	r := New(apis)
	op := apis[0].Operation("getPage")
	for _, n := range []uint64{2, 1, 3} {
		r.Add(op, sight(t, apis, n, "GET", "/pages/7", fmt.Sprintf(`"answer %d"`, n)), "")
	}
	taken := r.Take()
	if !taken.Grown || r.Take().Grown {
		t.Error("a recording that has grown, and then has not")
	}
	made := NewWriter(apis, "seen").Scenarios(&taken, nil)
	if len(made.Files) != 1 || made.Files[0].Path != "seen/getPage.yaml" {
		t.Fatalf("%v", made)
	}
	text := string(made.Files[0].Data)
	if i, j, k := strings.Index(text, "answer 1"), strings.Index(text, "answer 2"), strings.Index(text, "answer 3"); i < 0 || i > j || j > k {
		t.Errorf("%s", text)
	}
}

// TestMissed holds what is not kept, and that it is counted.
func TestMissed(t *testing.T) {
	t.Parallel()
	apis := load(t, pages)
	r := New(apis)
	op := apis[0].Operation("getPage")
	r.Add(nil, sight(t, apis, 1, "GET", "/pages/7", `""`), "")
	r.Add(op, sight(t, apis, 2, "HEAD", "/pages/7", ""), "")
	r.Add(load(t, pages)[0].Operation("getPage"), sight(t, apis, 3, "GET", "/pages/7", `""`), "")
	large := sight(t, apis, 4, "GET", "/pages/7", `""`)
	large.Answer.Body = make([]byte, MaxBytes)
	r.Add(op, large, "")
	taken := r.Take()
	want := map[string]int{
		"the contract does not describe the path or the method": 1, "a HEAD is answered by what answers the GET": 1,
		"the description was loaded anew in the meantime": 1, Full: 1,
	}
	if diff := cmp.Diff(want, taken.Missed); diff != "" || len(taken.Seen) > 0 {
		t.Error(diff, taken.Seen)
	}
	if made := NewWriter(apis, "seen").Scenarios(&taken, nil); len(made.Files) > 0 {
		t.Errorf("%v", made.Files)
	}
}

// TestLargeRecordings holds that an operation with much to state gets several files, which
// load and ask in the order of one.
func TestLargeRecordings(t *testing.T) {
	t.Parallel()
	apis := load(t, pages)
	r := New(apis)
	op := apis[0].Operation("getPage")
	for n := range 600 {
		r.Add(op, sight(t, apis, uint64(n), "GET", fmt.Sprintf("/pages/%d", n), fmt.Sprintf("%q", strings.Repeat("x", 3_900)+fmt.Sprint(n))), "")
	}
	taken := r.Take()
	made := NewWriter(apis, "seen").Scenarios(&taken, nil)
	var names []string
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "seen"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, f := range made.Files {
		names = append(names, f.Path)
		if err := os.WriteFile(filepath.Join(dir, f.Path), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"seen/getPage-001.yaml", "seen/getPage-002.yaml", "seen/getPage-003.yaml"}, names); diff != "" || len(made.LeftOut) > 0 {
		t.Error(diff, made.LeftOut)
	}
	set, err := scenario.Load([]string{dir}, apis, scenario.Options{})
	if err != nil || len(set.Warnings) > 0 {
		t.Fatal(err, set.Warnings)
	}
	stubs := 0
	for _, sc := range set.Scenarios {
		stubs += len(sc.Stubs(op))
	}
	if stubs != 600 {
		t.Errorf("%d stubs", stubs)
	}
}

// TestDepartures counts answers by how they break the contract.
func TestDepartures(t *testing.T) {
	t.Parallel()
	apis := load(t, pages)
	r := New(apis)
	op := apis[0].Operation("getPage")
	for n, body := range []string{`1`, `"fine"`, `1`, `true`} {
		r.Add(op, sight(t, apis, uint64(n), "GET", "/pages/7", body), "")
	}
	taken := r.Take()
	want := []Departure{{"getPage", 200, "body must be a string, got 1", 2}, {"getPage", 200, "body must be a string, got true", 1}}
	if diff := cmp.Diff(want, taken.Departures(apis)); diff != "" {
		t.Error(diff)
	}
}

func TestPlainHeader(t *testing.T) {
	t.Parallel()
	ex := &exchange.Exchange{Request: exchange.Request{Host: "mock:4010"}}
	ex.Answer.Header = http.Header{
		"Content-Encoding": {"gzip"}, "Understudy-Why": {"x"}, "X-Own": {"1"},
		"Location": {"http://mock:4010/pages/7?a=b"}, "Content-Location": {"https://mock:40100/pages/7"},
	}
	before := ex.Answer.Header.Clone()
	want := http.Header{"X-Own": {"1"}, "Location": {"/pages/7?a=b"}, "Content-Location": {"https://mock:40100/pages/7"}}
	if diff := cmp.Diff(want, plainHeader(ex)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(before, ex.Answer.Header); diff != "" {
		t.Errorf("the header that was given has changed: %s", diff)
	}
}

// TestManyCalls holds that no more than MaxExchanges are kept, and that the others are
// counted.
func TestManyCalls(t *testing.T) {
	t.Parallel()
	apis := load(t, pages)
	r := New(apis)
	ex := sight(t, apis, 1, "GET", "/pages/1", `"a"`)
	for range MaxExchanges + 5 {
		r.Add(apis[0].Operations[0], ex, "")
	}
	if taken := r.Take(); len(taken.Seen) != MaxExchanges || taken.Missed[Full] != 5 {
		t.Errorf("%d are kept, %d missed", len(taken.Seen), taken.Missed[Full])
	}
}

// TestWriterProvesWhatIsNew holds that a writer which is asked again and again proves those
// files alone whose stubs are others than before, or that are gone.
func TestWriterProvesWhatIsNew(t *testing.T) {
	t.Parallel()
	apis := load(t, pages+`  /books/{n}: {get: {operationId: getBook, parameters: [{name: n, in: path, required: true, schema: {type: integer}}], responses: {"200": {description: ok, content: {application/json: {schema: {type: string}}}}}}}
`)
	r, w := New(apis), NewWriter(apis, "seen")
	w.most = 1500
	var proved []string
	w.write = func(s author.Scenario, apis []*contract.Contract, opts author.Options) author.Result {
		proved = append(proved, s.Name)
		return author.Write(s, apis, opts)
	}
	disk, number := map[string]string{}, uint64(0)
	add := func(op, path, body string) {
		number++
		r.Add(apis[0].Operation(op), sight(t, apis, number, "GET", path, body), "")
	}
	for n := range 4 { // two of them fill a file
		add("getPage", fmt.Sprintf("/pages/%d", n), fmt.Sprintf("%q", strings.Repeat("x", 400)+fmt.Sprint(n)))
	}
	add("getBook", "/books/1", `"first"`)
	for _, step := range []struct {
		name   string
		change func()
		fails  bool // the files are not written
		proved []string
	}{
		{"at first", func() {}, false, []string{"seen/getPage-001", "seen/getPage-002", "seen/getBook"}},
		{"nothing", func() {}, false, nil},
		{"a call of the small operation", func() { add("getBook", "/books/2", `"second"`) }, false, []string{"seen/getBook"}},
		{"a call of the large one", func() { add("getPage", "/pages/1000", `"new"`) }, false, []string{"seen/getPage-002"}},
		{"another answer in the first file", func() { add("getPage", "/pages/0", `"new"`) }, false, []string{"seen/getPage-001"}},
		{"a file is gone", func() { delete(disk, "seen/getPage-002.yaml") }, false, []string{"seen/getPage-002"}},
		{"the disk is full", func() { add("getBook", "/books/3", `"third"`) }, true, []string{"seen/getBook"}},
		{"the disk has room", func() {}, false, []string{"seen/getBook"}},
	} {
		step.change()
		proved = nil
		taken := r.Take()
		made := w.Scenarios(&taken, func(path string) bool { return disk[path] != "" })
		if diff := cmp.Diff(step.proved, proved); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
		if step.fails {
			continue
		}
		for _, f := range made.Files {
			disk[f.Path] = string(f.Data)
		}
		w.Written(&made)
		// What is there is what a writer makes that knows nothing.
		blank := NewWriter(apis, "seen")
		blank.most = w.most
		fresh := blank.Scenarios(&taken, nil)
		want := map[string]string{}
		for _, f := range fresh.Files {
			want[f.Path] = string(f.Data)
		}
		if diff := cmp.Diff(want, disk); diff != "" || !slices.Equal(made.Paths, fresh.Paths) {
			t.Errorf("%s: %v, want %v: %s", step.name, made.Paths, fresh.Paths, diff)
		}
	}
}
