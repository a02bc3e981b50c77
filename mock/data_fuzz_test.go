package mock_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// FuzzData starts a mock on a folder of kept scenarios with any content. It starts and says
// what it cannot use, the contract answers, and what it writes itself it can read.
func FuzzData(f *testing.F) {
	f.Add([]byte(`[{"scenario": "kept", "since": "2026-01-31T09:30:00Z"}]`), []byte("operations: {getOrder: 404}\n"))
	f.Add([]byte(`[{"scenario": "kept", "since": "2026-01-31T09:30:00Z", "until": "9999-12-31T23:59:59Z"}, {"scenario": ".."}]`), []byte("operations: {getOrder: 999}\n"))
	f.Add([]byte(`{"scenario": 1}`), []byte("a: &a [*a]\n"))
	f.Add([]byte("[null, {}, "), []byte{0xff, 0xfe})
	f.Fuzz(func(t *testing.T, active, kept []byte) {
		data := t.TempDir()
		for name, text := range map[string][]byte{"active.json": active, "scenarios/kept.yaml": kept} {
			file := filepath.Join(data, name)
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var log bytes.Buffer
		m := newMock(t, mock.Options{Data: data, Listen: "127.0.0.1:0", Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError}))}, nil)
		if err := m.Start(); err != nil {
			t.Fatal(err)
		}
		defer m.Stop(t.Context())
		if _, err := m.AddScenario(t.Context(), "added", []byte("operations: {getOrder: 404}\n")); err != nil {
			t.Fatal(err)
		}
		if err := m.Activate(t.Context(), "added"); err != nil {
			t.Fatal(err)
		}
		if log.Len() > 0 {
			t.Errorf("%s", &log)
		}
	})
}
