package app

import (
	"slices"
	"testing"

	"gongkai/internal/fault"
)

func TestParseSynonyms(t *testing.T) {
	got, err := parseSynonyms("\ufeff# 常用说法\n低保、最低生活保障  # 社会救助\n\n驾照 驾驶证，机动车驾驶证\r\n")
	if err != nil || len(got) != 2 || !slices.Equal(got[0], []string{"低保", "最低生活保障"}) || len(got[1]) != 3 {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := parseSynonyms("低保 最低生活保障\n公积金\n"); fault.Public(err)[:len("第2行")] != "第2行" {
		t.Errorf("a lone word: %v", err)
	}
}
