package aws

import (
	"context"
	"reflect"

	"github.com/cairn-security/cairn/graph"
)

// row is one line of a service's task table: one operation, what it is asked
// for and where the names it needs come from. C is the service's client
// interface.
type row[C any] interface {
	// operation names the row; other rows refer to it.
	operation() string
	// sources are the operations whose replies name the inputs; none for a call
	// that lists the whole region or account.
	sources() []string
	// starts are the inputs of a call without sources.
	starts() []any
	// follow derives inputs from an input and a reply of a source.
	follow(source string, in, out any) []any
	// types are the request and reply type.
	types() (in, out reflect.Type)
	// again tells that a resumed run asks anew: something outside the records
	// needs the replies.
	again() bool
	// read makes the call, pages included, writes the records and shows every
	// reply to visit.
	read(ctx context.Context, j *job, client C, in any, visit func(in, out any))
}

// call is the row of an ordinary SDK operation with input I and output O.
type call[C, I, O, P any] struct {
	name   string
	fn     func(C, context.Context, *I, ...func(*P)) (*O, error)
	inputs []*I
	feeds  map[string]func(in, out any) []*I
	none   []string
	setUp  func(*job, *I)
	isCut  func(*O) bool
	turned func(*I, *O) string
	blank  string
	always bool
	clean  func(*unit, *I, *O) error
}

// list is a call over a whole region or account.
func list[C, I, O, P any](name string, fn func(C, context.Context, *I, ...func(*P)) (*O, error), inputs ...*I) *call[C, I, O, P] {
	if len(inputs) == 0 {
		inputs = []*I{new(I)}
	}
	return &call[C, I, O, P]{name: name, fn: fn, inputs: inputs}
}

// each is a call per resource; the feeds say which.
func each[C, I, O, P any](name string, fn func(C, context.Context, *I, ...func(*P)) (*O, error), feeds ...feed[I]) *call[C, I, O, P] {
	c := &call[C, I, O, P]{name: name, fn: fn, feeds: map[string]func(in, out any) []*I{}}
	for _, f := range feeds {
		c.feeds[f.source] = f.inputs
	}
	return c
}

// feed says that replies of the operation source name inputs of type I.
type feed[I any] struct {
	source string
	inputs func(in, out any) []*I
}

// from derives inputs from replies alone.
func from[O, I any](source string, f func(*O) []*I) feed[I] {
	return feed[I]{source, func(_, out any) []*I { return f(out.(*O)) }}
}

// along derives inputs from what a source was asked and what it answered.
func along[A, O, I any](source string, f func(*A, *O) []*I) feed[I] {
	return feed[I]{source, func(in, out any) []*I { return f(in.(*A), out.(*O)) }}
}

// empty names error codes by which the operation says that nothing is set.
func (c *call[C, I, O, P]) empty(codes ...string) *call[C, I, O, P] {
	c.none = append(c.none, codes...)
	return c
}

// asking completes every input with what only the job knows.
func (c *call[C, I, O, P]) asking(setUp func(*job, *I)) *call[C, I, O, P] {
	c.setUp = setUp
	return c
}

// turn finds the next page where the token lies deeper in the reply: it sets
// the request to that page and returns the token, empty after the last page.
func (c *call[C, I, O, P]) turn(next func(*I, *O) string) *call[C, I, O, P] {
	c.turned = next
	return c
}

// saying gives the body of a reply that says nothing and means something.
func (c *call[C, I, O, P]) saying(body string) *call[C, I, O, P] {
	c.blank = body
	return c
}

// anew makes a resumed run ask again.
func (c *call[C, I, O, P]) anew() *call[C, I, O, P] {
	c.always = true
	return c
}

// cut tells that a reply leaves something out although it has no next page.
func (c *call[C, I, O, P]) cut(isCut func(*O) bool) *call[C, I, O, P] {
	c.isCut = isCut
	return c
}

// scrub takes everything that may be a secret out of a reply, in place, before
// the reply becomes a record. A reply that it fails on is not recorded.
func (c *call[C, I, O, P]) scrub(clean func(*unit, *I, *O) error) *call[C, I, O, P] {
	c.clean = clean
	return c
}

func (c *call[C, I, O, P]) operation() string { return c.name }

func (c *call[C, I, O, P]) again() bool { return c.always }

func (c *call[C, I, O, P]) sources() []string {
	names := make([]string, 0, len(c.feeds))
	for name := range c.feeds {
		names = append(names, name)
	}
	return names
}

func (c *call[C, I, O, P]) starts() []any { return anys(c.inputs) }

func (c *call[C, I, O, P]) follow(source string, in, out any) []any {
	return anys(c.feeds[source](in, out))
}

func anys[I any](inputs []*I) []any {
	list := make([]any, len(inputs))
	for i, in := range inputs {
		list[i] = in
	}
	return list
}

func (c *call[C, I, O, P]) types() (in, out reflect.Type) {
	return reflect.TypeFor[I](), reflect.TypeFor[O]()
}

func (c *call[C, I, O, P]) read(ctx context.Context, j *job, client C, in any, visit func(in, out any)) {
	input := *in.(*I) // a copy: paging changes it
	if c.setUp != nil {
		c.setUp(j, &input)
	}
	u := j.unit(c.name, c.params(j, in))
	p := pagerOf(reflect.TypeFor[I](), reflect.TypeFor[O]())
	seen := map[string]bool{}
	for {
		callCtx, cancel := context.WithTimeout(ctx, callTimeout)
		out, err := c.fn(client, callCtx, &input)
		cancel()
		if err != nil {
			u.fail(ctx, err, c.none)
			break
		}
		if c.clean != nil {
			if err := c.clean(u, &input, out); err != nil {
				u.write(graph.OutcomeMalformed, oneLine(err), nil)
				break
			}
		}
		u.reply(out, c.listing(p), c.isCut != nil && c.isCut(out), c.blank)
		visit(in, out)
		token := ""
		if c.turned != nil {
			token = c.turned(&input, out)
		} else {
			token = p.next(reflect.ValueOf(&input).Elem(), reflect.ValueOf(out).Elem())
		}
		if token == "" || j.probe != nil {
			break
		}
		if seen[token] {
			u.cut("the service repeated a page token")
			break
		}
		seen[token] = true
	}
	u.end()
}

// params of a call over everything are empty, unless it is made several times
// with different inputs.
func (c *call[C, I, O, P]) params(j *job, in any) map[string]string {
	if len(c.feeds) == 0 && len(c.inputs) < 2 {
		return nil
	}
	return j.shape.params(in)
}

func (c *call[C, I, O, P]) listing(p pager) bool { return len(c.feeds) == 0 || p.pages() }
