// Package page has what the HTML pages of poollint share: each is one file that needs nothing
// else, readable in light and dark, in which text of the code under lint stays text.
package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
)

//go:embed base.css
var style string

// head is what a page begins with; its data is the title.
const head = `{{define "head"}}<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{{policy}}">
<title>{{.}}</title>
<style>
{{style}}</style>
{{end}}{{define "script"}}<script>{{script}}</script>
{{end}}`

// New returns the template of a page. It begins with {{template "head" TITLE}} and, if it has
// a script, which is then the only one that browsers run, ends with {{template "script"}}.
func New(source, script string, funcs template.FuncMap) *template.Template {
	policy := "default-src 'none'; style-src 'unsafe-inline'"
	if script != "" {
		policy += "; script-src " + Source(script)
	}
	return template.Must(template.Must(template.New("page").Funcs(funcs).Funcs(template.FuncMap{
		"policy": func() string { return policy },
		"style":  func() template.CSS { return template.CSS(style) },
		"script": func() template.JS { return template.JS(script) },
	}).Parse(head)).Parse(source))
}

// Source returns how a page's policy names a script that it allows.
func Source(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
