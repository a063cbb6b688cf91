package ui

import (
	"context"
	"net/http"
	"strings"
)

// Site is what a page says about the site it stands on. Values are not changed
// after they are first used.
type Site struct {
	Slug      string // stable short name, part of the cache key
	Name      string // 永州市政务公开
	Place     string // 永州: the name of the place, for sentences and the masthead
	Prefix    string // path prefix of links, "" or "/s/lingling"
	Origin    string // https://www.example.gov.cn, for feeds and maps; "" makes links relative to the request
	Organizer string // 主办单位
	Contact   string // telephone and address of the organizer
	IDCode    string // 网站标识码
	ICP       string // ICP备案编号
	Police    string // 公安机关备案号
	MarkURL   string // 党政机关网站标识's certificate page; "" where none was issued
	ErrorURL  string // “我为政府网站找错” entry; "" leads to this site's own explanation
}

// Domain is the host of Origin, for the SiteDomain tag.
func (s *Site) Domain() string {
	_, host, _ := strings.Cut(s.Origin, "://")
	return host
}

type siteKey struct{}

// WithSite is r on a site.
func WithSite(r *http.Request, site *Site) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), siteKey{}, site))
}

var noSite = &Site{}

// SiteOf is the site that WithSite gave the request, and an empty one for a
// request without.
func SiteOf(r *http.Request) *Site {
	if s, ok := r.Context().Value(siteKey{}).(*Site); ok {
		return s
	}
	return noSite
}

// NavItem is an entry of the main navigation.
type NavItem struct {
	Label string
	Path  string // without the site's prefix
}

// Link is a labelled address. Path begins with "/" and has no site prefix, or
// is a complete address of another host, or is empty for what leads nowhere.
type Link struct {
	Label string
	Path  string
}

// External tells whether the link leads to another host.
func (l Link) External() bool {
	return strings.HasPrefix(l.Path, "https://") || strings.HasPrefix(l.Path, "http://")
}

// Column is the column (栏目) that a page belongs to, for the tags that the
// guideline for government sites requires (国办发〔2017〕47号).
type Column struct {
	Name        string
	Description string
	Keywords    string
	Type        string // one of the guideline's values: 政策文件, 信息公开目录 …
}

// Content is the content that a page carries, for the same guideline's tags.
type Content struct {
	Title       string
	PubDate     string // YYYY-MM-DD HH:MM
	Source      string // 来源
	Keywords    string
	Description string
}
