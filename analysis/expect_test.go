package analysis_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/analysistest"
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/graph"
)

// expect checks one expectation:
//
//	[no] step TECHNIQUE PREMISE[+PREMISE…]|* -> [STATE:]NAME [decided|conditional|unknown]
//	[no] path NAME [OUTCOME] [via TECHNIQUE,…] [entry KIND] [status STATUS] [hops N] [behind NAME]
//	answer NAME reached|unknown|noPathSeen
//	administrator NAME yes|no|conditional|unknown
//	[no] escalates NAME [via TECHNIQUE] [status STATUS] [hops N]
//	[no] fix TITLE-PART closes NAME      (_ stands for a space)
//	finding RULE NAME pass|fail|unknown
//	factor KEY-PREFIX NAME PRIOR
//	[no] truncated
func expect(e *analysistest.Estate, r *analysis.Result, text string) error {
	words := strings.Fields(text)
	no := words[0] == "no"
	if no {
		words = words[1:]
	}
	q := &question{e: e, r: r, words: words[1:], no: no}
	checks := map[string]func() error{"step": q.step, "path": q.path, "answer": q.answer, "administrator": q.administrator, "escalates": q.escalates,
		"fix": q.fix, "finding": q.finding, "factor": q.factor, "truncated": q.truncated}
	check, ok := checks[words[0]]
	if !ok {
		return fmt.Errorf("cannot read it")
	}
	return check()
}

type question struct {
	e     *analysistest.Estate
	r     *analysis.Result
	words []string
	no    bool
}

// found turns "is there one" into an error, or none.
func (q *question) found(n int) error {
	switch {
	case q.no && n > 0:
		return fmt.Errorf("there is one")
	case !q.no && n == 0:
		return fmt.Errorf("there is none")
	}
	return nil
}

// options reads pairs such as "via x" after the first words.
func (q *question) options(from int) map[string]string {
	o := map[string]string{}
	for i := from; i+1 < len(q.words); i += 2 {
		o[q.words[i]] = q.words[i+1]
	}
	return o
}

func (q *question) step() error {
	if len(q.words) < 4 || q.words[2] != "->" {
		return fmt.Errorf("wants TECHNIQUE PREMISES -> CONCLUSION")
	}
	id := attack.TechniqueID(q.words[0])
	kind, name, hasKind := strings.Cut(q.words[3], ":")
	if k, ok := attack.ParseStateKind(kind); !hasKind || !ok || k.String() != kind {
		kind, name = "", q.words[3]
	}
	to, err := q.e.Find(name)
	if err != nil {
		return err
	}
	var premises []graph.Ref
	if q.words[1] != "*" {
		for _, p := range strings.Split(q.words[1], "+") {
			ref, err := q.e.Find(p)
			if err != nil {
				return err
			}
			premises = append(premises, ref)
		}
	}
	n := 0
	for s := range q.r.Graph.Len() {
		step := q.r.Graph.Step(route.StepID(s))
		if step.Technique != id || step.Conclusion.Node != to || (kind != "" && step.Conclusion.Kind.String() != kind) {
			continue
		}
		if len(q.words) > 4 && step.Status().String() != q.words[4] {
			continue
		}
		has := true
		for _, p := range premises {
			has = has && slices.ContainsFunc(step.Premises, func(s attack.State) bool { return s.Node == p })
		}
		if has && (premises == nil || len(step.Premises) == len(premises)) {
			n++
		}
	}
	return q.found(n)
}

func (q *question) path() error {
	target, err := q.e.Find(q.words[0])
	if err != nil {
		return err
	}
	at, outcome := 1, ""
	if len(q.words) > 1 && slices.Contains([]string{"read", "write", "destroy", "administer"}, q.words[1]) {
		at, outcome = 2, q.words[1]
	}
	o := q.options(at)
	n := 0
	for _, f := range q.r.Families {
		if f.Node != target || (outcome != "" && f.Outcome != outcome) {
			continue
		}
		if (o["entry"] != "" && f.Entry.Kind != o["entry"]) || (o["status"] != "" && f.Status.String() != o["status"]) {
			continue
		}
		if o["hops"] != "" && strconv.Itoa(f.Best().Hops()) != o["hops"] {
			continue
		}
		if o["via"] != "" && o["via"] != strings.Join(techniques(q.r, f), ",") {
			continue
		}
		if o["behind"] != "" {
			ref, err := q.e.Find(o["behind"])
			if err != nil {
				return err
			}
			if !slices.Contains(f.Behind, ref) {
				continue
			}
		}
		n++
	}
	return q.found(n)
}

// techniques lists what a family's best path applies, entries left out.
func techniques(r *analysis.Result, f *analysis.Family) []string {
	var list []string
	for _, s := range f.Best().Steps {
		if !s.Entry && s.Step != route.NoStep {
			list = append(list, string(r.Graph.Technique(s.Step)))
		}
	}
	return list
}

func (q *question) answer() error {
	ref, err := q.e.Find(q.words[0])
	if err != nil {
		return err
	}
	s := q.r.StoreOf(ref)
	if s == nil {
		return fmt.Errorf("it is no critical asset of the run")
	}
	if got := s.Answer.String(); got != q.words[1] {
		return fmt.Errorf("it is %s", got)
	}
	return nil
}

func (q *question) principal() (*analysis.Principal, error) {
	ref, err := q.e.Find(q.words[0])
	if err != nil {
		return nil, err
	}
	all, err := q.r.Principals(context.Background())
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Node == ref {
			return &all[i], nil
		}
	}
	return nil, fmt.Errorf("no such principal")
}

func (q *question) administrator() error {
	p, err := q.principal()
	if err != nil {
		return err
	}
	if got := p.Administration.Status.String(); got != q.words[1] {
		return fmt.Errorf("it is %s", got)
	}
	return nil
}

func (q *question) escalates() error {
	p, err := q.principal()
	if err != nil {
		return err
	}
	o := q.options(1)
	switch {
	case p.Escalates == q.no:
		return fmt.Errorf("escalates is %v, %d hops via %v", p.Escalates, p.Hops, p.Via)
	case o["hops"] != "" && strconv.Itoa(p.Hops) != o["hops"]:
		return fmt.Errorf("it takes %d hops via %v", p.Hops, p.Via)
	case o["status"] != "" && p.Status.String() != o["status"]:
		return fmt.Errorf("it is %s", p.Status)
	case o["via"] != "" && !slices.Contains(p.Via, attack.TechniqueID(o["via"])):
		return fmt.Errorf("it goes via %v", p.Via)
	}
	return nil
}

func (q *question) fix() error {
	i := slices.Index(q.words, "closes")
	if i < 1 || i+1 >= len(q.words) {
		return fmt.Errorf("wants TITLE closes NAME")
	}
	title := strings.Join(q.words[:i], " ")
	target, err := q.e.Find(q.words[i+1])
	if err != nil {
		return err
	}
	fixes, err := q.r.Fixes(context.Background())
	if err != nil {
		return err
	}
	n := 0
	var titles []string
	for _, f := range fixes {
		titles = append(titles, f.Title)
		if !strings.Contains(f.Title, title) {
			continue
		}
		left := slices.ContainsFunc(q.r.Families, func(family *analysis.Family) bool {
			return family.Node == target && !slices.Contains(f.Closes, family)
		})
		if !left && len(f.Closes) > 0 {
			n++
		}
	}
	if err := q.found(n); err != nil {
		return fmt.Errorf("%w among %q", err, titles)
	}
	return nil
}

func (q *question) finding() error {
	ref, err := q.e.Find(q.words[1])
	if err != nil {
		return err
	}
	for _, f := range q.r.Findings {
		if f.Rule == q.words[0] && f.Node == ref {
			if string(f.Status) != q.words[2] {
				return fmt.Errorf("it is %s: %s", f.Status, f.Title)
			}
			return nil
		}
	}
	return fmt.Errorf("the rule says nothing of it")
}

func (q *question) factor() error {
	ref, err := q.e.Find(q.words[1])
	if err != nil {
		return err
	}
	key := q.words[0] + "@" + q.e.Snap.Node(ref).ID
	want := q.r.Options.Settings.Priors.TechniqueFor(q.words[2]).Value
	for s := range q.r.Graph.Len() {
		for _, f := range q.r.Graph.Step(route.StepID(s)).Factors {
			if f.Key == key {
				if f.Value != want {
					return fmt.Errorf("it is %v, not %v", f.Value, want)
				}
				return nil
			}
		}
	}
	return fmt.Errorf("no step has it")
}

func (q *question) truncated() error {
	if q.r.Truncated == q.no {
		return fmt.Errorf("truncated is %v", q.r.Truncated)
	}
	return nil
}

// describe prints what a run found, for people who look at a failure.
func describe(r *analysis.Result) string {
	var b strings.Builder
	for _, f := range r.Families {
		fmt.Fprintf(&b, "family %s: %s (%s; %s)\n", f.Outcome, f.Title, strings.Join(techniques(r, f), ","), f.Status)
	}
	for s := range r.Graph.Len() {
		if step := r.Graph.Step(route.StepID(s)); !step.Auxiliary {
			fmt.Fprintf(&b, "step %s: %s [%s]\n", step.Technique, step.Title, step.Status())
		}
	}
	return b.String()
}
