package ui

import (
	"errors"
	"fmt"
	"html/template"
	"maps"
	"reflect"
	"text/template/parse"
)

// checkTypes holds a page's template to the struct that feeds it: every field
// and method that any branch names must exist. What a template asks of an
// interface, or of the result of a built-in function, is not known before it
// runs and passes.
func checkTypes(set *template.Template, page reflect.Type) error {
	c := &typeChecker{set: set, seen: map[seenTemplate]bool{}}
	c.call(root, page)
	return errors.Join(c.errs...)
}

type typeChecker struct {
	set  *template.Template
	seen map[seenTemplate]bool
	errs []error
}

type seenTemplate struct {
	name string
	dot  reflect.Type
}

// scope is what a node can see. A nil type is unknown.
type scope struct {
	name string // of the template, for messages
	dot  reflect.Type
	vars map[string]reflect.Type
}

func (s scope) inner(dot reflect.Type) scope {
	return scope{s.name, dot, maps.Clone(s.vars)}
}

func (c *typeChecker) call(name string, dot reflect.Type) {
	key := seenTemplate{name, dot}
	t := c.set.Lookup(name)
	if c.seen[key] || t == nil || t.Tree == nil {
		return
	}
	c.seen[key] = true
	c.walk(t.Tree.Root, scope{name, dot, map[string]reflect.Type{"$": dot}})
}

func (c *typeChecker) walk(n parse.Node, s scope) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, child := range n.Nodes {
			c.walk(child, s)
		}
	case *parse.ActionNode:
		c.pipe(n.Pipe, s)
	case *parse.IfNode:
		in := s.inner(s.dot)
		c.pipe(n.Pipe, in)
		c.walk(n.List, in)
		c.walk(n.ElseList, s.inner(s.dot))
	case *parse.WithNode:
		in := s.inner(s.dot)
		in.dot = c.pipe(n.Pipe, in)
		c.walk(n.List, in)
		c.walk(n.ElseList, s.inner(s.dot))
	case *parse.RangeNode:
		c.rangeOver(n, s)
	case *parse.TemplateNode:
		c.call(n.Name, c.pipe(n.Pipe, s))
	}
}

func (c *typeChecker) rangeOver(n *parse.RangeNode, s scope) {
	in := s.inner(s.dot)
	key, elem := elements(c.pipe(n.Pipe, in))
	in.dot = elem
	switch decl := n.Pipe.Decl; len(decl) {
	case 1:
		in.vars[decl[0].Ident[0]] = elem
	case 2:
		in.vars[decl[0].Ident[0]], in.vars[decl[1].Ident[0]] = key, elem
	}
	c.walk(n.List, in)
	c.walk(n.ElseList, s.inner(s.dot))
}

// elements are the types of key and value that ranging over t gives.
func elements(t reflect.Type) (key, elem reflect.Type) {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return nil, nil
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return reflect.TypeFor[int](), t.Elem()
	case reflect.Map:
		return t.Key(), t.Elem()
	}
	return nil, nil
}

// pipe checks a pipeline and tells the type of its value. Variables that it
// declares are added to the scope.
func (c *typeChecker) pipe(p *parse.PipeNode, s scope) (t reflect.Type) {
	if p == nil {
		return nil
	}
	for _, cmd := range p.Cmds {
		t = c.operand(cmd.Args[0], s)
		for _, arg := range cmd.Args[1:] {
			c.operand(arg, s)
		}
	}
	for _, v := range p.Decl {
		s.vars[v.Ident[0]] = t
	}
	return t
}

func (c *typeChecker) operand(n parse.Node, s scope) reflect.Type {
	switch n := n.(type) {
	case *parse.DotNode:
		return s.dot
	case *parse.FieldNode:
		return c.chain(s.dot, n.Ident, s)
	case *parse.VariableNode:
		return c.chain(s.vars[n.Ident[0]], n.Ident[1:], s)
	case *parse.ChainNode:
		return c.chain(c.operand(n.Node, s), n.Field, s)
	case *parse.PipeNode:
		return c.pipe(n, s)
	case *parse.IdentifierNode:
		if f, ok := funcs[n.Ident]; ok {
			return reflect.TypeOf(f).Out(0)
		}
	case *parse.StringNode:
		return reflect.TypeFor[string]()
	}
	return nil
}

// chain follows names from a type.
func (c *typeChecker) chain(t reflect.Type, names []string, s scope) reflect.Type {
	for _, name := range names {
		if t == nil || t.Kind() == reflect.Interface {
			return nil
		}
		next, ok := member(t, name)
		if !ok {
			c.errs = append(c.errs, fmt.Errorf("template %q asks %v for %s, which it does not have", s.name, t, name))
			return nil
		}
		t = next
	}
	return t
}

// member is the type of a method's result, a field or a map's value.
func member(t reflect.Type, name string) (reflect.Type, bool) {
	pointer := t
	if t.Kind() != reflect.Pointer {
		pointer = reflect.PointerTo(t)
	}
	if m, ok := pointer.MethodByName(name); ok && m.Type.NumOut() > 0 {
		return m.Type.Out(0), true
	}
	switch t = pointer.Elem(); t.Kind() {
	case reflect.Struct:
		if f, ok := t.FieldByName(name); ok && f.IsExported() {
			return f.Type, true
		}
	case reflect.Map:
		return t.Elem(), true
	}
	return nil, false
}
