package unit

import (
	"context"

	"gongkai/internal/db"
)

// change writes one allowed event. The first error stops all that follows.
type change struct {
	ctx   context.Context
	tx    *db.Tx
	tree  *Tree
	event Event
	err   error
}

func (c *change) do(f func() error) {
	if c.err == nil {
		c.err = f()
	}
}

func (c *change) exec(query string, args ...any) {
	c.do(func() error {
		_, err := c.tx.Exec(c.ctx, query, args...)
		return err
	})
}

func (c *change) apply() {
	e := c.event
	switch {
	case e.Kind == Rename:
		c.rename(e.Subjects[0])
	case e.Kind == Move:
		c.move(e.Subjects[0], e.Parent)
	case e.ends():
		for _, id := range e.Subjects {
			for _, child := range c.tree.livingBelow(id, e.On) {
				c.move(child, e.Successors[0])
			}
			c.exec("update unit_organs set until = ? where id = ?", e.On, id)
		}
	}
}

// rename closes the names of the roles that change and opens the new ones.
func (c *change) rename(id int64) {
	closed := map[Role]bool{}
	for _, n := range c.event.newNames() {
		if !closed[n.Role] {
			closed[n.Role] = true
			c.exec("update unit_names set until = ? where organ_id = ? and role = ? and (until is null or until > ?)", c.event.On, id, string(n.Role), c.event.On)
		}
		n.Since = c.event.On
		c.do(func() error { return insertName(c.ctx, c.tx, id, n) })
	}
}

// move closes the parent of the day and opens the new one; parents that were
// to begin later fall away.
func (c *change) move(id, parent int64) {
	c.exec("delete from unit_parents where organ_id = ? and since >= ?", id, c.event.On)
	c.exec("update unit_parents set until = ? where organ_id = ? and (until is null or until > ?)", c.event.On, id, c.event.On)
	c.do(func() error { return insertParent(c.ctx, c.tx, id, Parent{parent, Span{Since: c.event.On}}) })
}

func (c *change) record() {
	e := &c.event
	c.do(func() error {
		return c.tx.Row(c.ctx, `insert into unit_events (code, kind, happened_on, was, became, continues, basis, note, confirmed)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`,
			[]any{e.Code, string(e.Kind), e.On, e.Was, e.Became, flag(e.Continues), e.Basis, e.Note, flag(e.Confirmed)}, &e.ID)
	})
	c.parties(partSubject, e.Subjects)
	c.parties(partSuccessor, e.Successors)
}

func (c *change) parties(part string, ids []int64) {
	for _, id := range ids {
		c.exec("insert into unit_event_parties (event_id, organ_id, part) values (?, ?, ?)", c.event.ID, id, part)
	}
}
