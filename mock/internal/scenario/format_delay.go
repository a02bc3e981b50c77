package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// delaySpec is a delay that is written as a distribution.
type delaySpec struct{ delay *Delay }

var delayObject, lognormalObject = newDelayObject(), newLognormalObject()

func newDelayObject() *object[delaySpec] {
	return &object[delaySpec]{what: "a delay", fields: []field[delaySpec]{
		{name: "uniform", kinds: isList, doc: "The shortest and the longest wait; all between are equally likely.", page: "responses.md#time", instead: "write uniform: [100ms, 400ms]",
			schema: func(s *jsonSchema) { s.Items, s.MinItems, s.MaxItems = refTo("duration"), 2, 2 }, read: readUniform},
		{name: "lognormal", kinds: isObject, doc: "Mostly short waits, and now and then a long one.", page: "responses.md#time", instead: "write lognormal: {median: 80ms, sigma: 0.4}",
			schema: is("lognormal"), read: readLognormal},
	}, schema: func(s *jsonSchema) { s.MinProperties, s.MaxProperties = 1, 1 }}
}

// lognormalSpec is the parameters of a lognormal distribution; zero is not stated.
type lognormalSpec struct {
	median, most time.Duration
	sigma        float64
}

func newLognormalObject() *object[lognormalSpec] {
	return &object[lognormalSpec]{what: "lognormal", fields: []field[lognormalSpec]{
		{name: "median", kinds: isText, doc: "The wait that half of the answers keep below.", schema: is("duration"), instead: writeDuration,
			read: func(d *decoder, n *source.Node, l *lognormalSpec) { l.median, _ = d.duration(n) }},
		{name: "sigma", kinds: isNumber, doc: "How much the waits differ: 0.1 is little, 1 is much.", read: readSigma,
			schema: func(s *jsonSchema) { s.Minimum, s.Maximum = new(0), new(maxSigma) }},
		{name: "max", kinds: isText, doc: "The longest wait.", preset: "5m", schema: is("duration"), instead: writeDuration,
			read: func(d *decoder, n *source.Node, l *lognormalSpec) { l.most, _ = d.duration(n) }},
	}, schema: func(s *jsonSchema) { s.Required = []string{"median", "sigma"} }}
}

// writeDuration is the hint where a duration is written as a number.
const writeDuration = "write the number with a unit, such as 300ms or 1.5s"

// durationSchema says how a duration is written.
func durationSchema() *jsonSchema {
	return &jsonSchema{
		Description: "A time with its unit, such as 300ms, 1.5s or 2m30s.", Type: "string",
		Pattern: `^\+?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$`,
	}
}

// delaySchema is a wait: a duration or a distribution.
func delaySchema() *jsonSchema {
	return &jsonSchema{Description: "A wait such as 300ms, or a distribution from which one is drawn for each request.", AnyOf: []*jsonSchema{refTo("duration"), refTo("distribution")}}
}

// delay reads a wait; it gives nil where it has reported what is wrong.
func (d *decoder) delay(n *source.Node) *Delay {
	if n.Kind != source.Object {
		wait, ok := d.duration(n)
		if !ok {
			return nil
		}
		return fixedDelay(wait)
	}
	var spec delaySpec
	before := d.faults
	delayObject.decode(d, n, &spec)
	switch {
	case d.faults > before:
		return nil
	case len(n.Kids) != 1:
		d.fault(CodeBadDelay, n.KeyAt(), "a delay is drawn from one distribution", "write {uniform: [100ms, 400ms]} or {lognormal: {median: 80ms, sigma: 0.4}}")
		return nil
	}
	return spec.delay
}

// duration reads a fixed wait.
func (d *decoder) duration(n *source.Node) (time.Duration, bool) {
	wait, err := exchange.ParseWait(n.Text)
	if err != nil {
		message, hint, _ := strings.Cut(err.Error(), ": ")
		d.fault(CodeBadDelay, n.At(), message, hint)
		return 0, false
	}
	return wait, true
}

func readUniform(d *decoder, n *source.Node, s *delaySpec) {
	if len(n.Kids) != 2 {
		d.fault(CodeBadDelay, n.KeyAt(), fmt.Sprintf("uniform has two waits, not %d", len(n.Kids)), "write uniform: [100ms, 400ms]")
		return
	}
	var waits [2]time.Duration
	for i, item := range n.Items() {
		var ok bool
		if !d.expectOr(item, isText, "each wait", writeDuration) {
			return
		}
		if waits[i], ok = d.duration(item); !ok {
			return
		}
	}
	if waits[0] > waits[1] {
		d.fault(CodeBadDelay, n.KeyAt(), fmt.Sprintf("the shortest wait %s is longer than the longest %s", waits[0], waits[1]), "write the shorter one first")
		return
	}
	s.delay = uniformDelay(waits[0], waits[1])
}

func readLognormal(d *decoder, n *source.Node, s *delaySpec) {
	l := lognormalSpec{most: exchange.MaxWait}
	before := d.faults
	lognormalObject.decode(d, n, &l)
	switch {
	case d.faults > before:
	case !n.Has("median") || !n.Has("sigma"):
		d.fault(CodeBadDelay, n.KeyAt(), "lognormal needs median and sigma", "write lognormal: {median: 80ms, sigma: 0.4}")
	case l.median == 0 || l.median > l.most:
		d.fault(CodeBadDelay, n.Get("median").At(), fmt.Sprintf("the median %s is not between 0s and the longest wait %s", l.median, l.most), "write a shorter median, or a longer max")
	default:
		s.delay = lognormalDelay(l.median, l.sigma, l.most)
	}
}

// maxSigma bounds sigma: beyond it nearly all waits are 0 or the longest.
const maxSigma = 10

func readSigma(d *decoder, n *source.Node, l *lognormalSpec) {
	sigma, err := strconv.ParseFloat(n.Text, 64)
	if err != nil || !(sigma >= 0 && sigma <= maxSigma) {
		d.fault(CodeBadDelay, n.At(), fmt.Sprintf("sigma cannot be %s", n.Text), fmt.Sprintf("write a number from 0 to %d, such as 0.4", maxSigma))
		return
	}
	l.sigma = sigma
}
