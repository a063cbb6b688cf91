package desk

import (
	"gongkai/internal/drafting"
	"gongkai/internal/web/ui"
)

// reviewStep is a step of the way from draft to public, with who took it.
type reviewStep struct {
	Label string
	Class string // ok, warn, late, soft
	Mark  string
	Word  string // 已完成, 现在在这一步, 还没到
	By    string
	At    string
	Now   bool
}

// stage is a step as the flow of a unit may have it.
type stage struct {
	label string
	state drafting.State // while it waits
	event drafting.Event // by which it is done
	part  func(drafting.Flow) bool
}

func always(drafting.Flow) bool { return true }

var stages = []stage{
	{"起草", drafting.Editing, drafting.Submit, always},
	{"内容审核", drafting.InReview, drafting.Approve, func(f drafting.Flow) bool { return f.Review }},
	{"保密审查", drafting.InSecrecy, drafting.Clear, always},
	{"签发", drafting.ToSign, drafting.Sign, func(f drafting.Flow) bool { return f.Sign }},
	{"发布", drafting.Scheduled, drafting.Publish, always},
}

// fresh are the events that begin a new round: what was agreed to before no
// longer counts.
var fresh = map[drafting.Event]bool{drafting.Submit: true, drafting.Return: true, drafting.Recall: true, drafting.Release: true}

// lastRound is by event the last step since the round began.
func lastRound(history []drafting.Step) map[drafting.Event]drafting.Step {
	round := map[drafting.Event]drafting.Step{}
	for _, s := range history {
		if fresh[s.Event] {
			clear(round)
		}
		round[s.Event] = s
	}
	return round
}

func reviewSteps(w *drafting.Work, who func(string) string) (list []reviewStep) {
	round := lastRound(w.History)
	state := w.State
	if state == drafting.Returned {
		state = drafting.Editing
	}
	for _, st := range stages {
		if !st.part(w.Flow) {
			continue
		}
		step := reviewStep{Label: st.label, Class: "soft", Mark: "·", Word: "还没到"}
		done, taken := round[st.event]
		switch {
		case state == st.state:
			step.Class, step.Mark, step.Word, step.Now = "warn", "◷", "现在在这一步", true
		case taken:
			step.Class, step.Mark, step.Word, step.By, step.At = "ok", "✓", "已完成", who(done.By), ui.Stamp(done.At)
		case w.State == drafting.Published && st.event == drafting.Publish:
			step.Class, step.Mark, step.Word, step.At = "ok", "✓", "已完成", ui.Stamp(w.Since)
		case w.State == drafting.Published:
			step.Word, step.Mark = "没有经过", "–"
		}
		list = append(list, step)
	}
	return append(list, sideSteps(w, round, who)...)
}

// sideSteps are what draws a life away from the straight way.
func sideSteps(w *drafting.Work, round map[drafting.Event]drafting.Step, who func(string) string) (list []reviewStep) {
	if s, ok := round[drafting.InEmergency]; ok {
		list = append(list, reviewStep{Label: "紧急发布", Class: "warn", Mark: "!", Word: "先发布", By: who(s.By), At: ui.Stamp(s.At)})
	}
	switch e := w.Emergency; {
	case e.Owed():
		list = append(list, reviewStep{Label: "补签", Class: "late", Mark: "!", Word: "还欠着，限" + e.Due.String(), Now: true})
	case e != nil:
		list = append(list, reviewStep{Label: "补签", Class: "ok", Mark: "✓", Word: "已完成", By: who(e.CountersignedBy), At: ui.Stamp(e.CountersignedAt)})
	}
	b := draftBadges[w.State]
	if w.State == drafting.Withheld || w.State == drafting.Abandoned {
		list = append(list, reviewStep{Label: b.Word, Class: "soft", Mark: b.Mark, Word: "办结", At: ui.Stamp(w.Since), Now: true})
	}
	return list
}
