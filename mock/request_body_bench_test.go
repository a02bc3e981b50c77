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

const ordersToTake = `
openapi: 3.1.0
info: {title: Orders, version: "1"}
paths:
  /orders:
    post:
      operationId: postOrder
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [number, customer, currency, total, lines]
              additionalProperties: false
              properties:
                number: {type: string, pattern: '^[A-Z]-[0-9]{6}$'}
                customer:
                  type: object
                  required: [id, name, email]
                  properties: {id: {type: integer, minimum: 1}, name: {type: string, maxLength: 80}, email: {type: string, format: email}}
                currency: {enum: [EUR, USD, GBP]}
                total: {type: number, exclusiveMinimum: 0}
                paid: {type: boolean}
                placed: {type: string, format: date-time}
                tags: {type: array, uniqueItems: true, items: {type: string}}
                lines:
                  type: array
                  minItems: 1
                  items:
                    type: object
                    required: [sku, quantity, price]
                    properties: {sku: {type: string, pattern: '^[0-9]{13}$'}, quantity: {type: integer, minimum: 1}, price: {type: number}}
                note: {type: string, maxLength: 2000}
      responses:
        "201": {description: taken, content: {application/json: {example: {id: 1}}}}
        "409": {description: refused}
`

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
			dir, status := b.TempDir(), http.StatusCreated
			files := map[string]string{"api.yaml": ordersToTake}
			if kind.when != "" {
				files["scenarios/orders.yaml"] = "default: true\noperations: {postOrder: [{when: {" + kind.when + "}, respond: {status: 409}}]}\n"
				status = http.StatusConflict
			}
			if err := os.Mkdir(filepath.Join(dir, "scenarios"), 0o700); err != nil {
				b.Fatal(err)
			}
			for name, content := range files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
					b.Fatal(err)
				}
			}
			m, err := mock.New(b.Context(), mock.Options{Specs: []mock.Spec{{Location: filepath.Join(dir, "api.yaml")}}, Scenarios: []string{filepath.Join(dir, "scenarios")}})
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
