package watch

import (
	"strconv"
	"testing"
)

// TestManyFiles holds that no more than MaxFiles are watched, and that those stay.
func TestManyFiles(t *testing.T) {
	t.Parallel()
	s := Look()
	for i := range MaxFiles {
		s.files[strconv.Itoa(i)] = nil
	}
	s.Add("watch.go")
	if _, known := s.files["watch.go"]; known || len(s.files) != MaxFiles {
		t.Errorf("%d files are watched", len(s.files))
	}
	delete(s.files, "0")
	s.Add("watch.go")
	if s.files["watch.go"] == nil {
		t.Error("there is room, and it is not watched")
	}
}
