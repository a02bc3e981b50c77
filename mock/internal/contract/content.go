package contract

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// MaxFile bounds the files that are held to be judged, in bytes. Of longer ones only the
// length and the digest are known: patterns and formats are not asked of them.
const MaxFile = 1 << 20

// DefaultMaxHeld is what Options.MaxHeld is where it is 0.
const DefaultMaxHeld = 10 << 20

// content is what a file or another part holds: all of its bytes, or for a file that is
// too long to be held what was measured while it went by.
type content struct {
	data     []byte
	measured bool
	size     int64
	sum      [sha256.Size]byte
}

var errNoRoom = errors.New("more than may be held")

// readContent reads all of r and holds at most room bytes; more is an error unless it is
// a file.
func readContent(r io.Reader, room int64, isFile bool) (content, error) {
	if isFile {
		room = min(room, MaxFile)
	}
	var held bytes.Buffer
	n, err := held.ReadFrom(io.LimitReader(r, room+1))
	switch {
	case err != nil:
		return content{}, err
	case n <= room:
		return content{data: held.Bytes(), size: n}, nil
	case !isFile:
		return content{}, errNoRoom
	}
	digest := sha256.New()
	_, _ = digest.Write(held.Bytes()) // never fails, see hash.Hash
	rest, err := io.Copy(digest, r)
	c := content{measured: true, size: n + rest}
	digest.Sum(c.sum[:0])
	return c, err
}

// text gives the content as the schema judges it: a string with a character for each byte.
func (c *content) text() any {
	if c.measured {
		return schema.Measured{Length: int(c.size), Sum: c.sum}
	}
	return bytesText(c.data)
}

// shown gives the members of what conditions see of a file: its media type, its size and
// digest, and the content where it is a text that is not too long.
func (c *content) shown(contentType string) map[string]any {
	if !c.measured {
		c.sum = sha256.Sum256(c.data)
	}
	file := map[string]any{fileType: contentType, fileSize: json.Number(strconv.FormatInt(c.size, 10)), fileSum: hex.EncodeToString(c.sum[:])}
	if !c.measured && len(c.data) <= MaxFileText && utf8.Valid(c.data) {
		file[fileContent] = string(c.data)
	}
	return file
}
