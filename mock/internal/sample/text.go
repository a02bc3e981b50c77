package sample

import (
	"iter"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/sample/dice"
	"github.com/understudy-mock/understudy/mock/internal/sample/language"
	"github.com/understudy-mock/understudy/mock/internal/sample/plausible"
)

// Attempts at a text of each kind.
const (
	plausibleTries = 4
	patternTries   = 12
	uniqueTries    = 300 // where others are taken
	fillerTries    = 4
)

// texts gives candidates: plausible ones, then those that are made of the patterns, then
// words of the right length.
func (g *generator) texts(p *place, f *facts) iter.Seq[value] {
	return func(yield func(value) bool) {
		switch {
		case f.text.min > f.text.max:
			g.fail(p, f.node(), "the lengths leave no text")
			return
		case f.text.min > MaxText:
			g.failLimit(p, f.node(), "texts of more than "+strconv.Itoa(MaxText)+" characters are not made")
			return
		}
		d := p.dice("")
		for range plausibleTries {
			if s, ok := g.plausibleText(p, f, d); ok && !yield(text(s)) {
				return
			}
		}
		if !g.patternTexts(p, f, d, yield) {
			return
		}
		for n := range fillerTries {
			if !yield(text(filler(d, len(p.taken)+n, f.text))) {
				return
			}
		}
	}
}

// plausibleText goes by the format, then by contentEncoding, then by what problem details
// say, then by the title, then by the name.
func (g *generator) plausibleText(p *place, f *facts, d *dice.Dice) (string, bool) {
	for _, form := range f.text.formats {
		if s, ok := plausible.Format(form.Name, d); ok {
			return s, true
		}
	}
	for _, n := range f.nodes {
		for _, key := range []string{"format", "contentEncoding"} {
			if s, ok := plausible.Format(n.Get(key).Str(), d); ok {
				return f.text.fit(s), true
			}
		}
	}
	if s, ok := g.problemTitle(p); ok {
		return f.text.fit(s), true
	}
	for _, n := range f.nodes {
		if title := n.Get("title").Str(); len(plausible.Words(title)) <= maxTitleWords {
			if s, ok := plausible.Text(title, p.within(), d); ok {
				return f.text.fit(s), true
			}
		}
	}
	s, ok := plausible.Text(p.name, p.within(), d)
	if !ok {
		return "", false
	}
	if f.text.max <= maxCode && utf8.RuneCountInString(s) > f.text.max {
		if code, ok := plausible.Text(p.name+"_code", p.within(), d); ok && utf8.RuneCountInString(code) <= f.text.max {
			s = code
		}
	}
	return f.text.fit(s), true
}

// maxCode is how long the code of a country or a state may be.
const maxCode = 3

// maxTitleWords is how long a title may be to be read like a name.
const maxTitleWords = 3

// fit brings a text to the lengths, by cutting and repeating it.
func (t *textFacts) fit(s string) string {
	n := utf8.RuneCountInString(s)
	if n > t.max {
		return strings.TrimRight(string([]rune(s)[:t.max]), " -.")
	}
	if n >= t.min || s == "" {
		return s
	}
	long := strings.Repeat(s+" ", t.min/n+1)
	return strings.TrimRight(string([]rune(long)[:t.min-1]), " ") + strings.Repeat("x", t.min)[:1]
}

// filler is words that mean nothing, numbered where others are taken.
func filler(d *dice.Dice, n int, t textFacts) string {
	if t.max == 0 {
		return ""
	}
	suffix := ""
	if n > 0 {
		suffix = strconv.Itoa(n)
	}
	if len(suffix) > t.max {
		return suffix[len(suffix)-t.max:]
	}
	var b strings.Builder
	b.WriteString(plausible.Phrase(d))
	for b.Len()+len(suffix) < t.min {
		b.WriteString(" " + plausible.Phrase(d))
	}
	s, room := b.String(), t.max-len(suffix)
	if t.min > 0 && t.min == t.max || len(s) > room {
		s = s[:min(len(s), room)]
	}
	return s + suffix
}

// patternTexts makes texts of the language that patterns, formats and lengths leave;
// false when yield had enough.
func (g *generator) patternTexts(p *place, f *facts, d *dice.Dice, yield func(value) bool) bool {
	w := language.Wanted{All: f.text.patterns, None: f.text.noPatterns, Min: f.text.min, Max: min(f.text.max, MaxText), Likely: 8}
	formats := formatPatterns(f)
	all := append(w.All[:len(w.All):len(w.All)], formats...)
	if len(all)+len(w.None) == 0 {
		return true
	}
	if w.All = all; g.chars != nil {
		w.All = append(w.All, g.chars)
	}
	tries := patternTries
	if len(p.taken) > 0 {
		tries = uniqueTries
	}
	for range tries {
		w.Work = g.left() * workPerStep
		s, work, ok := language.Make(w, d)
		if !g.steps(work / workPerStep) {
			return false
		}
		if !ok {
			g.fail(p, f.node(), "no text was found that keeps to all patterns, formats and lengths")
			return true
		}
		if !yield(text(s)) {
			return false
		}
	}
	return true
}

// workPerStep is how much of language.MaxWork counts as a step.
const workPerStep = 20

// formatPatterns gives patterns whose matches are of the formats.
func formatPatterns(f *facts) []*pattern.Pattern {
	var list []*pattern.Pattern
	for _, form := range f.text.formats {
		if p := formatPattern(form.Name); p != nil {
			list = append(list, p)
		}
	}
	return list
}

// formatted keeps the patterns of the formats, by name.
var formatted sync.Map

func formatPattern(name string) *pattern.Pattern {
	if known, ok := formatted.Load(name); ok {
		return known.(*pattern.Pattern)
	}
	expr, ok := plausible.Pattern(name)
	if !ok {
		return nil
	}
	p, err := pattern.Compile(expr)
	if err != nil {
		return nil // cannot be: the expressions are our own
	}
	formatted.Store(name, p)
	return p
}
