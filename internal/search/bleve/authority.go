package bleve

import "strings"

// Weights of authority. Laws bind everybody and stand above all that other
// organs issue, so an article of a law answers a question more often than one
// of a rule that repeats or details it. The figure is measured; see
// docs/decisions/0003-search.md.
const (
	authorityLaw   = 1.25
	authorityOther = 1
)

// authority is the factor by which relevance grows with the rank of a
// document, told from its name: only the National People's Congress names its
// acts 法 (《立法技术规范（试行）》; 条例, 规定, 办法 and 决定 are other forms).
func authority(title string) float32 {
	title = strings.TrimSpace(title)
	if i := strings.IndexAny(title, "（( 　"); i > 0 {
		title = title[:i]
	}
	for _, end := range []string{"法", "法典", "宪法"} {
		if strings.HasSuffix(title, end) && !strings.HasSuffix(title, "办法") {
			return authorityLaw
		}
	}
	return authorityOther
}
