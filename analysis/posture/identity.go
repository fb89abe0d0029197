package posture

import (
	"fmt"
	"strings"
	"time"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

func roleTrustsEveryone(e *Estate, out emit) {
	anyone, ok := e.Snap.Lookup("any-aws-principal")
	if !ok {
		return
	}
	for _, role := range e.Snap.ByKind(graph.KindRole) {
		d := e.Perm.AssumeRole(anyone, role, permission.Given{Qualifier: attack.BySession})
		if d.Allowed && d.Status == attack.Conditional {
			continue // limited by what the trust asks for
		}
		e.verdict(d, role, out, "Anyone with an AWS account may assume "+e.name(role), e.name(role)+" names who may assume it")
	}
}

func foreignTrustWithoutExternalID(e *Estate, out emit) {
	for a := range e.Perm.Assumptions(permission.Given{}) {
		if e.Snap.Kind(a.From) != graph.KindExternalAccount {
			continue
		}
		limited := false
		for _, alternative := range a.Decision.Conditions {
			for _, c := range alternative {
				limited = limited || strings.EqualFold(c.Key, "sts:ExternalId")
			}
		}
		who := e.Snap.Node(a.From).Account
		if limited {
			out(a.Role, Pass, e.name(a.Role)+" asks account "+who+" for an external id")
			continue
		}
		e.verdict(a.Decision, a.Role, out, "Account "+who+" may assume "+e.name(a.Role)+" without an external id", "")
	}
}

// report calls f with each user's row of the credential report.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
func (e *Estate) report(f func(user graph.Ref, row map[string]string)) {
	for _, user := range e.Snap.ByKind(graph.KindUser) {
		row := map[string]string{}
		if ok, err := e.Snap.Decode(user, graph.PropCredentialReport, &row); ok && err == nil {
			f(user, row)
		}
	}
}

func consoleWithoutMFA(e *Estate, out emit) {
	e.report(func(user graph.Ref, row map[string]string) {
		switch {
		case row["password_enabled"] != "true":
		case row["mfa_active"] == "true":
			out(user, Pass, e.name(user)+" signs in with MFA")
		default:
			out(user, Fail, e.name(user)+" signs in to the console without MFA", e.reason(user, graph.PropCredentialReport, "/mfa_active", "credential report", "a password is enabled and no MFA device is"))
		}
	})
}

const keyAge = 90 * 24 * time.Hour

func oldAccessKey(e *Estate, out emit) {
	now := e.Snap.Meta().TakenAt
	e.report(func(user graph.Ref, row map[string]string) {
		for _, column := range []string{"access_key_1", "access_key_2"} {
			if row[column+"_active"] != "true" {
				continue
			}
			rotated, err := time.Parse(time.RFC3339, row[column+"_last_rotated"])
			switch {
			case err != nil:
				out(user, Unknown, "The age of a key of "+e.name(user)+" is not known")
			case now.Sub(rotated) < keyAge:
				out(user, Pass, "The key of "+e.name(user)+" is younger than 90 days")
			default:
				out(user, Fail, fmt.Sprintf("A key of %s is %d days old", e.name(user), int(now.Sub(rotated).Hours()/24)),
					e.reason(user, graph.PropCredentialReport, "/"+column+"_last_rotated", "credential report", "last rotated "+rotated.Format(time.DateOnly)))
			}
		}
	})
}
