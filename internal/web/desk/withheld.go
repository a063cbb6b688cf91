package desk

import (
	"cmp"
	"context"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/web/ui"
)

// withheldPage is the register of what is not disclosed, what is due first.
type withheldPage struct {
	frame
	Tabs  []tab
	Units []option
	What  string
	Rows  []withheldRow
	Due   int
	Empty empty
	Wrong string
}

// View names the folder.
func (*withheldPage) View() string { return "withheld" }

type withheldRow struct {
	ID       int64
	Title    string
	Path     string
	Unit     string
	Ground   string
	Reason   string
	By, On   string
	Again    left   // until it is looked at again
	Examined string // when it last was
	Released string // when it was decided to disclose it
	Shown    badge
	Switch   string // what the switch would do: "1" to show, "0" to hide; "" for those who may not
	Why      string // it cannot be shown
	Decide   bool   // release or keep
}

func showWithheld(v *visit) (ui.Page, error) {
	p, err := v.withheldPage()
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (v *visit) withheldPage() (*withheldPage, error) {
	p := &withheldPage{frame: v.frame(""), What: v.query("what"), Units: v.unitOptions(access.RecordRead, v.query("unit"))}
	for _, t := range []tab{{Label: "在册的", Path: ""}, {Label: "到期要复审的", Path: "due"}, {Label: "连同已决定公开的", Path: "all"}} {
		p.Tabs = append(p.Tabs, tab{Label: t.Label, Path: v.with("what", t.Path), Here: t.Path == p.What})
	}
	p.Empty = empty{Why: "登记里没有信息。", Way: "保密审查时选“不予公开”的稿件会登记在这里，到期提醒复审（条例第十八条）。", Links: []ui.Link{{Label: "看全部信息", Path: At + "drafts"}}}
	units, some := v.unitsOf(access.RecordRead, v.query("unit"))
	if !some {
		return p, nil
	}
	f := drafting.WithheldFilter{Units: units, Released: p.What == "all"}
	if p.What == "due" {
		f.DueBy = v.today
	}
	list, err := v.Drafts.WithheldList(v.r.Context(), v.me, f)
	if err != nil {
		return nil, err
	}
	var actors []string
	for _, e := range list {
		actors = append(actors, e.By)
	}
	names, err := v.called(actors...)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		p.Rows = append(p.Rows, v.withheldRow(e, cmp.Or(names[e.By], "程序")))
		if e.Due(v.today) {
			p.Due++
		}
	}
	return p, nil
}

func (v *visit) withheldRow(e drafting.Entry, by string) withheldRow {
	row := withheldRow{ID: e.DraftID, Title: e.Title, Path: drafting.Path(e.DraftID), Unit: v.unitName(e.UnitID), Ground: groundWords(e.Ground), Reason: e.Reason,
		By: by, On: e.On.String(), Again: v.left(e.ReexamineOn), Examined: e.ExaminedOn.String(), Released: e.ReleasedOn.String(), Shown: badge{"soft", "–", "清单不列"}}
	if e.Listed {
		row.Shown = badge{"ok", "✓", "清单列出"}
	}
	if row.Released != "" {
		row.Again, row.Shown = left{}, badge{"ok", "✓", "已决定公开"}
		return row
	}
	if !v.me.Can(access.RecordSecrecy, e.UnitID) {
		return row
	}
	row.Decide = true
	switch {
	case e.Ground == law.GroundSecret:
		row.Why = "国家秘密的标题也不公布"
	case e.Listed:
		row.Switch = "0"
	default:
		row.Switch = "1"
	}
	return row
}

// switchWithheld says whether the public inventory shows an entry.
func switchWithheld(v *visit) (answer, error) {
	id, err := v.id("id")
	if err != nil {
		return answer{}, err
	}
	on := v.field("listed") == "1"
	err = v.update(func(ctx context.Context, tx *db.Tx) error {
		return v.Drafts.Disclose(ctx, tx, v.me, id, on)
	})
	if canMend(err) {
		p, pageErr := v.withheldPage()
		if pageErr != nil {
			return answer{}, pageErr
		}
		p.Wrong = fault.Public(err)
		return again(p)
	}
	if err != nil {
		return answer{}, err
	}
	note := map[bool]string{true: "公开的清单列出它的标题和依据了。", false: "公开的清单不再列出它。"}[on]
	return goTo(v.back(At+"withheld"), note)
}
