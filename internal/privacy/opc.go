package privacy

import (
	"path"
	"slices"
	"strings"
)

// relation is one line of a .rels part: what a part stands in relation to.
type relation struct {
	id, kind, target string // target is the name of a part, or an address
	external         bool
	node             node
}

// relsName is where the relations of a part are kept; "" is the file itself.
func relsName(name string) string {
	dir, base := path.Split(name)
	return dir + "_rels/" + base + ".rels"
}

// relations reads the relations of a part.
func (p *pack) relations(name string) ([]relation, error) {
	data, err := p.get(relsName(name))
	if data == nil || err != nil {
		return nil, err
	}
	var out []relation
	err = walkXML(data, xmlVisitor{close: func(at []node, _ int) {
		n := at[len(at)-1]
		if n.name != "Relationship" {
			return
		}
		r := relation{id: n.attr("Id"), kind: path.Base(n.attr("Type")), target: n.attr("Target"), external: n.attr("TargetMode") == "External", node: n}
		if !r.external {
			r.target = resolve(name, r.target)
		}
		out = append(out, r)
	}})
	return out, err
}

// resolve gives the name of the part that a relation of from points to.
func resolve(from, target string) string {
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return path.Join(path.Dir(from), target)
}

// sweep drops the parts that no relation leads to, their relations, and what
// the list of content types says of them.
func (p *pack) sweep() error {
	reached := map[string]bool{"[content_types].xml": true, "_rels/.rels": true}
	queue := []string{""}
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		rels, err := p.relations(name)
		if err != nil {
			return err
		}
		for _, r := range rels {
			if key := strings.ToLower(r.target); !r.external && !reached[key] {
				reached[key] = true
				reached[strings.ToLower(relsName(r.target))] = true
				queue = append(queue, r.target)
			}
		}
	}
	for _, e := range p.parts {
		if !reached[strings.ToLower(e.name)] && !strings.HasSuffix(e.name, "/") {
			e.dropped = true
		}
	}
	return p.dropContentTypes()
}

func (p *pack) dropContentTypes() error {
	const types = "[Content_Types].xml"
	data, err := p.get(types)
	if err != nil || data == nil {
		return err
	}
	var edits []edit
	err = walkXML(data, xmlVisitor{close: func(at []node, _ int) {
		n := at[len(at)-1]
		if e := p.byName[strings.ToLower(strings.TrimPrefix(n.attr("PartName"), "/"))]; n.name == "Override" && (e == nil || e.dropped) {
			edits = append(edits, edit{n.start, n.end, ""})
		}
	}})
	p.put(types, applyEdits(data, edits))
	return err
}

// xmlParts lists the XML parts that may hold text, in order.
func (p *pack) xmlParts() []string {
	var out []string
	for _, e := range p.parts {
		if ext := strings.ToLower(path.Ext(e.name)); !e.dropped && ext == ".xml" && !slices.Contains(plainParts, path.Base(e.name)) && !strings.Contains(e.name, "/theme/") {
			out = append(out, e.name)
		}
	}
	return out
}

// plainParts say how things look and hold no text of anybody.
var plainParts = []string{"[Content_Types].xml", "styles.xml", "fontTable.xml", "webSettings.xml", "stylesWithEffects.xml", "calcChain.xml", "numbering.xml", "settings.xml", "tableStyles.xml", "presProps.xml", "viewProps.xml"}
