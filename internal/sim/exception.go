package sim

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
)

// concern is which departments a task that is laid on all of them concerns.
type concern struct {
	task   int
	units  []string
	reason string // why the others are exempt
}

func readConcerns() (list []concern, err error) {
	rows, err := readTable("concern.tsv", 3)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		no, err := strconv.Atoi(row[0])
		if err != nil {
			return nil, fmt.Errorf("concern.tsv: %w", err)
		}
		list = append(list, concern{no, strings.Split(row[1], "、"), row[2]})
	}
	return list, nil
}

// holds tells whether the task concerns an office.
func (c concern) holds(o *office) bool {
	return o.County || slices.ContainsFunc(c.units, func(name string) bool { return name == o.Short || name == o.Name })
}

// nilReports are the small offices that have nothing to report, by task and
// period, with what they sign.
var nilReports = []struct {
	task   int
	period string
	day    civil.Date
	units  []string
	note   string
}{
	{17, "2021Q2", civil.On(2021, time.June, 28), []string{"市人防办", "市地方志", "市供销社", "市民宗局"}, "要点印发不到一个月，本季度没有新制发的文件和需要通报的事项。"},
	{17, "2021Q3", civil.On(2021, time.September, 27), []string{"市地方志", "市金融办"}, "本季度没有新制发的文件，目录内容没有变化。"},
	{18, "2021", civil.On(2021, time.December, 27), []string{"市供销社", "市地方志", "市人防办", "市信访局", "市国资委"}, "本年没有形成可以推广的创新案例。"},
}

// isNil tells whether an office signs a nil report instead of publishing.
func isNil(task int, period string, o *office) bool {
	for _, n := range nilReports {
		if n.task == task && n.period == period && slices.Contains(n.units, o.Short) {
			return true
		}
	}
	return false
}

// disputed is the one duty whose unit says that it is another's.
var disputed = struct {
	unit, reason string
	task         int
	day          civil.Date
}{"市水利局", "城市供水由城市管理部门主管，本单位不是城市供水企业的主管部门，请核定责任单位。", 16, civil.On(2021, time.October, 15)}

// writeExceptions adds exemptions, nil reports and the dispute.
func (p *player) writeExceptions() error {
	decided := civil.On(2021, time.July, 15)
	for _, c := range p.concerns {
		for _, o := range p.offices {
			if !c.holds(o) && p.plan.assigned(c.task, o) {
				p.exempt(c.task, o, obligation.NotApplicable, c.reason+"，经市政务公开主管部门核定不适用。", decided)
			}
		}
	}
	for _, n := range nilReports {
		for _, name := range n.units {
			o, err := p.office(name)
			if err != nil {
				return err
			}
			p.report(n.task, n.period, o, n.note, n.day)
		}
	}
	o, err := p.office(disputed.unit)
	if err != nil {
		return err
	}
	p.exempt(disputed.task, o, obligation.Disputed, disputed.reason, disputed.day)
	return nil
}

func (p *player) office(short string) (*office, error) {
	i := slices.IndexFunc(p.offices, func(o *office) bool { return o.Short == short })
	if i < 0 {
		return nil, fault.New(fault.Internal, "sim_office", "演示城市的表里没有“%s”。", short)
	}
	return p.offices[i], nil
}

// assigned tells whether a task is laid on an office.
func (p *plan) assigned(no int, o *office) bool {
	return slices.ContainsFunc(p.draft.Obligations[no-1].Units, func(a obligation.Assignment) bool { return a.UnitID == o.ID })
}

func (p *player) exempt(task int, o *office, kind obligation.Exemption, reason string, day civil.Date) {
	at := p.on(day, "exempt", strconv.Itoa(task), o.Name)
	p.act(at, id("exempt", o, strconv.Itoa(task)), func(ctx context.Context) error {
		d, err := p.duty(ctx, task, "2021", o)
		if err != nil || d.Exempt == kind {
			return err
		}
		return p.update(ctx, at, func(tx *db.Tx) error { return p.Obligations.Exempt(ctx, tx, d.ID, kind, reason, actor) })
	})
}

func (p *player) report(task int, period string, o *office, note string, day civil.Date) {
	at := p.on(day, "nil", period, o.Name)
	p.act(at, id("nil", o, strconv.Itoa(task), period), func(ctx context.Context) error {
		d, err := p.duty(ctx, task, period, o)
		if err != nil || !d.Met.On.IsZero() {
			return err
		}
		return p.update(ctx, at, func(tx *db.Tx) error {
			return p.Obligations.NilReport(ctx, tx, d.ID, o.Short+"办公室负责岗位", note, actor)
		})
	})
}

// duty finds the duty of an office for a task and a period.
func (p *player) duty(ctx context.Context, task int, period string, o *office) (d obligation.Duty, err error) {
	item, err := p.Obligations.ByCode(ctx, p.plan.code(task))
	if err != nil {
		return d, err
	}
	page, err := p.Obligations.Duties(ctx, obligation.DutyFilter{ObligationID: item.ID, Units: []int64{o.ID}, Period: period}, p.Clock.today())
	if err != nil {
		return d, err
	}
	if len(page.Duties) != 1 {
		return d, fmt.Errorf("%s has %d duties for task %d in %s", o.Short, len(page.Duties), task, period)
	}
	return page.Duties[0].Duty, nil
}
