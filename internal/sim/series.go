package sim

import (
	"strings"
	"text/template"

	"gongkai/internal/civil"
	"gongkai/internal/publication"
)

// Days of the plan's year.
var (
	planStart = civil.On(2021, 6, 11)
	planEnd   = civil.On(2021, 12, 31)
)

// series are the templates of records that come again and again: each a file
// in city/series, filled with the facts of one unit and one period.
type series struct{ *template.Template }

func readSeries() (*series, error) {
	t, err := template.New("").Option("missingkey=error").Funcs(template.FuncMap{
		"join":    func(list []string) string { return strings.Join(list, "、") },
		"inc":     func(i int) int { return i + 1 },
		"ordinal": func(i int) string { return numerals[i] },
	}).ParseFS(city, "city/series/*.md")
	if err != nil {
		return nil, err
	}
	return &series{t}, nil
}

var numerals = strings.Split("一、二、三、四、五、六、七、八、九、十、十一、十二、十三、十四、十五、十六、十七、十八、十九、二十", "、")

// render fills the template of a name.
func (s *series) render(name string, facts any) (publication.Body, error) {
	var out strings.Builder
	if err := s.ExecuteTemplate(&out, name+".md", facts); err != nil {
		return publication.Body{}, err
	}
	return markdown(out.String()), nil
}
