package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/law"
)

// A city's own calendar data stands in the folder calendar of the data folder:
// a notice per year (YEAR.json), as it comes or as law.ParseNotice documents,
// and local.json with days of an area that departs from the national calendar.
const (
	calendarFolder = "calendar"
	localDays      = "local.json"
)

// LoadCalendar is the calendar that the program carries with what the data
// folder adds to it.
func LoadCalendar(cfg StoreConfig) (c *law.Calendar, err error) {
	c = law.Standard()
	dir := filepath.Join(cfg.Data, calendarFolder)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if filepath.Ext(path) != ".json" {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if c, _, err = addToCalendar(c, e.Name(), data); err != nil {
			if f, ok := fault.Of(err); ok {
				err = f.At("%s", path)
			}
			return nil, err
		}
	}
	return c, nil
}

// addToCalendar is c with what a file says, and the name to keep the file by.
func addToCalendar(c *law.Calendar, name string, data []byte) (after *law.Calendar, file string, err error) {
	if filepath.Base(name) != localDays {
		n, err := law.ParseNotice(data)
		if err != nil {
			return nil, "", err
		}
		after, err = c.With(n)
		return after, fmt.Sprintf("%d.json", n.Year), err
	}
	var days []law.Override
	if err := json.Unmarshal(data, &days); err != nil {
		return nil, "", fault.New(fault.Invalid, "calendar_local", `地方日历要写成 [{"date":"2021-10-16","off":true,"name":"盘王节","basis":"文件名称"}] 的样子。`).Because(err)
	}
	after, err = c.WithLocal(days)
	return after, localDays, err
}

// CalendarReport says what a calendar file changes.
type CalendarReport struct {
	File    string       `json:"file"` // where it is kept; "" for a dry run
	Version string       `json:"version"`
	Changes []law.Change `json:"changes"`
}

// ImportCalendar checks a yearly notice or local.json and keeps it in the data
// folder. The report lists every day that becomes another one; a running
// server takes it up when it is started again.
func ImportCalendar(cfg StoreConfig, name string, data []byte, dryRun bool) (report CalendarReport, err error) {
	defer fault.Wrap(&err, "app.ImportCalendar(%s)", name)
	before, err := LoadCalendar(cfg)
	if err != nil {
		return report, err
	}
	after, file, err := addToCalendar(before, name, data)
	if err != nil {
		if f, ok := fault.Of(err); ok && f.Place == "" {
			err = f.At("%s", name)
		}
		return report, err
	}
	report.Version = after.Version()
	report.Changes = law.Diff(before, after, civil.On(law.FirstYear, 1, 1), civil.On(law.LastYear, 12, 31))
	if dryRun {
		return report, nil
	}
	dir := filepath.Join(cfg.Data, calendarFolder)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return report, fault.New(fault.Unavailable, "data_folder", "数据文件夹不能写入，请检查权限。").At("%s", dir).Because(err)
	}
	report.File = filepath.Join(dir, file)
	part := report.File + ".part"
	if err := os.WriteFile(part, data, 0o640); err != nil {
		return report, fault.New(fault.Unavailable, "data_folder", "数据文件夹不能写入，请检查权限。").At("%s", dir).Because(err)
	}
	return report, os.Rename(part, report.File)
}
