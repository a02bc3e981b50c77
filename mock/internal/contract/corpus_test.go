package contract_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

func TestCorpusIsServed(t *testing.T) {
	t.Parallel()
	for _, file := range testenv.Descriptions(t) {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			c, err := contract.Load(t.Context(), file, contract.Options{Options: document.Options{Root: filepath.Dir(filepath.Dir(file))}})
			if err != nil {
				t.Fatal(err)
			}
			warnings := c.Warnings
			n := len(warnings)
			for _, op := range c.Operations {
				f := op.Findings()
				n += len(f)
				if n < 10 {
					warnings = append(warnings, f...)
				}
				url, _, _ := strings.Cut(sample.URL(op), "?")
				if m := c.Route(op.Method, url, false); m.Op == nil {
					t.Errorf("%s %s does not route", op.Method, url)
				}
			}
			t.Log(len(c.Operations), n)
			if testing.Verbose() {
				t.Log("\n" + warnings[:min(5, len(warnings))].Error())
			}
		})
	}
}
