package access

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Policy is what a city may set about signing in. Fields at zero take the
// values of DefaultPolicy.
type Policy struct {
	Idle          time.Duration // a session ends after this long without a request
	Absolute      time.Duration // and after this long in any case
	Touch         time.Duration // how often the last request is written down
	Confirm       time.Duration // how long a re-authentication counts for changes to one's own sign-in
	Link          time.Duration // life of an invitation or reset
	Device        time.Duration // how long a browser is known after its last sign-in
	PasswordRunes int           // shortest password, in characters
	History       int           // how many earlier passwords cannot come back
	Hash          Hash
	// SecondFactor names the roles that cannot work without one-time codes.
	// Nil takes the default; empty but not nil asks it of nobody.
	SecondFactor []Role
	Delays       []time.Duration // wait after the first, second … failure in a row; the last goes on
	AddressFree  int             // failures of one address before Delays begin: many sit behind one
	Forget       time.Duration   // failures are forgotten after this long without one
	BaseURL      string          // where the public address of the program begins, for letters; no slash at the end
	Issuer       string          // what authenticator programs call this one
	SSO          SSO             // single sign-on; none where Issuer is empty
}

// Hash are the parameters of argon2id (RFC 9106). A stored password that was
// made with others is hashed again at the next sign-in.
type Hash struct {
	Memory      uint32 // KiB
	Iterations  uint32
	Parallelism uint8
}

// DefaultPolicy is what holds where nothing is set. 30 minutes and 12 hours
// are a lunch break and a working day; argon2id takes 64 MiB, 2 passes, about
// a tenth of a second; the longest delay is short enough that nobody can keep
// somebody else out by failing for them.
func DefaultPolicy() Policy {
	return Policy{
		Idle: 30 * time.Minute, Absolute: 12 * time.Hour, Touch: time.Minute,
		Confirm: 10 * time.Minute, Link: 72 * time.Hour, Device: 180 * 24 * time.Hour,
		PasswordRunes: 10, History: 5,
		Hash:         Hash{Memory: 64 << 10, Iterations: 2, Parallelism: 1},
		SecondFactor: []Role{Signer, Office, SystemAdmin, SecurityAdmin, AuditAdmin},
		Delays:       []time.Duration{0, 0, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute},
		AddressFree:  20,
		Forget:       24 * time.Hour,
		Issuer:       "政务公开",
	}
}

// filled takes default values for fields at zero.
func (p Policy) filled() Policy {
	d := DefaultPolicy()
	for _, f := range []struct {
		value *time.Duration
		other time.Duration
	}{
		{&p.Idle, d.Idle}, {&p.Absolute, d.Absolute}, {&p.Touch, d.Touch}, {&p.Confirm, d.Confirm},
		{&p.Link, d.Link}, {&p.Device, d.Device}, {&p.Forget, d.Forget},
	} {
		if *f.value == 0 {
			*f.value = f.other
		}
	}
	for _, f := range []struct {
		value *int
		other int
	}{{&p.PasswordRunes, d.PasswordRunes}, {&p.History, d.History}, {&p.AddressFree, d.AddressFree}} {
		if *f.value == 0 {
			*f.value = f.other
		}
	}
	if p.Hash == (Hash{}) {
		p.Hash = d.Hash
	}
	if p.SecondFactor == nil {
		p.SecondFactor = d.SecondFactor
	}
	if p.Delays == nil {
		p.Delays = d.Delays
	}
	if p.Issuer == "" {
		p.Issuer = d.Issuer
	}
	return p
}

// Setting is one line of the policy as people read it.
type Setting struct{ Label, Value string }

// Settings lists what holds, for the page of the administrators.
func (p Policy) Settings() []Setting {
	p = p.filled()
	list := []Setting{
		{"会话闲置多久结束", span(p.Idle)},
		{"会话最长", span(p.Absolute)},
		{"一次性链接有效期", span(p.Link)},
		{"密码最短", fmt.Sprintf("%d个字符", p.PasswordRunes)},
		{"不能重复使用的旧密码", fmt.Sprintf("最近%d个", p.History)},
		{"密码的保存方式", fmt.Sprintf("argon2id，内存%d KiB，%d遍，并行%d", p.Hash.Memory, p.Hash.Iterations, p.Hash.Parallelism)},
		{"必须使用动态验证码的角色", labels(p.SecondFactor)},
		{"连续失败后的等待", delays(p.Delays)},
		{"同一地址失败多少次后开始等待", fmt.Sprintf("%d次", p.AddressFree)},
		{"单点登录", or(p.SSO.Issuer, "未启用")},
	}
	if p.SSO.Issuer != "" {
		list = append(list, Setting{"单点登录时还要动态验证码", yesNo(!p.SSO.TrustFactor)}, Setting{"单点登录时自动建立账号", yesNo(p.SSO.Create)})
	}
	return list
}

func labels(list []Role) string {
	var words []string
	for _, r := range list {
		words = append(words, r.Label())
	}
	return or(strings.Join(words, "、"), "无")
}

func delays(list []time.Duration) string {
	var words []string
	for i, d := range list {
		if d > 0 {
			words = append(words, fmt.Sprintf("第%d次%s", i+1, span(d)))
		}
	}
	return or(strings.Join(words, "，"), "不等待")
}

func yesNo(b bool) string {
	if b {
		return "是"
	}
	return "否"
}

func or(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}

// span is a duration in Chinese, rounded up to its largest fitting unit.
func span(d time.Duration) string {
	units := []struct {
		size time.Duration
		word string
	}{{24 * time.Hour, "天"}, {time.Hour, "小时"}, {time.Minute, "分钟"}}
	for _, u := range units {
		if d >= u.size && (d%u.size == 0 || d > 2*u.size) {
			return fmt.Sprintf("%d%s", (d+u.size-1)/u.size, u.word)
		}
	}
	return fmt.Sprintf("%d秒", max(1, (d+time.Second-1)/time.Second))
}

// asksFactor tells whether one of the grants may not work without one-time
// codes.
func (p Policy) asksFactor(grants []Grant) bool {
	return slices.ContainsFunc(grants, func(g Grant) bool { return slices.Contains(p.SecondFactor, g.Role) })
}
