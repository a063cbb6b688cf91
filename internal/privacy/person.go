package privacy

import (
	"slices"
	"strings"

	"gongkai/internal/civil"
)

// people finds names beside sensitive facts, and what is told of children.
func (s *scanner) people(today civil.Date) {
	for i, r := range s.rows {
		if r.table != nil {
			s.tableNames(r)
			continue
		}
		s.proseNames(i)
		s.nameList(i)
	}
	s.births(today)
}

// known are the names and numbers found so far, by how they are written.
func (s *scanner) known() map[string]hit {
	found := map[string]hit{}
	for _, h := range s.hits {
		if h.end-h.start > 1 && h.kind != Address && (h.kind != Minor || isHan(s.fold[h.start])) {
			found[string(s.fold[h.start:h.end])] = h
		}
	}
	return found
}

// addName reports a name, once.
func (s *scanner) addName(k Kind, start, end int) {
	keep := 1
	if end-start > 2 && s.doubleSurname(start) {
		keep = 2
	}
	s.add(k, start, end, string(s.text[start:start+keep])+strings.Repeat("某", end-start-keep))
}

// context is what is read around a row to tell whether a fact is sensitive, in
// runes: the lines of a form belong together.
const contextReach = 90

// factIn tells whether a sensitive fact is named from one rune to another.
func (s *scanner) factIn(start, end int) bool {
	i, _ := slices.BinarySearch(s.facts, start)
	return i < len(s.facts) && s.facts[i] < end
}

func (s *scanner) sensitiveNear(start, end int) bool {
	return s.factIn(start-contextReach, end+contextReach)
}

// nameAt reads a name that begins at i and gives its end, 0 where there is
// none. strict takes the common surnames alone, as running text needs.
func (s *scanner) nameAt(i int, strict bool) int {
	given := i + 1
	switch {
	case s.doubleSurname(i):
		given = i + 2
	case !isSurname(s.peek(i), strict) || notNames[string(s.fold[i:min(i+2, len(s.fold))])]:
		return 0
	}
	if !givenRune(s.peek(given)) {
		return 0
	}
	end := given + 1
	if next := s.peek(end); givenRune(next) && !neverGiven.has(next) && !(nameEnds.has(next) && !s.nameStops(end+1)) {
		end++
	}
	if !s.nameStops(end) {
		return 0
	}
	return end
}

func givenRune(r rune) bool { return isHan(r) && !notGiven.has(r) }

// nameStops tells whether a name may end before rune i.
func (s *scanner) nameStops(i int) bool {
	r := s.peek(i)
	return !isHan(r) || nameEnds.has(r) || notGiven.has(r)
}

// wholeName tells whether fold[start:end] is one name and nothing more. Names
// of other peoples are written with a dot in their middle.
func (s *scanner) wholeName(start, end int) bool {
	if n := end - start; n < 2 || n > 14 {
		return false
	}
	text := string(s.fold[start:end])
	if first, last, ok := strings.Cut(text, "·"); ok {
		return len([]rune(first)) > 1 && len([]rune(last)) > 1 && strings.IndexFunc(first+last, func(r rune) bool { return !isHan(r) && r != '·' }) < 0
	}
	return s.nameAt(start, false) == end
}

// cellName tells whether a cell beneath the name of such a column is a name:
// nearly any word may be one there.
func (s *scanner) cellName(start, end int) bool {
	surname := 1
	if s.doubleSurname(start) {
		surname = 2
	}
	if n := end - start - surname; n < 1 || n > 2 || surname == 1 && !isSurname(s.fold[start], false) {
		return s.wholeName(start, end)
	}
	return !slices.ContainsFunc(s.fold[start+surname:end], func(r rune) bool { return !isHan(r) || notInCell.has(r) })
}

// tableNames finds the names in a row of a table whose columns, caption or row
// tell a sensitive fact, or that lists children.
func (s *scanner) tableNames(r row) {
	columns := r.table.caption
	kind := Kind("")
	switch {
	case containsAny(strings.Join(r.table.header, " "), childColumns) || containsAny(columns, childCaptions):
		kind = Minor
	case containsAny(columns, sensitiveWords) || s.factIn(r.start, r.end):
		kind = SensitiveName
	default:
		return
	}
	for i, c := range r.cells {
		label := r.table.label(i)
		if !containsAny(label, personColumns) || containsAny(label, notPersonColumns) {
			continue
		}
		start, end := c.start, c.end
		if s.cellName(start, end) {
			s.addName(kind, start, end)
			continue
		}
		if spaced := strings.ReplaceAll(string(s.fold[start:end]), " ", ""); len([]rune(spaced)) == 2 && end-start <= 4 && anySurname.has(s.fold[start]) && givenRune(s.fold[end-1]) {
			s.addName(kind, start, end) // 张  伟
		}
	}
}

// proseNames finds names in a line of running text.
func (s *scanner) proseNames(i int) {
	r := s.rows[i]
	for at := r.start; at < r.end; at++ {
		if !s.surnameAt(at) {
			continue
		}
		end := s.nameAt(at, true)
		if end == 0 || end > r.end {
			continue
		}
		if kind := s.nameKind(at, end, i); kind != "" {
			s.addName(kind, at, end)
			at = end - 1
		}
	}
}

// nameKind decides by what stands right before and after a candidate whether
// it is a name worth hiding; "" where not.
func (s *scanner) nameKind(start, end, i int) Kind {
	before := strings.TrimRight(s.before(start, 10), " :：“\"(（")
	after := s.after(end, 12)
	opened := before != s.before(start, 10) // 患者：张…, not 患者张…
	person := personAfter(after)
	marked := endsWithAny(before, nameMarkers)
	child := endsWithAny(before, minorMarkers)
	switch age := ageIn(after); {
	case age >= 0 && age < minorAge && (person || marked || child):
		return Minor
	case child && (opened || person || !isHan(s.peek(end)) || nameEnds.has(s.peek(end))) && !s.plural(end):
		return Minor
	}
	free := !isHan(s.peek(start-1)) || marked || strings.ContainsRune("人员者象民友属户", s.peek(start-1))
	if !(marked && s.firm(end, opened)) && !(person && free) {
		return ""
	}
	r := s.rows[i]
	if s.inList(i) || s.sensitiveNear(max(r.start, start-contextReach), min(r.end, end+contextReach)) {
		return SensitiveName
	}
	return ""
}

// inList tells whether a line is an item of a list that a sensitive heading
// announces: beneath the heading, or beneath another item.
func (s *scanner) inList(i int) bool {
	heading, sensitive := s.heading(i)
	if s.items[i-1] || sensitive && containsAny(heading, listWords) {
		s.items[i] = true
	}
	return s.items[i]
}

// listWords announce lists of people.
var listWords = []string{"名单", "如下", "公示", "人员", "对象", "名册"}

// plural tells whether what looks like a name goes on as a word: 、of a list
// of groups (学生、家长).
func (s *scanner) plural(end int) bool {
	return startsWithAny(s.after(end, 3), []string{"等人员", "人员", "们"})
}

// firm tells whether a candidate after a marker ends as names do.
func (s *scanner) firm(end int, opened bool) bool {
	r := s.peek(end)
	return opened || !isHan(r) || nameEnds.has(r) && r != '的' && r != '与' && r != '和' && r != '及' && r != '在' && r != '于'
}

// personAfter tells whether what follows a candidate is said of persons alone.
func personAfter(after string) bool {
	rest := strings.TrimLeft(after, ",，;；(（ :：")
	if rest == after {
		return false
	}
	return startsWithAny(rest, []string{"男", "女", "身份证", "公民身份", "汉族", "苗族", "瑶族", "侗族", "回族", "壮族", "现年", "年龄", "生于", "证件号"}) || ageIn(after) >= 0 || bornAt(rest)
}

// bornAt tells whether text begins with a birth: 1980年3月5日出生.
func bornAt(text string) bool {
	return len(text) > 4 && (text[:2] == "19" || text[:2] == "20") && (strings.Contains(text, "出生") || strings.Contains(text, "生,") || strings.Contains(text, "生，"))
}

// nameList finds names that stand in a row, divided by 、 or by spaces: within
// a sentence about a sensitive fact, or as lines beneath such a heading.
func (s *scanner) nameList(i int) {
	tokens := s.tokens(s.rows[i])
	for from := 0; from < len(tokens); {
		to := from
		for to < len(tokens) && s.surnameAt(tokens[to].start) && s.wholeName(tokens[to].start, tokens[to].end) {
			to++
		}
		if kind := s.listKind(i, to-from, to-from == len(tokens)); to > from && kind != "" {
			for _, c := range tokens[from:to] {
				s.addName(kind, c.start, c.end)
			}
		}
		from = max(to, from+1)
	}
}

// listKind decides what n names in a row are; whole tells that the line holds
// nothing else.
func (s *scanner) listKind(i, n int, whole bool) Kind {
	if n == 0 || n == 1 && (!whole || i == 0) {
		return ""
	}
	heading, sensitive := s.heading(i)
	r := s.rows[i]
	listed := containsAny(heading, listWords)
	if containsAny(string(s.fold[r.start:r.end]), officialMarkers) || !listed && (n < 3 || !s.factIn(r.start, r.end)) {
		return ""
	}
	switch {
	case containsAny(heading, childCaptions) && containsAny(heading, []string{"名单", "录取", "学位", "新生"}):
		return Minor
	case sensitive:
		return SensitiveName
	}
	return ""
}

// surnameAt tells whether a common surname begins at i.
func (s *scanner) surnameAt(i int) bool { return commonSurname.has(s.fold[i]) || s.doubleSurname(i) }

func (s *scanner) doubleSurname(i int) bool {
	return doubleFirst.has(s.peek(i)) && doubleSurnames[[2]rune{s.peek(i), s.peek(i + 1)}]
}

// heading is the text that says what a line lists: itself, and what stands up
// to two lines of text above; and whether a sensitive fact is among it.
func (s *scanner) heading(i int) (text string, sensitive bool) {
	var b strings.Builder
	take := func(r row) {
		end := min(r.end, r.start+4*contextReach)
		b.WriteString(string(s.fold[r.start:end]) + "\n")
		sensitive = sensitive || s.factIn(r.start, end)
	}
	take(s.rows[i])
	for k, seen := i-1, 0; k >= max(0, i-headingReach) && seen < 2; k-- {
		r := s.rows[k]
		if n := r.end - r.start; n == 0 || n > contextReach || r.table != nil || s.onlyNames(r) {
			continue
		}
		seen++
		take(r)
	}
	return b.String(), sensitive
}

// headingReach is how many lines of a list may stand beneath its heading.
const headingReach = 200

func (s *scanner) onlyNames(r row) bool {
	tokens := s.tokens(r)
	return len(tokens) > 0 && !slices.ContainsFunc(tokens, func(c cell) bool { return !s.wholeName(c.start, c.end) })
}

// tokens divides a line at punctuation and spaces, without the number of an
// item before or 等3人 after.
func (s *scanner) tokens(r row) []cell {
	var out []cell
	for at := r.start; at < r.end; {
		for at < r.end && !isHan(s.fold[at]) {
			at++
		}
		end := at
		for end < r.end && (isHan(s.fold[end]) || s.fold[end] == '·') {
			end++
		}
		if end > at {
			c := cell{at, end}
			if end-at > 2 && s.fold[end-1] == '等' {
				c.end--
			}
			out = append(out, c)
		}
		at = end
	}
	return out
}

// repeats finds what was found once wherever else it stands: what is hidden in
// one line must not be read in the next.
func (s *scanner) repeats(known map[string]hit) {
	x := indexKnown(known)
	for at, r := range s.fold {
		if !x.first[r] {
			continue
		}
		for _, n := range [2]int{longPrefix, shortPrefix} {
			if at+n > len(s.fold) {
				continue
			}
			for _, h := range x.words[string(s.fold[at:at+n])] {
				end := at + len(h.word)
				if end <= len(s.fold) && slices.Equal(s.fold[at:end], h.word) && s.whole(at, end) {
					s.add(h.kind, at, end, h.masked)
				}
			}
		}
	}
}

// Words are looked up by their first characters: numbers by more of them than
// names, since many begin alike.
const (
	shortPrefix = 2
	longPrefix  = 7
)

// knownWords finds many words in one pass.
type knownWords struct {
	first map[rune]bool
	words map[string][]knownWord
}

type knownWord struct {
	hit
	word []rune
}

func indexKnown(known map[string]hit) knownWords {
	x := knownWords{map[rune]bool{}, map[string][]knownWord{}}
	for text, h := range known {
		word := []rune(text)
		n := shortPrefix
		if len(word) >= longPrefix {
			n = longPrefix
		}
		x.first[word[0]] = true
		prefix := string(word[:n])
		x.words[prefix] = append(x.words[prefix], knownWord{h, word})
	}
	return x
}

// whole tells whether runes are a number or a name, and not part of a longer
// one.
func (s *scanner) whole(start, end int) bool {
	if !isHan(s.fold[start]) {
		return !isAlnum(s.peek(start-1)) && !isAlnum(s.peek(end))
	}
	return end-start > 2 || s.nameStops(end) && !isHan(s.peek(start-1))
}

func indexRunes(text, word []rune) int {
	for i := 0; i+len(word) <= len(text); i++ {
		if text[i] == word[0] && slices.Equal(text[i:i+len(word)], word) {
			return i
		}
	}
	return -1
}
