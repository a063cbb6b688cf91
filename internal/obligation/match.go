package obligation

import "slices"

// keys are what a record must bear at least one of to be looked at: the values
// of the narrowest list that is not empty.
func (m Match) keys() []string {
	for _, dim := range []struct {
		name   string
		values []string
	}{{"statutory", m.Statutory}, {"category", m.Categories}, {"kind", m.Kinds}} {
		if len(dim.values) == 0 {
			continue
		}
		keys := make([]string, len(dim.values))
		for i, v := range dim.values {
			keys[i] = dim.name + "=" + v
		}
		slices.Sort(keys)
		return slices.Compact(keys)
	}
	return nil
}

// keysOf are the keys that a record bears.
func keysOf(r RecordFacts) []string {
	return []string{"statutory=" + r.Statutory, "category=" + r.Category, "kind=" + r.Kind}
}

// Matches tells whether a record is evidence by itself.
func (m Match) Matches(r RecordFacts) bool {
	agrees := func(list []string, v string) bool { return len(list) == 0 || slices.Contains(list, v) }
	return len(m.Kinds)+len(m.Categories)+len(m.Statutory) > 0 &&
		agrees(m.Kinds, r.Kind) && agrees(m.Categories, r.Category) && agrees(m.Statutory, r.Statutory)
}
