package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestDeploy holds the command lines in deploy/ to the flags that there are.
func TestDeploy(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"compose.yaml", "kubernetes.yaml", "Dockerfile"} {
		text, err := os.ReadFile("../../deploy/" + file)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`\["?serve"?, (.*)\]`).FindAllStringSubmatch(string(text), -1)
		if len(found) != 1 {
			t.Errorf("%s starts the mock %d times", file, len(found))
		}
		for _, line := range found {
			words := strings.Fields(strings.NewReplacer(`"`, "", ",", " ").Replace(line[1]))
			parseExample(t, environment{lookup: func(string) (string, bool) { return "", false }}, append([]string{"serve"}, words...))
		}
		for _, variable := range regexp.MustCompile(`UNDERSTUDY_(STATE|ADMIN_\w+)`).FindAllString(string(text), -1) {
			name := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(variable, "UNDERSTUDY_"), "_", "-"))
			if newServe(environment{}).Flags().Lookup(name) == nil {
				t.Errorf("%s: %s is the variable of no flag", file, variable)
			}
		}
	}
}
