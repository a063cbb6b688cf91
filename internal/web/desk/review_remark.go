package desk

import (
	"cmp"
	"fmt"

	"gongkai/internal/access"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

// reviewRemark is a remark beside the text.
type reviewRemark struct {
	ID       int64
	No       int // as the text and the list number it
	Place    string
	Quote    string
	Gone     bool // the words it was about are no longer there
	Words    string
	By, At   string
	Done     string // who has dealt with it
	Revision int

	onBody     bool
	occurrence int
}

// mark is the number behind a passage, which leads to the remark.
func (r reviewRemark) mark() string {
	return fmt.Sprintf(`<sup class="rm"><a id="at%d" href="#remark%d" aria-label="意见%d">%d</a></sup>`, r.ID, r.ID, r.No, r.No)
}

// remarkForm is the form for one more remark.
type remarkForm struct {
	Places     []option
	Quote      string
	Occurrence string
	Words      string
	Wrong      string
}

func reviewRemarks(w *drafting.Work, who func(string) string) (list []reviewRemark) {
	for i, r := range w.Remarks {
		row := reviewRemark{ID: r.ID, No: i + 1, Place: placeWords(w, r.Place), Quote: r.Quote, Gone: !r.Stands, Words: r.Words,
			By: who(r.By), At: ui.Stamp(r.At), Revision: r.Revision, onBody: r.Place == drafting.PlaceBody && r.Stands, occurrence: r.Occurrence}
		if r.Guest != "" {
			row.By = r.Guest + "（外部核对）"
		}
		if r.Resolved() {
			row.Done = who(r.ResolvedBy) + " 已处理"
			row.onBody = false
		}
		list = append(list, row)
	}
	return list
}

// placeWords is a place of a draft for people.
func placeWords(w *drafting.Work, place string) string {
	for _, o := range remarkPlaces(w) {
		if o.Value == place {
			return o.Label
		}
	}
	return ""
}

// remarkPlaces are the places that a remark can be about.
func remarkPlaces(w *drafting.Work) []option {
	list := []option{{Value: drafting.PlaceBody, Label: "正文"}, {Value: drafting.PlaceTitle, Label: "标题"}, {Value: "", Label: "全文"}}
	for _, f := range w.Files {
		list = append(list, option{Value: drafting.PlaceFile(f.ID), Label: "附件《" + f.Name + "》"})
	}
	return list
}

// talkers may say something about drafts of their units.
var talkers = []access.Act{access.RecordWrite, access.RecordReview, access.RecordSecrecy, access.RecordSign}

// finished tells whether a draft is no longer on its way.
func finished(s drafting.State) bool {
	info, _ := drafting.Life().State(s)
	return info.Final
}

func (p *reviewPage) talk(v *visit, w *drafting.Work) {
	if finished(w.State) {
		return
	}
	for _, act := range talkers {
		if v.me.Can(act, w.UnitID) {
			p.Talk = &remarkForm{Places: remarkPlaces(w)}
			return
		}
	}
}

func addRemark(v *visit) (answer, error) {
	id, err := v.id("id")
	if err != nil {
		return answer{}, err
	}
	r := drafting.Remark{Place: v.field("place"), Quote: v.field("quote"), Anchor: v.field("anchor"), Words: v.field("words"),
		Occurrence: max(0, int(v.number("occurrence"))-1)}
	made, err := v.Drafts.AddRemark(v.r.Context(), v.me, id, r)
	if !canMend(err) {
		return answer{to: fmt.Sprintf("%s#remark%d", drafting.Path(id), made.ID), note: "意见已记下。"}, err
	}
	p, pageErr := v.reviewPage(id)
	if pageErr != nil {
		return answer{}, pageErr
	}
	if p.Talk == nil {
		return answer{}, err
	}
	p.Talk.Quote, p.Talk.Words, p.Talk.Occurrence, p.Talk.Wrong = r.Quote, r.Words, v.field("occurrence"), fault.Public(err)
	for i := range p.Talk.Places {
		p.Talk.Places[i].On = p.Talk.Places[i].Value == r.Place
	}
	return again(p)
}

// canMend tells whether somebody can mend what is wrong in the form at hand.
func canMend(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict, fault.TooLarge:
		return true
	case fault.Forbidden:
		f, ok := fault.Of(err)
		return ok && f.Code != "not_allowed"
	}
	return false
}

func resolveRemark(v *visit) (answer, error) {
	id, err := v.id("id")
	if err != nil {
		return answer{}, err
	}
	remark, err := v.id("remark")
	if err != nil {
		return answer{}, err
	}
	done := v.field("resolved") == "1"
	if err := v.Drafts.ResolveRemark(v.r.Context(), v.me, id, remark, done); err != nil {
		return answer{}, err
	}
	note := map[bool]string{true: "意见已标为处理完。", false: "意见已重新打开。"}[done]
	return goTo(cmp.Or(v.back(""), fmt.Sprintf("%s#remark%d", drafting.Path(id), remark)), note)
}
