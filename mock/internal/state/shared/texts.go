package shared

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// Text is a scenario that was added while the mocks run, as it came.
type Text struct {
	// File is the name of a file that could have it.
	File string
	Data string
}

// errBusy is returned where texts could not be taken over at that moment.
var errBusy = errors.New("what is served is just being changed")

// PutText keeps the text of a scenario for a session, for "" for everybody, in place of
// one of its name, and in the same step puts scenarios on top of the active ones as
// Activate does. Other replicas take it over as they take over what is active. It has the
// errors of Activate.
func (r *Store) PutText(ctx context.Context, id, name string, text Text, on ...state.Activation) error {
	return r.changeTexts(ctx, id, nil, name, text.File+"\n"+text.Data, on)
}

// DropText drops a scenario of a session, for "" of everybody, and in the same step takes
// it out of the active ones as Deactivate does.
func (r *Store) DropText(ctx context.Context, id, name string) error {
	return r.changeTexts(ctx, id, []string{name}, "", "", nil)
}

func (r *Store) changeTexts(ctx context.Context, id string, out []string, name, value string, on []state.Activation) error {
	restart := slices.Clone(out)
	for i := range on {
		restart = append(restart, on[i].Scenario)
	}
	on = slices.Clone(on)
	slices.Reverse(on)
	args := []any{"0", encodeNames(out), name, value, encodeActivations(on)}
	var err error
	if id == "" {
		if len(restart) > 0 {
			if err := r.forgetScenarios(ctx, restart); err != nil {
				return err
			}
		}
		err = r.changeGlobal(ctx, func() (any, error) { return r.run(ctx, textsScript, r.globalKeys(), args...) })
	} else {
		args[0] = "1"
		var reply any
		reply, err = r.run(ctx, textsScript, r.sessionKeys(id), args...)
		err = r.changedSession(id, reply, err)
	}
	if errors.Is(err, ErrUnavailable) {
		r.doubtTexts(id)
	}
	return err
}

// doubtTexts has the texts taken over again when the state is reached: the caller may serve
// what is not kept.
func (r *Store) doubtTexts(id string) {
	if id == "" {
		r.syncMu.Lock()
		defer r.syncMu.Unlock()
		r.joined, r.texts = false, unknownTexts
		return
	}
	if known := r.find(id); known != nil {
		again := *known
		again.stale, again.texts = true, unknownTexts
		r.remember(id, &again, known)
	}
}

// unknownTexts is the version of none.
const unknownTexts = "unknown"

// takeOver hands texts on, given by name and value in turn.
func (r *Store) takeOver(id string, flat []string) error {
	if r.opts.Texts == nil {
		return nil
	}
	texts := make(map[string]Text, len(flat)/2)
	for i := 0; i+1 < len(flat); i += 2 {
		file, data, _ := strings.Cut(flat[i+1], "\n")
		texts[flat[i]] = Text{file, data}
	}
	if !r.opts.Texts(id, texts) {
		return errBusy
	}
	return nil
}

// globalTexts reads those of everybody.
func (r *Store) globalTexts(ctx context.Context) (flat []string, err error) {
	err = r.try(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		got, err := c.HGetAll(ctx, r.shared("added")).Result()
		for name, value := range got {
			flat = append(flat, name, value)
		}
		return err
	})
	return flat, err
}
