package admin

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Token is one of the secrets that admit to the control plane.
type Token struct {
	// Name tells people whose it is.
	Name string
	// ReadOnly tokens admit to what changes nothing.
	ReadOnly bool

	// sum is kept in place of the text, so that comparing takes the same time
	// whatever the length.
	sum [sha256.Size]byte
}

// tokenText is what RFC 6750 section 2.1 lets a bearer token be.
var tokenText = regexp.MustCompile(`^[A-Za-z0-9._~+/-]+=*$`)

// tokenName is what stands before the "=" of NAME=TOKEN.
var tokenName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// ParseTokens reads tokens as the command line writes them, TOKEN or NAME=TOKEN.
// An error never shows a token.
func ParseTokens(full, readOnly []string) ([]Token, error) {
	var list []Token
	for i, text := range slices.Concat(full, readOnly) {
		t := Token{ReadOnly: i >= len(full)}
		secret := text
		name, rest, found := strings.Cut(text, "=")
		if found && strings.Trim(rest, "=") != "" && tokenName.MatchString(name) { // else the "=" is padding
			t.Name, secret = name, rest
		} else if t.Name = "admin-token"; t.ReadOnly {
			t.Name = "admin-read-token"
		}
		if !tokenText.MatchString(secret) {
			return nil, fmt.Errorf("the token %q cannot be sent: letters, digits and - . _ ~ + / are allowed, and = at the end", t.Name)
		}
		t.sum = sha256.Sum256([]byte(secret))
		if i := slices.IndexFunc(list, func(other Token) bool { return other.sum == t.sum }); i >= 0 {
			return nil, fmt.Errorf("the tokens %q and %q are the same", list[i].Name, t.Name)
		}
		list = append(list, t)
	}
	return list, nil
}

// NewToken makes a token that nobody can guess, and gives its text.
func NewToken(name string) (Token, string) {
	text := rand.Text()
	return Token{Name: name, sum: sha256.Sum256([]byte(text))}, text
}

// find gives the token with that text, nil for none. The time that it takes does not
// tell how near the text is.
func find(tokens []Token, text string) *Token {
	sum := sha256.Sum256([]byte(text))
	var found *Token
	for i := range tokens {
		if subtle.ConstantTimeCompare(sum[:], tokens[i].sum[:]) == 1 {
			found = &tokens[i]
		}
	}
	return found
}
