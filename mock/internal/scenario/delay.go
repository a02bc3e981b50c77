package scenario

import (
	"fmt"
	"math"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/sample/dice"
)

// Delay is a wait before something is sent: a fixed one, or one that is drawn anew
// each time. It is immutable; nil is no wait.
type Delay struct {
	text  string
	fixed time.Duration
	// draw is nil for a fixed wait.
	draw func(*dice.Dice) time.Duration
}

// Drawn tells whether chance decides how long the wait is.
func (d *Delay) Drawn() bool { return d != nil && d.draw != nil }

// Draw gives the wait, from 0 to exchange.MaxWait: the same for the same seed.
func (d *Delay) Draw(seed uint64) time.Duration {
	switch {
	case d == nil:
		return 0
	case d.draw == nil:
		return d.fixed
	}
	return d.draw(dice.New(seed))
}

// String is the wait as people read it: 300ms, or "uniform from 100ms to 400ms".
func (d *Delay) String() string { return d.text }

func fixedDelay(wait time.Duration) *Delay { return &Delay{text: wait.String(), fixed: wait} }

// uniformSteps is how many waits lie between the shortest and the longest, so that
// the drawn ones are short to read.
const uniformSteps = 1000

// uniformDelay gives each wait between two with equal chance.
func uniformDelay(least, most time.Duration) *Delay {
	step := max(1, (most-least)/uniformSteps)
	return &Delay{
		text: fmt.Sprintf("uniform from %s to %s", least, most),
		draw: func(d *dice.Dice) time.Duration {
			return least + step*time.Duration(d.IntN(int((most-least)/step)+1))
		},
	}
}

// drawnTo is what drawn waits are rounded to: the last digits of a logarithm are
// not the same on every machine.
const drawnTo = 10 * time.Microsecond

// lognormalDelay gives waits of which half are below the median, and the logarithms
// have the standard deviation sigma. Longer ones than most are cut to it.
func lognormalDelay(median time.Duration, sigma float64, most time.Duration) *Delay {
	return &Delay{
		text: fmt.Sprintf("lognormal around %s with sigma %v, at most %s", median, sigma, most),
		draw: func(d *dice.Dice) time.Duration {
			wait := float64(median) * math.Exp(sigma*normal(d))
			if wait >= float64(most) {
				return most
			}
			return time.Duration(wait).Round(drawnTo)
		},
	}
}

// normal gives a number of the standard normal distribution (Box and Muller).
func normal(d *dice.Dice) float64 {
	unit := func() float64 { return float64(d.Uint64()>>11+1) / (1 << 53) } // above 0, up to 1
	return math.Sqrt(-2*math.Log(unit())) * math.Cos(2*math.Pi*unit())
}
