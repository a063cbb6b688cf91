package privacy

import (
	"context"
	"os"
	"testing"
)

func TestTry(t *testing.T) {
	ctx := context.Background()
	d, _ := os.ReadFile("testdata/list.pdf")
	show(t, ctx, "list.pdf", d)
	p := pdfOf(t, pdfInfo, "BT /F2 12 Tf 100 700 Td (Tel 13800138000) Tj ET 0 0 0 rg 90 695 200 20 re f\n", []pdfLine{{100, 750, "题目"}})
	show(t, ctx, "c.pdf", p)
}

func show(t *testing.T, ctx context.Context, name string, data []byte) {
	media, err := Check(name, data, Limits{})
	t.Log(name, media, err)
	r, err := ScanFile(ctx, name, data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		t.Logf("%s %s [%d:%d] %q -> %q (%s)", f.Kind, f.Place, f.Start, f.End, f.Match[:min(len(f.Match), 40)], f.Masked, f.Excerpt)
	}
	out, removed, err := Clean(ctx, name, data)
	t.Log("clean", len(data), len(out), removed, err)
	os.WriteFile("/tmp/clean-"+name, out, 0o600)
	out, err = MaskFile(ctx, name, data, r.Findings)
	if err != nil {
		t.Errorf("mask %s: %v", name, err)
		return
	}
	os.WriteFile("/tmp/mask-"+name, out, 0o600)
	r, err = ScanFile(ctx, name, out, Options{})
	t.Log("after:", byKind(r.Findings), err)
}
