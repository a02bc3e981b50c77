package engine

import (
	"os"
	"path/filepath"
	"testing"
)

// writeAPI writes a description with one operation that documents 200 and status.
func writeAPI(t *testing.T, status string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "api.yaml")
	text := "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: ok}, '" + status + "': {description: no}}}}}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
