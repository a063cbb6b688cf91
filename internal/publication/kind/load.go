package kind

import (
	"cmp"
	"embed"
	"encoding/json"
	"io/fs"
	"slices"
	"strings"

	"gongkai/internal/fault"
)

//go:embed kinds/*.json
var builtIn embed.FS

// Set is a set of kinds. It does not change once loaded and may be shared.
type Set struct {
	list   []*Kind
	byCode map[string]*Kind
}

// Load reads the built-in kinds and then those in dir, which may be nil:
// a file there replaces the kind of the same code or adds a new one. A file
// that is wrong is an Invalid fault that names file, key and what is expected.
func Load(dir fs.FS) (*Set, error) {
	k := &Set{byCode: map[string]*Kind{}}
	inside, err := fs.Sub(builtIn, "kinds")
	if err != nil {
		return nil, err
	}
	for _, from := range []fs.FS{inside, dir} {
		if from == nil {
			continue
		}
		if err := k.read(from); err != nil {
			return nil, err
		}
	}
	for _, kind := range k.byCode {
		k.list = append(k.list, kind)
	}
	slices.SortFunc(k.list, func(a, b *Kind) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Code, b.Code))
	})
	return k, nil
}

func (k *Set) read(dir fs.FS) error {
	names, err := fs.Glob(dir, "*.json")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return fault.New(fault.Unavailable, "kind_unreadable", "读不了这个种类文件，请检查权限。").At("%s", name).Because(err)
		}
		kind, err := Parse(name, text)
		if err != nil {
			return err
		}
		k.byCode[kind.Code] = kind
	}
	return nil
}

// All are the kinds in their order. The slice is not to be changed.
func (k *Set) All() []*Kind { return k.list }

// Get finds a kind by its code.
func (k *Set) Get(code string) (*Kind, bool) {
	kind, ok := k.byCode[code]
	return kind, ok
}

// Codes lists code and label of every kind, for messages.
func (k *Set) Codes() string {
	names := make([]string, len(k.list))
	for i, kind := range k.list {
		names[i] = kind.Code + "（" + kind.Label + "）"
	}
	return strings.Join(names, "、")
}

// Parse reads one kind. name is the file's, for messages.
func Parse(name string, text []byte) (*Kind, error) {
	var kind Kind
	dec := json.NewDecoder(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&kind); err != nil {
		return nil, kindFault(name, "", "不是合格的种类描述：%s。写法见内置的种类，如 policy.json。", JSONProblem(err))
	}
	if err := kind.check(name); err != nil {
		return nil, err
	}
	return &kind, nil
}

func kindFault(file, key, format string, args ...any) error {
	f := fault.New(fault.Invalid, "kind_bad", format, args...)
	if key == "" {
		return f.At("%s", file)
	}
	return f.At("%s %s", file, key)
}
