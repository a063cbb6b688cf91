package publication

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"gongkai/internal/blob"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/search"
	"gongkai/internal/unit"
)

// SearchDocs makes what an index needs of the published records among ids, in
// their order; those that cannot be read and unknown ones are left out.
// Validity is that of today; of an archived record that it is archived. The
// text of files is taken in as far as ReadFiles has read it. Sites are left to
// whoever knows the columns.
func (s *Store) SearchDocs(ctx context.Context, tx *db.Tx, ids []int64) (docs []search.Doc, err error) {
	defer fault.Wrap(&err, "publication.SearchDocs(%d)", len(ids))
	list, err := s.Records(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	contents, err := newestContents(ctx, tx, ids, "")
	if err != nil {
		return nil, err
	}
	files, err := fileTexts(ctx, tx, contents)
	if err != nil {
		return nil, err
	}
	series, err := reportSeries(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	tree, err := s.Units.Tree(ctx, tx)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(r Record) bool { return !r.State.Readable() })
	docs = make([]search.Doc, len(list))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range list {
		g.Go(func() (err error) {
			docs[i], err = s.searchDoc(&list[i], contents[list[i].ID], files, tree, tx.Today())
			if of, ok := series[list[i].ID]; ok {
				docs[i].Edition = of
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return docs, nil
}

// reportSeries names the series of records that report progress: all reports on
// one thing are editions of one document, of which the newest is shown.
func reportSeries(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]string, error) {
	series := map[int64]string{}
	for part := range slices.Chunk(ids, 500) {
		err := tx.Each(ctx, "select record_id, target_key from publication_relations where type = ? and record_id in "+db.In(len(part)),
			append([]any{string(ProgressOf)}, db.Args(part)...), func(rows *sql.Rows) error {
				var id int64
				var target string
				err := rows.Scan(&id, &target)
				series[id] = string(ProgressOf) + "|" + target
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	return series, nil
}

// newestContents reads what the newest versions hold; more is another
// condition on versions v.
func newestContents(ctx context.Context, tx *db.Tx, ids []int64, more string) (map[int64]content, error) {
	contents := make(map[int64]content, len(ids))
	for part := range slices.Chunk(ids, 500) {
		err := tx.Each(ctx, "select v.record_id, v.line from publication_versions v join publication_records p on p.id = v.record_id and p.version = v.no where p.id in "+
			db.In(len(part))+more, db.Args(part), func(rows *sql.Rows) error {
			var id int64
			var line []byte
			if err := rows.Scan(&id, &line); err != nil {
				return err
			}
			var c content
			err := json.Unmarshal(line, &c)
			contents[id] = c
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return contents, nil
}

func (s *Store) searchDoc(r *Record, c content, files map[blob.Hash]string, tree *unit.Tree, today civil.Date) (search.Doc, error) {
	d := search.Doc{
		ID: r.ID, SourceID: r.SourceID, Kind: r.Kind, Title: r.Title, Number: r.Number, Unit: r.Unit, UnitID: r.UnitID,
		Category: r.Category, Statutory: r.Statutory, Validity: r.Validity(today), IssuedOn: r.IssuedOn, EffectiveOn: r.EffectiveOn,
		PublishedAt: r.PublishedAt, Keywords: r.Keywords, Edition: Edition(r), URL: Path(r.ID),
	}
	if organ, ok := tree.Get(r.UnitID); ok {
		d.UnitNames = slices.DeleteFunc(organ.Called(), func(name string) bool { return name == r.Unit })
	}
	if r.State == Archived && !d.Validity.Over() {
		d.Validity = search.Archived
	}
	format := c.Body.Format
	if format == "" {
		format = document.Text
	}
	body, err := document.Parse(c.Body.Text, format)
	if err != nil {
		return search.Doc{}, err
	}
	for _, a := range body.Articles {
		d.Articles = append(d.Articles, search.Article{Label: a.Label, Anchor: a.Anchor, Path: strings.Join(a.Path, " / "), Text: a.Text()})
	}
	var text strings.Builder
	text.WriteString(outsideArticles(body))
	if k, ok := s.Kinds.Get(r.Kind); ok {
		k.WriteValues(&text, r.Fields)
	}
	c.writeFiles(&text, files)
	d.Body = text.String()
	return d, nil
}

// outsideArticles is the text that no article holds. Headings stand in the
// paths of articles already.
func outsideArticles(b *document.Body) string {
	rest := document.Body{}
	for _, n := range b.Nodes {
		if n.Article < 0 && (len(b.Articles) == 0 || !n.Heading) {
			rest.Nodes = append(rest.Nodes, n)
		}
	}
	return rest.Plain()
}

// Edition is the same for all editions of one document: its unit, kind, region
// and its title without what marks an edition, see document.TitleKey.
func Edition(r *Record) string {
	region, _ := r.Fields["region"].(string)
	return strings.Join([]string{document.TitleKey(r.Title), r.Kind, strconv.FormatInt(r.UnitID, 10), region}, "|")
}

// Turning lists the records whose validity changes by date alone on a day
// after from, up to and with to: an index or page made on from is wrong about
// them on to.
func (s *Store) Turning(ctx context.Context, tx *db.Tx, from, to civil.Date) (ids []int64, err error) {
	defer fault.Wrap(&err, "publication.Turning(%s, %s)", from, to)
	found := map[int64]bool{}
	for _, column := range []string{"starts_on", "lapses_on", "repealed_from", "amended_from"} {
		err := tx.Each(ctx, "select id from publication_records where binding = 1 and "+column+" > ? and "+column+" <= ?", []any{from, to}, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			found[id] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}
