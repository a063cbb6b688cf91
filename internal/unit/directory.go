package unit

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"io/fs"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

//go:embed directory
var directories embed.FS

// Files of a directory. Only the units must be there.
const (
	unitsFile  = "units.csv"  // see Template
	eventsFile = "events.csv" // see EventTemplate
	setsFile   = "sets.json"  // a list of Set
)

// Directory is a city's directory that comes with the program, as example data
// and for the demonstration: "yongzhou". ok is false for other names.
func Directory(city string) (files fs.FS, ok bool) {
	files, err := fs.Sub(directories, "directory/"+city)
	if err != nil {
		return nil, false
	}
	if _, err := fs.Stat(files, unitsFile); err != nil {
		return nil, false
	}
	return files, true
}

// Load takes a whole directory into the store, in one transaction: units, then
// events, then sets. Loading it twice changes nothing. Rows and sets that are
// refused stand in the report; the line of a set is its place in the list.
func Load(ctx context.Context, s *Store, files fs.FS, opts ImportOptions) (r Report, err error) {
	defer fault.Wrap(&err, "unit.Load")
	err = s.update(ctx, opts, func(tx *db.Tx) error {
		r, err = s.loadAll(ctx, tx, files, opts)
		return err
	})
	return r, err
}

func (s *Store) loadAll(ctx context.Context, tx *db.Tx, files fs.FS, opts ImportOptions) (r Report, err error) {
	steps := []struct {
		file   string
		needed bool
		load   func(data []byte) (Report, error)
	}{
		{unitsFile, true, func(data []byte) (Report, error) { return s.importUnits(ctx, tx, unitsFile, data, opts) }},
		{eventsFile, false, func(data []byte) (Report, error) { return s.importEvents(ctx, tx, eventsFile, data, opts) }},
		{setsFile, false, func(data []byte) (Report, error) { return s.importSets(ctx, tx, data, opts) }},
	}
	for _, step := range steps {
		data, err := fs.ReadFile(files, step.file)
		if errors.Is(err, fs.ErrNotExist) && !step.needed {
			continue
		}
		if err != nil {
			return r, fault.New(fault.Invalid, "directory_file", "名录文件夹里没有 %s，或读不出来。", step.file).Because(err)
		}
		part, err := step.load(data)
		if err != nil {
			return r, err
		}
		r.Add(part)
	}
	return r, nil
}

func (s *Store) importSets(ctx context.Context, tx *db.Tx, data []byte, opts ImportOptions) (r Report, err error) {
	var sets []Set
	if err := json.Unmarshal(data, &sets); err != nil {
		return r, fault.New(fault.Invalid, "sets_json", "集合文件不是规定格式的 JSON，请对照样例 internal/unit/directory/yongzhou/sets.json。").At("%s", setsFile).Because(err)
	}
	before, err := s.Tree(ctx, tx)
	if err != nil {
		return r, err
	}
	known := map[string]bool{}
	for _, set := range before.sets {
		known[set.Name] = true
	}
	nameable := map[string]bool{}
	for k := range before.setKeys {
		nameable[k] = true
	}
	for k := range setKeys(sets) {
		nameable[k] = true
	}
	for i, set := range sets {
		if err := before.checkNamed(set, nameable); err != nil {
			r.refuse(i+1, "集合", set.Name, err)
			continue
		}
		changed, err := s.PutSet(ctx, tx, opts.actor(), set)
		switch _, ours := fault.Of(err); {
		case err != nil && !ours:
			return r, err
		case err != nil:
			r.refuse(i+1, "集合", set.Name, err)
		case !changed:
			r.Same++
		case known[set.Name]:
			r.Changed++
		default:
			r.Added++
		}
	}
	return r, nil
}

// checkNamed refuses a set whose rule names a unit or set that never was.
func (t *Tree) checkNamed(set Set, sets map[string]bool) error {
	named := append(append([]string{}, set.Rule.Include...), set.Rule.Exclude...)
	if set.Rule.Below != "" {
		named = append(named, set.Rule.Below)
	}
	for _, name := range named {
		if len(t.everBorne(name)) == 0 {
			return fault.New(fault.Invalid, "set_bad", "规则里的单位“%s”不在名录里，请改正名称或先加单位。", fault.Clip(name, 40))
		}
	}
	for _, name := range set.Rule.Sets {
		if !sets[key(name)] {
			return fault.New(fault.Invalid, "set_bad", "规则里的集合“%s”不存在，请改正名称或先加这个集合。", fault.Clip(name, 40))
		}
	}
	return nil
}
