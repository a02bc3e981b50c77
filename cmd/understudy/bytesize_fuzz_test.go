package main

import "testing"

// FuzzByteSize holds that a size which was read is shown as one that means the same.
func FuzzByteSize(f *testing.F) {
	for _, text := range []string{"1", "10MB", "512KiB", " 7 b ", "9223372036854775807", "8589934592GiB", "0GB", "+1", "1e3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var size, again byteSize
		if size.Set(text) != nil {
			return
		}
		if err := again.Set(size.String()); err != nil || again != size || size <= 0 {
			t.Errorf("%q is %d, shown as %s: %d, %v", text, size, &size, again, err)
		}
	})
}
