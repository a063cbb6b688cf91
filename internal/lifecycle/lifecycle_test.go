package lifecycle

import (
	"flag"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var write = flag.Bool("write", false, "write golden files anew")

// letter is a small life with everything in it that a table can have.
func letter() Life {
	return Life{
		Name:  "来信",
		Start: "open",
		States: []StateInfo{
			{State: "open", Label: "待办", About: "收到，还没有人办"},
			{State: "sent", Label: "待核", About: "写好，等人看"},
			{State: "done", Label: "已答复", About: "答复已寄出", Final: true},
		},
		Events: []EventInfo{{"answer", "答复", "答复了"}, {"agree", "同意", "同意寄出"}},
		Whens:  []Condition{{"simple", "简单的来信"}},
		Guards: []Condition{{"other", "不是写的人自己"}},
		Needs:  []Condition{{"text", "答复的文字"}},
		Rows: []Row{
			{From: "open", Event: "answer", When: "simple", To: "done", Act: "write", Needs: []string{"text"}},
			{From: "open", Event: "answer", To: "sent", Act: "write", Needs: []string{"text"}},
			{From: "sent", Event: "agree", To: "done", Act: "read", Guards: []string{"other"}},
		},
	}
}

func TestFind(t *testing.T) {
	table := Must(letter())
	tests := []struct {
		from   State
		event  Event
		simple bool
		to     State
		ok     bool
	}{
		{"open", "answer", true, "done", true},
		{"open", "answer", false, "sent", true},
		{"sent", "agree", false, "done", true},
		{"sent", "answer", false, "", false},
		{"done", "agree", false, "", false},
	}
	for _, tt := range tests {
		row, ok := table.Find(tt.from, tt.event, func(when string) bool { return when == "simple" && tt.simple })
		if row.To != tt.to || ok != tt.ok {
			t.Errorf("Find(%s, %s, simple=%v) = %q, %v, want %q, %v", tt.from, tt.event, tt.simple, row.To, ok, tt.to, tt.ok)
		}
	}
	if rows := table.From("open", func(string) bool { return false }); len(rows) != 1 || rows[0].To != "sent" {
		t.Errorf("From(open) = %+v, want the one row to sent", rows)
	}
	if got := table.Sources("agree"); !slices.Equal(got, []State{"sent"}) {
		t.Errorf("Sources(agree) = %v", got)
	}
}

func TestValidate(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Life)
		want   string // part of the message; empty for a good table
	}{
		{"good", func(*Life) {}, ""},
		{"unknown state", func(l *Life) { l.Rows[2].To = "gone" }, `names the state "gone"`},
		{"unknown event", func(l *Life) { l.Rows[2].Event = "fly" }, `names the event "fly"`},
		{"unknown guard", func(l *Life) { l.Rows[2].Guards = []string{"luck"} }, `names the guard "luck"`},
		{"unknown need", func(l *Life) { l.Rows[0].Needs = []string{"stamp"} }, `names the need "stamp"`},
		{"idle guard", func(l *Life) { l.Rows[2].Guards = nil }, `guard "other" is described and never used`},
		{"state twice", func(l *Life) { l.States = append(l.States, l.States[0]) }, `state "open" is empty or stands twice`},
		{"hidden row", func(l *Life) { l.Rows[0], l.Rows[1] = l.Rows[1], l.Rows[0] }, "can never be taken"},
		{"no way in", func(l *Life) {
			l.States = append(l.States, StateInfo{State: "lost", Label: "遗失"})
			l.Rows = append(l.Rows, Row{From: "lost", Event: "agree", To: "done"})
		}, `nothing leads to state "lost"`},
		{"no way out", func(l *Life) {
			l.States = append(l.States, StateInfo{State: "pit", Label: "搁置"})
			l.Rows = append(l.Rows, Row{From: "sent", Event: "answer", To: "pit"})
		}, `state "pit" is a dead end`},
		{"wrong start", func(l *Life) { l.Start = "nowhere" }, `first state "nowhere"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := letter()
			tt.change(&l)
			err := l.Validate()
			if tt.want == "" {
				if err != nil {
					t.Errorf("Validate() = %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Validate() = %v, want %q in it", err, tt.want)
			}
			if _, err := New(l); err == nil {
				t.Error("New takes it")
			}
		})
	}
}

// Validate agrees with a walk: a table is refused for its shape if and only if
// some state cannot be come to, or has no way to an end.
func TestValidTablesHaveNoTraps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Life{Name: "x", Start: "s0"}
		n := rapid.IntRange(1, 5).Draw(t, "states")
		name := func(i int) State { return State("s" + strconv.Itoa(i)) }
		for i := range n {
			l.States = append(l.States, StateInfo{State: name(i), Label: "状态", Final: rapid.Bool().Draw(t, "final")})
		}
		for i := range rapid.IntRange(0, 10).Draw(t, "rows") {
			e := Event("e" + strconv.Itoa(i))
			l.Events = append(l.Events, EventInfo{Event: e, Label: "做"})
			l.Rows = append(l.Rows, Row{From: name(rapid.IntRange(0, n-1).Draw(t, "from")), Event: e, To: name(rapid.IntRange(0, n-1).Draw(t, "to"))})
		}
		for i := range n { // a state that no row names is refused for that alone
			e := Event("o" + strconv.Itoa(i))
			l.Events = append(l.Events, EventInfo{Event: e, Label: "留"})
			l.Rows = append(l.Rows, Row{From: name(i), Event: e, To: name(i)})
		}
		raw := &Table{l}
		sound := true
		for _, s := range l.States {
			arrive := ways(raw, l.Start, func(at State) bool { return at == s.State })
			leave := ways(raw, s.State, func(at State) bool { info, _ := raw.State(at); return info.Final })
			sound = sound && arrive && leave
		}
		if err := l.Validate(); (err == nil) != sound {
			t.Fatalf("Validate() = %v, a walk says sound=%v of %+v", err, sound, l.Rows)
		}
	})
}

// ways tells whether a walk from a state can come to one that pleases.
func ways(t *Table, from State, pleases func(State) bool) bool {
	front, seen := []State{from}, map[State]bool{from: true}
	for len(front) > 0 {
		at := front[0]
		front = front[1:]
		if pleases(at) {
			return true
		}
		for _, r := range t.From(at, func(string) bool { return true }) {
			if !seen[r.To] {
				seen[r.To] = true
				front = append(front, r.To)
			}
		}
	}
	return false
}

func TestDocuments(t *testing.T) {
	table := Must(letter())
	got := table.Mermaid() + "\n" + table.Markdown(func(act string) string { return "权限" + act })
	const path = "testdata/letter.md"
	if *write {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s", path, got)
	}
}
