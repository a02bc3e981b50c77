package format

import "strings"

// isDate checks the full-date of RFC 3339 section 5.6.
func isDate(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	year, ok1 := number(s[:4])
	month, ok2 := number(s[5:7])
	day, ok3 := number(s[8:])
	return ok1 && ok2 && ok3 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// number reads a few digits.
func number(s string) (int, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// isDateTime checks the date-time of RFC 3339 section 5.6, leap seconds included.
func isDateTime(s string) bool {
	return len(s) > 11 && s[10]|0x20 == 't' && isDate(s[:10]) && isTime(s[11:])
}

// isTime checks the full-time of RFC 3339 section 5.6.
func isTime(s string) bool {
	if len(s) < 9 || s[2] != ':' || s[5] != ':' {
		return false
	}
	hour, ok1 := number(s[:2])
	minute, ok2 := number(s[3:5])
	second, ok3 := number(s[6:8])
	if !ok1 || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 60 {
		return false
	}
	rest := s[8:]
	if rest[0] == '.' {
		n := 1
		for n < len(rest) && isDigit(rest[n]) {
			n++
		}
		if n == 1 {
			return false
		}
		rest = rest[n:]
	}
	offset, ok := offsetMinutes(rest)
	if !ok || second < 60 {
		return ok
	}
	// A leap second is the last of a day in UTC (appendix D).
	const day = 24 * 60
	return (hour*60+minute-offset+day)%day == day-1
}

func offsetMinutes(s string) (int, bool) {
	if s == "Z" || s == "z" {
		return 0, true
	}
	if len(s) != 6 || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return 0, false
	}
	hour, ok1 := number(s[1:3])
	minute, ok2 := number(s[4:])
	if !ok1 || !ok2 || hour > 23 || minute > 59 {
		return 0, false
	}
	if s[0] == '-' {
		return -(hour*60 + minute), true
	}
	return hour*60 + minute, true
}

// isDuration checks an ISO 8601 duration. RFC 3339 appendix A, which JSON Schema
// cites, allows no fraction and no gaps (P1Y2D); what programs send has both
// (PT0.5S), so they pass here.
func isDuration(s string) bool {
	s, ok := strings.CutPrefix(s, "P")
	if !ok {
		return false
	}
	if weeks, ok := strings.CutSuffix(s, "W"); ok {
		n, fraction := quantity(weeks)
		return n > 0 && !fraction && n == len(weeks)
	}
	date, clock, timed := strings.Cut(s, "T")
	dateUnits, fraction, ok := quantities(date, "YMD")
	if !ok || !timed {
		return ok && dateUnits > 0
	}
	clockUnits, _, ok := quantities(clock, "HMS")
	return ok && clockUnits > 0 && !fraction
}

// quantities reads numbers with units in their order. A fraction may only stand
// in the last.
func quantities(s, units string) (count int, fraction, ok bool) {
	for s != "" {
		n, withFraction := quantity(s)
		if n == 0 || n == len(s) || fraction {
			return 0, false, false
		}
		at := strings.IndexByte(units, s[n])
		if at < 0 {
			return 0, false, false
		}
		units, s, fraction = units[at+1:], s[n+1:], withFraction
		count++
	}
	return count, fraction, true
}

// quantity gives the length of the number with which s begins.
func quantity(s string) (n int, fraction bool) {
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	if n == 0 || n == len(s) || s[n] != '.' {
		return n, false
	}
	end := n + 1
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	if end == n+1 {
		return n, false
	}
	return end, true
}
