package mock_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// anOrder is a body with so many lines of 53 bytes; one with two is filled up to 1 KB.
func anOrder(lines int) string {
	body := `{"number":"A-000017","customer":{"id":4711,"name":"Maria Garcia","email":"maria@example.com"},"currency":"EUR","total":129.9,"paid":true,"placed":"2026-01-31T09:30:00Z","tags":["gift","express"],"lines":[` +
		strings.TrimSuffix(strings.Repeat(`{"sku":"0123456789012","quantity":2,"price":19.95},`, lines), ",") + `],"note":"`
	return body + strings.Repeat("n", max(0, 1024-len(body)-2)) + `"}`
}

// BenchmarkRequestBodies measures the handler for valid JSON bodies: of 1 KB, of 1 KB where
// a stub asks for a member, and of 50 KB.
func BenchmarkRequestBodies(b *testing.B) {
	for _, kind := range []struct {
		name, when string
		lines      int
	}{{"1KB", "", 2}, {"1KB-asked", "body: {customer: {id: 4711}}", 2}, {"50KB", "", 1_000}} {
		b.Run(kind.name, func(b *testing.B) {
			options, status := mock.Options{Specs: []mock.Spec{{Location: "../testdata/load/orders.yaml"}}, Scenarios: []string{}}, http.StatusCreated
			if kind.when != "" {
				scenarios := b.TempDir()
				text := "default: true\noperations: {postOrder: [{when: {" + kind.when + "}, respond: {status: 409}}]}\n"
				if err := os.WriteFile(filepath.Join(scenarios, "orders.yaml"), []byte(text), 0o600); err != nil {
					b.Fatal(err)
				}
				options.Scenarios, status = []string{scenarios}, http.StatusConflict
			}
			m, err := mock.New(b.Context(), options)
			if err != nil {
				b.Fatal(err)
			}
			body := strings.NewReader(anOrder(kind.lines))
			req := httptest.NewRequest("POST", "/orders", body)
			req.Header = http.Header{"Content-Type": {"application/json"}}
			w := httptest.NewRecorder()
			m.ServeHTTP(w, req)
			if w.Code != status {
				b.Fatal(fmt.Sprint(w.Code, w.Body))
			}
			discarding := &discard{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(discarding.header)
				_, _ = body.Seek(0, io.SeekStart) // never fails
				m.ServeHTTP(discarding, req)
			}
		})
	}
}

const ordersInThreeWays = `
openapi: 3.1.0
info: {title: Orders, version: "1"}
paths:
  /orders:
    post:
      requestBody:
        content:
          application/xml: {schema: &order {type: object, required: [number, total], properties: {number: {type: string, pattern: '^[A-Z]-[0-9]{6}$'}, total: {type: number, exclusiveMinimum: 0}, paid: {type: boolean}, tags: {type: array, items: {type: string}}, note: {type: string}, id: {type: integer}}}}
          application/x-www-form-urlencoded: {schema: *order}
          multipart/form-data: {schema: *order}
      responses: {"204": {description: taken}}
`

// BenchmarkBodyTypes measures the handler for one valid order as XML, as a form and as
// multipart.
func BenchmarkBodyTypes(b *testing.B) {
	spec := filepath.Join(b.TempDir(), "orders.yaml")
	if err := os.WriteFile(spec, []byte(ordersInThreeWays), 0o600); err != nil {
		b.Fatal(err)
	}
	m, err := mock.New(b.Context(), mock.Options{Specs: []mock.Spec{{Location: spec}}})
	if err != nil {
		b.Fatal(err)
	}
	var form, elements, parts strings.Builder
	for _, field := range [][2]string{{"number", "A-000017"}, {"total", "129.9"}, {"paid", "true"}, {"tags", "gift"}, {"tags", "express"}, {"note", "some text"}, {"id", "17"}} {
		fmt.Fprintf(&form, "&%s=%s", field[0], strings.ReplaceAll(field[1], " ", "+"))
		fmt.Fprintf(&elements, "<%s>%s</%[1]s>", field[0], field[1])
		fmt.Fprintf(&parts, "--b\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", field[0], field[1])
	}
	for _, kind := range []struct{ name, mediaType, body string }{
		{"form", "application/x-www-form-urlencoded", form.String()[1:]},
		{"xml", "application/xml", "<order>" + elements.String() + "</order>"},
		{"multipart", "multipart/form-data; boundary=b", parts.String() + "--b--\r\n"},
	} {
		b.Run(kind.name, func(b *testing.B) {
			body := strings.NewReader(kind.body)
			req := httptest.NewRequest("POST", "/orders", body)
			req.Header = http.Header{"Content-Type": {kind.mediaType}}
			w := httptest.NewRecorder()
			if m.ServeHTTP(w, req); w.Code != http.StatusNoContent {
				b.Fatal(w.Code, w.Body)
			}
			discarding := &discard{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(discarding.header)
				_, _ = body.Seek(0, io.SeekStart) // never fails
				m.ServeHTTP(discarding, req)
			}
		})
	}
}
