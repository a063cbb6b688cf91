package workplan

import (
	"regexp"
	"slices"
	"strings"

	"gongkai/internal/fault"
)

// prose turns an outline into tasks.
type prose struct {
	outline *outline
	year    int
	first   bool // the document says that the first unit named leads
	level   int  // the depth at which most tasks stand
	tasks   []Task
	warn    []Warning
	// names that hold for all tasks from here on
	defaultLead, defaultResponsible []string
}

// readProse makes the tasks of a numbered text.
func readProse(o *outline, year int, whole text) ([]Task, []Warning) {
	p := &prose{outline: o, year: year, first: whole.has(firstLeads)}
	sections := len(o.root.children) > 1 && !slices.ContainsFunc(o.root.children, func(n *node) bool { return len(n.children) == 0 && len(n.found) > 0 })
	for _, top := range o.root.children {
		lift(top, sections)
	}
	p.level = o.taskLevel()
	for _, top := range o.root.children {
		p.visit(top, nil)
	}
	return p.tasks, p.warn
}

// lift moves the units that only the last of several items names to the item
// above: in 1. … 2. …（甲负责） the bracket closes the whole. Where a document
// has sections, these keep theirs below.
func lift(n *node, section bool) {
	for _, c := range n.children {
		lift(c, false)
	}
	last := len(n.children) - 1
	if section || last < 1 || len(n.found) > 0 {
		return
	}
	for i, c := range n.children {
		if c.assigns() != (i == last) || len(c.children) > 0 {
			return
		}
	}
	n.found, n.children[last].found = n.children[last].found, nil
}

// taskLevel is the depth at which most nodes name units themselves; of equal
// depths the deeper one.
func (o *outline) taskLevel() int {
	count := make([]int, len(marks)+1)
	o.root.walk(func(n *node) {
		if len(n.found) > 0 {
			count[n.depth]++
		}
	})
	level := 0
	for depth, n := range count {
		if n > 0 && n >= count[level] {
			level = depth
		}
	}
	return level
}

// visit decides whether a node is a task or a heading with tasks below it.
func (p *prose) visit(n *node, path []string) {
	switch {
	case n.below(): // heading
		p.descend(n, path)
	case len(n.found) > 0:
		p.task(n, path)
	case n.depth >= p.level && (len(n.children) == 0 || n.depth > 1):
		p.task(n, path)
	case len(n.children) > 0:
		p.descend(n, path)
	}
}

// descend goes through the items of a heading. What a heading itself assigns
// holds for those items that name nobody.
func (p *prose) descend(n *node, path []string) {
	title, _ := splitTitle(n.kept)
	path = append(path, title.String())
	own := Task{}
	p.assign(&own, n.found)
	for _, c := range n.children {
		from := len(p.tasks)
		p.visit(c, path)
		for i := from; i < len(p.tasks) && len(n.found) > 0; i++ {
			if t := &p.tasks[i]; t.Assignment == "" {
				t.Lead, t.Responsible, t.Assignment = own.Lead, own.Responsible, own.Assignment
			}
		}
	}
}

// task makes a task of a node and the items below it.
func (p *prose) task(n *node, path []string) {
	title, body := splitTitle(n.kept)
	t := Task{
		No: len(p.tasks) + 1, Label: n.label, Section: strings.Join(path, "／"), Title: title.String(),
		Lead: []string{}, Responsible: []string{}, Targets: []Target{},
	}
	if len(n.children) > 0 && body.len() == n.kept.len() && body.len() <= titleRunes {
		body = text{} // a heading says nothing besides its title
	}
	for _, c := range n.children {
		body = body.join(c.whole())
	}
	t.Text = body.String()
	p.assign(&t, n.found)
	p.items(&t, n)
	p.limit(&t, n, n.kept.join(body))
	if len(t.Lead)+len(t.Responsible) == 0 {
		p.warn = append(p.warn, Warning{t.No, "“" + fault.Clip(t.Title, 40) + "”没有写明责任单位，请人工指定。"})
	}
	p.tasks = append(p.tasks, t)
}

// whole is a node with everything below it, numbers included.
func (n *node) whole() text {
	t := text{slices.Concat(n.mark.raw, n.kept.raw), slices.Concat(n.mark.key, n.kept.key)}
	for _, c := range n.children {
		t = t.join(c.whole())
	}
	return t
}

// assign gives the task its units: those it names, and those that hold for all.
func (p *prose) assign(t *Task, found []assigned) {
	var printed []string
	others := false
	for _, a := range found {
		t.Lead, t.Responsible = merge(t.Lead, a.lead), merge(t.Responsible, a.responsible)
		printed = append(printed, a.printed)
		others = others || a.others
		p.remember(a)
	}
	t.Assignment = strings.Join(printed, "；")
	if p.first && len(t.Lead) == 0 && len(t.Responsible) > 0 {
		t.Lead, t.Responsible = t.Responsible[:1:1], t.Responsible[1:]
	}
	t.Lead, t.Responsible = merge(t.Lead, p.defaultLead), merge(t.Responsible, p.defaultResponsible)
	if others && t.No > 0 {
		p.warn = append(p.warn, Warning{t.No, "责任单位后面有“等”，没有列全，请核对。"})
	}
}

// remember keeps names that a document gives once for all tasks; 以上 reaches
// back to the tasks before.
func (p *prose) remember(a assigned) {
	if !a.byDefault {
		return
	}
	lead, responsible := a.last.names, []string(nil)
	if !a.lastLeads {
		lead, responsible = nil, a.last.names
	}
	p.defaultLead, p.defaultResponsible = merge(p.defaultLead, lead), merge(p.defaultResponsible, responsible)
	for i := range p.tasks {
		if a.above {
			p.tasks[i].Lead = merge(p.tasks[i].Lead, lead)
			p.tasks[i].Responsible = merge(p.tasks[i].Responsible, responsible)
		}
	}
}

// items divides a task: by numbered lines below it, by numbers in its text, or
// by sentences that each name their units. Numbers promised stand with their
// item and, together with those of no item, with the task.
func (p *prose) items(t *Task, n *node) {
	apart := n.kept // what is in no item
	switch {
	case len(n.children) > 0:
		for i, c := range n.children {
			t.Items = append(t.Items, Item{No: i + 1, Text: c.withoutLabel().trim(";。,、").String()})
		}
	default:
		t.Items, apart = inlineItems(n.kept)
		if t.Items == nil && len(n.found) > 1 {
			if t.Items = sentenceItems(n); t.Items != nil {
				apart = text{}
			}
		}
	}
	t.Targets = append(t.Targets, itemTargets(t.Items, apart)...)
}

// itemTargets gives each item its targets, and lists them behind those of the
// text apart from items.
func itemTargets(items []Item, apart text) []Target {
	list := findTargets(apart)
	for i := range items {
		item := &items[i]
		item.Targets = findTargets(newText(item.Text))
		for j := range item.Targets {
			item.Targets[j].Item = item.No
		}
		list = append(list, item.Targets...)
	}
	return list
}

func (n *node) withoutLabel() text {
	t := n.kept
	for _, c := range n.children {
		t = t.join(c.whole())
	}
	return t
}

var inlineMark = regexp.MustCompile(`\((\d{1,2})\)`)

// inlineItems divides a text by (1) (2) (3) within it. An item goes to the next
// number; the last one, like those before it, to the end of its sentence. The
// rest of the text is apart.
func inlineItems(t text) (items []Item, apart text) {
	var starts []span
	for _, m := range t.find(inlineMark) {
		if string(t.key[m[1].from:m[1].to]) == itoa(len(starts)+1) {
			starts = append(starts, m[0])
		}
	}
	if len(starts) < 2 {
		return nil, t
	}
	oneSentence := true
	spans := make([]span, len(starts))
	for i, s := range starts {
		end := t.len()
		if i+1 < len(starts) {
			end = starts[i+1].from
		}
		item := t.slice(s.to, end)
		if i+1 == len(starts) && oneSentence {
			item = item.split("。\n")[0]
		}
		spans[i] = span{s.from, s.to + item.len()}
		item = item.trim(";。,、")
		oneSentence = oneSentence && !strings.ContainsRune(string(item.key), '。')
		items = append(items, Item{No: i + 1, Text: item.String()})
	}
	return items, t.without(spans)
}

// sentenceItems divides a task at each place that names units.
func sentenceItems(n *node) (items []Item) {
	body, from := n.body(), 0
	for i, a := range n.found {
		part := body.slice(from, a.from).trim("。;,")
		if part.empty() {
			return nil
		}
		items = append(items, Item{No: i + 1, Text: part.String(), Lead: a.lead, Responsible: a.responsible})
		from = a.to
	}
	return items
}

// limit finds the task's time limit: one with a label first, else in its text.
func (p *prose) limit(t *Task, n *node, body text) {
	d := readDue(n.limit, p.year)
	for _, a := range n.found {
		if d.text == "" {
			d = readDue(a.due, p.year)
		}
	}
	if m := body.find(limitLabel); d.text == "" && len(m) > 0 {
		d = readDue(body.slice(m[0][1].from, m[0][1].to).String(), p.year)
	}
	if d.text == "" {
		d = findDue(body, p.year)
	}
	t.Due, t.DueOn, t.Every = d.text, d.on, d.every
}

const titleRunes = 50

// splitTitle divides what a task says into its title and the rest. The title is
// the first line where that is a heading, else its first sentence; a long
// sentence gives its first clause and stays in the text.
func splitTitle(t text) (title, body text) {
	lines := t.split("\n")
	first := lines[0].trim("")
	sentences := first.split("。")
	head := sentences[0].trim("。:;, ")
	switch {
	case head.len() > titleRunes:
		return shorten(head), t
	case len(sentences) > 1:
		body = t.slice(min(t.len(), sentences[0].len()+1), t.len()).trim("")
	case len(lines) > 1:
		body = t.slice(min(t.len(), lines[0].len()+1), t.len()).trim("")
	default:
		return colonTitle(head, t)
	}
	if body.empty() {
		body = t.trim("")
	}
	return head, body
}

// colonTitle takes 标题：内容 apart.
func colonTitle(head, whole text) (title, body text) {
	if parts := head.split(":"); len(parts) > 1 && parts[0].len() >= 4 && parts[0].len() <= 30 {
		return parts[0].trim(""), whole.slice(min(whole.len(), parts[0].len()+1), whole.len()).trim("")
	}
	return head, whole.trim("")
}

func shorten(t text) text {
	if c := t.split(",;:")[0]; c.len() >= 4 && c.len() <= titleRunes {
		return c.trim("")
	}
	return newText(string(t.raw[:titleRunes-1]) + "…")
}
