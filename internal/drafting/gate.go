package drafting

import (
	"context"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/privacy"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
)

// Gate is the privacy gate as drafts use it. It must be safe for concurrent
// use, and ScanLine fast: it runs in the transaction that saves a text.
type Gate interface {
	// ScanLine finds what should perhaps not be published in all texts of a line.
	ScanLine(line *publication.Line, k *kind.Kind, today civil.Date) []privacy.Finding
	// MaskLine masks the findings with these keys in line, or takes them out.
	MaskLine(line *publication.Line, k *kind.Kind, today civil.Date, keys map[string]bool, remove bool)
	// TakeFile looks at a file that comes in: what it is, its copy without metadata,
	// and what it still shows.
	TakeFile(ctx context.Context, name string, data []byte, today civil.Date) (Taken, error)
	// MaskFile masks findings in a file and takes out what cannot be masked.
	MaskFile(ctx context.Context, name string, data []byte, today civil.Date, keys map[string]bool, remove bool) (Taken, error)
}

// Taken is a file as the gate lets it in.
type Taken struct {
	Data      []byte
	MediaType string
	Removed   []string // what cleaning took out, in words
	Findings  []privacy.Finding
	Warnings  []string // what could not be looked at
}

// PrivacyGate is the gate of package privacy.
type PrivacyGate struct {
	Limits privacy.Limits
	// Public are telephone numbers, addresses and mailboxes that organs publish of
	// themselves; they are no findings. nil is none.
	Public func() []string
}

func (g PrivacyGate) options(today civil.Date) privacy.Options {
	o := privacy.Options{Today: today, Limits: g.Limits}
	if g.Public != nil {
		o.Public = g.Public()
	}
	return o
}

func scanPassage(place, text string, format document.Format, o privacy.Options) []privacy.Finding {
	if format == document.HTML {
		return privacy.ScanHTML(place, text, o)
	}
	return privacy.ScanText(place, text, o)
}

// ScanLine looks at every passage of the line.
func (g PrivacyGate) ScanLine(line *publication.Line, k *kind.Kind, today civil.Date) []privacy.Finding {
	var found []privacy.Finding
	o := g.options(today)
	passages(line, k, func(place, text string, format document.Format) string {
		found = append(found, scanPassage(place, text, format, o)...)
		return text
	})
	return found
}

// MaskLine masks passage by passage.
func (g PrivacyGate) MaskLine(line *publication.Line, k *kind.Kind, today civil.Date, keys map[string]bool, remove bool) {
	o := g.options(today)
	passages(line, k, func(place, text string, format document.Format) string {
		chosen := choose(scanPassage(place, text, format, o), keys, remove)
		switch {
		case len(chosen) == 0:
			return text
		case format == document.HTML:
			return privacy.MaskHTML(text, chosen)
		}
		return privacy.MaskText(text, chosen)
	})
}

// choose keeps the findings with these keys, to be masked or taken out.
func choose(found []privacy.Finding, keys map[string]bool, remove bool) []privacy.Finding {
	var chosen []privacy.Finding
	for _, f := range found {
		if keys[f.Key] {
			if remove {
				f.Masked = ""
			}
			chosen = append(chosen, f)
		}
	}
	return chosen
}

// TakeFile checks, cleans and scans.
func (g PrivacyGate) TakeFile(ctx context.Context, name string, data []byte, today civil.Date) (Taken, error) {
	media, err := privacy.Check(name, data, g.Limits)
	if err != nil {
		return Taken{}, err
	}
	clean, removed, err := privacy.Clean(ctx, name, data)
	if err != nil {
		return Taken{}, err
	}
	return g.scanned(ctx, name, Taken{Data: clean, MediaType: string(media), Removed: removed}, today)
}

func (g PrivacyGate) scanned(ctx context.Context, name string, t Taken, today civil.Date) (Taken, error) {
	report, err := privacy.ScanFile(ctx, name, t.Data, g.options(today))
	t.Findings, t.Warnings = report.Findings, report.Warnings
	return t, err
}

// MaskFile masks what privacy.MaskFile can mask; what it cannot is an error.
func (g PrivacyGate) MaskFile(ctx context.Context, name string, data []byte, today civil.Date, keys map[string]bool, remove bool) (Taken, error) {
	report, err := privacy.ScanFile(ctx, name, data, g.options(today))
	if err != nil {
		return Taken{}, err
	}
	out, err := privacy.MaskFile(ctx, name, data, choose(report.Findings, keys, remove))
	if err != nil {
		return Taken{}, err
	}
	return g.scanned(ctx, name, Taken{Data: out}, today)
}
