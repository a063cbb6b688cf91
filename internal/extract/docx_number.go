package extract

import (
	"encoding/xml"
	"strconv"
	"strings"

	"gongkai/internal/document"
)

// maxListLevels is the number of levels that a list of Word has.
const maxListLevels = 9

// listLevel is how one level of a list is counted and printed.
type listLevel struct {
	start  int
	format string // numFmt: decimal, chineseCounting…
	text   string // lvlText: %1、
	legal  bool   // all numbers in digits
}

// abstractList is a kind of list; lists that share one count on together.
type abstractList struct {
	levels [maxListLevels]listLevel
	count  [maxListLevels]int
	used   [maxListLevels]bool
}

// numbering holds the lists of a file and how far they have counted.
type numbering struct {
	abstract map[string]*abstractList
	lists    map[string]*abstractList // by numId
}

func (r *docxReader) readNumbering(a *archive) error {
	r.numbering = numbering{abstract: make(map[string]*abstractList), lists: make(map[string]*abstractList)}
	data, ok, err := a.open("word/numbering.xml")
	if !ok || err != nil {
		return err
	}
	x := newXMLReader(data)
	if _, err := x.root(); err != nil {
		return err
	}
	return x.each(map[string]func(xml.StartElement) error{
		"abstractNum": func(s xml.StartElement) error {
			list := new(abstractList)
			r.numbering.abstract[xmlAttr(s, "abstractNumId")] = list
			return x.each(map[string]func(xml.StartElement) error{
				"lvl": func(s xml.StartElement) error { return readLevel(x, s, list) },
			})
		},
		"num": func(s xml.StartElement) error { return r.numbering.readList(x, s) },
	})
}

func readLevel(x *xmlReader, s xml.StartElement, list *abstractList) error {
	level := listLevel{start: 1, format: "decimal"}
	err := x.each(map[string]func(xml.StartElement) error{
		"start": func(s xml.StartElement) error {
			level.start, _ = strconv.Atoi(xmlAttr(s, "val"))
			return x.skip()
		},
		"numFmt":  func(s xml.StartElement) error { level.format = xmlAttr(s, "val"); return x.skip() },
		"lvlText": func(s xml.StartElement) error { level.text = xmlAttr(s, "val"); return x.skip() },
		"isLgl":   func(s xml.StartElement) error { level.legal = !isOff(s); return x.skip() },
	})
	if n, convErr := strconv.Atoi(xmlAttr(s, "ilvl")); convErr == nil && 0 <= n && n < maxListLevels {
		list.levels[n] = level
	}
	return err
}

// readList reads a list; one that overrides anything counts by itself.
func (n *numbering) readList(x *xmlReader, s xml.StartElement) error {
	list := new(abstractList)
	err := x.each(map[string]func(xml.StartElement) error{
		"abstractNumId": func(s xml.StartElement) error {
			if a := n.abstract[xmlAttr(s, "val")]; a != nil {
				list = a
			}
			return x.skip()
		},
		"lvlOverride": func(s xml.StartElement) error {
			own := *list
			list = &own
			i, convErr := strconv.Atoi(xmlAttr(s, "ilvl"))
			if convErr != nil || i < 0 || i >= maxListLevels {
				return x.skip()
			}
			return x.each(map[string]func(xml.StartElement) error{
				"startOverride": func(s xml.StartElement) error {
					list.levels[i].start, _ = strconv.Atoi(xmlAttr(s, "val"))
					return x.skip()
				},
				"lvl": func(s xml.StartElement) error { return readLevel(x, s, list) },
			})
		},
	})
	n.lists[xmlAttr(s, "numId")] = list
	return err
}

// next counts one paragraph on and gives its number as printed, "" for bullets
// and for paragraphs of no list.
func (n *numbering) next(ref numRef) string {
	list := n.lists[ref.id]
	if list == nil || ref.id == "0" || ref.level < 0 || ref.level >= maxListLevels {
		return ""
	}
	level := &list.levels[ref.level]
	if list.used[ref.level] {
		list.count[ref.level]++
	} else {
		list.count[ref.level], list.used[ref.level] = level.start, true
	}
	for i := ref.level + 1; i < maxListLevels; i++ {
		list.used[i] = false
	}
	if level.format == "bullet" || level.format == "none" {
		return ""
	}
	text := level.text
	for i := range maxListLevels {
		mark := "%" + strconv.Itoa(i+1)
		if !strings.Contains(text, mark) {
			continue
		}
		format, count := list.levels[i].format, list.count[i]
		if !list.used[i] && i < ref.level {
			count = list.levels[i].start
		}
		if level.legal {
			format = "decimal"
		}
		text = strings.ReplaceAll(text, mark, formatCount(format, count))
	}
	for _, unit := range []string{"条", "章", "节", "编"} {
		if strings.HasSuffix(text, unit) {
			return text + "　" // Word sets a gap there that the text does not have
		}
	}
	return text
}

// formatCount prints n in a counting format of Word; formats that documents in
// Chinese do not use print digits.
func formatCount(format string, n int) string {
	n = max(0, min(n, 99_999))
	switch format {
	case "chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "taiwaneseCounting",
		"taiwaneseCountingThousand", "japaneseDigitalTenThousand", "koreanCounting":
		return document.FormatNumeral(n)
	case "chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal":
		return legalNumeral.Replace(document.FormatNumeral(n))
	case "upperLetter", "lowerLetter":
		return letters(format, n)
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "decimalFullWidth", "decimalFullWidth2":
		return fullWidth.Replace(strconv.Itoa(n))
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		if 1 <= n && n <= 20 {
			return string(rune('①' + n - 1))
		}
	}
	return strconv.Itoa(n)
}

var (
	legalNumeral = strings.NewReplacer("一", "壹", "二", "贰", "三", "叁", "四", "肆", "五", "伍", "六", "陆", "七", "柒",
		"八", "捌", "九", "玖", "十", "拾", "百", "佰", "千", "仟")
	fullWidth = strings.NewReplacer("0", "０", "1", "１", "2", "２", "3", "３", "4", "４", "5", "５", "6", "６", "7", "７", "8", "８", "9", "９")
)

// letters counts a, b … z, aa, bb as Word does.
func letters(format string, n int) string {
	if n < 1 || n > 26*4 {
		return strconv.Itoa(n)
	}
	first := 'a'
	if format == "upperLetter" {
		first = 'A'
	}
	return strings.Repeat(string(first+rune((n-1)%26)), (n-1)/26+1)
}

func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, d := range []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= d.value; n -= d.value {
			b.WriteString(d.sign)
		}
	}
	return b.String()
}
