package intake

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// officer is the line of the one who signs an order: 市长　张三.
var officer = regexp.MustCompile(`^(?:省长|市长|县长|区长|州长|主席|总理|局长|主任|厅长|部长|院长|代市长|代县长|代区长|检察长|行长)[:：]?(\p{Han}{2,4})$`)

// issuer proposes the organs that issue the document, as printed: those that
// sign it, else those of the red head, else those that its title begins with.
// What two places agree on is certain.
func (r *reading) issuer() {
	signed, signedAt := r.signature()
	head, headAt := r.headOrgans()
	titled := r.titleOrgans()
	var names []string
	var at Where
	switch {
	case r.stated.issuer.Found() && r.organs(r.stated.issuer.Value) != nil && len(signed) == 0:
		names, at = r.organs(r.stated.issuer.Value), r.stated.issuer.Where
	case len(signed) > 0 && len(signed) >= len(head):
		names, at = signed, signedAt
	case len(head) > 0:
		names, at = head, headAt
	case len(titled) > 0:
		names, at = titled, r.p.Title.Where
	case r.stated.issuer.Found():
		names, at = []string{r.stated.issuer.Value}, r.stated.issuer.Where
	default:
		if names, at = r.passedBy(); names == nil {
			return
		}
	}
	for i, n := range names {
		f := Field[string]{Value: n, Sure: r.sureOf(n, signed, head, titled), Where: at}
		if i == 0 {
			r.p.Issuer = f
		} else {
			r.p.Joint = append(r.p.Joint, f)
		}
	}
}

func (r *reading) sureOf(name string, places ...[]string) Sure {
	n := 0
	for _, names := range places {
		for _, other := range names {
			if other == name {
				n++
				break
			}
		}
	}
	if n > 1 || r.stated.issuer.Value == name || n == 1 && r.knows(name) {
		return Certain
	}
	return Likely
}

// signature gives the organs that stand above or beside the date.
func (r *reading) signature() (names []string, at Where) {
	i, _ := r.signedOn()
	if i < 0 {
		return nil, at
	}
	const most = 8 // lines of a signature
	for j := i; j > r.head && j > i-most; j-- {
		l := r.lines[j]
		raw := l.raw
		if j == i {
			raw = beforeDate(l)
			if raw == "" {
				continue
			}
		}
		if officer.MatchString(l.text) {
			continue
		}
		raw = strings.NewReplacer("（章）", "", "（盖章）", "", "（印章）", "", "(盖章)", "", "(章)", "").Replace(raw)
		list := r.organs(raw)
		if list == nil || utf8.RuneCountInString(l.text) > 80 {
			break
		}
		names, at = append(list, names...), r.where(l, raw)
	}
	return names, at
}

var trailingDate = regexp.MustCompile(`[（(]?[12二][0-9〇零一二三四五六七八九]{3}.{2,16}$`)

// beforeDate is what stands before the date on the line of a signature.
func beforeDate(l textLine) string {
	return strings.Trim(trailingDate.ReplaceAllString(normal.Replace(l.raw), ""), blanks+"，,")
}

// headOrgans gives the organs of the red head: 永州市人民政府办公室文件,
// 永州市人民政府令.
func (r *reading) headOrgans() (names []string, at Where) {
	for _, l := range r.lines[:r.head] {
		if l.class == signLine && names == nil {
			if names, at = r.organs(beforeDate(l)), r.where(l, ""); names == nil {
				names = r.organs(l.raw)
			}
		}
		if l.class != redHead {
			continue
		}
		text := kindWords.ReplaceAllString(strings.TrimSuffix(l.text, "文件"), "")
		if text == "" {
			continue
		}
		raw := l.raw
		if text != l.text || len(r.organs(raw)) == 0 {
			raw = text
		}
		if list := r.organs(raw); list != nil {
			if names == nil {
				at = r.where(l, "")
			}
			names = append(names, list...)
		}
	}
	return names, at
}

// passing is who passed a document, as the bracket below its title says.
var passing = regexp.MustCompile(`日(\p{Han}{4,30}?)(?:第[一二三四五六七八九十0-9]+届\p{Han}{0,12})?第[一二三四五六七八九十0-9]+次`)

var ofTerm = regexp.MustCompile(`第[一二三四五六七八九十]+届`)

// passedBy gives the organ that passed the document.
func (r *reading) passedBy() (names []string, at Where) {
	for _, l := range r.lines[:min(len(r.lines), r.head+2)] {
		if m := passing.FindStringSubmatch(ofTerm.ReplaceAllString(l.text, "")); m != nil && isCaption(l.text) {
			return r.organs(m[1]), r.where(l, m[1])
		}
	}
	return nil, at
}

// titleOrgans gives the organs that a title begins with: 永州市人民政府关于….
func (r *reading) titleOrgans() []string {
	before, _, ok := strings.Cut(r.p.Title.Value, "关于")
	if !ok {
		before = kindWords.ReplaceAllString(r.p.Title.Value, "")
	}
	before = strings.Trim(before, blanks)
	if before == "" || before == r.p.Title.Value {
		return nil
	}
	return r.organs(before)
}

// signers proposes who signed: 签发人：张三 in the head, 市长　张三 under an order.
func (r *reading) signers() {
	for _, l := range r.lines[:r.head] {
		loc := signerLine.FindStringIndex(squeeze(l.raw))
		if loc == nil {
			continue
		}
		_, rest, _ := strings.Cut(strings.ReplaceAll(l.raw, ":", "："), "：")
		for _, n := range people(rest) {
			r.p.Signers = append(r.p.Signers, Field[string]{n, Certain, r.where(l, "")})
		}
		return
	}
	for _, l := range r.lines[r.head:r.end] {
		if m := officer.FindStringSubmatch(l.text); m != nil {
			r.p.Signers = append(r.p.Signers, Field[string]{m[1], Certain, r.where(l, "")})
			return
		}
	}
}

// people divides names of persons by blanks and commas; single characters are
// parts of one name set apart.
func people(s string) []string {
	parts := strings.FieldsFunc(s, func(c rune) bool { return isBlank(c) || c == '、' || c == '，' || c == ',' })
	var names []string
	for i := 0; i < len(parts); i++ {
		n := parts[i]
		if utf8.RuneCountInString(n) == 1 && i+1 < len(parts) {
			i++
			n += parts[i]
		}
		if c := utf8.RuneCountInString(n); 2 <= c && c <= 5 && hanShare(n) == 1 {
			names = append(names, n)
		}
	}
	return names
}
