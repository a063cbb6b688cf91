package drafting

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/channel"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/publication"
)

// checkInterpretation wants a policy to come with its interpretation (三同步):
// one that is public, or a draft that is on its way.
func (sit *situation) checkInterpretation(ctx context.Context) ([]Check, error) {
	k := sit.kind()
	if k == nil || !k.NeedsInterpretation || sit.d.Correction() {
		return nil, nil
	}
	keys := []any{sit.line.SourceID}
	if sit.line.Number != "" {
		keys = append(keys, targetKey(sit.line.Number))
	}
	in := db.In(len(keys))
	var public, drafts int
	if err := sit.tx.Row(ctx, "select count(*) from publication_relations r join publication_records p on p.id = r.record_id where r.type = 'interprets' and p.state = 'published' and r.target_key in "+in, keys, &public); err != nil {
		return nil, err
	}
	if err := sit.tx.Row(ctx, "select count(*) from drafting_targets t join drafting_drafts d on d.id = t.draft_id where t.type = 'interprets' and d.state not in ('withheld', 'abandoned') and t.target in "+in, keys, &drafts); err != nil {
		return nil, err
	}
	switch {
	case public > 0:
		return nil, nil
	case drafts > 0:
		return []Check{{Code: codeInterpretation, Level: Info, Place: "解读", Message: "解读稿已在办，", Way: "请和文件一起发布。"}}, nil
	}
	return []Check{{Code: codeInterpretation, Level: Must, Place: "解读", Message: "“" + k.Label + "”要和它的解读同步公开，现在没有解读稿。", Way: "请起草解读并关联到这份文件，或者写明不解读的理由。"}}, nil
}

// checkNumber wants a document number to be used once by its issuer.
func (sit *situation) checkNumber(ctx context.Context) ([]Check, error) {
	key := numberKey(sit.line.Number)
	if key == "" {
		return nil, nil
	}
	var list []Check
	if _, err := document.ParseNumber(sit.line.Number); err != nil {
		list = append(list, Check{Code: codeNumber, Level: Should, Place: "文号", Message: "“" + sit.line.Number + "”不像通常的文号。", Way: "写法如：永政办发〔2021〕12号。"})
	}
	var title string
	err := sit.tx.Row(ctx, `select title from (
		select title, 0 as sort, id from publication_records where number_key = ? and unit_id = ? and kind = ? and id <> ? and state = 'published'
		union all
		select title, 1, id from drafting_drafts where number_key = ? and unit_id = ? and kind = ? and id <> ? and state not in ('published', 'withheld', 'abandoned')) as others
		order by sort, id limit 1`,
		[]any{key, sit.d.UnitID, sit.line.Kind, sit.d.RecordID, key, sit.d.UnitID, sit.line.Kind, sit.d.ID}, &title)
	if isNone(err) {
		return list, nil
	}
	return append(list, Check{Code: codeNumber, Level: Must, Place: "文号", Message: "本单位的《" + strings.Trim(title, "《》") + "》已用了这个文号。", Way: "请核对；确实相同的，写明理由。"}), err
}

var (
	hrefForm   = regexp.MustCompile(`href="([^"]*)"`)
	srcForm    = regexp.MustCompile(`src="([^"]*)"`)
	recordForm = regexp.MustCompile(`^/d/(\d{1,18})(?:[/?#].*)?$`)
)

// addresses lists what the body's links lead to, each once.
func addresses(l *publication.Line) []string { return named(l, hrefForm) }

// named lists what the body's markup names by an attribute, each once.
func named(l *publication.Line, form *regexp.Regexp) []string {
	blocks, err := document.Blocks(l.Body.Text, l.Body.Format)
	if err != nil {
		return nil
	}
	var list []string
	gather := func(markup string) {
		for _, m := range form.FindAllStringSubmatch(markup, -1) {
			if a := strings.ReplaceAll(m[1], "&amp;", "&"); !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	for _, b := range blocks {
		gather(b.HTML)
		for _, row := range b.Rows {
			for _, c := range row {
				gather(c.HTML)
			}
		}
	}
	return list
}

// checkLinks wants links within the site to lead to something public, and
// others to be whole addresses.
func (sit *situation) checkLinks(ctx context.Context) (list []Check, err error) {
	for _, a := range addresses(sit.line) {
		if m := recordForm.FindStringSubmatch(a); m != nil {
			c, err := sit.checkRecordLink(ctx, a, m[1])
			if err != nil {
				return nil, err
			}
			list = append(list, c...)
			continue
		}
		u, err := url.Parse(a)
		if err != nil || u.Scheme != "" && u.Scheme != "mailto" && u.Host == "" || strings.Contains(u.Host, "localhost") || privateHost(u.Hostname()) {
			list = append(list, Check{Code: codeLink, Level: Must, Place: "链接 " + a, Message: "这个网址写得不对，或者只有内网能打开。", Way: "请改成公众能打开的网址，或去掉链接。"})
		}
	}
	return list, nil
}

// checkPictures wants what the text shows to be a file of the draft, and its
// links not to lead to pages that only staff can open.
func (sit *situation) checkPictures(context.Context) (list []Check, err error) {
	own := map[string]bool{}
	for _, f := range sit.files {
		own[f.PathOf()] = true
	}
	for _, src := range named(sit.line, srcForm) {
		if !own[src] {
			list = append(list, Check{Code: codePicture, Level: Must, Place: "正文", Message: "正文里的一张图片不在附件里，公众看不到。", Way: "请重新插入这张图片，或从正文里去掉。"})
		}
	}
	for _, href := range addresses(sit.line) {
		if strings.HasPrefix(href, "/desk/") || strings.HasPrefix(href, "files/") && !own[href] {
			list = append(list, Check{Code: codePicture, Level: Must, Place: "正文", Message: "正文里有一个链接指向已拿掉的附件或者工作台的页面，公众打不开。", Way: "请改正或去掉这个链接。"})
		}
	}
	return list, nil
}

var privateForm = regexp.MustCompile(`^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)`)

func privateHost(host string) bool { return privateForm.MatchString(host) }

func (sit *situation) checkRecordLink(ctx context.Context, address, number string) ([]Check, error) {
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return nil, err
	}
	var state publication.State
	err = sit.tx.Row(ctx, "select state from publication_records where id = ?", []any{id}, &state)
	switch {
	case isNone(err):
		return []Check{{Code: codeLink, Level: Must, Place: "链接 " + address, Message: "没有这份信息。", Way: "请改正或去掉链接。"}}, nil
	case err != nil:
		return nil, err
	case state != publication.Published:
		return []Check{{Code: codeLink, Level: Should, Place: "链接 " + address, Message: "所指的信息已不再公开。", Way: "请改链到现在有效的一份。"}}, nil
	}
	return nil, nil
}

// CheckLinks asks the links that lead outside whether they still answer; it
// works without a transaction, since others' servers take their time.
func (s *Store) CheckLinks(ctx context.Context, who Who, id int64) (list []Check, err error) {
	w, err := s.Get(ctx, who, id)
	if err != nil || s.Links == nil {
		return nil, err
	}
	for _, a := range addresses(w.Line) {
		if u, err := url.Parse(a); err != nil || u.Host == "" {
			continue
		}
		if !s.Links.Alive(ctx, a) {
			list = append(list, Check{Code: codeLink, Level: Should, Place: "链接 " + a, Message: "对方网站现在没有应答。", Way: "请点开核对。"})
		}
	}
	return list, nil
}

// checkColumns tells where the record would appear.
func (sit *situation) checkColumns(ctx context.Context) ([]Check, error) {
	if sit.s.Channels == nil {
		return nil, nil
	}
	m, err := sit.s.Channels.Map(ctx, sit.tx)
	if err != nil || len(m.Sites()) == 0 {
		return nil, err
	}
	tree, err := sit.s.Records.Units.Tree(ctx, sit.tx)
	if err != nil {
		return nil, err
	}
	l, day := sit.line, sit.line.IssuedOn
	if day.IsZero() {
		day = sit.tx.Today()
	}
	facts := channel.Facts{Kind: l.Kind, UnitPath: tree.Path(sit.d.UnitID, day), Category: l.Category, Statutory: l.Statutory, Keywords: l.Keywords}
	if k := sit.kind(); k != nil && facts.Statutory == "" {
		facts.Statutory = k.Statutory
	}
	var places []string
	for _, p := range m.SitesFor(facts) {
		for _, c := range p.Columns {
			places = append(places, p.Site.Name+"“"+c.Name+"”")
		}
	}
	if len(places) == 0 {
		return []Check{{Code: codeColumn, Level: Should, Place: "栏目", Message: "没有任何网站的栏目会显示它，公众只能搜索到。", Way: "请核对种类、分类和法定类别，或请主管部门调整栏目。"}}, nil
	}
	more := ""
	if len(places) > 5 {
		more = fmt.Sprintf("等 %d 处", len(places))
		places = places[:5]
	}
	return []Check{{Code: codeColumn, Level: Info, Place: "栏目", Message: "将显示在：" + strings.Join(places, "、") + more + "。"}}, nil
}

// checkFiles passes on what the gate could not look at in files.
func (sit *situation) checkFiles(context.Context) (list []Check, err error) {
	for i, f := range sit.files {
		place := fmt.Sprintf("附件%d《%s》", i+1, f.Name)
		for _, w := range f.Warnings {
			list = append(list, Check{Code: codeFile, Level: Should, Place: place, Message: w})
		}
		if f.Size == 0 {
			list = append(list, Check{Code: codeFile, Level: Must, Always: true, Place: place, Message: "这个文件是空的。", Way: "请拿掉它，或重新上传。"})
		}
	}
	return list, nil
}
