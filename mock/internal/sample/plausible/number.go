package plausible

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/sample/dice"
)

// span is what numbers of a name are between, and how many digits behind the point
// they have where they need not be integers.
type span struct{ lo, hi, decimals int }

// Number gives the text of a number for something of that name; false for a name that
// says nothing.
func Number(name string, integer bool, d *dice.Dice) (string, bool) {
	words := Words(name)
	s, ok := find(numbers, words)
	if !ok && len(words) > 1 && words[len(words)-1] == "at" {
		s, ok = numbers["timestamp"], true
	}
	if !ok {
		return "", false
	}
	n := d.Between(s.lo, s.hi)
	if integer || s.decimals == 0 {
		return fmt.Sprint(n), true
	}
	scale := 1
	for range s.decimals {
		scale *= 10
	}
	return fmt.Sprintf("%d.%0*d", n, s.decimals, d.IntN(scale)), true
}

// numbers are spans by name, words joined by underscores.
var numbers = map[string]span{
	"id": {1, 9999, 0}, "number": {1, 999, 0}, "code": {100, 999, 0}, "status": {200, 200, 0}, "status_code": {200, 200, 0},
	"age": {18, 79, 0}, "year": {2023, 2025, 0}, "month": {1, 12, 0}, "day": {1, 28, 0}, "hour": {0, 23, 0}, "minute": {0, 59, 0}, "second": {0, 59, 0},
	"quantity": {1, 9, 0}, "qty": {1, 9, 0}, "count": {1, 40, 0}, "total_count": {1, 40, 0}, "total_items": {1, 40, 0}, "total_pages": {1, 9, 0},
	"page": {1, 1, 0}, "per_page": {20, 20, 0}, "page_size": {20, 20, 0}, "limit": {20, 20, 0}, "offset": {0, 0, 0}, "index": {0, 9, 0}, "position": {1, 9, 0}, "rank": {1, 9, 0}, "priority": {1, 5, 0}, "level": {1, 5, 0},
	"price": {1, 199, 2}, "amount": {1, 199, 2}, "cost": {1, 199, 2}, "total": {1, 499, 2}, "subtotal": {1, 499, 2}, "balance": {1, 999, 2}, "fee": {1, 9, 2}, "tax": {1, 19, 2}, "discount": {1, 19, 2}, "salary": {2000, 6000, 2},
	"rating": {1, 4, 1}, "score": {1, 99, 1}, "rate": {0, 19, 2}, "percent": {1, 99, 1}, "percentage": {1, 99, 1}, "ratio": {0, 0, 2}, "probability": {0, 0, 2}, "confidence": {0, 0, 2},
	"latitude": {36, 59, 4}, "lat": {36, 59, 4}, "longitude": {0, 29, 4}, "lng": {0, 29, 4}, "lon": {0, 29, 4}, "altitude": {0, 999, 1},
	"weight": {1, 99, 1}, "height": {1, 199, 1}, "width": {1, 199, 1}, "length": {1, 199, 1}, "depth": {1, 99, 1}, "distance": {1, 99, 1}, "temperature": {10, 29, 1}, "speed": {1, 99, 1},
	"duration": {30, 600, 0}, "timeout": {30, 60, 0}, "ttl": {60, 3600, 0}, "expires_in": {3600, 3600, 0}, "interval": {5, 60, 0}, "port": {8080, 8080, 0}, "size": {100, 9999, 0}, "bytes": {100, 9999, 0}, "version": {1, 9, 0},
	"timestamp": {1_700_000_000, 1_749_999_999, 0}, "time": {1_700_000_000, 1_749_999_999, 0},
}
