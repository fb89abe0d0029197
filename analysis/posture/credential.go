package posture

import (
	"fmt"
	"time"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// users are those that something described.
func (e *Estate) users() []graph.Ref {
	var list []graph.Ref
	for _, user := range e.Snap.ByKind(graph.KindUser) {
		if e.described(user) {
			list = append(list, user)
		}
	}
	return list
}

// report is a user's row of the credential report, nil where it was not read.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
func (e *Estate) report(user graph.Ref) map[string]string {
	var row map[string]string
	if ok, err := e.Snap.Decode(user, graph.PropCredentialReport, &row); !ok || err != nil {
		return nil
	}
	return row
}

// consoleWithoutMFA looks into the credential report or, where that was not
// read, at the password and the MFA devices themselves.
func consoleWithoutMFA(e *Estate, out emit) {
	for _, user := range e.users() {
		if row := e.report(user); row != nil {
			switch {
			case row["password_enabled"] != "true":
			case row["mfa_active"] == "true":
				out(user, Pass, e.name(user)+" signs in with MFA")
			default:
				out(user, Fail, e.name(user)+" signs in to the console without MFA", e.reason(user, graph.PropCredentialReport, "/mfa_active", "credential report", "a password is enabled and no MFA device is"))
			}
			continue
		}
		var devices []struct{ SerialNumber string }
		read, err := e.Snap.Decode(user, graph.PropMFADevices, &devices)
		read = read && err == nil
		switch {
		case read && len(devices) > 0:
			out(user, Pass, e.name(user)+" signs in with MFA")
		case read && e.Snap.Prop(user, graph.PropLoginProfile) != nil:
			out(user, Fail, e.name(user)+" signs in to the console without MFA", e.reason(user, graph.PropLoginProfile, "", "login profile", "a password exists and no MFA device does"))
		default:
			out(user, Unknown, "Whether "+e.name(user)+" signs in to the console without MFA was not read")
		}
	}
}

const keyAge = 90 * 24 * time.Hour

// activeKey is one active access key of a user; since is zero where it was not read.
type activeKey struct {
	since  time.Time
	reason attack.Reason
}

// activeKeys lists a user's active keys by the credential report or, where that
// was not read, by the keys themselves; ok is false where neither was.
func (e *Estate) activeKeys(user graph.Ref) (keys []activeKey, ok bool) {
	if row := e.report(user); row != nil {
		for _, column := range []string{"access_key_1", "access_key_2"} {
			if row[column+"_active"] != "true" {
				continue
			}
			since, err := time.Parse(time.RFC3339, row[column+"_last_rotated"])
			if err != nil {
				since = time.Time{}
			}
			keys = append(keys, activeKey{since, e.reason(user, graph.PropCredentialReport, "/"+column+"_last_rotated", "credential report", "last rotated "+since.Format(time.DateOnly))})
		}
		return keys, true
	}
	for key := range e.Snap.OutKind(user, graph.EdgeHasKey) {
		var doc struct {
			Status     string
			CreateDate time.Time
		}
		if read, err := e.Snap.Decode(key, graph.PropResource, &doc); !read || err != nil {
			continue
		}
		ok = true
		if doc.Status != "Inactive" {
			keys = append(keys, activeKey{doc.CreateDate, e.reason(key, graph.PropResource, "/CreateDate", "access key", "created "+doc.CreateDate.Format(time.DateOnly))})
		}
	}
	return keys, ok
}

// oldAccessKey judges a user by the oldest of its keys.
func oldAccessKey(e *Estate, out emit) {
	now := e.Snap.Meta().TakenAt
	for _, user := range e.users() {
		keys, read := e.activeKeys(user)
		if !read {
			out(user, Unknown, "The access keys of "+e.name(user)+" were not read")
			continue
		}
		var oldest *activeKey
		undated := false
		for i := range keys {
			undated = undated || keys[i].since.IsZero()
			if k := &keys[i]; !k.since.IsZero() && (oldest == nil || k.since.Before(oldest.since)) {
				oldest = k
			}
		}
		switch {
		case oldest != nil && now.Sub(oldest.since) >= keyAge:
			out(user, Fail, fmt.Sprintf("A key of %s is %d days old", e.name(user), int(now.Sub(oldest.since).Hours()/24)), oldest.reason)
		case undated:
			out(user, Unknown, "The age of a key of "+e.name(user)+" is not known")
		case oldest != nil:
			out(user, Pass, "The keys of "+e.name(user)+" are younger than 90 days")
		}
	}
}
