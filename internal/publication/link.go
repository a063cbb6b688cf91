package publication

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/publication/kind"
)

// links are what a line's relations lead to, and what has been waiting for it.
type links struct {
	targets []int64   // by relation; 0 for what is not here
	waiting []waiting // relations of others that name this record
}

// waiting is an unbound relation of another record.
type waiting struct {
	record int64
	typ    RelationType
}

// resolve finds the targets of a line and refuses what cannot stand: a target
// without which the line means nothing, and a chain that leads back.
func (w *writer) resolve(ctx context.Context, p *prepared, id int64) (links, error) {
	var bad kind.Problems
	var out links
	found, err := w.lookup(ctx, p.keys)
	if err != nil {
		return links{}, err
	}
	for i, r := range p.line.Relations {
		target := found[p.keys[i]]
		if r.Type == Fulfils {
			target = 0
		}
		out.targets = append(out.targets, target)
		if target == 0 {
			w.missing(p, i, &bad)
		} else if target == id {
			bad.Add(fmt.Sprintf("relations[%d].target", i+1), "关系指向了这份文件自己。")
		}
	}
	if out.waiting, err = w.waitingFor(ctx, p.line, id); err != nil {
		return links{}, err
	}
	if err := w.checkCycles(ctx, p, id, out, &bad); err != nil {
		return links{}, err
	}
	if p.held && len(bad) == 0 {
		return links{}, errHold
	}
	return out, bad.Refusal()
}

// missing judges a target that is not here. A document number may name a
// document outside of this library: it is kept and waits, unless the relation
// needs its target. A source_id that an import does not bring is a mistake.
func (w *writer) missing(p *prepared, i int, bad *kind.Problems) {
	r, at := p.line.Relations[i], fmt.Sprintf("relations[%d].target", i+1)
	if !w.opts.strict || r.Type == Fulfils {
		return
	}
	_, err := document.ParseNumber(r.Target)
	rule, _ := ruleOf(r.Type)
	outside := err == nil && !rule.needs
	if w.opts.hold {
		if p.held = true; !outside {
			p.wanted = append(p.wanted, p.keys[i])
		}
		return
	}
	switch {
	case w.opts.known(p.keys[i]):
	case outside:
		p.warnings.Add(at, "库里没有“%s”，关系（%s）先留着，等它进库时自动接上。", fault.Clip(r.Target, 60), rule.Active)
	default:
		bad.Add(at, "库里和这个文件里都没有“%s”。请先导入它，或改正文号、source_id。", fault.Clip(r.Target, 60))
	}
}

// lookup finds records by source_id or key of a number. Where several share a
// number, a document of law is meant before what goes with it, then the one
// that came first.
func (w *writer) lookup(ctx context.Context, keys []string) (map[string]int64, error) {
	found := map[string]int64{}
	if len(keys) == 0 {
		return found, nil
	}
	query := "select source_id, id from publication_records where source_id in " + db.In(len(keys))
	byNumber := "select number_key, id from publication_records where number_key <> '' and number_key in " + db.In(len(keys)) + " order by binding, id desc"
	for _, q := range []string{byNumber, query} { // later ones win
		err := w.tx.Each(ctx, q, db.Args(keys), func(rows *sql.Rows) error {
			var key string
			var id int64
			err := rows.Scan(&key, &id)
			found[key] = id
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// waitingFor lists the unbound relations that name the line.
func (w *writer) waitingFor(ctx context.Context, l *Line, id int64) (list []waiting, err error) {
	err = w.tx.Each(ctx, "select record_id, type from publication_relations where target_id is null and target_key in (?, ?) and type <> ? and record_id <> ? order by record_id, ordinal",
		[]any{l.SourceID, orNothing(numberKey(l.Number)), string(Fulfils), id}, func(rows *sql.Rows) error {
			var x waiting
			err := rows.Scan(&x.record, &x.typ)
			list = append(list, x)
			return err
		})
	return list, err
}

// orNothing keeps the empty key, which many records have, from matching.
func orNothing(key string) string {
	if key == "" {
		return "\x01"
	}
	return key
}

// checkCycles refuses a line whose relations would lead back to it: what ends
// or changes a document cannot be ended or changed by it.
func (w *writer) checkCycles(ctx context.Context, p *prepared, id int64, out links, bad *kind.Problems) error {
	for _, e := range []effect{ends, changes} {
		types := typesWith(func(r relationRule) bool { return r.effect == e })
		back := map[int64]bool{}
		if id != 0 {
			back[id] = true
		}
		for _, x := range out.waiting {
			if slices.Contains(types, x.typ) {
				back[x.record] = true
			}
		}
		for i, r := range p.line.Relations {
			if !slices.Contains(types, r.Type) || out.targets[i] == 0 || len(back) == 0 {
				continue
			}
			chain, err := w.chain(ctx, out.targets[i], back, types)
			if err != nil {
				return err
			}
			if chain != "" {
				bad.Add(fmt.Sprintf("relations[%d].target", i+1), "关系成了圈：%s%s%s。请改正其中一份。", cite(p.line.Title, p.line.Number), r.Type.Label(), chain)
			}
		}
	}
	return nil
}

// chain follows relations of the types from a record and tells the way in
// words where it reaches one of back; "" where it does not.
func (w *writer) chain(ctx context.Context, start int64, back map[int64]bool, types []RelationType) (string, error) {
	type step struct {
		id, from int64
		words    string
	}
	way := map[int64]string{}
	next := []int64{start}
	title, err := w.titles(ctx, next)
	if err != nil {
		return "", err
	}
	way[start] = title[start]
	for len(next) > 0 {
		for _, id := range next {
			if back[id] {
				return way[id], nil
			}
		}
		args := append(db.Args(next), db.Args(types)...)
		var steps []step
		err := w.tx.Each(ctx, "select r.target_id, r.record_id, r.type, p.title, p.number from publication_relations r join publication_records p on p.id = r.target_id where r.record_id in "+
			db.In(len(next))+" and r.type in "+db.In(len(types)), args, func(rows *sql.Rows) error {
			var s step
			var t RelationType
			var title, number string
			err := rows.Scan(&s.id, &s.from, &t, &title, &number)
			s.words = t.Label() + cite(title, number)
			steps = append(steps, s)
			return err
		})
		if err != nil {
			return "", err
		}
		next = nil
		for _, s := range steps {
			if _, seen := way[s.id]; !seen {
				way[s.id] = way[s.from] + "，它又" + s.words
				next = append(next, s.id)
			}
		}
	}
	return "", nil
}

func (w *writer) titles(ctx context.Context, ids []int64) (map[int64]string, error) {
	titles := map[int64]string{}
	err := w.tx.Each(ctx, "select id, title, number from publication_records where id in "+db.In(len(ids)), db.Args(ids), func(rows *sql.Rows) error {
		var id int64
		var title, number string
		err := rows.Scan(&id, &title, &number)
		titles[id] = cite(title, number)
		return err
	})
	return titles, err
}

// link writes the relations of a record, binds those that waited for it, and
// carries the consequences to the records at their other ends.
func (w *writer) link(ctx context.Context, id int64, p *prepared, old current, out links) error {
	reach, err := w.relink(ctx, id, p, old, out.targets)
	if err != nil {
		return err
	}
	if len(out.waiting) > 0 {
		l := p.line
		if _, err := w.tx.Exec(ctx, "update publication_relations set target_id = ? where target_id is null and target_key in (?, ?) and type <> ? and record_id <> ?",
			id, l.SourceID, orNothing(numberKey(l.Number)), string(Fulfils), id); err != nil {
			return err
		}
		for _, x := range out.waiting {
			w.touched[x.record] = true
		}
	}
	if old.id != 0 || len(out.waiting) > 0 {
		if err := w.respan(ctx, id); err != nil {
			return err
		}
		if err := w.raise(ctx, id); err != nil {
			return err
		}
	}
	return w.respanAll(ctx, reach)
}

// relink replaces the relations of a record and tells all records that it
// leads or led to.
func (w *writer) relink(ctx context.Context, id int64, p *prepared, old current, targets []int64) (reach []int64, err error) {
	if old.id != 0 {
		if reach, err = w.targetsOf(ctx, id); err != nil {
			return nil, err
		}
		if _, err := w.tx.Exec(ctx, "delete from publication_relations where record_id = ?", id); err != nil {
			return nil, err
		}
	}
	for i, r := range p.line.Relations {
		var target *int64
		if targets[i] != 0 {
			target = &targets[i]
			reach = append(reach, targets[i])
		}
		if _, err := w.tx.Exec(ctx, `insert into publication_relations
			(record_id, ordinal, type, target, target_key, target_id, here, there, on_date, acts_on, note) values (?,?,?,?,?,?,?,?,?,?,?)`,
			id, i+1, string(r.Type), r.Target, p.keys[i], target, packLabels(r.Own), packLabels(r.Articles), r.On, p.line.actsOn(r), r.Note); err != nil {
			return nil, err
		}
	}
	slices.Sort(reach)
	return slices.Compact(reach), nil
}

func (w *writer) targetsOf(ctx context.Context, id int64) (ids []int64, err error) {
	err = w.tx.Each(ctx, "select distinct target_id from publication_relations where record_id = ? and target_id is not null order by target_id", []any{id}, func(rows *sql.Rows) error {
		var target int64
		err := rows.Scan(&target)
		ids = append(ids, target)
		return err
	})
	return ids, err
}

// Labels of articles are stored as JSON, none as the empty text.
func packLabels(labels []string) string {
	if len(labels) == 0 {
		return ""
	}
	text, err := json.Marshal(labels)
	if err != nil {
		panic(err) // strings always encode
	}
	return string(text)
}

func unpackLabels(text string) (labels []string, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &labels)
	}
	return labels, err
}

// respanAll carries a change to the records at the other end.
func (w *writer) respanAll(ctx context.Context, ids []int64) error {
	for _, id := range ids {
		w.touched[id] = true
		if err := w.respan(ctx, id); err != nil {
			return err
		}
		if err := w.raise(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// respan computes anew the days on which a record's state turns.
func (w *writer) respan(ctx context.Context, id int64) error {
	var f Facts
	var binding int
	if err := w.tx.Row(ctx, "select binding, effective_on, expires_on, repealed_on, stated from publication_records where id = ?",
		[]any{id}, &binding, &f.EffectiveOn, &f.ExpiresOn, &f.RepealedOn, &f.Stated); err != nil {
		return err
	}
	if binding == 0 {
		return nil
	}
	touches, err := touchesOf(ctx, w.tx, id)
	if err != nil {
		return err
	}
	s := SpansOf(f, touches)
	_, err = w.tx.Exec(ctx, "update publication_records set starts_on = ?, lapses_on = ?, repealed_from = ?, amended_from = ? where id = ?",
		s.Starts, s.Lapses, s.Repealed, s.Amended, id)
	return err
}

// touchesOf lists what published records do to the validity of a record,
// oldest first.
func touchesOf(ctx context.Context, tx *db.Tx, id int64) (touches []Touch, err error) {
	types := typesWith(func(r relationRule) bool { return r.effect != noEffect })
	args := append([]any{id}, db.Args(types)...)
	err = tx.Each(ctx, `select r.type, r.acts_on, p.id, p.title, p.number, r.there from publication_relations r
		join publication_records p on p.id = r.record_id
		where r.target_id = ? and r.type in `+db.In(len(types))+` and p.state = 'published' order by r.acts_on, p.id, r.ordinal`,
		args, func(rows *sql.Rows) error {
			var t Touch
			var labels string
			if err := rows.Scan(&t.Type, &t.On, &t.By, &t.Title, &t.Number, &labels); err != nil {
				return err
			}
			var err error
			t.Articles, err = unpackLabels(labels)
			touches = append(touches, t)
			return err
		})
	return touches, err
}

// leaning is a record that explains or carries out another.
type leaning struct {
	id       int64
	articles []string
	listed   civil.Date
}

// raise flags the records that lean on id, or on an article of it, for every
// change that came after them.
func (w *writer) raise(ctx context.Context, id int64) error {
	touches, err := touchesOf(ctx, w.tx, id)
	if err != nil || len(touches) == 0 {
		return err
	}
	leans, err := w.leaningOn(ctx, id)
	if err != nil {
		return err
	}
	for _, l := range leans {
		for _, t := range touches {
			hit, ok := overlap(l.articles, t.Articles)
			if !ok || l.id == t.By || !l.listed.Before(t.On) {
				continue
			}
			n, err := w.tx.Exec(ctx, `insert into publication_flags (record_id, cause_id, target_id, type, articles, on_date, raised_at)
				values (?,?,?,?,?,?,?) on conflict (record_id, cause_id, target_id, type) do nothing`,
				l.id, t.By, id, string(t.Type), packLabels(hit), t.On, db.At(w.tx.Now))
			if err != nil {
				return err
			}
			if n > 0 {
				w.touched[l.id] = true
			}
		}
	}
	return nil
}

func (w *writer) leaningOn(ctx context.Context, id int64) (list []leaning, err error) {
	types := typesWith(func(r relationRule) bool { return r.leans })
	args := append([]any{id}, db.Args(types)...)
	err = w.tx.Each(ctx, `select p.id, r.there, p.listed_on from publication_relations r join publication_records p on p.id = r.record_id
		where r.target_id = ? and r.type in `+db.In(len(types))+` and p.state = 'published' order by p.id, r.ordinal`,
		args, func(rows *sql.Rows) error {
			var l leaning
			var labels string
			if err := rows.Scan(&l.id, &labels, &l.listed); err != nil {
				return err
			}
			var err error
			l.articles, err = unpackLabels(labels)
			list = append(list, l)
			return err
		})
	return list, err
}

// overlap is what a change touches of what a record leans on; none stands for
// the whole document. ok is false where they do not meet.
func overlap(leans, touched []string) (hit []string, ok bool) {
	switch {
	case len(touched) == 0:
		return leans, true
	case len(leans) == 0:
		return touched, true
	}
	for _, label := range touched {
		if slices.ContainsFunc(leans, func(l string) bool { return sameLabel(l, label) }) {
			hit = append(hit, label)
		}
	}
	return hit, len(hit) > 0
}

// sameLabel compares labels of articles; 第七条第二款 lies in 第七条.
func sameLabel(a, b string) bool {
	a, b = document.Fold(a), document.Fold(b)
	return a == b || strings.HasPrefix(a, b+"第") || strings.HasPrefix(b, a+"第")
}
