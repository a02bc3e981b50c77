package mock_test

import (
	"net/http"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestAdminListen serves the control plane on a listener of its own, and nothing else
// there.
func TestAdminListen(t *testing.T) {
	t.Parallel()
	m := newMock(t, mock.Options{Listen: "127.0.0.1:0", AdminListen: "127.0.0.1:0"}, nil)
	if m.AdminURL() != "" {
		t.Error("an address before the start")
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		base, path string
		want       int
	}{
		{m.URL(), "GET /orders/1", 200},
		{m.URL(), "GET /__admin/health", 404},
		{m.AdminURL(), "GET /__admin/health", 200},
		{m.AdminURL(), "GET /orders/1", 404},
	} {
		if got := ask(t, test.base, test.path, ""); got.Status != test.want {
			t.Errorf("%s%s: %d, want %d", test.base, test.path, got.Status, test.want)
		}
	}
	control := m.AdminURL()
	if err := m.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if res, err := http.Get(control + "/__admin/health"); err == nil {
		res.Body.Close()
		t.Error("it goes on after Stop")
	}
}

// TestAdminListenFails leaves nothing behind where the second address cannot be bound.
func TestAdminListenFails(t *testing.T) {
	t.Parallel()
	first := newMock(t, mock.Options{Listen: "127.0.0.1:0"}, nil)
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = first.Stop(t.Context()) }()
	m := newMock(t, mock.Options{Listen: "127.0.0.1:0", AdminListen: first.Addr().String()}, nil)
	if err := m.Start(); err == nil {
		t.Fatal("one address was bound twice")
	}
	if m.Addr() != nil {
		t.Error("it listens")
	}
}
