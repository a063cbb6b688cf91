package drafting

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/publication"
)

// The scripts of testdata tell lives of drafts: who does what, and what comes
// of it. A line is
//
//	WHO VERB [key=value …] [=> STATE] [!! words of the refusal]
//
// where VERB is an event of the life or one of the verbs below, and \n in a
// value is a line end. “时间 +2h” moves the clock; a line that begins with # is
// a remark.
func TestScripts(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			each(t, func(t *testing.T, c *city) {
				p := &play{city: c, t: t, drafts: map[string]int64{}, tokens: map[string]string{}}
				n := 0
				for line := range strings.Lines(string(text)) {
					n++
					if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
						p.line(fmt.Sprintf("%s:%d: %s", path, n, line), line)
					}
				}
			})
		})
	}
}

// play is a script being run.
type play struct {
	*city
	t      *testing.T
	drafts map[string]int64 // by the name a script gives
	now    string           // name of the draft that lines are about
	tokens map[string]string
}

// words are the parts of a line.
type words struct {
	who, verb    string
	args         map[string]string
	state, fails string
}

func (p *play) line(place, text string) {
	p.t.Helper()
	w := words{args: map[string]string{}}
	text, w.fails, _ = strings.Cut(text, "!!")
	text, w.state, _ = strings.Cut(text, "=>")
	w.state, w.fails = strings.TrimSpace(w.state), strings.TrimSpace(w.fails)
	parts := strings.Fields(text)
	w.who, w.verb = parts[0], parts[1]
	for _, part := range parts[2:] {
		key, value, ok := strings.Cut(part, "=")
		if !ok {
			p.t.Fatalf("%s: “%s” is not key=value", place, part)
		}
		w.args[key] = strings.ReplaceAll(value, `\n`, "\n")
	}
	if w.args["稿"] != "" {
		p.now = w.args["稿"]
	}
	err := p.do(&w)
	switch {
	case w.fails == "" && err != nil:
		p.t.Fatalf("%s\n\tgot %v", place, err)
	case w.fails != "" && err == nil:
		p.t.Fatalf("%s\n\tit went well", place)
	case w.fails != "":
		if f, ok := fault.Of(err); !ok || !strings.Contains(f.Public(), w.fails) {
			p.t.Fatalf("%s\n\tgot %v", place, err)
		}
	}
	if w.state != "" {
		if d := p.peek(p.t, p.id()); string(d.State) != w.state {
			p.t.Fatalf("%s\n\tthe draft is %s", place, d.State)
		}
	}
}

func (p *play) id() int64 { return p.drafts[p.now] }

func (p *play) do(w *words) error {
	if w.who == "时间" {
		d, err := time.ParseDuration(w.verb)
		p.pass(d)
		return err
	}
	if verb, ok := verbs[w.verb]; ok {
		return verb(p, w)
	}
	in, err := input(w.args)
	if err != nil {
		return err
	}
	revision := p.peek(p.t, p.id()).Revision
	if old := w.args["版"]; old != "" {
		if revision, err = strconv.Atoi(old); err != nil {
			return err
		}
	}
	_, err = p.doAt(p.t, w.who, p.id(), revision, Event(w.verb), in)
	return err
}

// input reads what an event is given.
func input(args map[string]string) (in Input, err error) {
	in = Input{Reason: args["理由"], Confirmed: args["验证"] != "", Outcome: Outcome(args["结论"]), Ground: law.Ground(args["依据"]),
		Listed: args["列目录"] != "", Publish: args["并发布"] != ""}
	if s := args["复审"]; s != "" {
		if in.ReexamineOn, err = civil.ParseDate(s); err != nil {
			return in, err
		}
	}
	if s := args["时间"]; s != "" {
		in.PublishAt, err = time.ParseInLocation("2006-01-02T15:04", s, civil.China)
	}
	return in, err
}

// verbs are what scripts can do besides events. It is filled in init because
// the verbs lead back to it.
var verbs map[string]func(p *play, w *words) error

func init() {
	verbs = map[string]func(p *play, w *words) error{
		"起草":   (*play).create,
		"更正":   (*play).revise,
		"保存":   (*play).save,
		"自动保存": (*play).autosave,
		"设定":   (*play).settle,
		"附上":   (*play).attach,
		"拿掉":   (*play).detach,
		"处理":   (*play).resolve,
		"意见":   (*play).remark,
		"流程":   (*play).flow,
		"请人核对": (*play).preview,
		"打开":   (*play).open,
		"核对意见": (*play).comment,
		"撤下":   (*play).withdraw,
		"到点":   (*play).sweep,
		"应有":   (*play).expect,
		"检查":   (*play).check,
	}
}

func (p *play) create(w *words) error {
	l := notice(w.args["标题"])
	p.fill(l, w.args)
	var d Draft
	err := p.DB.Update(ctx, func(tx *db.Tx) (err error) {
		d, err = p.Create(ctx, tx, p.person(p.t, w.who), p.units[education], l)
		return err
	})
	p.drafts[p.now] = d.ID
	return err
}

// fill puts what a script names into a line.
func (p *play) fill(l *publication.Line, args map[string]string) {
	for key, into := range map[string]*string{"种类": &l.Kind, "单位": &l.Unit, "标题": &l.Title, "文号": &l.Number, "正文": &l.Body.Text} {
		if v, ok := args[key]; ok {
			*into = v
		}
	}
	if args["格式"] != "" {
		l.Body.Format = document.Format(args["格式"])
	}
	if of := args["解读"]; of != "" {
		l.Relations = append(l.Relations, publication.RelationLine{Type: publication.Interprets, Target: of})
	}
	if day := args["成文"]; day != "" {
		l.IssuedOn = civil.MustDate(day)
	}
}

func (p *play) revise(w *words) error {
	from := p.peek(p.t, p.drafts[w.args["从"]])
	d, err := p.Revise(ctx, p.person(p.t, w.who), from.RecordID)
	p.drafts[p.now] = d.ID
	return err
}

// text is the newest text of the draft, changed as the script says.
func (p *play) text(w *words) (line *publication.Line, base int, err error) {
	d := p.peek(p.t, p.id())
	base = d.Revision
	if old := w.args["版"]; old != "" {
		if base, err = strconv.Atoi(old); err != nil {
			return nil, 0, err
		}
	}
	err = p.DB.View(ctx, func(tx *db.Tx) error {
		line, err = revisionLine(ctx, tx, p.id(), d.Revision)
		return err
	})
	if err == nil {
		p.fill(line, w.args)
	}
	return line, base, err
}

func (p *play) save(w *words) error {
	l, base, err := p.text(w)
	if err != nil {
		return err
	}
	_, err = p.Save(ctx, p.person(p.t, w.who), p.id(), base, l)
	return err
}

func (p *play) autosave(w *words) error {
	l, base, err := p.text(w)
	if err != nil {
		return err
	}
	_, err = p.Autosave(ctx, p.person(p.t, w.who), p.id(), base, l)
	return err
}

func (p *play) settle(w *words) error {
	set := Settings{Change: Major, Note: w.args["说明"], Waivers: map[string]string{}}
	if w.args["细微"] != "" {
		set.Change = Minor
	}
	for key, reason := range w.args {
		if code, ok := strings.CutPrefix(key, "免"); ok {
			set.Waivers[code] = reason
		}
	}
	_, err := p.Settle(ctx, p.person(p.t, w.who), p.id(), p.peek(p.t, p.id()).Revision, set)
	return err
}

func (p *play) attach(w *words) error {
	_, _, err := p.Attach(ctx, p.person(p.t, w.who), p.id(), w.args["名"], strings.NewReader(w.args["内容"]))
	return err
}

func (p *play) detach(w *words) error {
	files, err := p.files()
	if err != nil {
		return err
	}
	_, err = p.Detach(ctx, p.person(p.t, w.who), p.id(), files[0].ID)
	return err
}

func (p *play) files() (list []File, err error) {
	err = p.DB.View(ctx, func(tx *db.Tx) error {
		list, err = filesOf(ctx, tx, p.id())
		return err
	})
	return list, err
}

// resolve decides about the first finding that is open.
func (p *play) resolve(w *words) error {
	var found []Finding
	err := p.DB.View(ctx, func(tx *db.Tx) error {
		files, err := filesOf(ctx, tx, p.id())
		if err != nil {
			return err
		}
		found, err = findingsOf(ctx, tx, p.id(), files)
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range found {
		if f.Open() {
			_, err := p.Resolve(ctx, p.person(p.t, w.who), p.id(), p.peek(p.t, p.id()).Revision, f.ID, Resolution(w.args["办法"]), w.args["理由"])
			return err
		}
	}
	return errors.New("nothing is open")
}

func (p *play) remark(w *words) error {
	_, err := p.AddRemark(ctx, p.person(p.t, w.who), p.id(), Remark{Place: w.args["处"], Quote: w.args["引"], Words: w.args["话"]})
	return err
}

func (p *play) flow(w *words) error {
	return p.DB.Update(ctx, func(tx *db.Tx) error {
		return p.SetFlow(ctx, tx, p.person(p.t, w.who), Flow{UnitID: p.units[w.args["单位"]], Review: w.args["审核"] == "有", Sign: w.args["签发"] == "有"})
	})
}

func (p *play) preview(w *words) error {
	_, token, err := p.MakePreview(ctx, p.person(p.t, w.who), p.id(), w.args["谁"], 0)
	p.tokens[w.args["谁"]] = token
	return err
}

func (p *play) open(w *words) error {
	_, err := p.OpenPreview(ctx, p.tokens[w.who], "192.0.2.7")
	return err
}

func (p *play) comment(w *words) error {
	_, err := p.CommentPreview(ctx, p.tokens[w.who], Remark{Place: w.args["处"], Quote: w.args["引"], Words: w.args["话"]})
	return err
}

func (p *play) withdraw(w *words) error {
	return p.DB.Update(ctx, func(tx *db.Tx) error {
		return p.Withdraw(ctx, tx, p.person(p.t, w.who), p.peek(p.t, p.id()).RecordID, publication.ReasonError, w.args["说明"], w.args["验证"] != "")
	})
}

func (p *play) sweep(*words) error {
	_, err := p.PublishDue(ctx)
	return err
}

// check wants a check of a code and level: code=LEVEL, or code=无 for none.
func (p *play) check(w *words) error {
	work, err := p.Get(ctx, p.person(p.t, w.who), p.id())
	if err != nil {
		return err
	}
	for code, want := range w.args {
		got := "无"
		for _, c := range work.Checks {
			if c.Code == code {
				got = string(c.Level)
				break
			}
		}
		if code != "稿" && got != want {
			return fmt.Errorf("check %s is %s, want %s in %+v", code, got, want, work.Checks)
		}
	}
	return nil
}

// expect compares facts of the draft with what the script says.
func (p *play) expect(w *words) error {
	d := p.peek(p.t, p.id())
	facts := map[string]func() string{
		"标题":  func() string { return d.Title },
		"版":   func() string { return itoa(d.Revision) },
		"意见":  func() string { return itoa(d.Remarks) },
		"发现":  func() string { return itoa(d.Findings) },
		"补签限": func() string { return d.Emergency.Due.String() },
		"补签":  func() string { return strings.TrimPrefix(d.Emergency.CountersignedBy, "user:") },
		"审核人": func() string { return strings.TrimPrefix(d.Reviewer, "user:") },
		"保密人": func() string { return strings.TrimPrefix(d.Secrecy, "user:") },
		"毛病":  func() string { return reasonIf(d.Trouble != "", "有") },
		"公开":  func() string { return p.shown(d.RecordID) },
		"说明":  func() string { return p.note(d.RecordID) },
		"决定": func() string {
			return itoa(p.count(p.t, "select count(*) from drafting_decisions where record_id = ?", d.RecordID))
		},
		"附件": func() string { return p.attached(d.RecordID) },
		"登记": func() string {
			return itoa(p.count(p.t, "select count(*) from drafting_withheld where released_on is null"))
		},
		"台账": func() string {
			return itoa(p.count(p.t, "select count(*) from ledger_entries where subject = ? and kind = ?", Subject(d.ID), w.args["类"]))
		},
	}
	for key, want := range w.args {
		if fact, ok := facts[key]; ok {
			if got := fact(); got != want {
				return fmt.Errorf("%s is “%s”, want “%s”", key, got, want)
			}
		}
	}
	return nil
}

// shown is the text of a record as the public reads it, "" where it does not.
func (p *play) shown(recordID int64) string {
	doc, err := p.Records.Get(ctx, recordID)
	if err != nil || doc.State != publication.Published {
		return "否"
	}
	return doc.Title + "#" + itoa(doc.Version)
}

func (p *play) note(recordID int64) string {
	doc, err := p.Records.Get(ctx, recordID)
	if err != nil {
		return err.Error()
	}
	return doc.Versions[0].Note
}

func (p *play) attached(recordID int64) string {
	doc, err := p.Records.Get(ctx, recordID)
	if err != nil {
		return err.Error()
	}
	var names []string
	for _, a := range doc.Attachments {
		names = append(names, a.Name)
	}
	return strings.Join(names, "、")
}
