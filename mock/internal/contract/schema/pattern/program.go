package pattern

import (
	"slices"
	"unicode"
)

// foldRanges gives r and the characters that differ from it in case only.
func foldRanges(r rune) []rune {
	all := []rune{r}
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		all = append(all, f)
	}
	slices.Sort(all)
	ranges := make([]rune, 0, 2*len(all))
	for _, f := range all {
		ranges = append(ranges, f, f)
	}
	return ranges
}

// code is what an instruction does.
type code uint8

const (
	doMatch    code = iota
	doChar          // read one character out of chars
	doRun           // read from min to max characters out of chars, as many as there are
	doSplit         // go on at x; should that fail, at y
	doJump          // go on at x
	doSave          // note the position in slot x
	doBegin         // succeed at the start
	doEnd           // succeed at the end
	doBoundary      // succeed at the edge of a word
	doLook          // succeed if the program from here to x-1 does; go on at x
	doBackref       // read again what slots x and x+1 enclose
	doSet           // put y into slot x
	doLoop          // decide about the next round of a repeat
	doRound         // a round is over: count it
)

// instruction is one step of a program.
type instruction struct {
	code  code
	back  bool // read backwards, inside of a lookbehind
	not   bool
	lines bool
	lazy  bool
	x, y  int
	chars *charset
	// Of doRun, doLoop and doRound: the counts between which the repeat may stop. Of the
	// latter two the slot of the count, behind which is the slot of the round's start.
	min, max, slot int
}

// program is an expression compiled for the backtracking machine.
type program struct {
	code     []instruction
	slots    int // two for each group, two for each repeat
	anchored bool
}

func assemble(tree *node, groups int) *program {
	a := &assembler{program: program{slots: 2 * (groups + 1), anchored: tree.anchored()}}
	a.node(tree, false)
	a.emit(instruction{code: doMatch})
	return &a.program
}

type assembler struct{ program }

func (a *assembler) emit(i instruction) int {
	a.code = append(a.code, i)
	return len(a.code) - 1
}

// node emits code for n; back tells that the text is read backwards.
func (a *assembler) node(n *node, back bool) {
	switch n.op {
	case opSet:
		a.emit(instruction{code: doChar, chars: n.set.charset(), back: back})
	case opConcat:
		a.concat(n, back)
	case opAlternate:
		a.alternate(n, back)
	case opRepeat:
		a.repeat(n, back)
	case opGroup:
		first, last := 2*n.index, 2*n.index+1
		if back {
			first, last = last, first
		}
		a.emit(instruction{code: doSave, x: first})
		a.node(n.subs[0], back)
		a.emit(instruction{code: doSave, x: last})
	case opBegin:
		a.emit(instruction{code: doBegin, lines: n.lines})
	case opEnd:
		a.emit(instruction{code: doEnd, lines: n.lines})
	case opBoundary:
		a.emit(instruction{code: doBoundary, not: n.not})
	case opLook:
		at := a.emit(instruction{code: doLook, not: n.not})
		a.node(n.subs[0], n.behind)
		a.emit(instruction{code: doMatch})
		a.code[at].x = len(a.code)
	case opBackref:
		a.emit(instruction{code: doBackref, x: 2 * n.index, back: back})
	}
}

func (a *assembler) concat(n *node, back bool) {
	for i := range n.subs {
		if back {
			i = len(n.subs) - 1 - i
		}
		a.node(n.subs[i], back)
	}
}

func (a *assembler) alternate(n *node, back bool) {
	var ends []int
	for i, sub := range n.subs {
		if i == len(n.subs)-1 {
			a.node(sub, back)
			break
		}
		split := a.emit(instruction{code: doSplit})
		a.code[split].x = len(a.code)
		a.node(sub, back)
		ends = append(ends, a.emit(instruction{code: doJump}))
		a.code[split].y = len(a.code)
	}
	for _, end := range ends {
		a.code[end].x = len(a.code)
	}
}

// repeat emits a counted loop, and less for what needs no count.
func (a *assembler) repeat(n *node, back bool) {
	sub := n.subs[0]
	switch {
	case sub.op == opSet && !n.lazy:
		a.emit(instruction{code: doRun, chars: sub.set.charset(), back: back, min: n.min, max: n.max})
		return
	case sub.op == opSet && n.min == 0 && n.max == unlimited:
		split := a.emit(instruction{code: doSplit})
		a.node(sub, back)
		a.emit(instruction{code: doJump, x: split})
		a.code[split].x, a.code[split].y = len(a.code), split+1
		return
	}
	slot := a.slots
	a.slots += 2
	a.emit(instruction{code: doSet, x: slot})
	loop := a.emit(instruction{code: doLoop, min: n.min, max: n.max, slot: slot, lazy: n.lazy})
	// Each round begins with its groups unset (ECMA-262 section 22.2.2.3.1).
	sub.eachGroup(func(index int) {
		a.emit(instruction{code: doSet, x: 2 * index, y: -1})
		a.emit(instruction{code: doSet, x: 2*index + 1, y: -1})
	})
	a.node(sub, back)
	a.emit(instruction{code: doRound, min: n.min, slot: slot, x: loop})
	a.code[loop].x = len(a.code)
}
