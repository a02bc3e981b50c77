package document_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
)

func TestCorpus(t *testing.T) {
	for _, f := range []string{"github.json", "digitalocean/specification/DigitalOcean-public.v2.yaml", "docker-engine.yaml", "figma.yaml", "museum.yaml", "petstore.yaml"} {
		p := "../../../../../shared/corpus/" + f
		if _, err := os.Stat(p); err != nil {
			t.Skip()
		}
		t0 := time.Now()
		s, ds := document.Load(context.Background(), p, document.Options{})
		n := 0
		if s != nil {
			n = len(s.Files())
		}
		t.Log(f, time.Since(t0), n, len(ds), ds.Errors())
		if len(ds) > 3 {
			ds = ds[:3]
		}
		t.Log("\n" + ds.Error())
	}
}
