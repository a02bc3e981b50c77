package page_test

import (
	"testing"

	"github.com/understudy-mock/understudy/internal/page"
)

func TestPut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ page, want string }{
		{"a\n<!-- x -->\nold\n<!-- end -->\nb\n<!-- end -->\n", "a\n<!-- x -->\nnew\n<!-- end -->\nb\n<!-- end -->\n"},
		{"<!-- end -->\n<!-- x -->\n<!-- end -->\n", "<!-- end -->\n<!-- x -->\nnew\n<!-- end -->\n"},
		{"<!-- y -->\n<!-- end -->\n", ""},
		{"<!-- end -->\n<!-- x -->\n", ""},
	} {
		got, err := page.Put(test.page, "<!-- x -->", "new\n")
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q: %q, %v", test.page, got, err)
		}
	}
}
