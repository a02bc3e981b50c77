package shared

import (
	"context"
	_ "embed" // for the scripts
	"errors"

	"github.com/redis/go-redis/v9"
)

// The scripts are atomic, and each is one round trip.
var (
	//go:embed lua/prelude.lua
	prelude string
	//go:embed lua/session.lua
	sessionText string
	//go:embed lua/enter.lua
	enterText string
	//go:embed lua/make.lua
	makeText string
	//go:embed lua/change.lua
	changeText string
	//go:embed lua/reset.lua
	resetText string
	//go:embed lua/begin.lua
	beginText string
	//go:embed lua/commit.lua
	commitText string
	//go:embed lua/reserve.lua
	reserveText string
	//go:embed lua/texts.lua
	textsText string
	//go:embed lua/beat.lua
	beatText string
	//go:embed lua/behind.lua
	behindText string
	//go:embed lua/flush.lua
	flushText string
	//go:embed lua/unflushed.lua
	unflushedText string
	//go:embed lua/count.lua
	countText string
	//go:embed lua/uncount.lua
	uncountText string
	//go:embed lua/anew.lua
	anewText string

	enterScript     = redis.NewScript(prelude + sessionText + enterText)
	makeScript      = redis.NewScript(prelude + makeText)
	changeScript    = redis.NewScript(prelude + changeText)
	resetScript     = redis.NewScript(prelude + resetText)
	beginScript     = redis.NewScript(prelude + beginText)
	commitScript    = redis.NewScript(prelude + sessionText + commitText)
	reserveScript   = redis.NewScript(reserveText)
	textsScript     = redis.NewScript(prelude + textsText)
	beatScript      = redis.NewScript(prelude + beatText)
	behindScript    = redis.NewScript(prelude + behindText)
	countScript     = redis.NewScript(prelude + countText)
	uncountScript   = redis.NewScript(prelude + uncountText)
	anewScript      = redis.NewScript(prelude + anewText)
	flushScript     = redis.NewScript(prelude + flushText)
	unflushedScript = redis.NewScript(prelude + unflushedText)
)

// run runs a script by its hash; a server that does not know it is sent the text.
func (r *Store) run(ctx context.Context, script *redis.Script, keys []string, args ...any) (any, error) {
	var reply any
	err := r.do(ctx, func(ctx context.Context, c redis.UniversalClient) (err error) {
		reply, err = script.Run(ctx, c, keys, args...).Result()
		return err
	})
	return reply, err
}

// number and text take a reply apart; what is not of the kind is 0 and "".
func number(reply any) int64 {
	n, _ := reply.(int64)
	return n
}

func text(reply any) string {
	s, _ := reply.(string)
	return s
}

// texts takes apart a list of texts.
func texts(reply any) []string {
	list, _ := reply.([]any)
	all := make([]string, len(list))
	for i := range list {
		all[i] = text(list[i])
	}
	return all
}

// items gives at least n parts of a reply.
func items(reply any, n int) ([]any, error) {
	list, _ := reply.([]any)
	if len(list) < n {
		return nil, errors.New("the server has given an answer that does not fit the script")
	}
	return list, nil
}
