package channel

import (
	"context"
	"database/sql"
	"encoding/json"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/unit"
)

// Store is the sites in the database. It is safe for concurrent use.
type Store struct {
	db      *db.DB
	units   *unit.Store
	loading sync.Mutex
	cached  atomic.Pointer[Map]
}

// NewStore makes the store over an open, migrated database.
func NewStore(store *db.DB, units *unit.Store) *Store { return &Store{db: store, units: units} }

// Snapshot is all sites as they are now. It is cheap: the map in memory is
// used again as long as nothing has changed in the database.
func (s *Store) Snapshot(ctx context.Context) (m *Map, err error) {
	err = s.db.View(ctx, func(tx *db.Tx) error {
		m, err = s.Map(ctx, tx)
		return err
	})
	return m, err
}

// Map is all sites as tx sees them.
func (s *Store) Map(ctx context.Context, tx *db.Tx) (m *Map, err error) {
	defer fault.Wrap(&err, "channel.Map")
	var token int64
	if err := tx.Row(ctx, "select token from channel_revision where one = 1", nil, &token); err != nil {
		return nil, err
	}
	if m := s.cached.Load(); m != nil && m.token == token {
		return m, nil
	}
	s.loading.Lock()
	defer s.loading.Unlock()
	if m := s.cached.Load(); m != nil && m.token == token {
		return m, nil
	}
	sites, err := loadSites(ctx, tx)
	if err != nil {
		return nil, err
	}
	columns, err := loadColumns(ctx, tx)
	if err != nil {
		return nil, err
	}
	m = newMap(token, sites, columns)
	s.cached.Store(m)
	return m, nil
}

// touch marks the sites as changed; the token is random, so that one of a
// transaction that was rolled back never names other contents.
func touch(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, "update channel_revision set token = ? where one = 1", rand.Int64())
	return err
}

func loadSites(ctx context.Context, tx *db.Tx) (sites []Site, err error) {
	query := `select id, slug, name, host, path_prefix, root_unit, id_code, icp, police, organizer, contact, description, keywords, sort from channel_sites`
	err = tx.Each(ctx, query, nil, func(rows *sql.Rows) error {
		var s Site
		err := rows.Scan(&s.ID, &s.Slug, &s.Name, &s.Host, &s.PathPrefix, &s.RootUnit, &s.IDCode, &s.ICP, &s.Police, &s.Organizer, &s.Contact, &s.Description, &s.Keywords, &s.Order)
		sites = append(sites, s)
		return err
	})
	return sites, err
}

func loadColumns(ctx context.Context, tx *db.Tx) (columns []Column, err error) {
	query := `select id, site_id, parent_id, slug, name, kind, description, keywords, freshness, sort, fixed, rule
		from channel_columns where closed_on is null order by sort, id`
	err = tx.Each(ctx, query, nil, func(rows *sql.Rows) error {
		c, err := scanColumn(rows)
		columns = append(columns, c)
		return err
	})
	return columns, err
}

func scanColumn(rows *sql.Rows) (c Column, err error) {
	var fixed int
	var rule string
	if err := rows.Scan(&c.ID, &c.SiteID, &c.ParentID, &c.Slug, &c.Name, &c.Type, &c.Description, &c.Keywords, &c.Freshness, &c.Order, &fixed, &rule); err != nil {
		return c, err
	}
	c.Fixed = fixed != 0
	return c, json.Unmarshal([]byte(rule), &c.Rule)
}

func insertSite(ctx context.Context, tx *db.Tx, s Site) (id int64, err error) {
	err = tx.Row(ctx, `insert into channel_sites (slug, name, host, path_prefix, root_unit, id_code, icp, police, organizer, contact, description, keywords, sort)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`,
		[]any{s.Slug, s.Name, s.Host, s.PathPrefix, s.RootUnit, s.IDCode, s.ICP, s.Police, s.Organizer, s.Contact, s.Description, s.Keywords, s.Order}, &id)
	return id, err
}

func updateSite(ctx context.Context, tx *db.Tx, s Site) error {
	_, err := tx.Exec(ctx, `update channel_sites set name = ?, host = ?, path_prefix = ?, root_unit = ?, id_code = ?, icp = ?, police = ?,
		organizer = ?, contact = ?, description = ?, keywords = ?, sort = ? where id = ?`,
		s.Name, s.Host, s.PathPrefix, s.RootUnit, s.IDCode, s.ICP, s.Police, s.Organizer, s.Contact, s.Description, s.Keywords, s.Order, s.ID)
	return err
}

// putColumn writes a column by its place; one that was closed is open again.
func putColumn(ctx context.Context, tx *db.Tx, c Column) (id int64, err error) {
	rule, err := json.Marshal(c.Rule)
	if err != nil {
		return 0, err
	}
	fixed := 0
	if c.Fixed {
		fixed = 1
	}
	err = tx.Row(ctx, `insert into channel_columns (site_id, parent_id, slug, name, kind, description, keywords, freshness, sort, fixed, rule)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (site_id, parent_id, slug) do update set name = excluded.name, kind = excluded.kind, description = excluded.description,
			keywords = excluded.keywords, freshness = excluded.freshness, sort = excluded.sort, fixed = excluded.fixed, rule = excluded.rule, closed_on = null
		returning id`,
		[]any{c.SiteID, c.ParentID, c.Slug, c.Name, string(c.Type), c.Description, c.Keywords, c.Freshness, c.Order, fixed, string(rule)}, &id)
	return id, err
}
