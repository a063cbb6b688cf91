package access

import (
	"slices"
	"strings"
)

// Role is what somebody is charged with in a unit. The values are stable: they
// stand in the database and on the command line.
type Role string

// Roles.
const (
	Editor         Role = "editor"
	Reviewer       Role = "reviewer"
	Secrecy        Role = "secrecy"
	Signer         Role = "signer"
	RequestOfficer Role = "request_officer"
	Head           Role = "head"
	Office         Role = "office"
	Inspector      Role = "inspector"
	SystemAdmin    Role = "system_admin"
	SecurityAdmin  Role = "security_admin"
	AuditAdmin     Role = "audit_admin"
)

// RoleInfo describes a role to people.
type RoleInfo struct {
	Role  Role
	Label string
	About string // one sentence
}

var roles = []RoleInfo{
	{Editor, "信息员", "起草、导入和更正本单位的信息，办理本单位的公开任务。"},
	{Reviewer, "审核", "审核本单位信息的内容；不审核自己起草的。"},
	{Secrecy, "保密审查", "对拟公开的信息作保密审查，写明依据（《政府信息公开条例》第十七条）。"},
	{Signer, "签发", "批准本单位的信息公开，决定发布、应急发布和撤回。"},
	{RequestOfficer, "依申请公开承办", "受理和答复依申请公开。"},
	{Head, "单位负责人", "对本单位的公开工作负责：签发信息、签零报告、提出异议。"},
	{Office, "政务公开主管部门", "推进、指导、协调、监督全市的政务公开（《政府信息公开条例》第三条）。"},
	{Inspector, "检查员", "查看各单位的信息、任务和进度，只看不改。"},
	{SystemAdmin, "系统管理员", "维护机构、站点和运行参数，建立账号；不能授权，看不到审计。"},
	{SecurityAdmin, "安全管理员", "授予和收回角色，管理账号和接口密钥；不能给自己授权，不接触业务。"},
	{AuditAdmin, "审计员", "查看全部内容和审计记录，什么都不能改。"},
}

// Roles lists every role in the order in which pages show them.
func Roles() []RoleInfo { return slices.Clone(roles) }

// ParseRole finds a role by its value or its Chinese label.
func ParseRole(text string) (Role, error) {
	for _, r := range roles {
		if text == string(r.Role) || text == r.Label {
			return r.Role, nil
		}
	}
	return "", roleUnknown(text)
}

// Label is what the role is called in Chinese, and the value itself where it
// is not one of the constants.
func (r Role) Label() string {
	for _, info := range roles {
		if info.Role == r {
			return info.Label
		}
	}
	return string(r)
}

// May tells whether the role carries an act.
func (r Role) May(act Act) bool { return slices.Contains(act.info().Roles, r) }

// Writes tells whether the role carries any act that changes something.
func (r Role) Writes() bool {
	return slices.ContainsFunc(matrix, func(row ActInfo) bool { return !row.Reads && slices.Contains(row.Roles, r) })
}

// administrators are kept apart: no account holds two of them.
var administrators = []Role{SystemAdmin, SecurityAdmin, AuditAdmin}

// clash says why one account cannot hold both roles, "" where it can.
func clash(a, b Role) string {
	switch {
	case a == b:
		return ""
	case slices.Contains(administrators, a) && slices.Contains(administrators, b):
		return "系统管理员、安全管理员和审计员要由不同的人担任"
	case a == AuditAdmin && b.Writes(), b == AuditAdmin && a.Writes():
		return "审计员只看不改，不能同时担任会改动内容的角色"
	}
	return ""
}

// roleWords lists the labels of the roles that carry an act.
func roleWords(act Act) string {
	var words []string
	for _, r := range act.info().Roles {
		words = append(words, r.Label())
	}
	return strings.Join(words, "、")
}
