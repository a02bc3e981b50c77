package journal

import "github.com/understudy-mock/understudy/mock/internal/state"

// batchVersion begins a batch. Replicas of different versions of Understudy may share a
// journal for the time of a restart: who cannot read a batch says that it is missing.
const batchVersion = 4

// itemKind says what an item of a batch is.
type itemKind uint64

const (
	// itemEntered is an entry, itemCompleted the same one when it has come to its end.
	itemEntered itemKind = iota + 1
	itemCompleted
	// itemDeleted takes entries out, by their ids.
	itemDeleted
	// itemForgotten takes all entries of a session out that were appended before it.
	itemForgotten
)

// item is one thing that a replica tells the others.
type item struct {
	kind    itemKind
	carried // of the first two kinds
	ids     []string
	of      string // the session of itemForgotten
	// own restricts itemForgotten to entries of the replica that tells it.
	own bool
	// from is the number of its moment.
	from uint64
	// unsure tells that entries of before may come later.
	unsure bool
	// lost are entries that are missing from then on, and to whom; it is no part of the data.
	lost map[string]uint64
}

// size reckons the memory of an item.
func (it *item) size() int64 {
	if it.kept != nil {
		return it.kept.size
	}
	n := int64(len(it.of)) + 64
	for _, id := range it.ids {
		n += int64(len(id)) + stringSize
	}
	return n
}

func (it *item) code(c *coder) {
	kind := uint64(it.kind)
	if c.uint(&kind); c.reading {
		it.kind = itemKind(kind)
	}
	switch it.kind {
	case itemEntered, itemCompleted:
		it.carried.code(c)
	case itemDeleted:
		c.texts(&it.ids)
	case itemForgotten:
		words(c, &it.of)
		c.flag(&it.own)
		c.uint(&it.from)
	default:
		c.fail()
	}
}

// Limits of a batch. One has at least one item, so that it may be larger than that.
const (
	maxBatchItems = 256
	maxBatchBytes = 1 << 20
	// batchShare is the least number of batches that a full journal has: the oldest goes as
	// a whole.
	batchShare = 8
)

// batchBounds are those of one batch of a journal.
func batchBounds(b state.JournalBounds) state.JournalBounds {
	return state.JournalBounds{Entries: max(1, min(maxBatchItems, b.Entries/batchShare)), Bytes: min(maxBatchBytes, b.Bytes/batchShare)}
}

// batchOf makes a batch of items, the first of which has a number. It gives less than all
// where they are more bytes than one may have, and tells how many it has taken.
func batchOf(items []item, first uint64, maxBytes int64, redactor *Redactor) (b *state.JournalBatch, taken int) {
	b = &state.JournalBatch{First: first}
	b.Lost = map[string]uint64{}
	c := coder{out: []byte{batchVersion}}
	for ; taken < len(items) && (taken == 0 || b.Bytes < maxBytes); taken++ {
		it := items[taken] // a copy: what travels is dropped with it
		if it.kept != nil {
			it.kept = it.carry(redactor)
		}
		before := len(c.out)
		if it.code(&c); c.err != nil { // a value of a kind that there is not
			c.out, c.err = c.out[:before], nil
			b.Dropped++
			lose(b.Lost, lostToAll, it.number)
			continue
		}
		b.Bytes += max(items[taken].size(), int64(len(c.out)-before))
		if it.kind == itemEntered {
			b.Entries++
			b.Newest = max(b.Newest, it.number)
		}
		for to, n := range it.lost {
			lose(b.Lost, to, n)
		}
	}
	b.Last, b.Data = first+uint64(taken)-1, c.out
	return b, taken
}

// lose notes the highest number of entries that are missing to somebody.
func lose(lost map[string]uint64, to string, number uint64) { lost[to] = max(lost[to], number) }

// readBatch gives the items of a batch in their order.
func readBatch(data string) ([]item, error) {
	c := coder{rest: data, reading: true}
	var version uint64
	if c.uint(&version); version != batchVersion {
		return nil, errCode
	}
	var items []item
	for len(c.rest) > 0 && c.err == nil {
		var it item
		it.code(&c)
		items = append(items, it)
	}
	return items, c.err
}
