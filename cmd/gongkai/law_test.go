package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"gongkai/internal/app"
	"gongkai/internal/fault"
)

// runLaw parses args as the law verb's and runs it.
func runLaw(t *testing.T, asJSON bool, args ...string) (string, error) {
	t.Helper()
	var c struct {
		Law lawCmd `cmd:""`
	}
	parser, err := kong.New(&c, kong.Exit(func(int) { t.Fatal("the parser left") }))
	if err != nil {
		t.Fatal(err)
	}
	call, err := parser.Parse(append([]string{"law"}, args...))
	if err != nil {
		return "", err
	}
	var stdout, stderr bytes.Buffer
	err = call.Run(&output{Stdout: &stdout, Stderr: &stderr, JSON: asJSON}, app.StoreConfig{})
	if stderr.Len() > 0 {
		t.Errorf("law %q writes to standard error: %s", args, stderr.String())
	}
	return stdout.String(), err
}

func TestLawText(t *testing.T) {
	tests := []struct {
		args string
		want []string // parts, in order
	}{
		{"workday 2026-02-14", []string{"2026年2月14日（星期六）是工作日", "春节调休上班", "依据：《国务院办公厅关于2026年部分节假日安排的通知》"}},
		{"workday 2026-02-16", []string{"不是工作日", "春节放假"}},
		{"workday 2027-02-05", []string{"不是工作日", "按固定规则推算", "没有收录2027年", "国务院令第795号"}},
		{"due --from 2026-02-10 --days 7", []string{"2026年2月10日后第7个工作日：2026年2月26日（星期四）", "依据："}},
		{"due --from 2026-02-26 --days=-7", []string{"前第7个工作日：2026年2月10日"}},
		{"due --from 2027-02-10 --days 7", []string{"暂估"}},
		{"due --from 2026-02-10 --days 7 --explain", []string{"02-10 不计", "02-11 第1日", "02-14 第4日", "02-15 不计", "02-26 第7日"}},
		{"fee --cases 55", []string{"55件，合计9000元", "第51至60件：5件 × 400元 = 2000元", "国办函〔2020〕109号", "未确认 A1"}},
		{"fee --pages 201", []string{"201页，合计2740元", "第201页以上：1页 × 40元 = 40元", "第四十二条"}},
	}
	for _, tt := range tests {
		got, err := runLaw(t, false, strings.Fields(tt.args)...)
		if err != nil {
			t.Errorf("law %s: %v", tt.args, err)
			continue
		}
		rest := got
		for _, part := range tt.want {
			_, after, ok := strings.Cut(rest, part)
			if !ok {
				t.Errorf("law %s: %q is missing in\n%s", tt.args, part, got)
				break
			}
			rest = after
		}
		if strings.Contains(got, "第10日") && !strings.Contains(tt.args, "explain") {
			t.Errorf("law %s explains unasked", tt.args)
		}
	}
}

// The keys and values of the JSON are fixed: others script them.
func TestLawJSON(t *testing.T) {
	t.Run("workday", func(t *testing.T) {
		got := lawJSON(t, "workday", "2026-02-14")
		want := map[string]any{"date": "2026-02-14", "workday": true, "kind": "makeup_workday", "provisional": false}
		hasAll(t, got, want)
		for _, key := range []string{"why", "basis"} {
			if s, _ := got[key].(string); s == "" {
				t.Errorf("%s is missing", key)
			}
		}
	})
	t.Run("due", func(t *testing.T) {
		got := lawJSON(t, "due", "--from", "2025-12-31", "--days", "1")
		hasAll(t, got, map[string]any{"from": "2025-12-31", "days": 1.0, "due": "2026-01-04", "provisional": false})
		steps, _ := got["steps"].([]any)
		want := []map[string]any{
			{"date": "2025-12-31", "kind": "start", "counted": false},
			{"date": "2026-01-01", "kind": "holiday", "counted": false},
			{"date": "2026-01-02", "kind": "holiday", "counted": false},
			{"date": "2026-01-03", "kind": "holiday", "counted": false},
			{"date": "2026-01-04", "kind": "makeup_workday", "counted": true},
		}
		if len(steps) != len(want) {
			t.Fatalf("%d steps, want %d", len(steps), len(want))
		}
		for i, s := range steps {
			hasAll(t, s.(map[string]any), want[i])
		}
	})
	t.Run("fee", func(t *testing.T) {
		got := lawJSON(t, "fee", "--pages", "350")
		hasAll(t, got, map[string]any{"quantity": 350.0, "total": 8700.0})
		tiers, _ := got["tiers"].([]any)
		if len(tiers) != 4 {
			t.Fatalf("%d tiers", len(tiers))
		}
		hasAll(t, tiers[2].(map[string]any), map[string]any{"from": 101.0, "to": 200.0, "unit_price": 20.0, "count": 100.0, "amount": 2000.0})
		hasAll(t, tiers[3].(map[string]any), map[string]any{"from": 201.0, "to": nil, "unit_price": 40.0, "count": 150.0, "amount": 6000.0})
	})
	t.Run("no cases", func(t *testing.T) {
		got := lawJSON(t, "fee", "--cases", "0")
		if tiers, ok := got["tiers"].([]any); !ok || len(tiers) != 0 || got["total"] != 0.0 {
			t.Errorf("nothing costs %v with tiers %v", got["total"], got["tiers"])
		}
	})
}

func lawJSON(t *testing.T, args ...string) map[string]any {
	t.Helper()
	text, err := runLaw(t, true, args...)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return got
}

func hasAll(t *testing.T, got, want map[string]any) {
	t.Helper()
	for key, value := range want {
		if v, ok := got[key]; !ok || v != value {
			t.Errorf("%s is %v, want %v", key, v, value)
		}
	}
}

func TestLawRefuses(t *testing.T) {
	for _, args := range []string{
		"workday 2021-02-30", "workday 二〇二一年六月", "due --from 2021-6-1 --days 20", "due --from 2021-06-01 --days 20.5",
		"due --from 2021-06-01 --days 99999999999999999999", "due --from 2021-06-01 --days 100000", "due --from 9999-12-31 --days 1",
		"fee --cases NaN", "fee --cases=-1", "fee --pages 1000000001", "fee --pages 1e3",
	} {
		if _, err := runLaw(t, false, strings.Fields(args)...); fault.KindOf(err) != fault.Invalid {
			t.Errorf("law %s: got %v, want an invalid fault", args, err)
		}
	}
	for _, args := range []string{"fee", "fee --cases 1 --pages 1", "due --from 2021-06-01", "workday"} {
		if _, err := runLaw(t, false, strings.Fields(args)...); err == nil || fault.KindOf(err) == fault.Invalid {
			t.Errorf("law %s: got %v, want a usage error", args, err)
		}
	}
}
