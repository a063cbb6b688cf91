package unit

import (
	"context"
	"database/sql"
	"encoding/json"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Store is the directory in the database. It is safe for concurrent use.
type Store struct {
	db      *db.DB
	loading sync.Mutex
	cached  atomic.Pointer[Tree]
}

// NewStore makes the store over an open, migrated database.
func NewStore(store *db.DB) *Store { return &Store{db: store} }

// Snapshot is the directory as it is now. It is cheap: the tree in memory is
// used again as long as nothing has changed in the database.
func (s *Store) Snapshot(ctx context.Context) (t *Tree, err error) {
	err = s.db.View(ctx, func(tx *db.Tx) error {
		t, err = s.Tree(ctx, tx)
		return err
	})
	return t, err
}

// Tree is the directory as tx sees it, with what tx itself has changed.
func (s *Store) Tree(ctx context.Context, tx *db.Tx) (t *Tree, err error) {
	defer fault.Wrap(&err, "unit.Tree")
	token, err := revision(ctx, tx)
	if err != nil {
		return nil, err
	}
	if t := s.cached.Load(); t != nil && t.token == token {
		return t, nil
	}
	s.loading.Lock()
	defer s.loading.Unlock()
	if t := s.cached.Load(); t != nil && t.token == token {
		return t, nil
	}
	if t, err = load(ctx, tx, token); err == nil {
		s.cached.Store(t)
	}
	return t, err
}

// Resolve is Tree.Resolve in the caller's transaction.
func (s *Store) Resolve(ctx context.Context, tx *db.Tx, name string, on civil.Date) (Organ, error) {
	t, err := s.Tree(ctx, tx)
	if err != nil {
		return Organ{}, err
	}
	return t.Resolve(name, on)
}

// ResolveSet is Tree.ResolveSet in the caller's transaction.
func (s *Store) ResolveSet(ctx context.Context, tx *db.Tx, phrase string, on civil.Date) ([]Organ, Set, error) {
	t, err := s.Tree(ctx, tx)
	if err != nil {
		return nil, Set{}, err
	}
	return t.ResolveSet(phrase, on)
}

func revision(ctx context.Context, tx *db.Tx) (token int64, err error) {
	err = tx.Row(ctx, "select token from unit_revision where one = 1", nil, &token)
	return token, err
}

// claimTurn makes writers of the directory wait for each other from here to
// the end of their transactions, so that what one has checked stays true. It
// comes before the tree is read.
func claimTurn(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, "update unit_revision set token = token where one = 1")
	return err
}

// writing is the tree for a transaction that is going to change it.
func (s *Store) writing(ctx context.Context, tx *db.Tx) (*Tree, error) {
	if err := claimTurn(ctx, tx); err != nil {
		return nil, err
	}
	return s.Tree(ctx, tx)
}

// touch marks the directory as changed. The token is random, so that a number
// used by a transaction that was rolled back never names another directory.
func touch(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, "update unit_revision set token = ? where one = 1", rand.Int64())
	return err
}

func load(ctx context.Context, tx *db.Tx, token int64) (*Tree, error) {
	organs, err := loadOrgans(ctx, tx)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*Organ, len(organs))
	for _, o := range organs {
		byID[o.ID] = o
	}
	err = tx.Each(ctx, "select organ_id, role, name, since, until from unit_names order by role, coalesce(since, ''), id", nil, func(rows *sql.Rows) error {
		var id int64
		var n Name
		if err := rows.Scan(&id, &n.Role, &n.Text, &n.Since, &n.Until); err != nil {
			return err
		}
		byID[id].Names = append(byID[id].Names, n)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = tx.Each(ctx, "select organ_id, parent_id, since, until from unit_parents order by coalesce(since, ''), id", nil, func(rows *sql.Rows) error {
		var id int64
		var p Parent
		if err := rows.Scan(&id, &p.ID, &p.Since, &p.Until); err != nil {
			return err
		}
		byID[id].Parents = append(byID[id].Parents, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	events, err := loadEvents(ctx, tx)
	if err != nil {
		return nil, err
	}
	sets, err := loadSets(ctx, tx)
	if err != nil {
		return nil, err
	}
	return newTree(token, organs, events, sets), nil
}

func loadOrgans(ctx context.Context, tx *db.Tx) (organs []*Organ, err error) {
	err = tx.Each(ctx, "select id, kind, sort, since, until, confirmed, note from unit_organs", nil, func(rows *sql.Rows) error {
		var o Organ
		var confirmed int
		if err := rows.Scan(&o.ID, &o.Kind, &o.Order, &o.Since, &o.Until, &confirmed, &o.Note); err != nil {
			return err
		}
		o.Confirmed = confirmed != 0
		organs = append(organs, &o)
		return nil
	})
	return organs, err
}

func loadEvents(ctx context.Context, tx *db.Tx) (events []Event, err error) {
	at := map[int64]int{}
	err = tx.Each(ctx, "select id, code, kind, happened_on, was, became, continues, basis, note, confirmed from unit_events order by happened_on, id", nil, func(rows *sql.Rows) error {
		var e Event
		var continues, confirmed int
		if err := rows.Scan(&e.ID, &e.Code, &e.Kind, &e.On, &e.Was, &e.Became, &continues, &e.Basis, &e.Note, &confirmed); err != nil {
			return err
		}
		e.Continues, e.Confirmed = continues != 0, confirmed != 0
		at[e.ID] = len(events)
		events = append(events, e)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = tx.Each(ctx, "select event_id, organ_id, part from unit_event_parties order by id", nil, func(rows *sql.Rows) error {
		var event, organ int64
		var part string
		if err := rows.Scan(&event, &organ, &part); err != nil {
			return err
		}
		e := &events[at[event]]
		if part == partSubject {
			e.Subjects = append(e.Subjects, organ)
		} else {
			e.Successors = append(e.Successors, organ)
		}
		return nil
	})
	return events, err
}

const (
	partSubject   = "subject"
	partSuccessor = "successor"
)

func loadSets(ctx context.Context, tx *db.Tx) (sets []Set, err error) {
	err = tx.Each(ctx, "select id, definition from unit_sets order by id", nil, func(rows *sql.Rows) error {
		var id int64
		var definition string
		if err := rows.Scan(&id, &definition); err != nil {
			return err
		}
		var s Set
		if err := json.Unmarshal([]byte(definition), &s); err != nil {
			return err
		}
		s.ID = id
		sets = append(sets, s)
		return nil
	})
	return sets, err
}
