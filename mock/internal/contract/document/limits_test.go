package document_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
)

// TestLargeFile refuses a file that is longer than MaxFileSize.
func TestLargeFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "api.yaml")
	if err := os.WriteFile(file, []byte("a: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(file), "apis.yaml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, document.MaxFileSize+1); err != nil {
		t.Fatal(err)
	}
	if _, found := document.Load(t.Context(), file, document.Options{}); found.Errors() != 1 || !strings.Contains(found.Error(), "it is larger than 64 MiB") || !strings.Contains(found.Error(), "[unreadable-file]") || strings.Contains(found.Error(), "did you mean") {
		t.Errorf("%v", found)
	}
}

// never is a server that does not answer.
type never struct{}

func (never) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// TestFetchEnds holds how long a remote file is waited for.
func TestFetchEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, found := document.Load(t.Context(), "http://api.example/api.yaml", document.Options{Client: &http.Client{Transport: never{}}})
		if took := time.Since(began); took != document.FetchTimeout || found.Errors() == 0 {
			t.Errorf("after %s: %v", took, found)
		}
	})
}

// TestManyDocuments refuses a description of more than MaxFiles files.
func TestManyDocuments(t *testing.T) {
	t.Parallel()
	var main strings.Builder
	given := map[string][]byte{}
	for i := range document.MaxFiles {
		fmt.Fprintf(&main, "a%d: {$ref: 'https://api.example/f%d.yaml'}\n", i, i)
		given[fmt.Sprintf("https://api.example/f%d.yaml", i)] = []byte("x: 1\n")
	}
	given["https://api.example/main.yaml"] = []byte(main.String())
	if _, found := document.Load(t.Context(), "https://api.example/main.yaml", document.Options{AllowRemote: true, Documents: given}); found.Errors() == 0 || !strings.Contains(found.Error(), "more than 20000 files") {
		t.Errorf("%.300v", found)
	}
}
