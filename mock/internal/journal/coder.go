package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// errCode is returned for what no journal of this version has written.
var errCode = errors.New("it is not written as this version writes it")

// coder writes values one behind the other, or reads them in the same order: one
// description of what is written serves both ways.
type coder struct {
	reading bool
	out     []byte // what was written
	rest    string // what is still to be read
	err     error
}

func (c *coder) fail() {
	if c.err == nil {
		c.err = errCode
	}
	c.rest = ""
}

func (c *coder) uint(n *uint64) {
	if !c.reading {
		if *n < 0x80 { // most are short
			c.out = append(c.out, byte(*n))
		} else {
			c.out = binary.AppendUvarint(c.out, *n)
		}
		return
	}
	if len(c.rest) > 0 && c.rest[0] < 0x80 { // most are short
		*n, c.rest = uint64(c.rest[0]), c.rest[1:]
		return
	}
	value, length := binary.Uvarint([]byte(c.rest[:min(len(c.rest), binary.MaxVarintLen64)]))
	if length <= 0 {
		c.fail()
		return
	}
	*n, c.rest = value, c.rest[length:]
}

// whole codes a signed number of any type.
func whole[T ~int | ~int64](c *coder, n *T) {
	value := uint64(*n)<<1 ^ uint64(int64(*n)>>63) // small ones are short, as in encoding/binary
	if c.uint(&value); c.reading {                 // what is written belongs to others too
		*n = T(int64(value>>1) ^ -int64(value&1))
	}
}

func (c *coder) flag(b *bool) {
	var n uint64
	if *b {
		n = 1
	}
	if c.uint(&n); c.reading {
		*b = n != 0 && c.err == nil
	}
}

// length codes how many bytes or items follow, each of which takes a byte at least.
func (c *coder) length(n int) int {
	size := uint64(n)
	if c.uint(&size); c.reading && size > uint64(len(c.rest)) {
		c.fail()
		return 0
	}
	return int(size)
}

// words codes a text of any type. What is read is a part of the whole.
func words[T ~string](c *coder, s *T) {
	if !c.reading {
		n := uint64(len(*s))
		c.uint(&n)
		c.out = append(c.out, *s...)
		return
	}
	n := c.length(0)
	*s, c.rest = T(c.rest[:n]), c.rest[n:]
}

// bytes tells nil from nothing.
func (c *coder) bytes(b *[]byte) {
	is := *b != nil
	if c.flag(&is); !is {
		return
	}
	n := c.length(len(*b))
	if !c.reading {
		c.out = append(c.out, *b...)
		return
	}
	*b, c.rest = []byte(c.rest[:n]), c.rest[n:]
}

// list codes a list item by item; nil and empty are the same.
func list[T any](c *coder, l *[]T, each func(*T)) {
	n := c.length(len(*l))
	if !c.reading {
		for i := range *l {
			each(&(*l)[i])
		}
		return
	}
	*l = slices.Grow(*l, min(n, maxAtOnce))
	for range n {
		var item T
		if each(&item); c.err != nil {
			return
		}
		*l = append(*l, item)
	}
}

// maxAtOnce bounds the items for which room is made before they are read: a length that is
// wrong must not take memory.
const maxAtOnce = 16

func (c *coder) texts(l *[]string) { list(c, l, func(s *string) { words(c, s) }) }

func (c *coder) violations(l *[]exchange.Violation) {
	list(c, l, func(v *exchange.Violation) {
		words(c, &v.In)
		for _, s := range []*string{&v.Name, &v.Pointer, &v.Rule, &v.Expected, &v.Got, &v.Fix} {
			words(c, s)
		}
		at := place(v.ContractLine())
		if words(c, &at); c.reading && at != "" {
			v.Contract = at
		}
	})
}

func (c *coder) problem(p *exchange.Problem) {
	words(c, &p.Code)
	whole(c, &p.Status)
	words(c, &p.Detail)
	c.violations(&p.Violations)
	c.texts(&p.Known)
	words(c, &p.Text)
}

func (c *coder) considered(t *texts) {
	list(c, &t.list, func(each *tried) {
		words(c, &each.Step)
		words(c, &each.Scenario)
		words(c, &each.Stub)
		whole(c, &each.held)
		whole(c, &each.conditions)
		words(c, &each.failed)
	})
	whole(c, &t.more)
}

// opaque codes a decoded value that is no JSON value.
func (c *coder) opaque(v *any) {
	m, ok := (*v).(schema.Measured)
	if !ok && !c.reading {
		c.err = fmt.Errorf("a %T cannot be told to other replicas", *v)
		return
	}
	sum := string(m.Sum[:])
	whole(c, &m.Length)
	if words(c, &sum); c.reading {
		if copy(m.Sum[:], sum) != len(sum) {
			c.fail()
		}
		*v = m
	}
}
