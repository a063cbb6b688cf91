package channel

import (
	"context"
	"embed"
	"errors"
	"reflect"
	"slices"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// Report tells what loading a sites file did. Sites and columns are counted
// together.
type Report struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Same    int `json:"same"`
	Closed  int `json:"closed"` // columns that the file names no more
}

// Options say how a sites file is loaded.
type Options struct {
	Actor  string // who does it, for the ledger; "import" where empty
	DryRun bool   // check and count, change nothing
}

//go:embed example/*.json
var examples embed.FS

// Example is the sites file of a city that comes with the program, as a
// demonstration and to edit: "yongzhou". ok is false for other names.
func Example(city string) (data []byte, ok bool) {
	data, err := examples.ReadFile("example/" + city + ".json")
	return data, err == nil
}

// Load makes the sites that a file describes be as it says; sites that it does
// not name stay as they are. Columns that a site has and the file does not are
// closed. Every site has the sections of 政府信息公开, whatever the file says.
// A file with anything wrong changes nothing and is an Invalid fault.
func (s *Store) Load(ctx context.Context, data []byte, opts Options) (r Report, err error) {
	defer fault.Wrap(&err, "channel.Load")
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		r, err = s.load(ctx, tx, data, opts)
		if err == nil && opts.DryRun {
			return errDryRun
		}
		return err
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return r, err
}

// errDryRun rolls back what was tried.
var errDryRun = errors.New("channel: dry run")

func (s *Store) load(ctx context.Context, tx *db.Tx, data []byte, opts Options) (r Report, err error) {
	// Writers of sites wait for each other from here on.
	if _, err := tx.Exec(ctx, "update channel_revision set token = token where one = 1"); err != nil {
		return r, err
	}
	units, err := s.units.Tree(ctx, tx)
	if err != nil {
		return r, err
	}
	all, err := parse(data, units, tx.Today())
	if err != nil {
		return r, err
	}
	before, err := s.Map(ctx, tx)
	if err != nil {
		return r, err
	}
	if opts.Actor == "" {
		opts.Actor = "import"
	}
	if err := freeAddresses(ctx, tx, before, all); err != nil {
		return r, err
	}
	var acts []ledger.Act
	for _, d := range all {
		p := put{tx: tx, before: before, report: &r}
		if err := p.site(ctx, d); err != nil {
			return r, err
		}
		if p.touched {
			acts = append(acts, ledger.Act{Kind: "channel.site_changed", Subject: "site:" + d.site.Slug, Actor: opts.Actor, Data: map[string]string{"name": d.site.Name}})
		}
	}
	if len(acts) == 0 {
		return r, nil
	}
	if err := touch(ctx, tx); err != nil {
		return r, err
	}
	_, err = ledger.Append(ctx, tx, acts...)
	return r, err
}

// freeAddresses refuses the address of a site that the file does not name, and
// clears those that its sites give up, so that two may exchange theirs.
func freeAddresses(ctx context.Context, tx *db.Tx, before *Map, all []described) error {
	for _, old := range before.sites {
		i := slices.IndexFunc(all, func(d described) bool { return d.site.Slug == old.Slug })
		if i >= 0 && all[i].site.Host == old.Host && all[i].site.PathPrefix == old.PathPrefix {
			continue
		}
		if i >= 0 {
			if _, err := tx.Exec(ctx, "update channel_sites set host = ? where id = ?", "~"+old.Slug, old.ID); err != nil {
				return err
			}
			continue
		}
		for _, d := range all {
			if d.site.Host == old.Host && d.site.PathPrefix == old.PathPrefix {
				return fault.New(fault.Conflict, "site_address_taken", "域名“%s”和路径“%s”已由站点“%s”（%s）使用，请换一个，或先改那个站点。", old.Host, old.PathPrefix, old.Name, old.Slug)
			}
		}
	}
	return nil
}

// put writes one site.
type put struct {
	tx      *db.Tx
	before  *Map
	report  *Report
	touched bool
	kept    map[int64]bool // columns that the file names
}

// count notes what becomes of one site or column and tells whether to write it.
func (p *put) count(existed, same bool) (write bool) {
	switch {
	case !existed:
		p.report.Added++
	case same:
		p.report.Same++
		return false
	default:
		p.report.Changed++
	}
	p.touched = true
	return true
}

func (p *put) site(ctx context.Context, d described) error {
	old, existed := p.before.Site(d.site.Slug)
	d.site.ID = old.ID
	if p.count(existed, old == d.site) {
		var err error
		if existed {
			err = updateSite(ctx, p.tx, d.site)
		} else {
			d.site.ID, err = insertSite(ctx, p.tx, d.site)
		}
		if err != nil {
			return err
		}
	}
	p.kept = map[int64]bool{}
	if err := p.columns(ctx, d.site, 0, d.columns); err != nil {
		return err
	}
	return p.closeOthers(ctx, d.site)
}

func (p *put) columns(ctx context.Context, s Site, parent int64, nodes []node) error {
	for i, n := range nodes {
		c := Column{SiteID: s.ID, ParentID: parent, Slug: n.slug, Name: n.name, Type: n.kind, Description: n.description, Keywords: n.keywords,
			Freshness: n.freshness, Order: 10 * (i + 1), Fixed: n.fixed, Rule: n.rule}
		old, existed := p.old(c)
		c.ID, c.Path = old.ID, old.Path
		if p.count(existed, reflect.DeepEqual(old, c)) {
			var err error
			if c.ID, err = putColumn(ctx, p.tx, c); err != nil {
				return err
			}
		}
		p.kept[c.ID] = true
		if err := p.columns(ctx, s, c.ID, n.below); err != nil {
			return err
		}
	}
	return nil
}

// old is the open column at the place of c.
func (p *put) old(c Column) (Column, bool) {
	for _, o := range p.before.columns[c.SiteID] {
		if o.ParentID == c.ParentID && o.Slug == c.Slug {
			return o, true
		}
	}
	return Column{}, false
}

func (p *put) closeOthers(ctx context.Context, s Site) error {
	for _, c := range p.before.columns[s.ID] {
		if p.kept[c.ID] {
			continue
		}
		p.report.Closed++
		p.touched = true
		if _, err := p.tx.Exec(ctx, "update channel_columns set closed_on = ? where id = ?", p.tx.Today(), c.ID); err != nil {
			return err
		}
	}
	return nil
}
