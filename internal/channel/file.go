package channel

import (
	"encoding/json"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/unit"
)

// file is the form of a sites file (gongkai import sites FILE.json).
type file struct {
	Sites []fileSite `json:"sites"`
}

type fileSite struct {
	Slug        string       `json:"slug"`        // a-z, 0-9, -
	Name        string       `json:"name"`        // 规范名称
	Host        string       `json:"host"`        // empty: every host
	PathPrefix  string       `json:"path_prefix"` // /lingling; empty: the whole host
	Unit        string       `json:"unit"`        // by any name; empty: everybody's records
	IDCode      string       `json:"id_code"`     // 10 digits, or bm and 8 digits
	ICP         string       `json:"icp"`
	Police      string       `json:"police"`
	Organizer   string       `json:"organizer"`
	Contact     string       `json:"contact"`
	Description string       `json:"description"`
	Keywords    string       `json:"keywords"`
	Columns     []fileColumn `json:"columns"`
}

type fileColumn struct {
	Slug        string       `json:"slug"`
	Name        string       `json:"name"`
	Type        ColumnType   `json:"type"`
	Description string       `json:"description"`
	Keywords    string       `json:"keywords"`
	Freshness   int          `json:"freshness_days"`
	Rule        fileRule     `json:"rule"`
	Columns     []fileColumn `json:"columns"`
}

type fileRule struct {
	Kinds      []string `json:"kinds"`
	Units      []string `json:"units"` // by any name
	Categories []string `json:"categories"`
	Statutory  []string `json:"statutory"`
	Keywords   []string `json:"keywords"`
}

// described is a site with its columns, checked and with its units found.
type described struct {
	site    Site
	columns []node
}

// largestFile bounds a sites file, deepestColumn the levels of columns.
const (
	largestFile   = 8 << 20
	deepestColumn = 6
)

// parse reads a sites file. All that is wrong with it comes in one Invalid
// fault, each with its place.
func parse(data []byte, units *unit.Tree, on civil.Date) ([]described, error) {
	if len(data) > largestFile {
		return nil, fault.New(fault.TooLarge, "sites_large", "站点文件有 %d MB，最多 %d MB。", len(data)>>20, largestFile>>20)
	}
	var f file
	dec := json.NewDecoder(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, fault.New(fault.Invalid, "sites_json", "站点文件不是规定格式的 JSON（第 %d 个字节附近）：请对照样例 internal/channel/example/yongzhou.json。", dec.InputOffset()).Because(err)
	}
	c := checker{units: units, on: on, slugs: map[string]string{}, addresses: map[string]string{}}
	var all []described
	for i, s := range f.Sites {
		all = append(all, c.site(fmt.Sprintf("sites[%d]", i), i, s))
	}
	if len(all) == 0 {
		c.wrong("sites", "没有站点，至少写一个。")
	}
	return all, c.fault()
}

// checker collects what is wrong with a file.
type checker struct {
	units            *unit.Tree
	on               civil.Date
	slugs, addresses map[string]string // what is taken → where
	problems         []string
}

func (c *checker) wrong(place, format string, args ...any) {
	c.problems = append(c.problems, place+"："+fmt.Sprintf(format, args...))
}

// fault is nil where nothing is wrong. It shows the first problems.
func (c *checker) fault() error {
	const shown = 10
	n := len(c.problems)
	if n == 0 {
		return nil
	}
	text := strings.Join(c.problems[:min(n, shown)], "\n")
	if n > shown {
		text += fmt.Sprintf("\n……另有 %d 处。", n-shown)
	}
	return fault.New(fault.Invalid, "sites_bad", "站点文件有 %d 处要改，什么都没有导入：\n%s", n, text)
}

var (
	slugForm   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	idCodeForm = regexp.MustCompile(`^(\d{10}|bm\d{8})$`)
	hostForm   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
	pathForm   = regexp.MustCompile(`^(/[a-z0-9]+(-[a-z0-9]+)*)*$`)
)

func (c *checker) site(place string, i int, s fileSite) described {
	site := Site{Slug: s.Slug, Name: s.Name, Host: s.Host, PathPrefix: s.PathPrefix, IDCode: s.IDCode, ICP: s.ICP, Police: s.Police,
		Organizer: s.Organizer, Contact: s.Contact, Description: s.Description, Keywords: s.Keywords, Order: 10 * (i + 1)}
	c.form(place+".slug", s.Slug, slugForm, "站点代号用小写字母、数字和连字符，例如 lingling。")
	c.form(place+".host", s.Host, hostForm, "域名用小写，不带 http:// 和端口，例如 www.yzcity.gov.cn；留空表示任何域名。")
	c.form(place+".path_prefix", s.PathPrefix, pathForm, "路径以 / 开头、不以 / 结尾，例如 /lingling；留空表示整个域名。")
	c.form(place+".id_code", s.IDCode, idCodeForm, "网站标识码是 10 位数字，部门网站是 bm 加 8 位数字。")
	if net.ParseIP(s.Host) != nil {
		c.wrong(place+".host", "写域名，不写 IP 地址；留空表示任何域名。")
	}
	c.needed(place+".slug", s.Slug, "站点代号")
	c.needed(place+".name", s.Name, "网站名称")
	c.needed(place+".organizer", s.Organizer, "主办单位")
	c.needed(place+".contact", s.Contact, "联系方式")
	c.once(c.slugs, place+".slug", s.Slug, "站点代号")
	c.once(c.addresses, place+".host", s.Host+s.PathPrefix, "域名和路径")
	site.RootUnit = c.unit(place+".unit", s.Unit)
	return described{site, append([]node{fixedTree()}, c.columns(place+".columns", s.Columns, 1)...)}
}

func (c *checker) columns(place string, list []fileColumn, level int) []node {
	if level > deepestColumn {
		c.wrong(place, "栏目最多 %d 级。", deepestColumn)
		return nil
	}
	var nodes []node
	seen := map[string]string{}
	for i, f := range list {
		at := fmt.Sprintf("%s[%d]", place, i)
		if level == 1 && f.Slug == Disclosure {
			c.wrong(at+".slug", "“政府信息公开”和它的四个板块由程序统一设置（国办公开办函〔2019〕61号），不能改名、增删，请从文件里去掉。")
		}
		c.needed(at+".slug", f.Slug, "栏目代号")
		c.form(at+".slug", f.Slug, slugForm, "栏目代号用小写字母、数字和连字符，例如 tzgg。")
		c.once(seen, at+".slug", f.Slug, "栏目代号")
		c.needed(at+".name", f.Name, "栏目名称（ColumnName 是必选网页标签）")
		c.needed(at+".description", f.Description, "栏目描述（ColumnDescription 是必选网页标签）")
		c.needed(at+".keywords", f.Keywords, "栏目关键词（ColumnKeywords 是必选网页标签）")
		if !slices.Contains(columnTypes, f.Type) {
			c.wrong(at+".type", "栏目类别“%s”不在规定的取值里：%s。", f.Type, typeNames())
		}
		if f.Freshness < 0 || f.Freshness > 3660 {
			c.wrong(at+".freshness_days", "更新期限是天数，0 表示没有要求。")
		}
		nodes = append(nodes, node{slug: f.Slug, name: f.Name, kind: f.Type, description: f.Description, keywords: f.Keywords,
			freshness: f.Freshness, rule: c.rule(at+".rule", f.Rule), below: c.columns(at+".columns", f.Columns, level+1)})
	}
	return nodes
}

func (c *checker) rule(place string, f fileRule) Rule {
	r := Rule{Kinds: some(f.Kinds), Categories: some(f.Categories), Statutory: some(f.Statutory), Keywords: some(f.Keywords)}
	for i, name := range f.Units {
		if id := c.unit(fmt.Sprintf("%s.units[%d]", place, i), name); id != 0 {
			r.Units = append(r.Units, id)
		}
	}
	for i, code := range f.Statutory {
		if _, err := law.Categories().Parse(code); err != nil {
			c.wrong(fmt.Sprintf("%s.statutory[%d]", place, i), "%s", fault.Public(err))
		}
	}
	return r
}

// some is nil for an empty list, as the store gives it back.
func some(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}

func (c *checker) unit(place, name string) int64 {
	if name == "" {
		return 0
	}
	o, err := c.units.Resolve(name, c.on)
	if err != nil {
		c.wrong(place, "%s", fault.Public(err))
	}
	return o.ID
}

func (c *checker) form(place, text string, form *regexp.Regexp, hint string) {
	if text != "" && !form.MatchString(text) {
		c.wrong(place, "“%s”写法不对：%s", text, hint)
	}
}

func (c *checker) needed(place, text, what string) {
	if strings.TrimSpace(text) == "" {
		c.wrong(place, "缺%s。", what)
	}
}

func (c *checker) once(taken map[string]string, place, text, what string) {
	if where, ok := taken[text]; ok {
		c.wrong(place, "%s“%s”与 %s 重复。", what, text, where)
	}
	taken[text] = place
}

func typeNames() string {
	var names []string
	for _, t := range columnTypes {
		names = append(names, string(t))
	}
	return strings.Join(names, "、")
}
