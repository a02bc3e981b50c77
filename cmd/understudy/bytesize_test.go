package main

import "testing"

func TestByteSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"1": 1, "1024": 1024, "10MB": 10_000_000, "10mb": 10_000_000, "512KiB": 512 << 10, "2 GiB": 2 << 30, "3kB": 3000, " 7B ": 7,
		"9223372036854775807": 1<<63 - 1,
		"":                    -1, "0": -1, "0MB": -1, "-1": -1, "1.5MB": -1, "10M": -1, "lots": -1, "10 M B": -1, "9223372036854775808": -1, "9007199254740993GiB": -1,
	} {
		var b byteSize
		err := b.Set(text)
		if (err == nil) != (want > 0) || err == nil && int64(b) != want {
			t.Errorf("%q: %d, %v", text, b, err)
		}
	}
	for size, want := range map[byteSize]string{10 << 20: "10MiB", 1536: "1536", 3 << 30: "3GiB", 1025: "1025", 64 << 10: "64KiB"} {
		var again byteSize
		if got := size.String(); got != want || again.Set(got) != nil || again != size {
			t.Errorf("%d: %s, read as %d", int64(size), got, int64(again))
		}
	}
}
