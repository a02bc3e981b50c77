package admin_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// FuzzControl sends requests to the control plane. It never answers by a mistake of its own,
// and all that it answers conforms to its description.
func FuzzControl(f *testing.F) {
	api, err := contract.Load(f.Context(), "openapi.yaml", contract.Options{StrictQuery: true})
	if err != nil {
		f.Fatal(err)
	}
	folder := f.TempDir() // what an input changes is in its mock alone
	files := map[string]string{"shop.yaml": shop}
	for name, text := range shopScenarios {
		files["scenarios/"+name+".yaml"] = text
	}
	for name, text := range files {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			f.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			f.Fatal(err)
		}
	}
	for _, op := range api.Operations {
		if strings.HasSuffix(op.Template, "/events") {
			continue // it does not end
		}
		path := strings.NewReplacer("{session}", "s", "{operation}", "getOrder", "{name}", "outage", "{id}", "a").Replace(op.Template)
		f.Add(op.Method, path, "limit=2&since=2026-01-01T00:00:00Z", `{"for": "1s"}`, "application/json")
	}
	for path, body := range map[string]string{
		"/scenarios?name=x": `{"operations": {"getOrder": {"respond": {"status": 404}}}}`, "/sessions/a/scenarios?name=b/c": "operations: {getOrders: 500}", "/verify": `{"operation": "getOrder", "exactly": 0}`,
		"/exchanges/find": `{"operation": "*", "when": {"path": {"id": 1}}}`, "/requests/count": `{"method": "GET", "urlPath": "/orders/1"}`, "/operations/getOrder/answer": `{"status": "404", "times": 2}`,
		"/state": `{"scenario": "life", "state": "order", "key": "1", "value": "shipped"}`, "/settings": `{"validation": "off", "delay": "1s"}`, "/activate": `{"scenarios": ["outage", "steps"], "for": "1s"}`,
		"/sessions/%2e%2e/scenarios//x": "a: [", "/login": `{"token": "x"}`,
	} {
		path, query, _ := strings.Cut(path, "?")
		for _, method := range []string{"POST", "PUT", "PATCH"} {
			f.Add(method, path, query, body, "application/json")
			f.Add(method, path, query, body, "application/yaml")
		}
	}
	f.Fuzz(func(t *testing.T, method, path, query, body, contentType string) {
		if strings.Contains(path, "events") || len(body) > 1<<16 {
			return
		}
		m, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: filepath.Join(folder, "shop.yaml")}}, Scenarios: []string{filepath.Join(folder, "scenarios")}, JournalEntries: 10})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = m.Stop(t.Context()) }()
		p := &plane{t: t, mock: m, api: api}
		r := httptest.NewRequestWithContext(t.Context(), "GET", "http://localhost/", strings.NewReader(body))
		r.Method, r.URL.RawQuery = method, query
		u, err := r.URL.Parse("/__admin/" + strings.TrimPrefix(path, "/"))
		if err != nil || !strings.HasPrefix(u.Path, "/__admin/") {
			return
		}
		r.URL.Path, r.URL.RawPath = u.Path, u.RawPath
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		p.mock.ServeHTTP(w, r)
		if w.Code == 500 || w.Code < 200 {
			t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
		if op := p.operation(r); op != nil && method != "HEAD" {
			if found := op.ValidateResponse(w.Code, w.Header(), w.Body.Bytes()); len(found) > 0 {
				t.Errorf("%s %s: the answer breaks the description: %v\n%s", method, path, found, w.Body)
			}
		}
	})
}
