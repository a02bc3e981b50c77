package scenario

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// conditionsPage is docs/conditions.md, which speaks of the shop.
func conditionsPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/conditions.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tableOf gives the cells of the table whose first column has this heading.
func tableOf(t *testing.T, page, heading string) [][]string {
	t.Helper()
	_, rest, found := strings.Cut(page, "\n| "+heading+" |")
	if !found {
		t.Fatalf("there is no table of %q", heading)
	}
	var rows [][]string
	for i, line := range strings.Split(rest, "\n") {
		if i < 2 {
			continue // the heading and the rule below it
		}
		if !strings.HasPrefix(line, "| ") {
			break
		}
		rows = append(rows, strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "| "), " |"), " | "))
	}
	return rows
}

var codeSpan = regexp.MustCompile("`([^`]+)`")

// code gives what stands in a cell between backquotes.
func code(cell string) string {
	if m := codeSpan.FindStringSubmatch(cell); m != nil {
		return m[1]
	}
	return cell
}

// codesIn gives the names at the beginnings of all that stands between backquotes.
func codesIn(rows [][]string, column int) []string {
	var names []string
	for _, row := range rows {
		for _, m := range codeSpan.FindAllStringSubmatch(row[column], -1) {
			name, _, _ := strings.Cut(m[1], "(")
			names = append(names, name)
		}
	}
	return names
}

// onOrders gives whether a stub of createOrder with these conditions matches.
func onOrders(t *testing.T, when, text string) (bool, string) {
	t.Helper()
	st := onlyStub(t, load(t, "operations:\n  createOrder:\n    - when: "+when+"\n      respond: {offContract: only the condition counts, status: 500}\n"), "createOrder")
	ex := request(t, text)
	return matches(st, ex, memory{}), st.Judge(ex, memory{}).Failed(ex)
}

func TestConditionsPageScenarios(t *testing.T) {
	t.Parallel()
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(conditionsPage(t), -1)
	if len(blocks) < 8 {
		t.Fatalf("the page has only %d scenario files", len(blocks))
	}
	for _, block := range blocks {
		load(t, block[1])
	}
}

func TestConditionsPageKeys(t *testing.T) {
	t.Parallel()
	page := conditionsPage(t)
	var keys []string
	for _, f := range whenObject.fields {
		keys = append(keys, f.name)
	}
	if diff := cmp.Diff(keys, codesIn(tableOf(t, page, "key"), 0)); diff != "" {
		t.Errorf("the keys of when: the code (-) and the page (+) differ:\n%s", diff)
	}
	if diff := cmp.Diff(rootNames, codesIn(tableOf(t, page, "name"), 0)); diff != "" {
		t.Errorf("the names of expressions: the code (-) and the page (+) differ:\n%s", diff)
	}
	if want := "`" + strings.Join(violatesWords, "`, `") + "`"; !strings.Contains(page, want) {
		t.Errorf("the page does not list %s", want)
	}
}

// TestConditionsPageMatchers holds that the page has every matcher, with examples
// that are right.
func TestConditionsPageMatchers(t *testing.T) {
	t.Parallel()
	page := conditionsPage(t)
	rows := tableOf(t, page, "word")
	if diff := cmp.Diff(matcherNames(), codesIn(rows, 0)); diff != "" {
		t.Fatalf("the code (-) and the page (+) differ:\n%s", diff)
	}
	var folding []string
	for _, word := range matcherWords {
		if word.folds {
			folding = append(folding, "`"+word.name+"`")
		}
	}
	if want := "goes with " + strings.Join(folding[:len(folding)-1], ", ") + " and " + folding[len(folding)-1]; !strings.Contains(page, want) {
		t.Errorf("the page does not say %q", want)
	}
	for _, row := range rows {
		word, example := code(row[0]), code(row[2])
		if !strings.Contains(example, word+":") {
			t.Errorf("the example of %s is %s", word, example)
		}
		for column, want := range map[int]bool{3: true, 4: false} {
			value := `, "x": ` + code(row[column])
			if row[column] == "nothing" {
				value = ""
			}
			if got, reason := onOrders(t, "{body: {x: "+example+"}}", "POST /orders\n\n"+`{"sku": "A"`+value+"}"); got != want {
				t.Errorf("%s of %s: %t %s", example, row[column], got, reason)
			}
		}
	}
}

// TestConditionsPageFunctions holds that the page has every function, with an
// expression that is true for the request that the page names.
func TestConditionsPageFunctions(t *testing.T) {
	t.Parallel()
	page := conditionsPage(t)
	rows := tableOf(t, page, "function")
	names := codesIn(rows, 0)
	slices.Sort(names)
	if diff := cmp.Diff(functionNames(), names); diff != "" {
		t.Errorf("the code (-) and the page (+) differ:\n%s", diff)
	}
	m := regexp.MustCompile("true for `([^`]+)` with the body `([^`]+)`").FindStringSubmatch(page)
	if m == nil {
		t.Fatal("the page does not name the request")
	}
	for _, row := range rows {
		name, _, _ := strings.Cut(code(row[0]), "(")
		expr := code(row[2])
		if !strings.Contains(expr, name+"(") {
			t.Errorf("the expression of %s is %s", name, expr)
		}
		when := "{expr: '" + expr + "'}"
		if ok, reason := onOrders(t, when, m[1]+"\n\n"+m[2]); !ok {
			t.Errorf("%s: %s", expr, reason)
		}
	}
}

// TestConditionsPageOperators holds what the page says of operators.
func TestConditionsPageOperators(t *testing.T) {
	t.Parallel()
	page := conditionsPage(t)
	m := regexp.MustCompile("true for `([^`]+)` with the body `([^`]+)`").FindStringSubmatch(page)
	if named := "`let n = body.amount; n > 10 and n < 20`"; !strings.Contains(page, named) {
		t.Errorf("the page does not show %s", named)
	}
	for _, expr := range []string{
		"let n = body.amount; n > 10 and n < 20",
		`body.sku matches "-"`, `body.sku contains "-" and body.sku startsWith "A" and body.sku endsWith "1"`,
		`(body.note ?? "none") == "none"`, "body?.customer?.name == nil", "body.note == nil", `body.amount > 10 ? true : false`,
		"body.items[1:2][0].quantity == 2", "sum(1..3) == 6", "2 ** 3 == 8 and body.amount % 5 == 2 and body.amount / 4 == 3",
		"12 in [body.amount] && !(1 > 2) || false", "any(body.items, #.quantity == 2)", `now.Format("2006-01-02") == "2026-01-31"`,
	} {
		if ok, reason := onOrders(t, "{expr: '"+expr+"'}", m[1]+"\n\n"+m[2]); !ok {
			t.Errorf("%s: %s", expr, reason)
		}
	}
}
