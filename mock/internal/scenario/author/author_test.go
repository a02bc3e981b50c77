package author_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
)

var shop = sync.OnceValues(func() (*contract.Contract, error) {
	return contract.Load(context.Background(), "../testdata/api.yaml", contract.Options{})
})

func theShop(t testing.TB) *contract.Contract {
	t.Helper()
	c, err := shop()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// conversation reads requests and answers: lines that begin with ">" and "<", with an
// empty line before a body and between exchanges.
func conversation(t testing.TB, text string) []author.Seen {
	t.Helper()
	var list []author.Seen
	for part := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		request, answer := message(part, ">"), message(part, "<")
		method, target, _ := strings.Cut(request.first, " ")
		path, query, _ := strings.Cut(target, "?")
		ex := &exchange.Exchange{Time: time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)}
		ex.Request = exchange.Request{Method: method, Host: "shop.example", Path: path, RawQuery: query, Header: request.header, Body: request.body, HasBody: request.body != nil}
		m := theShop(t).Route(method, path, true)
		if m.Op == nil {
			t.Fatalf("no operation for %s", request.first)
		}
		ex.Operation = m.Op.Name()
		m.Op.Validate(ex, &m)
		status, err := strconv.Atoi(answer.first)
		if err != nil {
			t.Fatal(err)
		}
		ex.Answer = exchange.Answer{Status: status, Header: answer.header, Body: answer.body}
		list = append(list, author.Seen{Operation: m.Op, Exchange: ex})
	}
	return list
}

type said struct {
	first  string
	header http.Header
	body   []byte
}

func message(text, mark string) said {
	m, head := said{header: http.Header{}}, true
	for line := range strings.Lines(text) {
		line, ok := strings.CutPrefix(line, mark)
		line = strings.TrimPrefix(line, " ")
		switch plain := strings.TrimRight(line, "\n"); {
		case !ok:
		case !head:
			m.body = append(m.body, line...)
		case plain == "":
			head = false
		case m.first == "":
			m.first = plain
		default:
			name, value, _ := strings.Cut(plain, ": ")
			m.header.Add(name, value)
		}
	}
	m.body = bytes.TrimSuffix(m.body, []byte("\n"))
	return m
}

// TestWrite shows the files for some conversations, and holds that they give the same
// answers in the same order.
func TestWrite(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(cases) == 0 {
		t.Fatal(cases, err)
	}
	for _, file := range cases {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			seen := conversation(t, string(text))
			r := author.Write(author.Scenario{Name: "seen/story", Description: "What was seen.", Tags: []string{"recorded"}, Stubs: author.Stubs(seen)},
				[]*contract.Contract{theShop(t)}, author.Options{Files: true})
			var archive txtar.Archive
			for _, each := range r.LeftOut {
				archive.Comment = fmt.Appendf(archive.Comment, "left out: %d: %s\n", each.Index, each.Reason)
			}
			for _, f := range r.Files {
				archive.Files = append(archive.Files, txtar.File{Name: f.Path, Data: f.Data})
			}
			testenv.Golden(t, strings.TrimSuffix(file, ".txt")+".golden", string(txtar.Format(&archive)))
			replays(t, seen, r.Files)
		})
	}
}

// replays holds that the files load and answer each request as it was answered.
func replays(t *testing.T, seen []author.Seen, files []author.File) {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, err := scenario.Load([]string{dir}, []*contract.Contract{theShop(t)}, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range set.Warnings {
		t.Error(w)
	}
	sc, cells := set.Scenario(strings.TrimSuffix(files[0].Path, ".yaml")), memory{}
	for i := range seen {
		ex := seen[i].Exchange
		out := answer(t, sc, cells, &seen[i])
		if out == nil {
			t.Errorf("nothing answers %s %s", ex.Request.Method, ex.Request.Path)
			continue
		}
		if out.Status != ex.Answer.Status || !out.FromContract && !same(out.Body, ex.Answer.Body) {
			t.Errorf("%s %s is answered with %d %s, not with %d %s", ex.Request.Method, ex.Request.Path, out.Status, out.Body, ex.Answer.Status, ex.Answer.Body)
		}
		if want := ex.Answer.Header.Get("Content-Type"); len(out.Body) > 0 && want != "" && out.Header["Content-Type"][0] != want {
			t.Errorf("%s %s is answered as %q, not as %q", ex.Request.Method, ex.Request.Path, out.Header["Content-Type"], want)
		}
	}
}

// same compares bodies, without the blanks between the values of JSON.
func same(a, b []byte) bool {
	var x, y bytes.Buffer
	if json.Compact(&x, a) == nil && json.Compact(&y, b) == nil {
		return bytes.Equal(x.Bytes(), y.Bytes())
	}
	return bytes.Equal(a, b)
}

func answer(t *testing.T, sc *scenario.Scenario, cells memory, s *author.Seen) *scenario.Outcome {
	t.Helper()
	for _, st := range sc.Stubs(s.Operation) {
		if ok, err := st.Match(s.Exchange, cells); err != nil || !ok {
			continue
		}
		out, err := st.Render(s.Exchange, cells, s.Exchange.Time, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range out.Effects {
			cells[e.Cell] = e
		}
		return out
	}
	return nil
}

// memory is a store of cells.
type memory map[scenario.Cell]scenario.Effect

func (m memory) Count(c scenario.Cell) int    { return m[c].Count }
func (m memory) State(c scenario.Cell) string { return m[c].State }
