package pattern

// Steps matches a text, and gives the steps that it took and how many it may take at most.
// It is for expressions that go back and forth.
func (p *Pattern) Steps(text string) (matches bool, took, most int) {
	m := p.pool.Get().(*machine)
	defer p.pool.Put(m)
	matches = m.match(p.prog, text)
	most = baseSteps + stepsPerByte*len(text)
	return matches, most - m.steps, most
}
