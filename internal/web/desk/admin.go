package desk

import (
	"context"
	"slices"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

// adminRoutes are the addresses of administration.
func (k *Desk) adminRoutes() []*route {
	return slices.Concat(unitRoutes(), wordingRoutes(), flowRoutes(), systemRoutes())
}

func adminPages() []ui.Page {
	return slices.Concat(unitPages(), wordingPages(), flowPages(), systemPages())
}

// looked answers a form that changes nothing: with a page, as if it had been
// asked for by its address. It is for what is too long for an address.
func looked(show func(*visit) (page ui.Page, status int, err error)) func(*visit) error {
	return func(v *visit) error {
		if err := v.readForm(); err != nil {
			return err
		}
		p, status, err := show(v)
		if err != nil {
			return err
		}
		return v.engine.Write(v.w, v.r, status, p)
	}
}

// mendable is what to say above a form whose answer err can be mended there;
// ok is false for all else, which a page of its own tells.
func mendable(err error) (message string, ok bool) {
	e, ok := fault.Of(err)
	if !ok {
		return "", false
	}
	switch e.Kind {
	case fault.Invalid, fault.Conflict, fault.NotFound, fault.TooLarge:
		return e.Public(), true
	}
	return "", false
}

// change runs f in a transaction of the person's own.
func (v *visit) change(f func(ctx context.Context, tx *db.Tx) error) error {
	ctx := v.r.Context()
	return v.DB.Update(ctx, func(tx *db.Tx) error { return f(ctx, tx) })
}

// doers are the names of actors, as called gives them; what is not known keeps
// its own name.
func (v *visit) doers(actors []string) (map[string]string, error) {
	names, err := v.called(actors...)
	if err != nil {
		return nil, err
	}
	for _, a := range actors {
		if names[a] == "" && a != "" {
			names[a] = a
		}
	}
	return names, nil
}
