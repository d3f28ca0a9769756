package tenantfilter_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzers/tenantfilter"
	"github.com/poollint/poollint/internal/ruletest"
)

// A hooked is code that may add the tenant to what ent does, and what that limits of: docs read,
// changed (or updated or deleted alone), inserted, notes read.
type hooked struct{ client, schema, limits string }

const intercepts = `client.Intercept(ent.InterceptFunc(func(next ent.Querier) ent.Querier {
	return ent.QuerierFunc(func(ctx context.Context, q ent.Query) (ent.Value, error) {
		BODY
		return next.Query(ctx, q)
	})
}))`

const uses = `client.Use(func(next ent.Mutator) ent.Mutator {
	return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
		BODY
		return next.Mutate(ctx, m)
	})
})`

const whereP = `if w, ok := VAR.(interface{ WhereP(...func(*sql.Selector)) }); ok {
	w.WhereP(PREDICATE)
}`

func in(code, variable, body, predicate string) string {
	return strings.NewReplacer("BODY", strings.NewReplacer("VAR", variable, "PREDICATE", predicate).Replace(body)).Replace(code)
}

// only is a hook that runs for some operations.
func only(by, of string) string {
	h := in(uses, "m", whereP, `sql.FieldEQ("tenant_id", 1)`)
	return strings.TrimSuffix(strings.Replace(h, "client.Use(", "client.Use("+by+"(", 1), ")") + ", " + of + "))"
}

const mixed = `
type Owned struct{ mixin.Schema }

METHOD

type Base struct{ ent.Schema }

func (Base) Mixin() []ent.Mixin { return []ent.Mixin{Owned{}} }

type Doc struct{ Base }
type Note struct{ ent.Schema }
`

const mixinInterceptor = `func (o Owned) Interceptors() []ent.Interceptor {
	return []ent.Interceptor{ent.TraverseFunc(func(ctx context.Context, q ent.Query) error {
		o.limit(q)
		return nil
	})}
}

func (o Owned) limit(q any) {
	w := q.(interface{ WhereP(...func(*sql.Selector)) })
	w.WhereP(sql.FieldEQ("tenant_id", 1))
}`

const policy = `func (Owned) Policy() ent.Policy {
	return &policies{FIELDS}
}

type policies struct{ Query, Mutation []any }

func (*policies) EvalQuery(context.Context, ent.Query) error       { return nil }
func (*policies) EvalMutation(context.Context, ent.Mutation) error { return nil }

type filter interface{ WhereTenantID(int) }

func tenant() any { return func(f filter) { f.WhereTenantID(1) } }
func nobody() any { return nil }`

var hooks = map[string]hooked{
	"none":          {"", "", ""},
	"hook":          {in(uses, "m", whereP, `sql.FieldEQ("tenant_id", 1)`), "", "changes"},
	"interceptor":   {in(intercepts, "q", whereP, `sql.FieldEQ("tenant_id", 1)`), "", "reads notes"},
	"constant":      {in(uses, "m", whereP, `sql.FieldEQ(doc.FieldTenantID, 1)`), "", "changes"},
	"selector":      {in(uses, "m", whereP, `func(s *sql.Selector) { s.Where(sql.EQ(s.C("tenant_id"), 1)) }`), "", "changes"},
	"helper":        {in(uses, "m", whereP, `byTenant(1)`), "", "changes"},
	"othercolumn":   {in(uses, "m", whereP, `sql.FieldEQ("title", 1)`), "", ""},
	"nottheirs":     {in(uses, "m", whereP, `sql.FieldNEQ("tenant_id", 1)`), "", ""},
	"orothers":      {in(uses, "m", whereP, `sql.OrPredicates(sql.FieldEQ("tenant_id", 1), sql.FieldEQ("title", 1))`), "", ""},
	"sets":          {in(uses, "m", `m.SetField("tenant_id", 1)`, ""), "", "inserts"},
	"setsother":     {in(uses, "m", `m.SetField("title", 1)`, ""), "", ""},
	"hookreads":     {in(intercepts, "q", whereP, `sql.FieldEQ("title", 1)`), "", ""},
	"oneclient":     {strings.Replace(in(uses, "m", whereP, `sql.FieldEQ("tenant_id", 1)`), "client.", "client.Doc.", 1), "", "changes"},
	"otherclient":   {strings.Replace(in(uses, "m", whereP, `sql.FieldEQ("tenant_id", 1)`), "client.", "client.Note.", 1), "", ""},
	"oftype":        {in(intercepts, "q", `switch q := q.(type) { case *ent.DocQuery: q.Where(doc.TenantID(1)) }`, ""), "", "reads"},
	"ofothertype":   {in(intercepts, "q", `switch q := q.(type) { case *ent.NoteQuery: q.Where(note.TenantID(1)) }`, ""), "", "notes"},
	"named":         {in(uses, "m", `switch m.Type() { case "Doc": `+whereP+` }`, `sql.FieldEQ("tenant_id", 1)`), "", "changes"},
	"namedother":    {in(uses, "m", `switch m.Type() { case "Note": `+whereP+` }`, `sql.FieldEQ("tenant_id", 1)`), "", ""},
	"variable":      {"hook := inVariable\nclient.Use(hook)", "", "changes"},
	"function":      {"client.Use(makes())", "", "changes"},
	"unregistered":  {"_ = makes()", "", ""},
	"elsewhere":     {"client.Use(tenants.Hook())", "", "changes"},
	"on":            {only("hook.On", "ent.OpUpdate|ent.OpUpdateOne"), "", "updates"},
	"onnothing":     {only("hook.On", "ent.OpUpdateOne"), "", ""},
	"unless":        {only("hook.Unless", "ent.OpUpdate"), "", "deletes"},
	"if":            {only("hook.If", "hook.HasOp(ent.OpDelete)"), "", "deletes"},
	"ifnot":         {only("hook.If", "hook.Not(hook.HasOp(ent.OpDelete))"), "", "updates"},
	"ifand":         {only("hook.If", `hook.And(hook.HasOp(ent.OpUpdate|ent.OpDelete), hook.HasFields("title"))`), "", ""},
	"iffields":      {only("hook.If", `hook.HasFields("title")`), "", ""},
	"ifasked":       {only("hook.If", "func(context.Context, ent.Mutation) bool { return true }"), "", "changes"},
	"reject":        {"client.Use(hook.Reject(ent.OpDelete))", "", "deletes"},
	"onelsewhere":   {"client.Use(hook.On(tenants.Hook(), ent.OpUpdate))", "", "updates"},
	"twice":         {"client.Use(hook.On(makes(), ent.OpUpdate), hook.On(makes(), ent.OpDelete))", "", "changes"},
	"mixin":         {"", strings.Replace(mixed, "METHOD", mixinInterceptor, 1), "reads"},
	"policy":        {"", strings.Replace(mixed, "METHOD", strings.Replace(policy, "FIELDS", "Query: []any{tenant()}, Mutation: []any{tenant()}", 1), 1), "reads changes"},
	"querypolicy":   {"", strings.Replace(mixed, "METHOD", strings.Replace(policy, "FIELDS", "Query: []any{tenant()}, Mutation: []any{nobody()}", 1), 1), "reads"},
	"nopolicy":      {"", strings.Replace(mixed, "METHOD", strings.Replace(policy, "FIELDS", "Query: []any{nobody()}", 1), 1), ""},
	"schema":        {"", "type Doc struct{ ent.Schema }\n\n" + strings.ReplaceAll(mixinInterceptor, "Owned", "Doc"), "reads"},
	"schemasother":  {"", "type Note struct{ ent.Schema }\n\n" + strings.ReplaceAll(mixinInterceptor, "Owned", "Note"), "notes"},
	"mixinofnobody": {"", strings.Replace(strings.Replace(mixed, "METHOD", mixinInterceptor, 1), "{Owned{}}", "{}", 1), ""},
}

func TestHooks(t *testing.T) {
	t.Parallel()
	frame, err := os.ReadFile("testdata/hooked.txtar.in")
	if err != nil {
		t.Fatal(err)
	}
	schema, cases, _ := strings.Cut(string(frame), "-- CASE")
	var code strings.Builder
	code.WriteString(schema)
	for name, h := range hooks {
		say := func(any ...string) string {
			if slices.ContainsFunc(any, func(what string) bool { return strings.Contains(h.limits, what) }) {
				return "suppressed:`^ent adds the tenant, by `"
			}
			return "`is not limited|leaves the tenant out`"
		}
		text := strings.NewReplacer("CASE", name, "CLIENT", h.client, "SCHEMA", h.schema,
			"READS", say("reads"), "CHANGES", say("changes", "updates"), "DELETES", say("changes", "deletes"), "INSERTS", say("inserts"), "NOTES", say("notes")).Replace("-- CASE" + cases)
		code.WriteString(text)
	}
	archive := filepath.Join(t.TempDir(), "hooks.txtar")
	if err := os.WriteFile(archive, []byte(code.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	ruletest.Run(t, tenantfilter.Rule, "testdata", archive)
}
