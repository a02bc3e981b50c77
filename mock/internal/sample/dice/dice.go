// Package dice gives numbers that look random and are the same on every machine
// and with every version of Go.
package dice

import "math/bits"

// Dice is a splitmix64 generator. It implements math/rand/v2's Source.
type Dice struct{ state uint64 }

// New gives the dice of a seed.
func New(seed uint64) *Dice { return &Dice{seed} }

// Uint64 gives the next number.
func (d *Dice) Uint64() uint64 {
	d.state += 0x9e3779b97f4a7c15
	return scramble(d.state)
}

// IntN gives a number from 0 up to n, which is left out; 0 where n is less than 2.
func (d *Dice) IntN(n int) int {
	if n < 2 {
		return 0
	}
	high, _ := bits.Mul64(d.Uint64(), uint64(n))
	return int(high)
}

// Between gives a number from lo to hi.
func (d *Dice) Between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// OneIn is true once in n times.
func (d *Dice) OneIn(n int) bool { return d.IntN(n) == 0 }

// Pick gives one of the values.
func Pick[T any](d *Dice, values ...T) T { return values[d.IntN(len(values))] }

// Mix gives the seed of what is called name below what has the seed.
func Mix(seed uint64, name string) uint64 {
	// FNV-1a; scrambled before and after, so that seeds and names that differ little
	// give unlike numbers.
	h := scramble(seed + 0xcbf29ce484222325)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 0x100000001b3
	}
	return scramble(h + 0x9e3779b97f4a7c15)
}

func scramble(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
