package mock_test

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// figure finds the numbers of a bound, each with its unit.
var figure = regexp.MustCompile(`\d+(?:,\d{3})*(?: (?:KiB|MiB|GiB|ms|s|min|h|hours|days)\b)?`)

// TestLimitsPage holds that each row of docs/limits.md names tests that there are, by their
// package, or scripts; and that its figures are those of the constants that it names, which
// are all of them.
func TestLimitsPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	known, values, rows := testsByPackage(t), constants(t), 0
	for line := range strings.Lines(string(page)) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| what |") || strings.HasPrefix(line, "| ---") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if rows++; len(cells) != 5 {
			t.Errorf("a row has %d columns: %s", len(cells), line)
			continue
		}
		what, bound := strings.TrimSpace(cells[0]), strings.TrimSpace(cells[1])
		for name := range strings.SplitSeq(strings.TrimSpace(cells[3]), ", ") {
			if script, ok := strings.CutPrefix(name, "TestScripts/"); ok {
				if _, err := os.Stat("../testdata/script/" + script + ".txtar"); err != nil {
					t.Errorf("%s is named for %s: %v", name, what, err)
				}
				continue
			}
			if pkg, test, ok := strings.Cut(name, "."); !ok || !slices.Contains(known[test], pkg) {
				t.Errorf("%q is named for %s, and is no test that there is: write package.Test", name, what)
			}
		}
		said, meant := figure.FindAllString(what+" | "+bound, -1), map[string]bool{}
		for name := range strings.FieldsFuncSeq(cells[4], func(r rune) bool { return strings.ContainsRune("`, ", r) }) {
			texts := figuresOf(values[name])
			if !slices.ContainsFunc(texts, func(text string) bool { return slices.Contains(said, text) }) {
				t.Errorf("%s: the row says nothing of %s, which is %v", what, name, texts)
			}
			for _, text := range texts {
				meant[text] = true
			}
		}
		for _, text := range figure.FindAllString(bound, -1) {
			if !meant[text] {
				t.Errorf("%s: no constant that the row names is %s", what, text)
			}
		}
	}
	if rows < 100 {
		t.Errorf("the page has %d rows", rows)
	}
}

// figuresOf are the ways in which a page may write a constant; none for one that there is
// not.
func figuresOf(c *value) []string {
	if c == nil || c.of == nil {
		return nil
	}
	n, exact := constant.Int64Val(constant.ToInt(c.of))
	if !exact {
		return nil
	}
	var list []string
	add := func(unit int64, name string) {
		if n%unit == 0 {
			list = append(list, grouped(n/unit)+name)
		}
	}
	if c.isTime {
		for _, u := range []struct {
			unit time.Duration
			name string
		}{{24 * time.Hour, " days"}, {time.Hour, " h"}, {time.Hour, " hours"}, {time.Minute, " min"}, {time.Second, " s"}, {time.Millisecond, " ms"}} {
			add(int64(u.unit), u.name)
		}
		return list
	}
	add(1, "")
	for name, unit := range map[string]int64{" KiB": 1 << 10, " MiB": 1 << 20, " GiB": 1 << 30} {
		add(unit, name)
	}
	return list
}

// grouped writes a number as pages do: 1,000.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// value is a constant of the code.
type value struct {
	of     constant.Value // nil for what is no number
	isTime bool
}

// constants gives the numbers that have names, as PACKAGE.NAME, or for a module of the
// console MODULE.NAME.
func constants(t *testing.T) map[string]*value {
	t.Helper()
	all := declared{specs: map[string]ast.Expr{}, values: map[string]*value{
		"time.Millisecond": {constant.MakeInt64(int64(time.Millisecond)), true}, "time.Second": {constant.MakeInt64(int64(time.Second)), true},
		"time.Minute": {constant.MakeInt64(int64(time.Minute)), true}, "time.Hour": {constant.MakeInt64(int64(time.Hour)), true},
		"math.MaxInt32": {constant.MakeInt64(math.MaxInt32), false},
	}}
	inModule := regexp.MustCompile(`(?m)^const ([A-Z_]+) = ([\d_]+);`)
	for _, root := range []string{".", "../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			switch base := filepath.Base(path); {
			case strings.HasSuffix(base, ".js"):
				text, err := os.ReadFile(path)
				for _, m := range inModule.FindAllStringSubmatch(string(text), -1) {
					all.values[strings.TrimSuffix(base, ".js")+"."+m[1]] = &value{of: constant.MakeFromLiteral(strings.ReplaceAll(m[2], "_", ""), token.INT, 0)}
				}
				return err
			case !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go"):
				return nil
			}
			folder, err := filepath.Abs(filepath.Dir(path))
			if err != nil {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			all.add(filepath.Base(folder), file)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range all.specs {
		all.value(name)
	}
	return all.values
}

// declared are constants on the way to their values.
type declared struct {
	specs  map[string]ast.Expr
	values map[string]*value
}

func (d *declared) add(pkg string, file *ast.File) {
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.CONST {
			continue
		}
		for _, spec := range gen.Specs {
			spec := spec.(*ast.ValueSpec)
			for i, name := range spec.Names {
				if i < len(spec.Values) {
					d.specs[pkg+"."+name.Name] = spec.Values[i]
				}
			}
		}
	}
}

// value evaluates a constant; nil where there is none of that name.
func (d *declared) value(name string) *value {
	if known := d.values[name]; known != nil {
		return known
	}
	expr := d.specs[name]
	if expr == nil {
		return nil
	}
	d.values[name] = &value{} // in case that it stands in itself
	pkg, _, _ := strings.Cut(name, ".")
	v := d.eval(pkg, expr)
	d.values[name] = &v
	return &v
}

// eval evaluates the expressions that bounds are written as; the zero value stands for
// others.
func (d *declared) eval(pkg string, expr ast.Expr) value {
	named := func(name string) value {
		if v := d.value(name); v != nil {
			return *v
		}
		return value{}
	}
	switch e := expr.(type) {
	case *ast.BasicLit:
		if e.Kind == token.INT {
			return value{of: constant.MakeFromLiteral(e.Value, e.Kind, 0)}
		}
	case *ast.ParenExpr:
		return d.eval(pkg, e.X)
	case *ast.Ident:
		return named(pkg + "." + e.Name)
	case *ast.SelectorExpr:
		if from, ok := e.X.(*ast.Ident); ok {
			return named(from.Name + "." + e.Sel.Name)
		}
	case *ast.BinaryExpr:
		x, y := d.eval(pkg, e.X), d.eval(pkg, e.Y)
		if x.of == nil || y.of == nil {
			return value{}
		}
		of := constant.Value(nil)
		switch e.Op {
		case token.SHL:
			n, _ := constant.Uint64Val(y.of)
			of = constant.Shift(x.of, token.SHL, uint(n))
		case token.ADD, token.SUB, token.MUL:
			of = constant.BinaryOp(x.of, e.Op, y.of)
		}
		return value{of, x.isTime || y.isTime}
	}
	return value{}
}
