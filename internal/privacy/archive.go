package privacy

import (
	"context"
	"slices"
	"strings"
)

// scanArchive looks into every file of a ZIP archive.
func scanArchive(ctx context.Context, n names, data []byte, o Options, marked []Finding, cost *budget) (traces []trace, warnings []string, err error) {
	p, err := openPack(data, cost)
	if err != nil {
		return nil, nil, err
	}
	if cost.nesting--; cost.nesting < 0 {
		return nil, nil, bomb("一层套一层，层数太多")
	}
	defer func() { cost.nesting++ }()
	for _, e := range p.parts {
		if strings.HasSuffix(e.name, "/") || junk(e.name) {
			continue
		}
		inner, err := p.load(e)
		if err != nil {
			return nil, nil, err
		}
		name := entryName(e)
		o.Place = n.prefix + "内“" + name + "”"
		found, _, warned, err := scanFile(ctx, n.home+"/"+name, inner, o, marked, cost)
		if err != nil {
			return nil, nil, at(name, err)
		}
		for i := range found {
			found[i].Key = innerKey(n.home, name, found[i].Key)
		}
		traces, warnings = append(traces, found...), append(warnings, warned...)
	}
	return traces, warnings, nil
}

// innerKey is the key of a finding in a file within an archive.
func innerKey(home, name, key string) string { return keyOf("", home+"\x00"+name, key) }

// maskArchive masks the files of an archive that have what is to be masked.
func maskArchive(ctx context.Context, name string, data []byte, findings []Finding, cost *budget) ([]byte, error) {
	p, err := openPack(data, cost)
	if err != nil {
		return nil, err
	}
	if cost.nesting--; cost.nesting < 0 {
		return nil, bomb("一层套一层，层数太多")
	}
	defer func() { cost.nesting++ }()
	home := namesOf(name, "").home
	w := wanted(findings)
	for _, e := range p.parts {
		if strings.HasSuffix(e.name, "/") || junk(e.name) {
			p.drop(e.name)
			continue
		}
		inner, err := p.load(e)
		if err != nil {
			return nil, err
		}
		entry := entryName(e)
		found, _, _, err := scanFile(ctx, home+"/"+entry, inner, Options{}, w.marked(), cost)
		if err != nil {
			return nil, err
		}
		var within []Finding
		for _, t := range found {
			if key := innerKey(home, entry, t.Key); w.has(key) {
				within = append(within, t.Finding)
			}
		}
		if len(within) == 0 {
			continue
		}
		out, err := maskFile(ctx, home+"/"+entry, inner, within, cost)
		if err != nil {
			return nil, at(entry, err)
		}
		p.put(e.name, out)
	}
	return p.bytes()
}

// cleanArchive cleans the files of an archive.
func cleanArchive(ctx context.Context, data []byte, cost *budget) (out []byte, removed []string, err error) {
	p, err := openPack(data, cost)
	if err != nil {
		return nil, nil, err
	}
	if cost.nesting--; cost.nesting < 0 {
		return nil, nil, bomb("一层套一层，层数太多")
	}
	defer func() { cost.nesting++ }()
	for _, e := range p.parts {
		if junk(e.name) {
			p.drop(e.name)
			removed = append(removed, "系统文件")
			continue
		}
		inner, err := p.load(e)
		if err != nil {
			return nil, nil, err
		}
		cleaned, gone, err := clean(ctx, entryName(e), inner, cost)
		if err != nil {
			return nil, nil, at(entryName(e), err)
		}
		p.put(e.name, cleaned)
		removed = append(removed, gone...)
	}
	if !p.touched() {
		return data, nil, nil
	}
	out, err = p.bytes()
	slices.Sort(removed)
	return out, slices.Compact(removed), err
}
