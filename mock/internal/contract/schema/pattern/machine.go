package pattern

import (
	"strings"
	"unicode/utf8"
)

// The step limit of one match: enough for anything sensible on a text of that
// length, and some ten milliseconds for an expression that explodes.
const (
	baseSteps    = 1_000_000
	stepsPerByte = 16
)

// machine runs a program. It is used by one goroutine at a time.
type machine struct {
	prog  *program
	text  string
	slots []int
	// undo is what to go back to: a place to try (pc ≥ 0, at position value), or
	// the former value of slot ^pc.
	undo  []undo
	steps int
}

type undo struct{ pc, value int }

func (m *machine) match(prog *program, text string) bool {
	m.prog, m.text = prog, text
	m.steps = baseSteps + stepsPerByte*len(text)
	defer func() { m.text = "" }()
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
		case doSplit:
			m.undo = append(m.undo, undo{i.y, pos})
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

// set changes a slot in a way that can be undone.
func (m *machine) set(slot, value int) {
	m.undo = append(m.undo, undo{^slot, m.slots[slot]})
	m.slots[slot] = value
}

// backtrack goes back to the last place that is left to try above base.
func (m *machine) backtrack(base int) (pc, pos int, ok bool) {
	for len(m.undo) > base {
		last := m.undo[len(m.undo)-1]
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
		for ok := true; ok; {
			_, _, ok = m.backtrack(base)
		}
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
		m.undo = append(m.undo, undo{enter, pos})
		return leave
	default:
		m.undo = append(m.undo, undo{leave, pos})
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
