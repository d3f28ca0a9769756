package model

import (
	"strings"
	"unicode"
)

// Underscore returns the name as bun and go-pg write it: UserID is user_id.
func Underscore(name string) string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if !isUpper(c) {
			b.WriteByte(c)
			continue
		}
		if i > 0 && i+1 < len(name) && (isLower(name[i-1]) || isLower(name[i+1])) {
			b.WriteByte('_')
		}
		b.WriteByte(c + 'a' - 'A')
	}
	return b.String()
}

// initialisms are the words that GORM and xorm keep together.
var initialisms = strings.NewReplacer(
	"API", "Api", "ASCII", "Ascii", "CPU", "Cpu", "CSS", "Css", "DNS", "Dns", "EOF", "Eof", "GUID", "Guid",
	"HTML", "Html", "HTTPS", "Https", "HTTP", "Http", "ID", "Id", "IP", "Ip", "JSON", "Json", "LHS", "Lhs",
	"QPS", "Qps", "RAM", "Ram", "RHS", "Rhs", "RPC", "Rpc", "SLA", "Sla", "SMTP", "Smtp", "SSH", "Ssh",
	"SSO", "Sso", "TLS", "Tls", "TTL", "Ttl", "UID", "Uid", "UI", "Ui", "UUID", "Uuid", "URI", "Uri", "URL", "Url",
	"UTF8", "Utf8", "VM", "Vm", "XML", "Xml", "XSRF", "Xsrf", "XSS", "Xss",
)

// snake returns the name as GORM and xorm write it: UserIDs is user_ids.
func snake(name string) string {
	runes := []rune(initialisms.Replace(name))
	var b strings.Builder
	for i, c := range runes {
		if unicode.IsUpper(c) && i > 0 && runes[i-1] != '_' {
			next := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if !unicode.IsUpper(runes[i-1]) || next {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
