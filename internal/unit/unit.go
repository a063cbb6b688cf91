// Package unit holds the organs of a city as a tree that changes over time.
//
// An organ is one line of history: 祁阳县 and 祁阳市 are one organ with two
// names, each with the days on which it was borne. Names, codes and parents
// are dated; reorganisations (rename, merge, split, abolish, move) are events
// with a date, a basis and successors. Whatever names a unit is resolved as of
// a day, by full name, short name, alias or code, and nothing is guessed: a
// name that nobody bore on that day is a fault with suggestions, a name that
// several bore is a fault with the candidates.
//
// Reading goes through a Tree, an immutable picture of the whole directory in
// memory; writing goes through a Store inside the caller's transaction. What
// is particular to one city (its prefixes, the sets its documents name) is
// data: see Load and the embedded directories.
package unit

import (
	"gongkai/internal/civil"
)

// Kind says what sort of organ it is. The values are stable: they stand in the
// database, in files and in the API.
type Kind string

// Kinds of organs.
const (
	City        Kind = "city"        // the government whose directory this is
	Department  Kind = "department"  // 工作部门, of any level
	Party       Kind = "party"       // 党委部门
	County      Kind = "county"      // government of a county, county-level city or district
	Zone        Kind = "zone"        // 管理区、经开区管委会
	Township    Kind = "township"    // 乡镇人民政府、街道办事处
	Village     Kind = "village"     // 村民委员会、社区居民委员会
	Enterprise  Kind = "enterprise"  // public enterprise
	Institution Kind = "institution" // 事业单位
	Central     Kind = "central"     // centrally or provincially managed, stationed here
	Office      Kind = "office"      // 议事协调机构 and its office
	External    Kind = "external"    // outside this city: the province, the centre
)

// kinds lists every kind with what it is called, first the word to show, then
// the words that import files may use.
var kinds = []struct {
	kind  Kind
	words []string
}{
	{City, []string{"本级政府", "市政府", "本级人民政府", "城市政府"}},
	{Department, []string{"部门", "工作部门", "政府部门", "市直部门", "市直单位"}},
	{Party, []string{"党委部门", "党委机构"}},
	{County, []string{"县级政府", "县市区", "县市区人民政府", "区县"}},
	{Zone, []string{"管理区、开发区", "管理区", "开发区", "经开区", "管委会"}},
	{Township, []string{"乡镇街道", "乡镇", "街道", "镇", "乡"}},
	{Village, []string{"村（社区）", "村", "社区", "村居"}},
	{Enterprise, []string{"公共企业", "企业"}},
	{Institution, []string{"事业单位", "公共事业单位"}},
	{Central, []string{"垂直管理单位", "垂管", "垂管单位", "中央、省驻地方单位"}},
	{Office, []string{"议事协调机构", "议事协调机构办公室", "领导小组"}},
	{External, []string{"外部单位", "外部"}},
}

// Label is what the kind is called in Chinese, and the value itself where it
// is not one of the constants.
func (k Kind) Label() string {
	for _, e := range kinds {
		if e.kind == k {
			return e.words[0]
		}
	}
	return string(k)
}

// Kinds lists every kind in the order in which pages show them.
func Kinds() []Kind {
	all := make([]Kind, len(kinds))
	for i, e := range kinds {
		all[i] = e.kind
	}
	return all
}

// Span is a run of days. The zero value is all days.
type Span struct {
	Since civil.Date `json:"since,omitzero"` // the first day; zero: always
	Until civil.Date `json:"until,omitzero"` // the first day no more; zero: still
}

// Holds tells whether day is in the span. The zero day stands for the far
// future: only spans without an end hold then.
func (s Span) Holds(day civil.Date) bool {
	if day.IsZero() {
		return s.Until.IsZero()
	}
	return (s.Since.IsZero() || !day.Before(s.Since)) && (s.Until.IsZero() || day.Before(s.Until))
}

// Meet is the span of the days in both; ok is false where there are none.
func (s Span) Meet(t Span) (both Span, ok bool) {
	both = s
	if both.Since.IsZero() || !t.Since.IsZero() && t.Since.After(both.Since) {
		both.Since = t.Since
	}
	if both.Until.IsZero() || !t.Until.IsZero() && t.Until.Before(both.Until) {
		both.Until = t.Until
	}
	return both, both.Since.IsZero() || both.Until.IsZero() || both.Since.Before(both.Until)
}

// Role says what a name is to its organ.
type Role string

// Roles of names. An organ has at most one Full, one Short and one Code on any
// day, and any number of the others.
const (
	Full   Role = "full"   // 永州市发展和改革委员会
	Short  Role = "short"  // 市发改委
	Alias  Role = "alias"  // 市发展改革委
	Code   Role = "code"   // 431102, or the directory's own code
	Prefix Role = "prefix" // what the names of organs below begin with: 永州市, 市
)

// Name is one name of an organ and the days on which it was borne.
type Name struct {
	Text string `json:"text"`
	Role Role   `json:"role"`
	Span
}

// Parent says below which organ an organ stood, and when.
type Parent struct {
	ID int64 `json:"id"`
	Span
}

// Organ is one organ through all its history. Values that a Tree hands out
// share its memory and must not be changed.
type Organ struct {
	ID        int64
	Kind      Kind
	Order     int    // statutory order of listing, ascending
	Code      string // the newest of its codes; empty where it has none
	Names     []Name // by role, then in the order of time
	Parents   []Parent
	Span             // its existence
	Confirmed bool   // whether somebody has checked it against an official list
	Note      string // 沿革 and doubts, for people
}

// named is the name of a role on a day, and the newest one where there was
// none on that day; "" where there is none at all.
func (o *Organ) named(role Role, day civil.Date) string {
	newest := ""
	for _, n := range o.Names {
		if n.Role != role {
			continue
		}
		if n.Holds(day) {
			return n.Text
		}
		newest = n.Text
	}
	return newest
}

// NameOn is the full name on a day; before it existed and after it ended, the
// last one it bore.
func (o *Organ) NameOn(day civil.Date) string { return o.named(Full, day) }

// Name is the newest full name.
func (o *Organ) Name() string { return o.named(Full, civil.Date{}) }

// ShortOn is the short name on a day, and the full one where it has none.
func (o *Organ) ShortOn(day civil.Date) string {
	if s := o.named(Short, day); s != "" {
		return s
	}
	return o.NameOn(day)
}

// CodeOn is the code on a day.
func (o *Organ) CodeOn(day civil.Date) string { return o.named(Code, day) }

// ParentOn is the organ above it on a day; 0 for none.
func (o *Organ) ParentOn(day civil.Date) int64 {
	for _, p := range o.Parents {
		if p.Holds(day) {
			return p.ID
		}
	}
	return 0
}

// Called lists the different names that people may know it by, of all times:
// full, short and aliases, the newest full name first.
func (o *Organ) Called() []string {
	names := []string{o.Name()}
	seen := map[string]bool{names[0]: true}
	for _, n := range o.Names {
		if (n.Role == Full || n.Role == Short || n.Role == Alias) && !seen[n.Text] {
			seen[n.Text] = true
			names = append(names, n.Text)
		}
	}
	return names
}

func (o *Organ) names(role Role) (all []Name) {
	for _, n := range o.Names {
		if n.Role == role {
			all = append(all, n)
		}
	}
	return all
}
