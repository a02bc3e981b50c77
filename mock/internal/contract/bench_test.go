package contract_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

func BenchmarkLoadLarge(b *testing.B) {
	folder := os.Getenv("UNDERSTUDY_CORPUS")
	if folder == "" {
		folder = "../../../../shared/corpus"
	}
	file := filepath.Join(folder, "github.json")
	if _, err := os.Stat(file); err != nil {
		b.Skip("no large description: set UNDERSTUDY_CORPUS")
	}
	b.ReportAllocs()
	for b.Loop() {
		c, err := contract.Load(b.Context(), file, contract.Options{})
		if err != nil {
			b.Fatal(err)
		}
		_ = c
	}
}

func BenchmarkPost(b *testing.B) {
	c, err := contract.Load(b.Context(), "../../../openapi.yaml", contract.Options{})
	if err != nil {
		b.Fatal(err)
	}
	h := http.Header{"X-Installation_id": {"625fc44b-5b1c-451e-bcc7-276c911f0af8"}, "X-Fingerprint": {"33dd65c7fefc7078776965ca85cee243"}, "User-Agent": {"Mozilla/5.0"}, "Accept": {"*/*"}}
	b.ReportAllocs()
	for b.Loop() {
		ex := &exchange.Exchange{Request: exchange.Request{Method: "POST", Path: "/v1/orgs/yoigo/identifications/identity_document/625fc44b-5b1c-451e-bcc7-276c911f0af8/validate", Header: h}}
		m := c.Route(ex.Request.Method, ex.Request.Path, true)
		m.Op.Validate(ex, &m)
		if len(ex.Violations) > 0 {
			b.Fatal(ex.Violations)
		}
	}
}
