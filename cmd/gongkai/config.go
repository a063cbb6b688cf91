package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// fileConfig reads the configuration file: one JSON object whose keys are the
// long flags. A flag on the command line and an environment variable beat it;
// a key that no flag has is refused, since it would be silently ignored.
func fileConfig(r io.Reader) (kong.Resolver, error) {
	values := map[string]any{}
	if err := json.NewDecoder(r).Decode(&values); err != nil {
		return nil, fmt.Errorf("配置文件不是 JSON 对象：%w", err)
	}
	return configValues(values), nil
}

type configValues map[string]any

// Validate refuses keys that are no flags of any verb.
func (c configValues) Validate(app *kong.Application) error {
	var known []string
	err := kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known = append(known, flag.Name)
		}
		return next(nil)
	})
	if err != nil {
		return err
	}
	for key := range c {
		if !slices.Contains(known, key) {
			return fmt.Errorf("配置文件里的 %q 不是选项；可用的有 %s", key, strings.Join(known, "、"))
		}
	}
	return nil
}

// Resolve gives the file's value where neither the command line nor the
// environment has one.
func (c configValues) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil
		}
	}
	return c[flag.Name], nil
}
