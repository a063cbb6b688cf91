package app

import (
	"context"
	"net/url"
	"os"
	"reflect"
	"runtime/debug"
	"strings"
	"time"
	"unicode"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/jobs"
	"gongkai/internal/ledger"
	"gongkai/internal/mail"
	"gongkai/internal/web/desk"
)

// dependencyLabels are what pages call the dependencies.
var dependencyLabels = map[string]string{"database": "数据库连接", "blobs": "附件存储", "search": "检索", "jobs": "后台任务"}

// failedShown is how many failed jobs a page lists.
const failedShown = 30

// system tells how the program stands. A dependency that is missing stands in
// the answer; only what the page cannot do without is an error.
func (a *App) system(ctx context.Context) (s desk.System, err error) {
	defer fault.Wrap(&err, "app.system")
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	s = desk.System{Version: version(), Engine: string(a.DB.Engine()), Started: started, Mail: mail.Enabled(a.mail), Settings: settings(a.cfg, os.LookupEnv)}
	for _, d := range a.dependencies() {
		c := desk.Check{Label: dependencyLabels[d.name]}
		if err := d.ask(ctx); err != nil {
			c.Wrong = fault.Public(err)
		}
		s.Checks = append(s.Checks, c)
	}
	err = a.DB.View(ctx, func(tx *db.Tx) error {
		s.Head, err = ledger.Head(ctx, tx)
		return err
	})
	if err != nil {
		return s, err
	}
	s.Indexed, _ = a.engine.Cursor() // its own check says what is wrong with it
	if s.Schema, err = a.DB.Version(ctx); err != nil {
		return s, err
	}
	if s.Database, err = a.DB.Size(ctx); err != nil {
		return s, err
	}
	s.Free = freeBytes(a.cfg.Data)
	if s.Counts, err = jobs.Counts(ctx, a.DB); err != nil {
		return s, err
	}
	s.Failed, err = a.jobs.List(ctx, jobs.Filter{States: []jobs.State{jobs.Retryable, jobs.Discarded, jobs.Cancelled}, Limit: failedShown})
	return s, err
}

// started is when this process began.
var started = time.Now()

// version is the program's own version: the module's, or the revision that it
// was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	words := []string{strings.TrimPrefix(info.Main.Version, "(devel)")}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			words = append(words, s.Value)
		}
	}
	return strings.TrimSpace(strings.Join(append(words, info.GoVersion), " "))
}

// settings lists the configuration with where each value comes from. A value
// that differs from the default and is not that of its environment variable
// came by a flag or by the file.
func settings(c StoreConfig, env func(string) (string, bool)) (list []desk.Setting) {
	each(reflect.ValueOf(c), func(f reflect.StructField, value string) {
		s := desk.Setting{Name: flagName(f), Value: value, About: f.Tag.Get("help"), Source: "命令行或配置文件"}
		if e, set := env("GONGKAI_" + strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_"))); set && e == value {
			s.Source = "环境变量"
		} else if value == f.Tag.Get("default") {
			s.Source = "默认"
		}
		s.Value = discreet(s.Name, value)
		list = append(list, s)
	})
	return list
}

func each(v reflect.Value, tell func(f reflect.StructField, value string)) {
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.Type.Kind() == reflect.Struct {
			each(v.Field(i), tell)
		} else {
			tell(f, v.Field(i).String())
		}
	}
}

// flagName is the name of the flag of a field: its tag, or the field's name
// with hyphens before capitals that begin a word.
func flagName(f reflect.StructField) string {
	if name := f.Tag.Get("name"); name != "" {
		return name
	}
	var b strings.Builder
	runes := []rune(f.Name)
	for i, r := range runes {
		begins := unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if begins {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// discreet hides what nobody should read from a page: secrets, and passwords
// within addresses.
func discreet(name, value string) string {
	if value == "" {
		return ""
	}
	if strings.Contains(name, "secret") {
		return "（已设定）"
	}
	if !strings.Contains(value, "://") {
		return value
	}
	u, err := url.Parse(value)
	if err != nil {
		return "（已设定）"
	}
	q := u.Query()
	for key := range q {
		if low := strings.ToLower(key); strings.Contains(low, "secret") || strings.Contains(low, "password") || strings.Contains(low, "key") {
			q.Set(key, "…")
		}
	}
	if len(q) > 0 {
		u.RawQuery = q.Encode()
	}
	return u.Redacted()
}
