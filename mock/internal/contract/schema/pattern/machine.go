package pattern

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The limits of one match: enough for anything sensible on a text of that length, and
// some ten milliseconds for an expression that explodes on a short one.
const (
	baseSteps    = 1_000_000
	stepsPerByte = 16
	// bytesPerStep is how much captured text is compared in one step.
	bytesPerStep = 32
	// maxUndo bounds the places that are left to try: they take memory, of which there may
	// be no more for a text of megabytes. What runs along single characters takes one.
	maxUndo = 1 << 19
	// keptUndo is for how many of them a machine keeps room from one match to the next.
	keptUndo = 1 << 12
)

// machine runs a program. It is used by one goroutine at a time.
type machine struct {
	prog  *program
	text  string
	slots []int
	undo  []undo // what to go back to
	steps int
}

// undo is a place to try (pc ≥ 0): at position value or, where that is not least, at any
// from there on to least, which are a character apart. Else it is the former value of
// slot ^pc.
type undo struct{ pc, value, least int }

func (m *machine) match(prog *program, text string) bool {
	m.prog, m.text = prog, text
	m.steps = baseSteps + stepsPerByte*len(text)
	defer m.rest()
	for start := 0; ; {
		for i := range m.slots {
			m.slots[i] = -1
		}
		m.undo = m.undo[:0]
		if m.run(0, start) {
			return true
		}
		if prog.anchored || start >= len(text) || m.steps <= 0 {
			return false
		}
		_, size := utf8.DecodeRuneInString(text[start:])
		start += size
	}
}

// rest lets go of what the machine need not have until the next match.
func (m *machine) rest() {
	if m.text = ""; cap(m.undo) > keptUndo {
		m.undo = nil
	}
}

// run executes from pc until a match is found (true) or everything down to the
// present height of the undo stack was tried.
func (m *machine) run(pc, pos int) bool {
	base := len(m.undo)
	for {
		if m.steps--; m.steps <= 0 {
			return false
		}
		i := &m.prog.code[pc]
		next, ok := pc+1, true
		switch i.code {
		case doMatch:
			return true
		case doChar:
			pos, ok = m.char(i, pos)
		case doRun:
			pos, ok = m.runOf(i, pc+1, pos)
		case doSplit:
			m.try(i.y, pos)
			next = i.x
		case doJump:
			next = i.x
		case doSave:
			m.set(i.x, pos)
		case doSet:
			m.set(i.x, i.y)
		case doBegin:
			ok = pos == 0 || i.lines && isLineEnd(m.before(pos))
		case doEnd:
			ok = pos == len(m.text) || i.lines && isLineEnd(m.after(pos))
		case doBoundary:
			ok = (isWord(m.before(pos)) != isWord(m.after(pos))) != i.not
		case doLook:
			ok = m.look(i, pc+1, pos)
			next = i.x
		case doBackref:
			pos, ok = m.backref(i, pos)
		case doLoop:
			next = m.loop(i, pc, pos)
		case doRound:
			next, ok = i.x, m.round(i, pos)
		}
		if ok {
			pc = next
			continue
		}
		if pc, pos, ok = m.backtrack(base); !ok {
			return false
		}
	}
}

// try leaves a place to try.
func (m *machine) try(pc, pos int) { m.leave(undo{pc, pos, pos}) }

// leave leaves something to go back to. Too much of it ends the match.
func (m *machine) leave(u undo) {
	if len(m.undo) == maxUndo {
		m.steps = 0
		return
	}
	m.undo = append(m.undo, u)
}

// set changes a slot in a way that can be undone.
func (m *machine) set(slot, value int) {
	m.leave(undo{pc: ^slot, value: m.slots[slot]})
	m.slots[slot] = value
}

// runOf reads as many characters as there are, and leaves it to try with fewer of them
// how the program at next goes on.
func (m *machine) runOf(i *instruction, next, pos int) (int, bool) {
	count, least := 0, pos
	for ; i.max == unlimited || count < i.max; count++ {
		if m.steps--; m.steps <= 0 {
			return pos, false
		}
		further, ok := m.char(i, pos)
		if !ok {
			break
		}
		if pos = further; count < i.min {
			least = pos
		}
	}
	if count < i.min {
		return pos, false
	}
	if pos != least {
		m.leave(undo{next, m.shorter(pos, least), least})
	}
	return pos, true
}

// shorter is the position one character nearer to least.
func (m *machine) shorter(pos, least int) int {
	if pos > least {
		_, size := utf8.DecodeLastRuneInString(m.text[:pos])
		return pos - size
	}
	_, size := utf8.DecodeRuneInString(m.text[pos:])
	return pos + size
}

// backtrack goes back to the last place that is left to try above base.
func (m *machine) backtrack(base int) (pc, pos int, ok bool) {
	for len(m.undo) > base {
		last := &m.undo[len(m.undo)-1]
		if last.pc >= 0 && last.value != last.least {
			pc, pos = last.pc, last.value
			last.value = m.shorter(pos, last.least)
			return pc, pos, true
		}
		m.undo = m.undo[:len(m.undo)-1]
		if last.pc >= 0 {
			return last.pc, last.value, true
		}
		m.slots[^last.pc] = last.value
	}
	return 0, 0, false
}

func (m *machine) char(i *instruction, pos int) (int, bool) {
	var r rune
	var size int
	if i.back {
		r, size = utf8.DecodeLastRuneInString(m.text[:pos])
		pos -= size
	} else {
		r, size = utf8.DecodeRuneInString(m.text[pos:])
		pos += size
	}
	return pos, size > 0 && i.chars.has(r)
}

// look tries the program at pc. What it leaves to try is forgotten: once a
// lookaround has succeeded, it is not entered again.
func (m *machine) look(i *instruction, pc, pos int) bool {
	base := len(m.undo)
	found := m.run(pc, pos)
	if found && i.not || m.steps <= 0 {
		for _, u := range slices.Backward(m.undo[base:]) {
			if u.pc < 0 {
				m.slots[^u.pc] = u.value
			}
		}
		m.undo = m.undo[:base]
		return false
	}
	kept := m.undo[:base]
	for _, u := range m.undo[base:] {
		if u.pc < 0 {
			kept = append(kept, u)
		}
	}
	m.undo = kept
	return found != i.not
}

// backref reads the captured text again; a group that captured nothing matches
// the empty text.
func (m *machine) backref(i *instruction, pos int) (int, bool) {
	from, to := m.slots[i.x], m.slots[i.x+1]
	if from < 0 || to < from {
		return pos, true
	}
	captured := m.text[from:to]
	m.steps -= len(captured) / bytesPerStep
	if i.back {
		return pos - len(captured), strings.HasSuffix(m.text[:pos], captured)
	}
	return pos + len(captured), strings.HasPrefix(m.text[pos:], captured)
}

// loop enters the next round of a repeat or leaves it; the other way is left to
// try where both are allowed.
func (m *machine) loop(i *instruction, pc, pos int) int {
	count := m.slots[i.slot]
	enter, leave := pc+1, i.x
	switch {
	case count < i.min:
	case i.max != unlimited && count >= i.max:
		return leave
	case i.lazy:
		// The round's start must be noted when the round is entered after all.
		m.set(i.slot+1, pos)
		m.try(enter, pos)
		return leave
	default:
		m.try(leave, pos)
	}
	m.set(i.slot+1, pos)
	return enter
}

// round counts a round. One that read nothing ends the repeat, except where the
// count demands it: otherwise (a*)* would go on forever.
func (m *machine) round(i *instruction, pos int) bool {
	count := m.slots[i.slot]
	if pos == m.slots[i.slot+1] {
		if count >= i.min {
			return false
		}
		// More empty rounds change nothing, so all that are demanded are done.
		count = i.min - 1
	}
	m.set(i.slot, count+1)
	return true
}

func (m *machine) before(pos int) rune {
	if pos == 0 {
		return -1
	}
	r, _ := utf8.DecodeLastRuneInString(m.text[:pos])
	return r
}

func (m *machine) after(pos int) rune {
	if pos == len(m.text) {
		return -1
	}
	r, _ := utf8.DecodeRuneInString(m.text[pos:])
	return r
}

func isWord(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' || r == 0x2028 || r == 0x2029 }
