package app

import "testing"

func TestSettingsTellTheirSourceAndKeepSecrets(t *testing.T) {
	env := map[string]string{"GONGKAI_PUBLIC_URL": "https://www.example.gov.cn", "GONGKAI_SSO_SECRET": "geheim-7"}
	c := StoreConfig{Data: "./data", LogLevel: "info", PublicURL: "https://www.example.gov.cn", Database: "postgres://gk:geheim-7@db:5432/gk",
		Mail: "smtp://post:geheim-7@mail:587?from=a@example.gov.cn", Blobs: "s3://bucket?secretKey=geheim-7", SignIn: SignInConfig{SSOSecret: "geheim-7", SSOLabel: "市认证"}}
	got := map[string][2]string{}
	for _, s := range settings(c, func(name string) (string, bool) { v, ok := env[name]; return v, ok }) {
		if s.About == "" {
			t.Errorf("--%s is not explained", s.Name)
		}
		got[s.Name] = [2]string{s.Value, s.Source}
	}
	for name, want := range map[string][2]string{
		"log-level":  {"info", "默认"},
		"public-url": {"https://www.example.gov.cn", "环境变量"},
		"database":   {"postgres://gk:xxxxx@db:5432/gk", "命令行或配置文件"},
		"mail":       {"smtp://post:xxxxx@mail:587?from=a%40example.gov.cn", "命令行或配置文件"},
		"blobs":      {"s3://bucket?secretKey=%E2%80%A6", "命令行或配置文件"},
		"sso-secret": {"（已设定）", "环境变量"},
		"sso-label":  {"市认证", "命令行或配置文件"},
		"clamd":      {"", "默认"},
	} {
		if got[name] != want {
			t.Errorf("--%s: got %q, want %q", name, got[name], want)
		}
	}
}
