package publication

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/publication/kind"
	"gongkai/internal/unit"
)

// What a line may hold at most.
const (
	maxName      = 500  // characters of a one-line text
	maxKeywords  = 100  // and articles named by one relation
	maxRelations = 1000 // and attachments
)

// prepared is a line that has been checked as far as it can be without the
// other records.
type prepared struct {
	line     *Line
	kind     *kind.Kind
	unit     unit.Organ
	newUnit  string   // name of the unit still to be made; unit is not set then
	raw      string   // hash of the line as it came; empty where it came as a value
	keys     []string // of the targets of relations
	wanted   []string // targets not found without which the line is refused
	held     bool     // it names what is not here
	warnings kind.Problems
}

// prepare checks a line and resolves what it names outside of the records. It
// changes line: blanks are trimmed, attachments are stored. What is wrong is a
// *Refused with all of it.
func (s *Store) prepare(ctx context.Context, tree *unit.Tree, line *Line, opts PutOptions) (*prepared, error) {
	var bad kind.Problems
	p := &prepared{line: line}
	fields, err := line.Fields.Normal()
	if err != nil {
		return nil, err
	}
	line.Fields = fields
	line.check(&bad)
	if k, ok := s.Kinds.Get(line.Kind); ok {
		p.kind = k
		bad = append(bad, k.Validate(line.Fields)...)
	} else if line.Kind != "" {
		bad.Add("kind", "没有“%s”这个种类，可用的有：%s。", fault.Clip(line.Kind, 40), s.Kinds.Codes())
	}
	if err := p.resolveUnit(tree, opts.CreateUnits, &bad); err != nil {
		return nil, err
	}
	if _, err := document.ParseNumber(line.Number); line.Number != "" && err != nil {
		p.warnings.Add("number", "%s已照原样收下。", fault.Public(err))
	}
	if len(bad) == 0 {
		if err := s.storeAttachments(ctx, line, opts, &bad); err != nil {
			return nil, err
		}
	}
	if err := bad.Refusal(); err != nil {
		return nil, err
	}
	for _, r := range line.Relations {
		p.keys = append(p.keys, targetKey(r.Target))
	}
	return p, nil
}

// resolveUnit finds the organ that the line names, as of the line's day.
func (p *prepared) resolveUnit(tree *unit.Tree, create bool, bad *kind.Problems) error {
	if p.line.Unit == "" {
		return nil // said already
	}
	organ, err := tree.Resolve(p.line.Unit, p.line.namedOn())
	switch {
	case err == nil:
		p.unit = organ
		return nil
	case create && fault.KindOf(err) == fault.NotFound:
		p.newUnit = p.line.Unit
		return nil
	}
	return bad.AddFault("unit", err)
}

// check looks at all that the line says by itself.
func (l *Line) check(bad *kind.Problems) {
	for _, t := range []struct {
		key      string
		value    *string
		label    string
		required bool
	}{
		{"source_id", &l.SourceID, "来源编号", true},
		{"kind", &l.Kind, "种类", true},
		{"unit", &l.Unit, "单位", true},
		{"title", &l.Title, "标题", true},
		{"number", &l.Number, "文号", false},
		{"category", &l.Category, "分类", false},
		{"validity", &l.Validity, "有效性", false},
		{"statutory", &l.Statutory, "法定公开类别", false},
	} {
		*t.value = strings.TrimSpace(*t.value)
		checkName(bad, t.key, t.label, *t.value, t.required)
	}
	if _, ok := stated[l.Validity]; l.Validity != "" && !ok {
		bad.Add("validity", "“%s”不是有效性，可用的有：有效、失效、废止、已修改、尚未生效。", fault.Clip(l.Validity, 20))
	}
	if _, ok := law.Categories().Get(law.Category(l.Statutory)); l.Statutory != "" && !ok {
		bad.Add("statutory", "“%s”不是条例第二十条的类别，应是 20-1 到 20-15。", fault.Clip(l.Statutory, 20))
	}
	l.checkDates(bad)
	l.checkBody(bad)
	l.checkKeywords(bad)
	l.checkRelations(bad)
	l.checkAttachments(bad)
}

func checkName(bad *kind.Problems, key, label, value string, required bool) {
	switch {
	case value == "" && required:
		bad.Add(key, "缺少%s，这一项必填。", label)
	case len(value) > maxName && len([]rune(value)) > maxName:
		bad.Add(key, "%s太长，最多 %d 字。", label, maxName)
	case strings.ContainsFunc(value, unicode.IsControl):
		bad.Add(key, "%s里有换行或控制字符，只能写一行。", label)
	}
}

func (l *Line) checkDates(bad *kind.Problems) {
	for _, t := range []struct {
		key, says string
		day       civil.Date
	}{
		{"expires_on", "有效期到 %s，早于施行日期 %s；请核对。", l.ExpiresOn},
		{"repealed_on", "废止日期 %s 早于施行日期 %s；请核对。", l.RepealedOn},
	} {
		if !t.day.IsZero() && t.day.Before(l.EffectiveOn) {
			bad.Add(t.key, t.says, t.day, l.EffectiveOn)
		}
	}
}

func (l *Line) checkBody(bad *kind.Problems) {
	switch l.Body.Format {
	case document.Markdown, document.HTML, document.Text:
	case "":
		if l.Body.Text != "" {
			bad.Add("body.format", "缺少正文格式，应是 markdown、html 或 text。")
		}
	default:
		bad.Add("body.format", "“%s”不是正文格式，应是 markdown、html 或 text。", fault.Clip(string(l.Body.Format), 20))
	}
}

func (l *Line) checkKeywords(bad *kind.Problems) {
	if len(l.Keywords) > maxKeywords {
		bad.Add("keywords", "关键词最多 %d 个。", maxKeywords)
		return
	}
	for i, w := range l.Keywords {
		at := fmt.Sprintf("keywords[%d]", i+1)
		if slices.Contains(l.Keywords[:i], w) {
			bad.Add(at, "“%s”写了两次。", fault.Clip(w, 20))
		}
		checkName(bad, at, "关键词", strings.TrimSpace(w), true)
	}
}

func (l *Line) checkRelations(bad *kind.Problems) {
	if len(l.Relations) > maxRelations {
		bad.Add("relations", "关系最多 %d 条。", maxRelations)
		return
	}
	for i := range l.Relations {
		r := &l.Relations[i]
		at := fmt.Sprintf("relations[%d]", i+1)
		if _, ok := ruleOf(r.Type); !ok {
			bad.Add(at+".type", "没有“%s”这种关系，可用的有：%s。", fault.Clip(string(r.Type), 20), relationNames())
		}
		r.Target = strings.TrimSpace(r.Target)
		checkName(bad, at+".target", "关系所指的文件（source_id 或文号）", r.Target, true)
		if r.Target != "" && r.Target == l.SourceID && r.Type != Fulfils {
			bad.Add(at+".target", "关系指向了这份文件自己。")
		}
		checkLabels(bad, at+".own_articles", r.Own)
		checkLabels(bad, at+".articles", r.Articles)
	}
}

func checkLabels(bad *kind.Problems, at string, labels []string) {
	if len(labels) > maxKeywords {
		bad.Add(at, "条款最多 %d 条。", maxKeywords)
		return
	}
	for i, label := range labels {
		checkName(bad, fmt.Sprintf("%s[%d]", at, i+1), "条款名（如 第七条）", label, true)
	}
}

func (l *Line) checkAttachments(bad *kind.Problems) {
	if len(l.Attachments) > maxRelations {
		bad.Add("attachments", "附件最多 %d 个。", maxRelations)
		return
	}
	for i, a := range l.Attachments {
		at := fmt.Sprintf("attachments[%d]", i+1)
		checkName(bad, at+".name", "附件名", a.Name, true)
		switch {
		case (a.Path == "") == (a.URL == ""):
			bad.Add(at, "附件要写 path（随文件一起的路径）或 url（网址），只写一个。")
		case a.URL != "" && !kind.WebAddress(a.URL):
			bad.Add(at+".url", "应是 http:// 或 https:// 开头的网址，或以 / 开头的本站地址。")
		}
	}
}
