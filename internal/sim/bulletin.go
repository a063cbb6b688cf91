package sim

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/publication"
)

// bulletin is a thing that every county publishes once in the year, one for
// each category of 条例第二十条 that nothing else of it covers.
type bulletin struct {
	category, title, theme string
	month                  time.Month
	heading, unit          string
	rows                   []amountRange
	sumName, closing       string
}

type amountRange struct {
	name      string
	low, high int
}

func readBulletins() (list []bulletin, err error) {
	rows, err := readTable("bulletins.tsv", 9)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		month, err := strconv.Atoi(row[3])
		if err != nil {
			return nil, fmt.Errorf("bulletins.tsv: %w", err)
		}
		b := bulletin{row[0], row[1], row[2], time.Month(month), row[4], row[6], nil, row[7], row[8]}
		for _, cell := range splitList(row[5]) {
			parts := strings.Split(cell, ":")
			low, err := strconv.Atoi(parts[1])
			if err != nil {
				return nil, fmt.Errorf("bulletins.tsv: %w", err)
			}
			high, err := strconv.Atoi(parts[2])
			if err != nil {
				return nil, fmt.Errorf("bulletins.tsv: %w", err)
			}
			b.rows = append(b.rows, amountRange{parts[0], low, high})
		}
		list = append(list, b)
	}
	return list, nil
}

// writeBulletins adds the bulletins of all counties. Some come in the new
// year, some never.
func (p *player) writeBulletins() error {
	bulletins, err := readBulletins()
	if err != nil {
		return err
	}
	for _, b := range bulletins {
		for _, o := range p.offices {
			if !o.County {
				continue
			}
			first := civil.On(2021, b.month, 8)
			day, published := p.plannedDay(b.category, o, first, first.AddDays(40))
			if !published {
				continue
			}
			if err := p.bulletin(b, o, day); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *player) bulletin(b bulletin, o *office, day civil.Date) error {
	type row struct {
		Name   string
		Amount int
	}
	var rows []row
	sum := 0
	d := newDice(p.seed, "bulletin", b.category, o.Name)
	for _, r := range b.rows {
		amount := d.between(r.low, r.high)
		rows, sum = append(rows, row{r.name, amount}), sum+amount
	}
	text, err := p.series.render("bulletin", map[string]any{
		"Office": o, "Title": b.title, "Heading": b.heading, "Unit": b.unit, "Rows": rows, "SumName": b.sumName, "Sum": sum, "Closing": b.closing,
	})
	if err != nil {
		return err
	}
	at := p.on(day, "bulletin", b.category, o.Name)
	p.publish(at, &publication.Line{
		SourceID: id("gg", o, b.category), Kind: "notice", Unit: o.Name, Title: o.Name + b.title, IssuedOn: civil.DateOf(at),
		Category: b.theme, Keywords: []string{b.theme}, Statutory: b.category, Body: text, Fields: publication.Fields{"theme": b.theme},
	}, nil)
	return nil
}
