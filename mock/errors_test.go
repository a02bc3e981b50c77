package mock_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestNoScenario holds that programs can tell a name that no scenario has.
func TestNoScenario(t *testing.T) {
	t.Parallel()
	m := newMock(t, mock.Options{}, nil)
	s, err := m.Session(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	_, made := m.MakeSession(t.Context(), "b", mock.SessionStart{Scenarios: []string{"nowhere"}})
	for what, err := range map[string]error{
		"Mock.Activate":          m.Activate(t.Context(), "nowhere"),
		"Mock.Deactivate":        m.Deactivate(t.Context(), "nowhere"),
		"Mock.RemoveScenario":    m.RemoveScenario(t.Context(), "nowhere"),
		"Mock.MakeSession":       made,
		"Session.Activate":       s.Activate(t.Context(), "nowhere"),
		"Session.Deactivate":     s.Deactivate(t.Context(), "nowhere"),
		"Session.RemoveScenario": s.RemoveScenario(t.Context(), "nowhere"),
	} {
		if !errors.Is(err, mock.ErrNoScenario) || !strings.Contains(err.Error(), `"nowhere"`) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestFindingsOf holds that programs get what is wrong with files and texts one by one.
func TestFindingsOf(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, text := range map[string]string{"shop.yaml": shop, "scenarios/a.yaml": "operations:\n  nothing: 404\n  getOrder: 499\n"} {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	m := newMock(t, mock.Options{}, nil)
	_, added := m.AddScenario(t.Context(), "b", []byte("operations: {getOrder: 499}\n"))
	_, verified := m.Verify(t.Context(), []mock.Expectation{{Operation: "nothing"}}, mock.Scope{})
	_, opened := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: filepath.Join(folder, "shop.yaml")}}, Scenarios: []string{filepath.Join(folder, "scenarios")}})
	for what, test := range map[string]struct {
		err  error
		want string
	}{
		"nil":         {nil, ""},
		"other":       {errors.New("other"), ""},
		"AddScenario": {added, "undocumented-status:1"},
		"Verify":      {verified, "unknown-operation:1"},
		"wrapped":     {fmt.Errorf("the test: %w", verified), "unknown-operation:1"},
		"New":         {opened, "unknown-operation:2 undocumented-status:3"},
	} {
		var got []string
		for _, f := range mock.FindingsOf(test.err) {
			got = append(got, fmt.Sprintf("%s:%d", f.Code, f.Line))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v of %v", what, got, test.err)
		}
	}
}
