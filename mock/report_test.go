package mock_test

import (
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// TestCheckFormats shows one check in every format.
func TestCheckFormats(t *testing.T) {
	t.Parallel()
	r, err := mock.Check(t.Context(), mock.Options{
		Specs:     []mock.Spec{{Location: "testdata/check/api.yaml"}},
		Scenarios: []string{"testdata/check/scenarios"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range mock.Formats() {
		var b strings.Builder
		if err := r.Write(&b, mock.Format(format)); err != nil {
			t.Fatal(err)
		}
		testenv.Golden(t, "testdata/check/"+format+".golden", b.String())
	}
	if err := r.Write(new(strings.Builder), "xml"); err == nil {
		t.Error("an unknown format was written")
	}
}

// TestCheckOfNothingFails holds that a check that proved nothing is red in every
// format, and that the findings say so.
func TestCheckOfNothingFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		opts mock.Options
		code string
	}{
		"no scenarios": {mock.Options{Specs: []mock.Spec{{Location: "testdata/check/api.yaml"}}, Scenarios: []string{t.TempDir()}}, "no-scenarios"},
		"no contract":  {mock.Options{Specs: []mock.Spec{{Location: "testdata/nowhere.yaml"}}, Scenarios: []string{"testdata/check/scenarios"}}, "unreadable-file"},
		"one base": {mock.Options{Specs: []mock.Spec{{Location: "testdata/check/api.yaml"}, {Location: "testdata/check/api.yaml"}},
			Scenarios: []string{"testdata/check/scenarios"}}, "same-base-path"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := mock.Check(t.Context(), test.opts)
			if err != nil {
				t.Fatal(err)
			}
			if r.Errors() != 1 || r.Findings[0].Code != test.code {
				t.Fatalf("%+v", r)
			}
			for format, failure := range map[mock.Format]string{
				mock.Text: "1 error, ", mock.JSON: `"errors": 1`, mock.SARIF: `"level": "error"`, mock.JUnit: `failures="1"`,
			} {
				var b strings.Builder
				if err := r.Write(&b, format); err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(b.String(), failure) || !strings.Contains(b.String(), test.code) {
					t.Errorf("%s:\n%s", format, &b)
				}
			}
			if test.code == "same-base-path" {
				testenv.Golden(t, "testdata/same-base-path.golden", r.Findings[0].Text+"\n")
			}
		})
	}
}
