package lifecycle

import (
	"fmt"
	"slices"
	"strings"
)

// Mermaid draws the table as a state diagram of Mermaid. Rows with the same
// ends share an arrow.
func (t *Table) Mermaid() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, s := range t.life.States {
		fmt.Fprintf(&b, "  state %q as %s\n", s.Label, s.State)
	}
	fmt.Fprintf(&b, "  [*] --> %s\n", t.life.Start)
	for _, a := range t.arrows() {
		fmt.Fprintf(&b, "  %s --> %s : %s\n", a.from, a.to, strings.Join(a.labels, " / "))
	}
	for _, s := range t.life.States {
		if s.Final {
			fmt.Fprintf(&b, "  %s --> [*]\n", s.State)
		}
	}
	return b.String()
}

type arrow struct {
	from, to State
	labels   []string
}

func (t *Table) arrows() []arrow {
	var list []arrow
	for _, r := range t.life.Rows {
		e, _ := t.Event(r.Event)
		i := slices.IndexFunc(list, func(a arrow) bool { return a.from == r.From && a.to == r.To })
		if i < 0 {
			list = append(list, arrow{from: r.From, to: r.To})
			i = len(list) - 1
		}
		if !slices.Contains(list[i].labels, e.Label) {
			list[i].labels = append(list[i].labels, e.Label)
		}
	}
	return list
}

// Markdown is the table in words: states, steps, and what their conditions
// mean. act gives the words for a right.
func (t *Table) Markdown(act func(string) string) string {
	var b strings.Builder
	b.WriteString("### 状态\n\n| 状态 | 代码 | 说明 |\n|---|---|---|\n")
	for _, s := range t.life.States {
		about := s.About
		if s.Final {
			about += "（可以止于此）"
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", s.Label, s.State, about)
	}
	b.WriteString("\n### 步骤\n\n| 从 | 做什么 | 到 | 需要的权限 | 走这一行的情形 | 条件 | 要给出 |\n|---|---|---|---|---|---|---|\n")
	for _, r := range t.life.Rows {
		fmt.Fprintf(&b, "| %s | %s `%s` | %s | %s | %s | %s | %s |\n", t.label(r.From), t.eventLabel(r.Event), r.Event, t.label(r.To),
			act(r.Act), says(t.life.Whens, r.When), says(t.life.Guards, r.Guards...), says(t.life.Needs, r.Needs...))
	}
	return b.String()
}

func (t *Table) label(s State) string {
	info, _ := t.State(s)
	return info.Label
}

func (t *Table) eventLabel(e Event) string {
	info, _ := t.Event(e)
	return info.Label
}

func says(list []Condition, names ...string) string {
	var words []string
	for _, n := range names {
		if c, ok := condition(list, n); ok {
			words = append(words, c.Says)
		}
	}
	return strings.Join(words, "；")
}
