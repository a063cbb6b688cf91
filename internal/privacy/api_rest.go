package privacy

import (
	"context"
)

// MediaType is the media type of a file by its content: application/pdf.
type MediaType string

// ScanHTML is ScanText for the visible text of HTML, with what the page hides.
func ScanHTML(place, src string, o Options) []Finding { return nil }

// ScanFile looks at everything a file holds.
func ScanFile(ctx context.Context, name string, data []byte, o Options) (FileReport, error) {
	return FileReport{}, nil
}

// MaskHTML masks findings in the HTML they were found in.
func MaskHTML(src string, findings []Finding) string { return src }

// MaskFile masks and removes findings.
func MaskFile(ctx context.Context, name string, data []byte, findings []Finding) (out []byte, err error) {
	return data, nil
}

// Clean strips metadata.
func Clean(ctx context.Context, name string, data []byte) (out []byte, removed []string, err error) {
	return data, nil, nil
}

// Check tells what a file is.
func Check(name string, data []byte, limits Limits) (MediaType, error) { return "", nil }

// Box is a rectangle of a page to be blacked out.
type Box struct {
	Page       int     // from 1
	X, Y, W, H float64 // points (1/72 inch) from the upper left corner of the page as shown
	Ground, By string  // why, in words, and who decided
}

// Redact blacks out boxes.
func Redact(ctx context.Context, pdf []byte, boxes []Box) ([]byte, error) { return pdf, nil }
