package api

import (
	"context"
	"strings"

	"gongkai/internal/channel"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/ledger"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
)

// Kinds are the kinds of publications.
type Kinds struct {
	Items []Kind `json:"items"`
}

// Kind is a kind of publication with its fields.
type Kind struct {
	Code        string  `json:"code"`
	Label       string  `json:"label"`
	Description string  `json:"description"`
	SchemaOrg   string  `json:"schema_org" doc:"schema.org 的类型"`
	Statutory   string  `json:"statutory" doc:"条例第二十条的类别"`
	Validity    bool    `json:"validity" doc:"有没有效力之分"`
	Fields      []Field `json:"fields"`
}

// Field is a field of a kind, or a column of a table field.
type Field struct {
	Key      string   `json:"key"`
	Label    string   `json:"label"`
	Type     string   `json:"type" enum:"text,longtext,date,number,integer,choice,list,unit,url,table"`
	Required bool     `json:"required"`
	Choices  []string `json:"choices,omitempty"`
	Help     string   `json:"help,omitempty"`
	Columns  []Field  `json:"columns,omitempty"`
}

func (s *server) kinds(context.Context, *noneIn) (Kinds, error) {
	return Kinds{each(s.Publications.Kinds.All(), func(k *kind.Kind) Kind {
		return Kind{k.Code, k.Label, k.Description, k.SchemaOrg, k.Statutory, k.Validity, each(k.Fields, field)}
	})}, nil
}

func field(f kind.Field) Field {
	out := Field{Key: f.Key, Label: f.Label, Type: string(f.Type), Required: f.Required, Choices: f.Choices, Help: f.Help}
	if len(f.Columns) > 0 {
		out.Columns = each(f.Columns, field)
	}
	return out
}

func (s *server) kindLabel(code string) string {
	if k, ok := s.Publications.Kinds.Get(code); ok {
		return k.Label
	}
	return code
}

// Sites are the websites of the city.
type Sites struct {
	Items []Site `json:"items"`
}

// Site is a website with its columns.
type Site struct {
	Slug      string   `json:"slug" doc:"用作参数 site 的值"`
	Name      string   `json:"name"`
	Host      string   `json:"host" doc:"域名；空则随请求"`
	Prefix    string   `json:"path_prefix" doc:"路径前缀；空则没有"`
	Unit      int64    `json:"unit_id" doc:"哪个单位的；0 为全部"`
	IDCode    string   `json:"id_code" doc:"网站标识码"`
	Organizer string   `json:"organizer" doc:"主办单位"`
	Columns   []Column `json:"columns"`
}

// Column is a column of a site.
type Column struct {
	Path      string `json:"path"`
	Name      string `json:"name"`
	Type      string `json:"type" doc:"栏目类别"`
	Freshness int    `json:"freshness_days" doc:"多少天内要有更新；0 为不要求"`
	URL       string `json:"url"`
}

func (s *server) sites(ctx context.Context, _ *noneIn) (out Sites, err error) {
	sites, err := s.Channels.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	out.Items = each(sites.Sites(), func(site channel.Site) Site {
		columns := each(sites.Columns(site.ID), func(c channel.Column) Column {
			return Column{c.Path, c.Name, string(c.Type), c.Freshness, site.Address(c)}
		})
		return Site{site.Slug, site.Name, site.Host, site.PathPrefix, site.RootUnit, site.IDCode, site.Organizer, columns}
	})
	return out, nil
}

type ledgerIn struct {
	After int64 `query:"after" minimum:"0" doc:"只要序号大于它的；第一次用 0"`
	Size  int   `query:"size" minimum:"1" maximum:"1000" default:"500" doc:"最多几条"`
}

// Ledger is a run of public changes in the order in which they happened.
type Ledger struct {
	Head  int64   `json:"head" doc:"现在最大的序号"`
	Next  int64   `json:"next" doc:"下一次用作 after"`
	Items []Entry `json:"items"`
}

// Entry is one change: what happened to what.
type Entry struct {
	Seq     int64  `json:"seq" doc:"按发生次序；不公开的变动不列出，所以会有空缺"`
	At      Moment `json:"at"`
	Kind    string `json:"kind" example:"publication.published"`
	Subject string `json:"subject" example:"publication:17"`
}

// publicNouns are the nouns of entries about what the public can see.
var publicNouns = map[string]bool{"publication": true, "unit": true, "channel": true, "obligation": true, "calendar": true, "kind": true}

// Public tells whether entries of a kind change what the public can see. What
// officials do among themselves is not for the public journal, and a record
// that waits for its day is not announced.
func Public(kind string) bool {
	noun, _, _ := strings.Cut(kind, ".")
	return publicNouns[noun] && kind != publication.ActScheduled
}

func (s *server) ledger(ctx context.Context, in *ledgerIn) (out Ledger, err error) {
	err = s.view(ctx, func(tx *db.Tx) error {
		if out.Head, err = ledger.Head(ctx, tx); err != nil {
			return err
		}
		entries, err := ledger.After(ctx, tx, in.After, in.Size)
		out.Next, out.Items = in.After, []Entry{}
		for _, e := range entries {
			out.Next = e.Seq
			if Public(e.Kind) {
				out.Items = append(out.Items, Entry{e.Seq, Moment{e.At}, e.Kind, e.Subject})
			}
		}
		return err
	})
	return out, err
}

type calendarIn struct {
	Date string `path:"date" doc:"日期，如 2026-02-14"`
}

// CalendarDay is what sort of day a date is.
type CalendarDay struct {
	Date        Day    `json:"date"`
	Workday     bool   `json:"workday" doc:"是不是工作日"`
	Kind        string `json:"kind" doc:"workday weekend holiday makeup_workday …"`
	KindLabel   string `json:"kind_label"`
	Name        string `json:"name" doc:"节日"`
	Why         string `json:"why"`
	Basis       string `json:"basis" doc:"依据"`
	Provisional bool   `json:"provisional" doc:"这一年的放假通知还没有收录，可能变动"`
}

func (s *server) calendarDay(_ context.Context, in *calendarIn) (out CalendarDay, err error) {
	day, err := civil.ParseDate(in.Date)
	if err != nil {
		return out, err
	}
	d := s.Calendar.Day(day)
	return CalendarDay{Day{d.Date}, d.Workday, d.Kind.String(), d.Kind.Label(), d.Name, d.Why, d.Basis, d.Provisional}, nil
}

type dueIn struct {
	From Day `query:"from" required:"true" doc:"起算日，当天不计入"`
	Days int `query:"days" required:"true" minimum:"-3000" maximum:"3000" doc:"多少个工作日；负数向前推"`
}

// DueDay is a time limit with every day on the way.
type DueDay struct {
	From        Day       `json:"from"`
	Days        int       `json:"days"`
	Due         Day       `json:"due" doc:"最后一天"`
	Provisional bool      `json:"provisional"`
	Basis       string    `json:"basis"`
	Steps       []DueStep `json:"steps"`
}

// DueStep is one day on the way.
type DueStep struct {
	Date    Day    `json:"date"`
	Kind    string `json:"kind"`
	Counted bool   `json:"counted"`
	Why     string `json:"why"`
}

func (s *server) due(_ context.Context, in *dueIn) (out DueDay, err error) {
	if in.From.IsZero() {
		return out, fault.New(fault.Invalid, "parameter_bad", "必须给出起算日，例如 from=2021-06-11。").At("参数 from")
	}
	d, err := s.Calendar.Due(in.From.Date, in.Days)
	if err != nil {
		return out, err
	}
	steps := each(d.Steps, func(st law.Step) DueStep { return DueStep{Day{st.Date}, st.Kind.String(), st.Counted, st.Why} })
	return DueDay{Day{d.From}, d.Days, Day{d.Due}, d.Provisional, d.Basis, steps}, nil
}
