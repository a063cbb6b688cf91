package desk

import (
	"net/url"
	"strconv"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/publication"
	"gongkai/internal/search"
)

// formRelation is a relation as the form shows it.
type formRelation struct {
	No       int
	Types    []option
	Target   string
	Articles string // of the target, with 、 between
	Note     string
	Own, On  string // kept as they are
}

// formRelations are those of a line and an empty one, to be filled in.
func formRelations(l *publication.Line) (list []formRelation) {
	for i, r := range append(append([]publication.RelationLine{}, l.Relations...), publication.RelationLine{}) {
		f := formRelation{No: i, Target: r.Target, Articles: strings.Join(r.Articles, "、"), Note: r.Note, Own: strings.Join(r.Own, "、"), On: r.On.String()}
		f.Types = relationOptions(r.Type)
		list = append(list, f)
	}
	return list
}

func relationOptions(chosen publication.RelationType) (list []option) {
	for _, t := range publication.RelationTypes() {
		list = append(list, option{string(t), t.Label(), t == chosen})
	}
	return list
}

// relationsOf reads the relations of a form; those without a target and the
// one that the form asks to drop are left out.
func relationsOf(form url.Values) (list []publication.RelationLine, err error) {
	drop := form.Get("do")
	for i := range maxRows {
		prefix := relationTag + strconv.Itoa(i) + "."
		if !form.Has(prefix + "target") {
			break
		}
		target := strings.TrimSpace(form.Get(prefix + "target"))
		if target == "" || drop == "unrelate."+strconv.Itoa(i) {
			continue
		}
		r := publication.RelationLine{Type: publication.RelationType(form.Get(prefix + "type")), Target: target,
			Articles: keywords(form.Get(prefix + "articles")), Own: keywords(form.Get(prefix + "own")), Note: strings.TrimSpace(form.Get(prefix + "note"))}
		if on := form.Get(prefix + "on"); on != "" {
			if r.On, err = civil.ParseDate(on); err != nil {
				return nil, err
			}
		}
		list = append(list, r)
	}
	return list, nil
}

// relateTo adds what was picked from the results of a search.
func relateTo(l *publication.Line, t publication.RelationType, target string) {
	for _, r := range l.Relations {
		if r.Type == t && r.Target == target {
			return
		}
	}
	l.Relations = append(append([]publication.RelationLine{}, l.Relations...), publication.RelationLine{Type: t, Target: target})
}

// pick is a public record that a relation may name.
type pick struct {
	SourceID, Title, About, Path string
}

// picks finds records by number or words.
func (v *visit) picks(q string) (list []pick, err error) {
	seen := map[string]bool{}
	add := func(p pick) {
		if !seen[p.SourceID] {
			seen[p.SourceID] = true
			list = append(list, p)
		}
	}
	if _, err := document.ParseNumber(q); err == nil {
		found, err := v.Publications.ByNumber(v.r.Context(), q)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			add(pick{r.SourceID, r.Title, strings.Join(nonEmpty(r.Number, r.Unit, r.IssuedOn.String()), "　"), publication.Path(r.ID)})
		}
	}
	if v.Search == nil {
		return list, nil
	}
	found, err := v.Search.Search(v.r.Context(), search.Query{Text: q, Size: 10})
	if err != nil {
		return nil, err
	}
	for _, r := range found.Items {
		add(pick{r.SourceID, r.Title, strings.Join(nonEmpty(r.Number, r.Unit, r.IssuedOn.String()), "　"), r.URL})
	}
	return list, nil
}

// nonEmpty leaves out empty texts.
func nonEmpty(list ...string) (kept []string) {
	for _, s := range list {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

// cited is an article as the editor's dialog offers it.
type cited struct {
	Title    string `json:"title"`
	Clause   string `json:"clause"`
	Text     string `json:"text"`
	URL      string `json:"url"`
	Validity string `json:"validity,omitempty"`
}

// cite finds articles for a quotation: those of a document that is named, or
// those that hold the words.
func cite(v *visit) error {
	out := struct {
		Items []cited `json:"items"`
	}{[]cited{}}
	q := v.query("q")
	if q == "" || v.Search == nil {
		return answerJSON(v.w, 200, out)
	}
	found, err := v.Search.Clauses(v.r.Context(), search.ClauseQuery{Text: q, Size: 20})
	if err != nil {
		return err
	}
	for _, c := range found {
		out.Items = append(out.Items, cited{c.Title, c.Clause, c.Text, c.URL, validityWords[c.Validity]})
	}
	return answerJSON(v.w, 200, out)
}

// validityWords mark what should not be cited without a second look.
var validityWords = map[search.Validity]string{
	search.InForce: "有效", search.Amended: "已修改", search.NotYet: "尚未施行", search.Expired: "已失效", search.Repealed: "已废止", search.Archived: "已归档",
}
