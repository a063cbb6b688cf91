package unit

import (
	"context"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// EnsureExternal finds a unit by any name that it bears or ever bore, or adds
// it as one outside the city, below the outside organ whose prefix its name
// begins with. It is for imports whose units nobody has listed
// (--create-units). A name of several units stays a fault.
func (s *Store) EnsureExternal(ctx context.Context, tx *db.Tx, name string) (o Organ, err error) {
	defer fault.Wrap(&err, "unit.EnsureExternal(%q)", fault.Clip(name, 40))
	name = strings.TrimSpace(name)
	o, err = s.Resolve(ctx, tx, name, civil.Date{})
	if err == nil || fault.KindOf(err) != fault.NotFound {
		return o, err
	}
	t, err := s.writing(ctx, tx) // somebody may have added it meanwhile
	if err != nil {
		return Organ{}, err
	}
	o, err = t.Resolve(name, civil.Date{})
	if err == nil || fault.KindOf(err) != fault.NotFound {
		return o, err
	}
	if former := t.everBorne(name); len(former) == 1 {
		return *t.organs[former[0]], nil
	} else if len(former) > 1 {
		return Organ{}, t.ambiguous(name, former, civil.Date{})
	}
	parent, _ := t.External(name)
	return s.Add(ctx, tx, "import", Draft{Kind: External, Name: name, Parent: parent, Note: "导入时自动加入，未核对。"})
}

// everBorne lists the organs that bore a name at any time.
func (t *Tree) everBorne(name string) (ids []int64) {
	seen := map[int64]bool{}
	for _, c := range t.index.claims[key(name)] {
		if c.tier < bare && !seen[c.organ] {
			seen[c.organ] = true
			ids = append(ids, c.organ)
		}
	}
	return ids
}
