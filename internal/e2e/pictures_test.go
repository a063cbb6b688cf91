package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// tallest is where the picture of a long page is cut off.
const tallest = 5000

// TestPictures writes a picture of every type of page, narrow and wide.
func TestPictures(t *testing.T) {
	if *shotsDir == "" {
		t.Skip("only with -shots")
	}
	if err := os.MkdirAll(*shotsDir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{390, 1280} {
		b := newTab(t, width)
		b.show(plain)
		eachVisit(t, b, all, func(b *tab, v visit, _ string) {
			height := min(tallest, eval[int](b, `document.documentElement.scrollHeight`))
			b.write(v.name, width, b.shoot(width, height))
		})
	}
	for _, l := range looks {
		b := newTab(t, 1280)
		b.show(l)
		eachVisit(t, b, varied, func(b *tab, v visit, _ string) { b.write(v.name+" "+l.name, 1280, b.shoot(1280, 1400)) })
	}
}

// shoot takes a picture of the page from its top.
func (b *tab) shoot(width, height int) []byte {
	b.Helper()
	shot, err := chromedp.Call(b.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: page.CaptureScreenshotFormatPng, CaptureBeyondViewport: new(true),
		Clip: &page.Viewport{Width: float64(width), Height: float64(height), Scale: 1},
	})
	if err != nil {
		b.Fatal(err)
	}
	return shot.Data
}

func (b *tab) write(name string, width int, picture []byte) {
	b.Helper()
	file := fmt.Sprintf("%s-%d.png", strings.ReplaceAll(name, " ", "-"), width)
	if err := os.WriteFile(filepath.Join(*shotsDir, file), picture, 0o644); err != nil {
		b.Fatal(err)
	}
}

// TestOverview writes the picture of the README: the home page on a desk, a
// document on a phone.
func TestOverview(t *testing.T) {
	if *shotsDir == "" {
		t.Skip("only with -shots")
	}
	const height, margin = 1000, 24
	home := newTab(t, 1280)
	home.show(plain)
	home.open("/", 200)
	doc := newTab(t, 390)
	doc.show(plain)
	doc.open(richDocument(newGuide(t)), 200)
	left, right := decode(t, home.shoot(1280, height)), decode(t, doc.shoot(390, height))

	sheet := image.NewRGBA(image.Rect(0, 0, 1280+390+3*margin, height+2*margin))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.RGBA{0xc9, 0xcc, 0xd1, 0xff}), image.Point{}, draw.Src)
	draw.Draw(sheet, image.Rect(margin, margin, margin+1280, margin+height), left, image.Point{}, draw.Src)
	draw.Draw(sheet, image.Rect(2*margin+1280, margin, 2*margin+1280+390, margin+height), right, image.Point{}, draw.Src)

	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, reduce(sheet)); err != nil {
		t.Fatal(err)
	}
	if out.Len() > 400_000 {
		t.Errorf("the picture has %d bytes, want under 400 kB", out.Len())
	}
	if err := os.WriteFile(filepath.Join(*shotsDir, "overview.png"), out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func decode(t *testing.T, picture []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// reduce is the picture in its 256 most frequent colours, each pixel in the
// nearest: text on flat grounds loses nothing that one sees.
func reduce(img *image.RGBA) *image.Paletted {
	count := map[color.RGBA]int{}
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			count[img.RGBAAt(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int { return count[b] - count[a] })
	palette := make(color.Palette, 0, 256)
	for _, c := range colours[:min(256, len(colours))] {
		palette = append(palette, c)
	}
	out := image.NewPaletted(b, palette)
	draw.Draw(out, b, img, b.Min, draw.Src)
	return out
}
