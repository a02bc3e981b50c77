package scenario

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

func TestDribble(t *testing.T) {
	t.Parallel()
	piece := func(wait time.Duration, data string) exchange.Piece {
		return exchange.Piece{Wait: wait * time.Millisecond, Data: []byte(data)}
	}
	for _, test := range []struct {
		name string
		Dribble
		body string
		want []exchange.Piece
	}{
		{"equal pieces", Dribble{3, 3 * time.Second}, "aabbcc", []exchange.Piece{piece(1000, "aa"), piece(1000, "bb"), piece(1000, "cc")}},
		{"what is over is spread", Dribble{3, 10 * time.Millisecond}, "12345", []exchange.Piece{{Wait: 3333333, Data: []byte("1")}, {Wait: 3333333, Data: []byte("23")}, {Wait: 3333334, Data: []byte("45")}}},
		{"a short body", Dribble{5, 2 * time.Second}, "ab", []exchange.Piece{piece(1000, "a"), piece(1000, "b")}},
		{"one piece", Dribble{1, time.Second}, "ab", []exchange.Piece{piece(1000, "ab")}},
		{"no time", Dribble{2, 0}, "ab", []exchange.Piece{piece(0, "a"), piece(0, "b")}},
		{"no body", Dribble{2, time.Second}, "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.Cut([]byte(test.body))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
