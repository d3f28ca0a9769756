package upkeep

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/tenantname"
)

const (
	timed     = "runs at intervals"
	scheduled = "is scheduled"
	measures  = "collects metrics"
	works     = "works off a queue"
	starts    = "starts with the program"
	command   = "is a command"
)

// schedulers are functions that run others on their own, by the path of their package without
// its version.
var schedulers = map[string]map[string]string{
	"time":                                                    {"AfterFunc": timed},
	"k8s.io/apimachinery/pkg/util/wait":                       {"Until": timed, "UntilWithContext": timed, "JitterUntil": timed, "JitterUntilWithContext": timed, "Forever": timed},
	"github.com/robfig/cron":                                  {"AddFunc": scheduled},
	"github.com/go-co-op/gocron":                              {"Do": scheduled, "DoWithJobDetails": scheduled, "NewTask": scheduled},
	"github.com/prometheus/client_golang/prometheus":          {"NewGaugeFunc": measures, "NewCounterFunc": measures},
	"github.com/prometheus/client_golang/prometheus/promauto": {"NewGaugeFunc": measures, "NewCounterFunc": measures},
	"go.opentelemetry.io/otel/metric":                         {"RegisterCallback": measures, "WithInt64Callback": measures, "WithFloat64Callback": measures},
	"go.temporal.io/sdk/worker":                               workflows,
	"go.temporal.io/sdk/workflow":                             workflows,
	"go.uber.org/cadence/activity":                            workflows,
	"go.uber.org/cadence/worker":                              workflows,
	"go.uber.org/cadence/workflow":                            workflows,
	"go.uber.org/fx":                                          {"Invoke": starts},
}

// workflows are what engines run workflows and their activities by.
var workflows = map[string]string{
	"RegisterActivity": works, "RegisterActivityWithOptions": works, "RegisterWorkflow": works, "RegisterWorkflowWithOptions": works,
	"ExecuteActivity": works, "ExecuteLocalActivity": works, "ExecuteChildWorkflow": works,
	"Register": works, "RegisterWithOptions": works, // of packages
}

var version = regexp.MustCompile(`/v\d+$`)

func pathOf(pkg *types.Package) string {
	if pkg == nil {
		return ""
	}
	return version.ReplaceAllString(pkg.Path(), "")
}

// schedules says that a call runs the functions that it is given on their own.
func schedules(info *types.Info, call *ast.CallExpr) string {
	fn := dbapi.Callee(info, call)
	if fn == nil {
		return ""
	}
	return schedulers[pathOf(fn.Pkg())][fn.Name()]
}

// fields are those of a library's types in which functions stand that run on their own.
var fields = map[string]map[string]string{
	"github.com/spf13/cobra":        {"Run": command, "RunE": command, "PreRun": command, "PreRunE": command, "PostRun": command, "PostRunE": command},
	"github.com/urfave/cli":         {"Action": command, "Before": command, "After": command},
	"github.com/google/subcommands": {"Execute": command},
	"go.uber.org/fx":                {"OnStart": starts, "OnStop": starts},
}

// runsField says what runs the function in a field of a literal: that of a command, or of a
// library's type that is named for jobs.
func runsField(pass *analysis.Pass, info *types.Info, lit ast.Node, field string) string {
	e, ok := lit.(*ast.CompositeLit)
	if !ok {
		return ""
	}
	named := namedOf(info.TypeOf(e))
	if named == nil || named.Obj().Pkg() == nil {
		return ""
	}
	if own := fields[pathOf(named.Obj().Pkg())][field]; own != "" {
		return own
	}
	if !config.Ours(pass, named.Obj().Pkg()) && jobs.MatchString(named.Obj().Name()) {
		return scheduled
	}
	return ""
}

// jobs are names of types that describe what is to be run.
var jobs = regexp.MustCompile(`(?:Job|Cron|Worker|Ticker)$`)

// namedOf returns the type with a name that a value has, or that it points to.
func namedOf(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	named, _ := types.Unalias(flow.Pointee(t)).(*types.Named)
	return named
}

// given are types of parameters that only what runs on its own is given.
var given = map[string]map[string]string{
	"github.com/prometheus/client_golang/prometheus": {"Metric": measures},
	"go.opentelemetry.io/otel/metric":                {"Observer": measures, "Int64Observer": measures, "Float64Observer": measures},
	"github.com/riverqueue/river/rivertype":          {"Job": works},
	"github.com/riverqueue/river":                    {"Job": works},
	"github.com/hibiken/asynq":                       {"Task": works},
	"github.com/gocraft/work":                        {"Job": works},
	"github.com/vgarvardt/gue":                       {"Job": works},
}

// messages are the types of what brokers deliver, by the path of their package without its version.
var messages = map[string][]string{
	"cloud.google.com/go/pubsub":                          {"Message"},
	"github.com/IBM/sarama":                               {"ConsumerMessage"},
	"github.com/Shopify/sarama":                           {"ConsumerMessage"},
	"github.com/ThreeDotsLabs/watermill/message":          {"Message"},
	"github.com/aws/aws-lambda-go/events":                 {"SQSEvent", "SQSMessage"},
	"github.com/aws/aws-sdk-go-v2/service/sqs/types":      {"Message"},
	"github.com/confluentinc/confluent-kafka-go/kafka":    {"Message"},
	"github.com/confluentinc/confluent-kafka-go/v2/kafka": {"Message"},
	"github.com/nats-io/nats.go":                          {"Msg"},
	"github.com/nats-io/nats.go/jetstream":                {"Msg"},
	"github.com/nsqio/go-nsq":                             {"Message"},
	"github.com/rabbitmq/amqp091-go":                      {"Delivery"},
	"github.com/segmentio/kafka-go":                       {"Message"},
	"github.com/streadway/amqp":                           {"Delivery"},
	"github.com/twmb/franz-go/pkg/kgo":                    {"Record"},
}

// delivers says that a function is given what a broker delivers, and answers nobody.
func (r *reader) delivers(f *flow.Func) string {
	if f.Sig == nil {
		return ""
	}
	for v := range f.Sig.Params().Variables() {
		t := v.Type()
		if ch, ok := t.Underlying().(*types.Chan); ok {
			t = ch.Elem()
		}
		named := namedOf(t)
		if named == nil || !slices.Contains(messages[pathOf(named.Obj().Pkg())], named.Obj().Name()) {
			continue
		}
		if !slices.ContainsFunc(r.code.Mentions(v), r.isAnswered) {
			return works
		}
	}
	return ""
}

// isAnswered reports whether a message at its mention is a question, as of NATS: msg.Respond(data), msg.Reply.
func (r *reader) isAnswered(at inspector.Cursor) bool {
	sel, ok := at.Parent().Node().(*ast.SelectorExpr)
	return ok && (strings.HasPrefix(sel.Sel.Name, "Respond") || strings.HasPrefix(sel.Sel.Name, "Reply"))
}

// readsTenant reports whether the code of a function has something with a tenant in a variable of its own, such as
// what it decodes from a message.
func (r *reader) readsTenant(f *flow.Func) bool {
	found := false
	ast.Inspect(f.Cursor.Node(), func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if v, isVar := r.info.Defs[id].(*types.Var); ok && isVar {
			found = found || tenantname.Identifies(v.Name(), nil) || hasTenant(v.Type())
		}
		return !found
	})
	return found
}

// runsItself says what shows that a declared function runs on its own.
func (r *reader) runsItself(f *flow.Func) string {
	if f.Sig.Recv() == nil && (f.Obj.Name() == "main" && r.pass.Pkg.Name() == "main" || f.Obj.Name() == "init") {
		return starts
	}
	return r.isGiven(f)
}

// isGiven says what shows by its parameters that a function runs on its own.
func (r *reader) isGiven(f *flow.Func) string {
	if own := isGiven(f.Sig); own != "" {
		return own
	}
	return r.delivers(f)
}

// isGiven says what shows by the types of parameters that a function runs on its own.
func isGiven(sig *types.Signature) string {
	for v := range sig.Params().Variables() {
		t := v.Type()
		if ch, ok := t.Underlying().(*types.Chan); ok {
			t = ch.Elem()
		}
		if named := namedOf(t); named != nil {
			if own := given[pathOf(named.Obj().Pkg())][named.Obj().Name()]; own != "" {
				return own
			}
		}
	}
	return ""
}

// collects says that values of a type collect metrics; so does a function that one is made with.
func collects(t types.Type) string {
	if t == nil {
		return ""
	}
	for m := range types.NewMethodSet(t).Methods() {
		if fn, ok := m.Obj().(*types.Func); ok && isGiven(fn.Signature()) == measures {
			return measures
		}
	}
	return ""
}

// runsOn says what shows that the code at a place in a function runs on its own: a loop that
// waits for a time and goes on for ever, in a function that gives nothing back.
func (r *reader) runsOn(f *flow.Func, at inspector.Cursor) string {
	if f.Sig == nil || !givesNothing(f.Sig) || r.mayBeRequest(f.Sig) && f.Lit != nil {
		return ""
	}
	for c := range at.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		if !f.Cursor.Contains(c) || r.code.Around(c) != f {
			break
		}
		switch loop := c.Node().(type) {
		case *ast.RangeStmt:
			if isClock(r.info.TypeOf(loop.X)) {
				return timed
			}
		case *ast.ForStmt:
			if loop.Cond == nil && r.waits(loop.Body) {
				return timed
			}
		}
	}
	return ""
}

// givesNothing reports whether a function returns at most an error.
func givesNothing(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n == 0 || n == 1 && flow.IsError(sig.Results().At(0).Type())
}

// isClock reports whether a channel gives times.
func isClock(t types.Type) bool {
	if t == nil {
		return false
	}
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return false
	}
	named := namedOf(ch.Elem())
	return named != nil && pathOf(named.Obj().Pkg()) == "time" && named.Obj().Name() == "Time"
}

// waits reports whether the body of a loop waits for a time.
func (r *reader) waits(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW && isClock(r.info.TypeOf(n.X))
		case *ast.CallExpr:
			fn := dbapi.Callee(r.info, n)
			found = found || fn != nil && dbapi.NameOf(fn) == "time.Sleep"
		}
		return !found
	})
	return found
}

// mayBeRequest reports whether a function takes more than a context, numbers, texts, and what
// gives access to the database.
func (r *reader) mayBeRequest(sig *types.Signature) bool {
	if sig == nil {
		return true
	}
	for v := range sig.Params().Variables() {
		t := v.Type()
		if _, ok := t.Underlying().(*types.Basic); ok || givesAccess(t) {
			continue
		}
		return true
	}
	return false
}

// access are what types are called by that give access to a database.
var access = regexp.MustCompile(`(?:Tx|DB|Conn|Pool|Session|Queries|Querier|Queryer|Ext|Store|Storage|Repo|Repository|Database|Transaction|Client)$`)

// givesAccess reports whether a value is a context, or gives access to a database.
func givesAccess(t types.Type) bool { return isContext(t) || isHandle(t) }

func isContext(t types.Type) bool {
	named := namedOf(t)
	return named != nil && named.Obj().Name() == "Context" && pathOf(named.Obj().Pkg()) == "context"
}

func isHandle(t types.Type) bool {
	named := namedOf(t)
	return named != nil && access.MatchString(named.Obj().Name())
}

// takesHandle reports whether a function is given access to the database, as what runs in a
// transaction is.
func takesHandle(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		if isHandle(v.Type()) {
			return true
		}
	}
	return false
}

// takesTenant reports whether a function takes a tenant, by itself or in a struct.
func (r *reader) takesTenant(sig *types.Signature) bool {
	if sig == nil {
		return false
	}
	for v := range sig.Params().Variables() {
		if tenantname.Identifies(v.Name(), nil) || hasTenant(v.Type()) {
			return true
		}
	}
	return false
}

// hasTenant reports whether a field of a struct, or of a type argument, is named for a tenant.
func hasTenant(t types.Type) bool {
	named := namedOf(t)
	if named == nil || strings.HasSuffix(named.Obj().Name(), "Config") {
		return false
	}
	for arg := range named.TypeArgs().Types() {
		if hasTenant(arg) {
			return true
		}
	}
	s, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if tenantname.Identifies(f.Name(), nil) && !isMeasure(f.Type()) && !isHandle(f.Type()) {
			return true
		}
	}
	return false
}

// isMeasure reports whether values say how much there is of something, not what it is.
func isMeasure(t types.Type) bool {
	if m, ok := t.Underlying().(*types.Map); ok {
		t = m.Elem()
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsFloat != 0
}
