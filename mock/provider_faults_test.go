package mock_test

import (
	"bytes"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
	"github.com/understudy-mock/understudy/testdata/provider"
)

// planted answers some requests with faults of the provider.
type planted struct {
	*provider.Provider
	faults []plantedFault
}

type plantedFault struct {
	method, path, query string
	body                string // a part of it
	fault               provider.Fault
}

func (p *planted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	for _, f := range p.faults {
		if r.Method == f.method && strings.HasSuffix(r.URL.Path, f.path) && r.URL.RawQuery == f.query && strings.Contains(string(body), f.body) {
			r.Header.Set(provider.FaultHeader, string(f.fault))
			break
		}
	}
	p.Provider.ServeHTTP(w, r)
}

// TestVerifyProviderFaults plants ten faults, each at another request.
func TestVerifyProviderFaults(t *testing.T) {
	t.Parallel()
	const first, unknown = "/orders/00000000-0000-4000-8000-000000000001", "/orders/00000000-0000-4000-8000-000000000404"
	p := &planted{provider.New(), []plantedFault{
		{"GET", "/health", "", "", provider.WrongContentType},
		{"GET", unknown, "", "", provider.MissingField},
		{"GET", "/orders/understudy", "", "", provider.UndocumentedStatus},
		{"GET", "/orders", "status=new", "", provider.BadHeader},
		{"GET", "/orders", "status=paid", "", provider.MissingHeader},
		{"GET", "/orders", "limit=101", "", provider.ServerError},
		{"GET", first + "/events", "", "", provider.Close},
		{"POST", "/tokens", "", "password=sesame", provider.ExtraField},
		{"POST", "/tokens", "", "password=guess", provider.NullField},
		{"GET", first, "", "", provider.BadEnum},
	}}
	r := verify(t, orders(), p, mock.ProviderOptions{Scenarios: []string{"reading"}})
	if wrong := r.Differing + r.Failed; wrong != len(p.faults) {
		t.Errorf("%d are wrong, and %d were planted", wrong, len(p.faults))
	}
	for format, extension := range map[mock.Format]string{mock.Text: "txt", mock.JSON: "json", mock.JUnit: "xml", mock.Markdown: "md"} {
		testenv.Golden(t, filepath.Join("testdata", "verify", "faults."+extension), told(t, r, format))
	}
}

// TestVerifyProviderEveryFault holds that no fault of the provider stays unseen.
func TestVerifyProviderEveryFault(t *testing.T) {
	t.Parallel()
	for _, fault := range provider.Faults {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			p := provider.New()
			p.Slow = 5 * time.Second
			operation := map[provider.Fault]string{
				provider.BadHeader: "listOrders", provider.NoChecks: "createOrder", provider.UnexpectedBody: "deleteOrder",
				provider.WrongType: "createToken",
			}[fault]
			if operation == "" {
				operation = "getOrder"
			}
			if fault == provider.MissingHeader {
				operation = "listOrders"
			}
			if err := p.Switch(operation, fault); err != nil {
				t.Fatal(err)
			}
			r := verify(t, orders(), p, mock.ProviderOptions{
				Negative: true, Operations: []string{operation}, Scenarios: []string{"reading", "creating", "changing"}, Timeout: 500 * time.Millisecond,
			})
			found := r.Differing + r.Failed
			if operation == "listOrders" {
				found -= 2 // the provider takes any status and tenant
			}
			if fault == provider.Compressed {
				// Not asked for, and allowed all the same: RFC 9110 section 12.5.3.
				if found > 0 {
					t.Error(told(t, r, mock.Text))
				}
				return
			}
			if found == 0 {
				t.Error(told(t, r, mock.Text))
			}
		})
	}
}
