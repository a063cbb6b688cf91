package api

import (
	"context"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"gongkai/internal/fault"
	"gongkai/internal/publication"
)

type publicationsIn struct {
	Kind      []string `query:"kind,explode" doc:"信息种类，见 /kinds；可给多个"`
	Unit      []string `query:"unit,explode" doc:"发布机关：编号、名称、简称或代码；可给多个"`
	Below     bool     `query:"below" doc:"连同发布机关下属的单位"`
	Category  []string `query:"category,explode" doc:"主题分类；可给多个"`
	Statutory []string `query:"statutory,explode" doc:"条例第二十条的类别；可给多个"`
	Keyword   []string `query:"keyword,explode" doc:"主题词；可给多个"`
	Validity  []string `query:"validity,explode" doc:"今天的效力；可给多个"`
	Year      int      `query:"year" minimum:"1900" maximum:"2200" doc:"成文年份"`
	From      Day      `query:"from" doc:"成文日期不早于"`
	To        Day      `query:"to" doc:"成文日期不晚于"`
	Number    string   `query:"number" doc:"文号，括号和全半角随意；给了它，其他条件不看"`
	SourceID  string   `query:"source_id" doc:"来源编号；给了它，其他条件不看"`
	After     string   `query:"after" doc:"上一页的 next"`
	Size      int      `query:"size" minimum:"1" maximum:"200" default:"20" doc:"每页几条"`
}

// Publications is a page of records, newest first.
type Publications struct {
	Total int           `json:"total" doc:"一共多少条"`
	Next  string        `json:"next" doc:"下一页用作 after；空则没有了"`
	Items []Publication `json:"items"`
}

// Publication is a record without its text.
type Publication struct {
	ID          int64          `json:"id"`
	SourceID    string         `json:"source_id"`
	Kind        string         `json:"kind"`
	Title       string         `json:"title"`
	Number      string         `json:"number" doc:"文号"`
	Unit        string         `json:"unit" doc:"发布机关当时的名称"`
	UnitID      int64          `json:"unit_id"`
	URL         string         `json:"url" doc:"网页的地址（本站内）"`
	IssuedOn    Day            `json:"issued_on" doc:"成文日期"`
	PublishedAt Moment         `json:"published_at" doc:"发布时间"`
	EffectiveOn Day            `json:"effective_on" doc:"施行日期"`
	ExpiresOn   Day            `json:"expires_on" doc:"有效期的最后一天"`
	RepealedOn  Day            `json:"repealed_on" doc:"废止后的第一天"`
	Validity    string         `json:"validity" doc:"今天的效力代码；没有效力之分的为空"`
	Category    string         `json:"category"`
	Keywords    []string       `json:"keywords"`
	Statutory   string         `json:"statutory"`
	Fields      map[string]any `json:"fields" doc:"种类自己的字段，见 /kinds"`
	State       string         `json:"state" enum:"published,archived,withdrawn,replaced,moved" doc:"公开、归档（仍可读）、撤下、被代替、移至别处；后三种只留标题和理由"`
	Withdrawn   *Withdrawal    `json:"withdrawn,omitempty" doc:"撤下、被代替、移至别处的才有"`
	ArchivedAt  Moment         `json:"archived_at" doc:"归档的时间"`
	RenewedAt   Moment         `json:"renewed_at" doc:"内容最近一次有实质变化的时间；文字订正不算"`
	Version     int            `json:"version" doc:"第几版"`
	Hash        string         `json:"hash" doc:"这一版交换格式原文的 SHA-256"`
}

// Withdrawal tells why a record is no longer shown.
type Withdrawal struct {
	Reason  string `json:"reason" doc:"撤下的理由代码；被代替、移走的为空"`
	Label   string `json:"label" doc:"理由"`
	Note    string `json:"note"`
	At      Moment `json:"at"`
	By      int64  `json:"by" doc:"代替它的信息的编号；没有则为 0"`
	Address string `json:"address" doc:"移到的地址"`
}

func (s *server) publications(ctx context.Context, in *publicationsIn) (out Publications, err error) {
	if in.Number != "" || in.SourceID != "" {
		return s.publicationsNamed(ctx, in)
	}
	f := publication.Filter{Kinds: split(in.Kind), Categories: in.Category, Statutory: split(in.Statutory), Keywords: in.Keyword,
		Year: in.Year, From: in.From.Date, To: in.To.Date}
	if f.Units, err = s.organs(ctx, in.Unit, in.Below); err != nil {
		return out, err
	}
	if f.Validities, err = validities(in.Validity); err != nil {
		return out, err
	}
	l, err := s.Publications.List(ctx, f, publication.Page{After: in.After, Size: in.Size})
	return Publications{Total: l.Total, Next: l.Next, Items: each(l.Records, s.record)}, err
}

// publicationsNamed finds records by what people know them by.
func (s *server) publicationsNamed(ctx context.Context, in *publicationsIn) (out Publications, err error) {
	var records []publication.Record
	if in.SourceID != "" {
		r, err := s.Publications.BySource(ctx, in.SourceID)
		switch {
		case fault.KindOf(err) == fault.NotFound:
		case err != nil:
			return out, err
		default:
			records = append(records, *r)
		}
	} else if records, err = s.Publications.ByNumber(ctx, in.Number); err != nil {
		return out, err
	}
	return Publications{Total: len(records), Items: each(records, s.record)}, nil
}

func (s *server) record(r publication.Record) Publication {
	p := Publication{ID: r.ID, SourceID: r.SourceID, Kind: r.Kind, Title: r.Title, Number: r.Number, Unit: r.Unit, UnitID: r.UnitID,
		URL: publication.Path(r.ID), IssuedOn: Day{r.IssuedOn}, PublishedAt: Moment{r.PublishedAt}, EffectiveOn: Day{r.EffectiveOn},
		ExpiresOn: Day{r.ExpiresOn}, RepealedOn: Day{r.RepealedOn}, Validity: string(r.Validity(s.today())), Category: r.Category,
		Keywords: list(r.Keywords), Statutory: r.Statutory, Fields: r.Fields, State: string(r.State), ArchivedAt: Moment{r.ArchivedAt}, RenewedAt: Moment{r.RenewedAt}, Version: r.Version, Hash: r.Hash}
	if p.Fields == nil {
		p.Fields = map[string]any{}
	}
	if r.Stone != nil {
		p.Withdrawn = withdrawal(&r)
	}
	return p
}

func withdrawal(r *publication.Record) *Withdrawal {
	st := r.Stone
	label := st.Reason.Label()
	if label == "" {
		label = r.State.Label()
	}
	return &Withdrawal{Reason: string(st.Reason), Label: label, Note: st.Note, At: Moment{st.At}, By: st.Successor, Address: st.Address}
}

type publicationIn struct {
	ID int64 `path:"id" doc:"编号"`
	On Day   `query:"on" doc:"看这一天的样子：当时的版本和效力；不给则是今天"`
}

// PublicationDetail is a record with everything about it.
type PublicationDetail struct {
	Publication
	Shown       int          `json:"shown_version" doc:"所给正文的版本；看过去某一天时可能不是最新"`
	Standing    *Standing    `json:"standing,omitempty" doc:"效力；没有效力之分的没有这一项"`
	Body        Body         `json:"body"`
	Attachments []Attachment `json:"attachments"`
	Relations   []Relation   `json:"relations" doc:"它对别的文件做了什么：解读、修改、废止……"`
	Incoming    []Relation   `json:"incoming" doc:"别的文件对它做了什么"`
	Versions    []Version    `json:"versions" doc:"各个版本，新的在前"`
}

// Standing is the validity of a record on a day.
type Standing struct {
	On       Day    `json:"on"`
	Validity string `json:"validity"`
	Label    string `json:"label"`
	Since    Day    `json:"since"`
	Sentence string `json:"sentence" doc:"一句话说清"`
}

// Body is a text as it was given.
type Body struct {
	Format string `json:"format" enum:"markdown,html,text," doc:"空则没有正文"`
	Text   string `json:"text"`
}

// Attachment is a file of a record.
type Attachment struct {
	Name      string `json:"name"`
	URL       string `json:"url"`
	MediaType string `json:"media_type"`
	Size      int64  `json:"size" doc:"字节数；别处的文件为 0"`
	Hash      string `json:"hash" doc:"SHA-256；别处的文件为空"`
}

// Relation is one relation to another record.
type Relation struct {
	Type     string   `json:"type" doc:"interprets amends repeals …"`
	Label    string   `json:"label"`
	Target   string   `json:"target" doc:"所指的来源编号或文号，照原文"`
	Own      []string `json:"own_articles" doc:"本文件的哪些条；空则是整份"`
	Articles []string `json:"articles" doc:"所指文件的哪些条；空则是整份"`
	On       Day      `json:"on" doc:"从哪天起"`
	Note     string   `json:"note"`
	Other    *Brief   `json:"other,omitempty" doc:"另一端的文件；还没有收录则没有这一项"`
}

// Brief names a record.
type Brief struct {
	ID       int64  `json:"id"`
	SourceID string `json:"source_id"`
	Kind     string `json:"kind"`
	Title    string `json:"title"`
	Number   string `json:"number"`
	URL      string `json:"url"`
}

// Version is one state of a record, never changed.
type Version struct {
	No    int    `json:"no"`
	From  Day    `json:"from" doc:"公众从哪天起看到这一版"`
	Note  string `json:"note" doc:"为什么有这一版"`
	Minor bool   `json:"minor" doc:"只是订正文字，内容没有实质变化"`
	Hash  string `json:"hash"`
	URL   string `json:"url" doc:"这一版的交换格式原文；它的 SHA-256 就是 hash；撤下的没有"`
}

func (s *server) publication(ctx context.Context, in *publicationIn) (out PublicationDetail, err error) {
	d, err := s.Publications.GetOn(ctx, in.ID, in.On.Date)
	if err != nil {
		return out, err
	}
	out = PublicationDetail{Publication: s.record(d.Record), Shown: d.ShownNo, Body: Body{string(d.Body.Format), d.Body.Text},
		Relations: each(d.Relations, relation), Incoming: each(d.Incoming, incoming), Attachments: attachments(&d.Record, d.Attachments)}
	out.Versions = each(d.Versions, func(v publication.Version) Version {
		version := Version{No: v.No, From: Day{v.From}, Note: v.Note, Minor: v.Minor, Hash: v.Hash}
		if d.State.Readable() {
			version.URL = versionURL(d.ID, v.No)
		}
		return version
	})
	if st := d.Standing; st.Code != "" {
		out.Standing = &Standing{On: Day{st.On}, Validity: string(st.Code), Label: st.Label(), Since: Day{st.Since},
			Sentence: st.Sentence(s.today())}
	}
	return out, nil
}

func attachments(r *publication.Record, files []publication.Attachment) []Attachment {
	out := make([]Attachment, len(files))
	for i, a := range files {
		out[i] = Attachment{Name: a.Name, URL: a.URL, MediaType: a.MediaType, Size: a.Size}
		if h, ok := a.Hash(); ok {
			out[i].Hash, out[i].URL = string(h), publication.Path(r.ID)+"/files/"+strconv.Itoa(i+1)
		}
	}
	return out
}

func relation(r publication.Relation) Relation {
	out := Relation{Type: string(r.Type), Label: r.Type.Label(), Target: r.Target, Own: list(r.Own), Articles: list(r.Articles),
		On: Day{r.ActsOn}, Note: r.Note}
	if r.Other != nil {
		b := brief(*r.Other)
		out.Other = &b
	}
	return out
}

func incoming(r publication.Relation) Relation {
	out := relation(r)
	out.Label = r.Type.Passive()
	return out
}

func brief(b publication.Brief) Brief {
	return Brief{ID: b.ID, SourceID: b.SourceID, Kind: b.Kind, Title: b.Title, Number: b.Number, URL: publication.Path(b.ID)}
}

func versionURL(id int64, no int) string {
	return base + "/publications/" + strconv.FormatInt(id, 10) + "/versions/" + strconv.Itoa(no)
}

type versionIn struct {
	ID int64 `path:"id" doc:"编号"`
	No int   `path:"no" minimum:"1" doc:"第几版"`
}

// lineOut is a canonical line, byte for byte.
type lineOut struct {
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

// addVersion registers the canonical line of a version, whose SHA-256 is its
// hash: it must not pass through an encoder.
func addVersion(s *server, api huma.API, op huma.Operation) {
	op.Responses = map[string]*huma.Response{"200": {Description: "交换格式的一行，逐字节照存",
		Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: huma.TypeObject}}}}}
	huma.Register(api, op, func(ctx context.Context, in *versionIn) (*lineOut, error) {
		line, err := s.Publications.VersionLine(ctx, in.ID, in.No)
		if err != nil {
			return nil, s.fail(ctx, op.OperationID, err)
		}
		return &lineOut{"application/json", revalidate, line}, nil
	})
}
