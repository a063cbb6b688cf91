package sim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/unit"
)

// player writes the script of a city and plays it.
type player struct {
	Deps
	seed     uint64
	tree     *unit.Tree
	offices  []*office
	concerns []concern
	plan     *plan
	series   *series
	scenes   []*scene
	acts     []act
}

// scene is one publication: what is said, and which files go with it.
type scene struct {
	line  *publication.Line
	at    time.Time // when it is published
	files files
	unit  int64 // the organ of the line, once it was looked up
}

// act is something that happens at an instant, other than a publication.
type act struct {
	at   time.Time
	name string
	do   func(ctx context.Context) error
}

func newPlayer(d Deps, tree *unit.Tree, seed uint64) (*player, error) {
	p := &player{Deps: d, seed: seed, tree: tree}
	var err error
	if p.plan, err = readPlan(tree); err != nil {
		return nil, err
	}
	if p.offices, err = readOffices(tree, p.plan.draft.Plan.IssuedOn); err != nil {
		return nil, err
	}
	if p.concerns, err = readConcerns(); err != nil {
		return nil, err
	}
	p.series, err = readSeries()
	return p, err
}

// write puts the whole script together. Reports come last, because they tell
// what was published before.
func (p *player) write() error {
	parts := []func() error{
		p.writePlan, p.writeDocuments, p.writeProfiles, p.writeFinance, p.writeAnnual, p.writeStatistics,
		p.writeCommitments, p.writeBulletins, p.writeExceptions, p.writeTopics, p.writeQuarters, p.writeGazettes, p.writeFloor, p.writeAfterwards,
	}
	for _, write := range parts {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// publish adds a publication to the script. What would come after the
// demonstration's moment is left out.
func (p *player) publish(at time.Time, line *publication.Line, attached files) {
	if at.After(demoInstant) {
		return
	}
	line.PublishedAt = publication.At(at)
	if p.Blobs != nil {
		for _, name := range slices.Sorted(keys(attached)) {
			line.Attachments = append(line.Attachments, publication.Attachment{Name: name, Path: name})
		}
	}
	p.scenes = append(p.scenes, &scene{line: line, at: at, files: attached})
}

func keys(f files) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for name := range f {
			if !yield(name) {
				return
			}
		}
	}
}

// act adds something else to the script.
func (p *player) act(at time.Time, name string, do func(ctx context.Context) error) {
	if !at.After(demoInstant) {
		p.acts = append(p.acts, act{at, name, do})
	}
}

// writeDocuments adds the documents that were written out in full.
func (p *player) writeDocuments() error {
	lines, err := readDocuments()
	if err != nil {
		return err
	}
	tasks, err := readFulfilments()
	if err != nil {
		return err
	}
	for _, line := range lines {
		for _, no := range tasks[line.SourceID] {
			fulfil(line, p.plan.code(no))
		}
		delete(tasks, line.SourceID)
		if line.PublishedAt.After(demoInstant) {
			return fmt.Errorf("%s is published after the demonstration's moment", line.SourceID)
		}
		p.publish(line.PublishedAt.Time, line, nil)
	}
	for id := range tasks {
		return fmt.Errorf("fulfils.tsv names %s, which no document is", id)
	}
	return nil
}

// doors is when the city begins to take in publications, first of all those
// of the years before.
var doors = opening.Start().Add(10 * time.Hour)

// play does everything in the order of time.
func (p *player) play(ctx context.Context, progress Progress) error {
	slices.SortStableFunc(p.scenes, func(a, b *scene) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.line.SourceID, b.line.SourceID))
	})
	script := p.acts
	for _, s := range p.scenes {
		at := s.at
		if at.Before(doors) {
			at = doors
		}
		script = append(script, act{at, s.line.SourceID, func(ctx context.Context) error { return p.put(ctx, at, s) }})
	}
	slices.SortStableFunc(script, func(a, b act) int { return a.at.Compare(b.at) })
	for i, a := range script {
		if err := a.do(ctx); err != nil {
			return fmt.Errorf("%s at %s: %w", a.name, a.at.Format(time.DateTime), err)
		}
		progress.tell(i+1, len(script))
	}
	return nil
}

func (p *player) put(ctx context.Context, at time.Time, s *scene) error {
	return p.update(ctx, at, func(tx *db.Tx) error {
		r, err := p.Publications.Put(ctx, tx, s.line, publication.PutOptions{Actor: actor, Files: s.files})
		if err == nil && len(r.Warnings) > 0 {
			err = fmt.Errorf("warned: %v", r.Warnings)
		}
		return explain(err)
	})
}

// explain puts all that was refused into the error.
func explain(err error) error {
	var refused *publication.Refused
	if errors.As(err, &refused) {
		return fault.New(fault.Internal, "sim_refused", "演示城市的内容没有被收下：%v", refused.Problems).Because(err)
	}
	return err
}

// on is a moment in office hours of the first working day that is not before
// day; name tells it from others.
func (p *player) on(day civil.Date, name ...string) time.Time {
	return newDice(p.seed, append([]string{"moment", day.String()}, name...)...).officeHours(p.Calendar, day)
}

// id makes the stable name of a record of a series.
func id(series string, o *office, part ...string) string {
	out := series + ":" + strconv.Itoa(o.No)
	for _, word := range part {
		out += ":" + word
	}
	return out
}
