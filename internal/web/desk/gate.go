package desk

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/privacy"
	"gongkai/internal/web/ui"
)

// gatePage is the privacy gate of a draft: what was found where, and what to
// do about it.
type gatePage struct {
	frame
	ID       int64
	Revision int
	Heading  string
	Path     string
	Back     string
	Left     int // still to be decided
	Total    int
	MayMask  bool
	WhyNot   string // why nothing can be masked here
	MayPass  bool
	Places   []gatePlace
	Kinds    []gateKind // kinds that stand there more than once
	Gone     []gateDone // what was masked or taken out
	Wrong    string
	Typed    gateTyped
}

// View names the folder.
func (*gatePage) View() string { return "gate" }

// gatePlace is a passage or file with what was found in it.
type gatePlace struct {
	Label    string
	Findings []gateFinding
}

type gateFinding struct {
	ID       int64
	Kind     string
	Certain  string // 确定, or 疑似
	Where    string // within the place
	Excerpt  string
	Masked   string
	Why      string
	Article  string
	Open     bool
	Mask     bool
	Remove   bool
	Done     string // what was decided
	Reason   string
	Original string // shown on demand
	Typed    string
}

type gateKind struct {
	Kind  string
	Label string
	Count int
	Mask  bool
}

type gateDone struct{ Kind, Where, What string }

// gateTyped is what a form was filled in with that has to be mended.
type gateTyped struct {
	finding int64
	Kind    string
	Reason  string
}

func showGate(v *visit) (ui.Page, error) {
	id, err := v.id("id")
	if err != nil {
		return nil, err
	}
	p, err := v.gatePage(id, gateTyped{})
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (v *visit) gatePage(id int64, t gateTyped) (*gatePage, error) {
	w, err := v.Drafts.Get(v.r.Context(), v.me, id)
	if err != nil {
		return nil, err
	}
	names, err := v.called(actorsOf(w)...)
	if err != nil {
		return nil, err
	}
	p := &gatePage{frame: v.frame("隐私检查"), ID: id, Revision: w.Revision, Heading: cmp.Or(w.Title, "（还没有标题）"), Path: draftWay(id, "gate"), Back: drafting.Path(id), Typed: t}
	p.may(v, w)
	files := map[int64]string{}
	for _, f := range w.Files {
		files[f.ID] = "附件《" + f.Name + "》"
	}
	for _, f := range w.Findings {
		p.add(f, files[f.FileID], cmp.Or(names[f.By], "程序"))
	}
	p.kinds(w.Findings)
	return p, nil
}

// may tells what the reader may do here.
func (p *gatePage) may(v *visit, w *drafting.Work) {
	writes, clears := v.me.Can(access.RecordWrite, w.UnitID), v.me.Can(access.RecordSecrecy, w.UnitID)
	p.MayPass = !finished(w.State) && (writes || clears)
	p.MayMask = writes && (w.State == drafting.Editing || w.State == drafting.Returned)
	switch {
	case finished(w.State):
		p.WhyNot = "稿件已经办结，不用再处理。"
	case p.MayMask:
	case writes:
		p.WhyNot = "稿件已经提交，现在只能写明理由放行；要遮盖或删去，请先撤回修改。"
	case clears:
		p.WhyNot = "审查的人不改稿件：可以写明理由放行；要遮盖或删去的，请退回起草的人。"
	default:
		p.WhyNot = "由起草的人处理，保密审查的人可以放行。"
	}
}

func (p *gatePage) add(f drafting.Finding, file, by string) {
	info := privacy.Info(f.Kind)
	if !f.Present {
		if f.Resolution == drafting.Mask || f.Resolution == drafting.Remove {
			p.Gone = append(p.Gone, gateDone{info.Label, f.Place, by + " " + ui.Stamp(f.At) + " " + f.Resolution.Label()})
		}
		return
	}
	p.Total++
	row := gateFinding{ID: f.ID, Kind: info.Label, Certain: "疑似", Excerpt: f.Excerpt, Masked: f.Masked, Why: info.Why, Article: info.Article, Open: f.Open(),
		Mask: p.MayMask && info.Mends && f.Masked != "", Remove: p.MayMask && info.Mends}
	if info.Certain {
		row.Certain = "确定"
	}
	if row.Open {
		p.Left++
	} else {
		row.Done, row.Reason = by+" "+ui.Stamp(f.At)+" "+f.Resolution.Label(), f.Reason
	}
	if p.Typed.finding == f.ID {
		row.Typed = p.Typed.Reason
	}
	place := cmp.Or(file, f.Place)
	if file != "" {
		row.Where = f.Place
	}
	i := slices.IndexFunc(p.Places, func(g gatePlace) bool { return g.Label == place })
	if i < 0 {
		i = len(p.Places)
		p.Places = append(p.Places, gatePlace{Label: place})
	}
	p.Places[i].Findings = append(p.Places[i].Findings, row)
}

// kinds offers to decide about all of a kind at once.
func (p *gatePage) kinds(list []drafting.Finding) {
	count := map[privacy.Kind]int{}
	for _, f := range list {
		if f.Open() {
			count[f.Kind]++
		}
	}
	for _, k := range privacy.Kinds() {
		if n := count[k.Kind]; n > 1 {
			p.Kinds = append(p.Kinds, gateKind{string(k.Kind), k.Label, n, p.MayMask && k.Mends})
		}
	}
}

// resolveFindings decides about one finding, or about all open ones of a kind.
func resolveFindings(v *visit) (answer, error) {
	id, err := v.id("id")
	if err != nil {
		return answer{}, err
	}
	w, err := v.Drafts.Get(v.r.Context(), v.me, id)
	if err != nil {
		return answer{}, err
	}
	t := gateTyped{finding: v.number("finding"), Kind: v.field("kind"), Reason: v.field("reason")}
	done, err := v.resolve(w, t, drafting.Resolution(v.field("how")))
	if canMend(err) || done > 0 && fault.KindOf(err) == fault.NotFound {
		p, pageErr := v.gatePage(id, t)
		if pageErr != nil {
			return answer{}, pageErr
		}
		p.Wrong = fault.Public(err)
		if done > 0 {
			p.Wrong = fmt.Sprintf("处理了%d处。下一处没有处理：%s", done, p.Wrong)
		}
		return again(p)
	}
	if err != nil {
		return answer{}, err
	}
	d, err := v.Drafts.Draft(v.r.Context(), v.me, id)
	if err != nil {
		return answer{}, err
	}
	note := fmt.Sprintf("已%s%d处，并重新检查了一遍：", drafting.Resolution(v.field("how")).Label(), done)
	if d.Findings == 0 {
		return goTo(draftWay(id, "gate"), note+"全部处理完了。")
	}
	return goTo(draftWay(id, "gate"), fmt.Sprintf("%s还有%d处没有处理。", note, d.Findings))
}

// resolve goes through what is meant. What an earlier one has taken along, as
// the same number in another row, is done with it.
func (v *visit) resolve(w *drafting.Work, t gateTyped, how drafting.Resolution) (done int, err error) {
	revision := int(v.number("revision"))
	for _, f := range w.Findings {
		if t.finding != 0 && f.ID != t.finding || t.finding == 0 && (string(f.Kind) != t.Kind || !f.Open()) {
			continue
		}
		d, err := v.Drafts.Resolve(v.r.Context(), v.me, w.ID, revision, f.ID, how, t.Reason)
		if hasCode(err, "finding_unknown") && done > 0 {
			continue
		}
		if err != nil {
			return done, err
		}
		done, revision = done+1, d.Revision
	}
	if done == 0 {
		return 0, fault.New(fault.Conflict, "finding_none", "这里已经没有要处理的了，可能刚被别人处理过。")
	}
	return done, nil
}

// lookAtFinding shows what a finding is about, once, and journals who looked.
func lookAtFinding(v *visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	if err := v.readForm(); err != nil {
		return err
	}
	finding := v.number("finding")
	text, err := v.Drafts.FindingText(v.r.Context(), v.me, id, finding)
	if err != nil {
		return err
	}
	p, err := v.gatePage(id, gateTyped{})
	if err != nil {
		return err
	}
	what := "隐私检查发现的第" + strconv.FormatInt(finding, 10) + "处"
	for i := range p.Places {
		for j := range p.Places[i].Findings {
			if f := &p.Places[i].Findings[j]; f.ID == finding {
				f.Original = cmp.Or(text, "这一处没有文字")
				what = strings.TrimSpace(f.Kind + "（" + p.Places[i].Label + "）")
			}
		}
	}
	err = v.update(func(ctx context.Context, tx *db.Tx) error {
		return v.Access.Look(ctx, tx, v.me, drafting.Subject(id), what)
	})
	if err != nil {
		return err
	}
	return v.engine.Write(v.w, v.r, http.StatusOK, p)
}
