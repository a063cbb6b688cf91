// Package sim plays a city: the demonstration that newcomers see, and loads of
// any size for benchmarks.
//
// City plays the year of a work plan through the real packages: units publish,
// explain, amend, repeal, report, miss and repair. What is said stands as data
// in the folder city (documents in the interchange format, tables of offices,
// templates of series); when each thing happens, and which unit is late, comes
// from one seed. The same seed gives the same ledger. No person occurs: offices
// and posts act, and whatever looks like an address or a number says 示例.
//
// Load writes publications and duties in bulk, for measuring.
package sim

import (
	"context"
	"time"

	"gongkai/internal/blob"
	"gongkai/internal/channel"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/ledger"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/unit"
)

// cityName is the directory and the sites that the city is made of.
const cityName = "yongzhou"

// Seed is the seed of the demonstration city.
const Seed = 2021

// actor is who does everything in the ledger.
const actor = "sim"

// Deps is the program that the city is played on. DB must have been opened
// with Clock.Now as its clock, and be migrated. Blobs may be nil: records then
// have no attachments.
type Deps struct {
	DB           *db.DB
	Clock        *Timeline
	Units        *unit.Store
	Channels     *channel.Store
	Obligations  *obligation.Store
	Publications *publication.Store
	Blobs        *blob.Store
	Calendar     *law.Calendar
}

// Progress hears how much of a long work is done; it may be nil.
type Progress func(done, total int)

func (p Progress) tell(done, total int) {
	if p != nil {
		p(done, total)
	}
}

// subject is the ledger's name of the city: an entry about it says that it was
// made to the end.
const subject = "sim:" + cityName

// City makes the demonstration city, each act on its own day, and lets the
// clock rest at Clock's instant. A city that has been made is left alone; one
// that was broken off is made to its end. The store must not be in use by
// others meanwhile.
func City(ctx context.Context, d Deps, seed uint64, progress Progress) (err error) {
	defer fault.Wrap(&err, "sim.City(%d)", seed)
	made, err := d.made(ctx)
	if err != nil || made {
		return err
	}
	defer d.Clock.rest()
	p, err := d.found(ctx, seed)
	if err != nil {
		return err
	}
	if err := p.write(); err != nil {
		return err
	}
	if err := p.play(ctx, progress); err != nil {
		return err
	}
	return d.update(ctx, demoInstant, func(tx *db.Tx) error {
		_, err := ledger.Append(ctx, tx, ledger.Act{Kind: "sim.made", Subject: subject, Actor: actor, Data: map[string]uint64{"seed": seed}})
		return err
	})
}

// made tells whether the city stands.
func (d Deps) made(ctx context.Context) (made bool, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		entries, err := ledger.Of(ctx, tx, subject)
		made = len(entries) > 0
		return err
	})
	return made, err
}

// update runs one transaction at an instant.
func (d Deps) update(ctx context.Context, at time.Time, f func(tx *db.Tx) error) error {
	d.Clock.set(at)
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		if !tx.Now.Equal(at) {
			return fault.New(fault.Internal, "sim_clock", "演示城市的数据库没有用 sim 的时钟打开。")
		}
		return f(tx)
	})
}

// opening is the first day of the city's journal: directory, sites and the
// stock of older documents are taken in.
var opening = civil.On(2021, time.January, 4)

// found lays the ground: directory, sites, and the offices that will act.
func (d Deps) found(ctx context.Context, seed uint64) (*player, error) {
	d.Clock.set(opening.Start().Add(9 * time.Hour))
	files, ok := unit.Directory(cityName)
	sites, ok2 := channel.Example(cityName)
	if !ok || !ok2 {
		return nil, fault.New(fault.Internal, "sim_data", "程序里缺少演示城市的名录或站点。")
	}
	if _, err := unit.Load(ctx, d.Units, files, unit.ImportOptions{Actor: actor}); err != nil {
		return nil, err
	}
	if _, err := d.Channels.Load(ctx, sites, channel.Options{Actor: actor}); err != nil {
		return nil, err
	}
	tree, err := d.Units.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return newPlayer(d, tree, seed)
}
