package engine

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

func operation(t *testing.T) *contract.Operation {
	t.Helper()
	c, err := contract.Load(t.Context(), "../../../openapi.yaml", contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c.Operation("validateIdentityDocument")
}

// stubs makes stubs named scenario/n. Those whose name is in a decision's match
// answer.
func stubs(name string, n int) []*scenario.Stub {
	sc := &scenario.Scenario{Name: name}
	var list []*scenario.Stub
	for i := range n {
		list = append(list, &scenario.Stub{Scenario: sc, Name: name + "/" + string(rune('1'+i))})
	}
	return list
}

func TestDecide(t *testing.T) {
	t.Parallel()
	op := operation(t)
	violation := []exchange.Violation{{In: exchange.Header, Name: "x-fingerprint", Rule: exchange.RuleRequired}}
	preferred := &scenario.Scenario{Name: "preferred"}
	layers := []layer{
		{step: exchange.StepSession, stubs: stubs("session", 2)},
		{step: exchange.StepGlobal, stubs: stubs("global", 2)},
		{step: exchange.StepDefault, stubs: stubs("default", 2)},
	}
	withPreferred := append([]layer{{step: exchange.StepScenario, stubs: stubs("preferred", 2)}}, layers...)
	for name, test := range map[string]struct {
		facts facts
		match string // names of stubs that answer, or pass with a ? behind them, separated by spaces
		want  string // step, then stub, status or problem
	}{
		"nothing speaks: the contract's success": {facts{layers: layers}, "", "contract"},
		"the first of a layer that matches":      {facts{layers: layers}, "session/2 session/1", "session-scenario session/1"},
		"session before global before default":   {facts{layers: layers}, "default/1 global/1 session/2", "session-scenario session/2"},
		"global before default":                  {facts{layers: layers}, "default/1 global/2", "active-scenario global/2"},
		"default at last":                        {facts{layers: layers}, "default/2", "default-scenario default/2"},
		"the real API before the contract":       {facts{layers: layers, upstream: true}, "", "upstream"},
		"a stub before the real API":             {facts{layers: layers, upstream: true}, "default/2", "default-scenario default/2"},
		"violations before the real API":         {facts{layers: layers, upstream: true, violations: violation, op: op}, "", "violations 400"},
		"violations only told to the real API":   {facts{layers: layers, upstream: true, violations: violation, validation: Warn, op: op}, "", "upstream"},
		"prefer code before the real API":        {facts{layers: layers, upstream: true, prefer: exchange.Prefer{Code: "409"}}, "", "prefer-code 409"},
		"prefer code before all":                 {facts{layers: layers, prefer: exchange.Prefer{Code: "409"}}, "session/1", "prefer-code 409"},
		"prefer code overrides violations":       {facts{layers: layers, prefer: exchange.Prefer{Code: "409"}, violations: violation}, "", "prefer-code 409"},
		"prefer scenario before session":         {facts{layers: withPreferred, preferred: preferred}, "preferred/2 session/1", "prefer-scenario preferred/2"},
		"prefer scenario without a stub":         {facts{layers: withPreferred, preferred: preferred, op: op}, "session/1", "prefer-scenario no stub"},
		"prefer scenario, nothing for the violations: others may answer": {
			facts{layers: withPreferred, preferred: preferred, violations: violation, op: op}, "session/1", "session-scenario session/1"},
		"prefer scenario, nobody takes the violations": {
			facts{layers: withPreferred, preferred: preferred, violations: violation, op: op}, "", "violations 400"},
		"prefer scenario when violations only warn": {
			facts{layers: withPreferred, preferred: preferred, violations: violation, validation: Warn, op: op}, "session/1", "prefer-scenario no stub"},
		"scenario with code: a stub of that status": {
			facts{layers: withPreferred, preferred: preferred, prefer: exchange.Prefer{Code: "409"}}, "preferred/1", "prefer-scenario preferred/1"},
		"scenario with code, none": {
			facts{layers: withPreferred, preferred: preferred, prefer: exchange.Prefer{Code: "409"}, violations: violation, op: op}, "session/1", "prefer-scenario no stub"},
		"chance leaves it to the next stub":  {facts{layers: layers}, "session/1? session/2", "session-scenario session/2"},
		"chance leaves it to the next layer": {facts{layers: layers}, "session/1? session/2? default/1", "default-scenario default/1"},
		"chance leaves it to the contract":   {facts{layers: layers}, "default/2?", "contract"},
		"prefer scenario, chance leaves it to others": {
			facts{layers: withPreferred, preferred: preferred}, "preferred/1? global/1", "active-scenario global/1"},
		"prefer scenario, chance leaves it to the contract": {
			facts{layers: withPreferred, preferred: preferred}, "preferred/1?", "contract"},
		"violations that a stub takes":       {facts{layers: layers, violations: violation, op: op}, "default/1", "default-scenario default/1"},
		"violations that nobody takes":       {facts{layers: layers, violations: violation, op: op}, "", "violations 400"},
		"violations only told":               {facts{layers: layers, violations: violation, validation: Warn, op: op}, "", "contract"},
		"security decides before everything": {facts{op: op, violations: append([]exchange.Violation{{In: exchange.Body, Rule: exchange.RuleDecode}, {In: exchange.Security}}, violation...)}, "", "violations 401"},
		"undecodable before the media type":  {facts{op: op, violations: []exchange.Violation{{In: exchange.MediaType}, {In: exchange.Query, Rule: exchange.RuleDecode}}}, "", "violations 400"},
		"media type before the rest":         {facts{op: op, violations: append([]exchange.Violation{{In: exchange.MediaType}}, violation...)}, "", "violations 415"},
		"not acceptable before the rest":     {facts{op: op, violations: append([]exchange.Violation{{In: exchange.Accept}}, violation...)}, "", "violations 406"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := decide(&test.facts, func(s *scenario.Stub) verdict {
				switch names := " " + test.match + " "; {
				case strings.Contains(names, " "+s.Name+" "):
					return answers
				case strings.Contains(names, " "+s.Name+"? "):
					return passes
				}
				return refuses
			})
			if diff := cmp.Diff(test.want, c.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNoStubTellsWhatKeptEach(t *testing.T) {
	t.Parallel()
	f := facts{op: operation(t), preferred: &scenario.Scenario{Name: "a"}}
	p := noStub(&f, stubs("a", 2), func(s *scenario.Stub) string { return "no " + s.Name })
	if diff := cmp.Diff([]string{"a/1: no a/1", "a/2: no a/2"}, p.Known); diff != "" {
		t.Error(diff)
	}
}

func TestFaultStatusPrefers422WhereItIsDescribed(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{"422": "422", "4XX": "400", "default": "400"} {
		c := loadAPI(t, "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: ok}, '"+status+"': {description: no}}}}}\n")
		if got, _ := faultStatus(c.Operations[0], []exchange.Violation{{In: exchange.Query}}); got != want {
			t.Errorf("with %s described: %s, want %s", status, got, want)
		}
	}
}
