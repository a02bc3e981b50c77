package main

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// byteSize is the value of a flag: a number of bytes, with or without a unit.
type byteSize int64

// byteUnits are the units by their names in lower case: of ten (SI) and of two (IEC 80000-13).
var byteUnits = map[string]int64{
	"": 1, "b": 1,
	"kb": 1e3, "mb": 1e6, "gb": 1e9,
	"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30,
}

var byteSizeForm = regexp.MustCompile(`^([0-9]+) ?([A-Za-z]*)$`)

var errByteSize = errors.New("write a number of bytes, or one with a unit, such as 512KiB, 10MB or 1GiB")

// Set reads a size that is greater than 0 and less than 8 EiB.
func (b *byteSize) Set(text string) error {
	m := byteSizeForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return errByteSize
	}
	unit, ok := byteUnits[strings.ToLower(m[2])]
	if !ok {
		return errByteSize
	}
	number, err := strconv.ParseInt(m[1], 10, 64)
	switch {
	case err != nil || number > math.MaxInt64/unit:
		return errors.New("it is too large")
	case number == 0:
		return errors.New("it must be at least 1")
	}
	*b = byteSize(number * unit)
	return nil
}

// String writes the size with the largest unit of two that leaves it whole.
func (b *byteSize) String() string {
	for _, unit := range []string{"GiB", "MiB", "KiB"} {
		if size := byteUnits[strings.ToLower(unit)]; int64(*b) >= size && int64(*b)%size == 0 {
			return fmt.Sprintf("%d%s", int64(*b)/size, unit)
		}
	}
	return strconv.FormatInt(int64(*b), 10)
}

// Type names the kind of value in the help.
func (*byteSize) Type() string { return "size" }
