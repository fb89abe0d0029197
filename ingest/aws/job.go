package aws

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/sit"
	"github.com/cairn-security/cairn/ingest/classify"
	"github.com/cairn-security/cairn/ingest/record"
)

// source is what records of this collector name as theirs.
const source = "aws"

// job is the reading of one service in one region of one account.
type job struct {
	account string
	region  string // "global" for services without one
	service string
	shape   shape

	sink     sink
	progress *progress
	scrubber *classify.Scrubber
	// elsewhere, where set, tells refusals that say "not here": the operation is
	// answered in another account only, so what it reads is no part of this one.
	elsewhere func(error) bool
	// expired is called when the session turns out to have ended.
	expired func(error)
	// probe, where set, makes a trial of the table: one page of one input of
	// every row.
	probe *probe
}

// unit is one question and all pages of its answer: what a resumed run either
// reuses as a whole or asks again.
type unit struct {
	j       *job
	id      int
	base    record.Record
	records int
	failed  bool
}

// unit opens the record set of one call.
func (j *job) unit(operation string, params map[string]string) *unit {
	return &unit{j: j, id: j.sink.begin(), base: record.Record{
		Account: j.account, Region: j.region, Service: j.service, Operation: operation,
		Params: params, Source: source}}
}

// at returns the job in another region.
func (j *job) at(region string) *job {
	other := *j
	other.region = region
	return &other
}

func (j *job) expect(n int) { j.progress.total.Add(int64(n)) }

// reuse takes over what an interrupted run read.
func (j *job) reuse(operation string, params map[string]string) bool {
	r := record.Record{Account: j.account, Region: j.region, Service: j.service, Operation: operation, Params: params}
	if !j.sink.reuse(unitKey(&r)) {
		return false
	}
	j.progress.done.Add(1)
	j.progress.reused.Add(1)
	return true
}

// unitKey identifies a question across runs.
func unitKey(r *record.Record) string {
	return strings.Join([]string{r.Account, r.Region, r.Service, r.Operation, r.Key()}, "\x01")
}

// reply records one page. A page that says nothing is not recorded: if no page
// says anything, the unit ends as empty, unless blank is what that means.
func (u *unit) reply(out any, listing, cut bool, blank string) {
	body, nothing, err := u.j.shape.reply(out, listing)
	switch {
	case err != nil:
		u.write(graph.OutcomeMalformed, err.Error(), nil)
	case cut:
		u.write(graph.OutcomeTruncated, "the reply holds only a part", body)
	case nothing && blank != "":
		u.write(graph.OutcomeOK, "", json.RawMessage(blank))
	case !nothing:
		u.write(graph.OutcomeOK, "", body)
	}
}

// fail records how a call failed; codes in none mean that nothing is set.
func (u *unit) fail(ctx context.Context, err error, none []string) {
	outcome, detail := outcomeOf(err, none)
	if ctx.Err() != nil && outcome != graph.OutcomeEmpty {
		outcome, detail = graph.OutcomeTimeout, "cancelled before it was read"
	} else if outcome != graph.OutcomeEmpty && isExpired(err) {
		u.j.expired(err)
	} else if outcome == graph.OutcomeDenied && u.j.elsewhere != nil && u.j.elsewhere(err) {
		outcome, detail = graph.OutcomeNotCollected, "answered in another account only: "+detail
	}
	u.write(outcome, detail, nil)
}

// cut records that the answer is not whole.
func (u *unit) cut(why string) { u.write(graph.OutcomeTruncated, why, nil) }

// end closes the unit: empty if nothing was recorded.
func (u *unit) end() {
	if u.records == 0 {
		u.write(graph.OutcomeEmpty, "", nil)
	}
	u.j.sink.end(u.id, unitKey(&u.base), !u.failed)
	u.j.progress.done.Add(1)
}

func (u *unit) write(outcome graph.Outcome, detail string, body json.RawMessage) {
	r := u.base
	r.Outcome, r.Detail, r.Body, r.ReadAt = outcome, detail, body, time.Now().UTC()
	u.put(r)
}

func (u *unit) put(r record.Record) {
	u.records++
	if !record.Answered(r.Outcome) {
		u.failed = true
		u.j.progress.gaps.Add(1)
	}
	u.j.progress.rows.Add(1)
	u.j.sink.write(u.id, r)
}

// credentials records what was found in a text that is itself not recorded. The
// node is the resource it belongs to.
func (u *unit) credentials(node string, found []sit.Credential) {
	r := u.base
	r.Service, r.Operation, r.Params = record.ServiceCairn, record.OpFindCredentials, map[string]string{"Node": node}
	r.Outcome, r.ReadAt = graph.OutcomeEmpty, time.Now().UTC()
	if len(found) > 0 {
		body, err := json.Marshal(found)
		r.Outcome, r.Body = graph.OutcomeOK, body
		if err != nil {
			r.Outcome, r.Detail, r.Body = graph.OutcomeMalformed, err.Error(), nil
		}
	}
	before := u.records
	u.put(r)
	u.records = before // the reply itself still counts as unsaid
}
