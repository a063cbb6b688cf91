package app

import (
	"log/slog"
	"path/filepath"
	"time"
)

// Config is everything that can be set, whether by flag, by environment
// variable (GONGKAI_ and the flag's name in capitals) or by file (JSON with
// the flags' names); a flag beats the environment, which beats the file. The
// defaults stand in the tags, each with its reason in the help text.
type Config struct {
	Store StoreConfig `embed:""`
	Serve ServeConfig `embed:""`
}

// SignInConfig says how officials sign in, see access.Policy.
type SignInConfig struct {
	SecondFactor string `placeholder:"ROLE,…" default:"signer,office,system_admin,security_admin,audit_admin" help:"必须用一次性验证码的角色；写 none 则不要求（只宜用于封闭网络）。"`
	SSOIssuer    string `name:"sso-issuer" placeholder:"URL" help:"统一身份认证（OpenID Connect）的地址；不写则不用。"`
	SSOClient    string `name:"sso-client" placeholder:"ID" help:"本程序在统一身份认证里的编号。"`
	SSOSecret    string `name:"sso-secret" placeholder:"SECRET" help:"对应的密钥；宜用环境变量 GONGKAI_SSO_SECRET 给出。"`
	SSOClaim     string `name:"sso-claim" default:"preferred_username" enum:"preferred_username,email" help:"用哪一项对应账号：preferred_username（登录名）或 email。"`
	SSOLabel     string `name:"sso-label" default:"统一身份认证" help:"登录按钮上的名称。"`
}

// StoreConfig says where things are kept. Every verb takes it.
type StoreConfig struct {
	Data      string       `placeholder:"DIR" default:"./data" help:"数据文件夹（默认 ./data）；下面三项没有写明时都放在里面。"`
	Database  string       `placeholder:"URL" help:"数据库：sqlite:路径 或 postgres://…（默认数据文件夹里的 SQLite）。"`
	Blobs     string       `placeholder:"URL" help:"附件：file:///目录 或 s3://桶名?…（默认数据文件夹里的 blobs）。"`
	Search    string       `placeholder:"URL" help:"检索：bleve:目录（默认数据文件夹里的 index）。"`
	PublicURL string       `placeholder:"URL" help:"公众看到的网址，如 https://www.example.gov.cn（用于订阅、网站地图和邮件里的链接；默认按请求推断）。"`
	LogLevel  string       `default:"info" enum:"debug,info,warn,error" help:"日志详细程度：debug、info、warn、error。"`
	SignIn    SignInConfig `embed:""`
	Mail      string       `placeholder:"URL" help:"寄信：smtp://用户:密码@主机:587?from=地址、smtps://…、file:文件夹?from=地址（存成信件文件），或 off（默认不寄）。"`
	Clamd     string       `placeholder:"ADDR" help:"病毒扫描（clamd）的地址：tcp:主机:端口 或 unix:路径；不写则不扫描。"`
}

// ServeConfig says how the server runs.
type ServeConfig struct {
	Addr        string        `placeholder:"HOST:PORT" default:"127.0.0.1:8080" help:"网页和接口的地址；默认只给本机，前面放反向代理。"`
	MetricsAddr string        `placeholder:"HOST:PORT" default:"127.0.0.1:9180" help:"监控指标的地址，与网页分开，不对公众开放；写 off 则不开。"`
	Demo        bool          `help:"演示城市：数据放在数据文件夹的 demo 里，时钟停在演示的那一天。"`
	RateLimit   int           `default:"600" help:"每个地址每分钟最多多少次请求，网页、检索和接口各算各的（0 为不限）。"`
	Grace       time.Duration `default:"10s" help:"停止时最多等多久让正在进行的请求做完。"`
}

// DatabaseURL is the store's address, derived from the data folder where it
// is not set.
func (c StoreConfig) DatabaseURL() string {
	return or(c.Database, "sqlite:"+filepath.Join(c.Data, "gongkai.db"))
}

// BlobsURL is the address of the attachments.
func (c StoreConfig) BlobsURL() string {
	if c.Blobs != "" {
		return c.Blobs
	}
	dir, err := filepath.Abs(filepath.Join(c.Data, "blobs"))
	if err != nil {
		dir = filepath.Join(c.Data, "blobs")
	}
	return "file://" + filepath.ToSlash(dir)
}

// SearchURL is the address of the index.
func (c StoreConfig) SearchURL() string {
	return or(c.Search, "bleve:"+filepath.Join(c.Data, "index"))
}

// Level is the log level that LogLevel names; Info for anything else.
func (c StoreConfig) Level() slog.Level {
	var l slog.Level
	if err := l.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return slog.LevelInfo
	}
	return l
}

func or(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}
