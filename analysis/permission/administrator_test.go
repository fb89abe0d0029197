package permission

import (
	"testing"

	"github.com/cairn-security/cairn/graph"
)

func TestAdministrator(t *testing.T) {
	all := doc(allow("*", "*"))
	mfa := doc(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`)
	for _, tc := range []struct {
		name     string
		policies []string
		boundary string
		want     AdministratorStatus
		denies   int
	}{
		{"everything", []string{all}, "", IsAdministrator, 0},
		{"split over two policies", []string{doc(allow("iam:*", "*")), doc(`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`)}, "", IsAdministrator, 0},
		{"split over three", []string{doc(allow("iam:*", "*")), doc(`{"Effect":"Allow","NotAction":["iam:*","s3:*"],"Resource":"*"}`), doc(allow("s3:*", "*"))}, "", IsAdministrator, 0},
		{"one service short", []string{doc(`{"Effect":"Allow","NotAction":"dynamodb:*","Resource":"*"}`)}, "", NotAdministrator, 0},
		{"only IAM: one step away", []string{doc(allow("iam:*", "*"))}, "", NotAdministrator, 0},
		{"own account's resources only", []string{doc(allow("*", "arn:aws:s3:::*"))}, "", NotAdministrator, 0},
		{"residual deny", []string{all, doc(deny("s3:DeleteBucket", "*"))}, "", IsAdministrator, 1},
		{"deny of an IAM write", []string{all, doc(deny("iam:CreatePolicyVersion", "*"))}, "", NotAdministrator, 0},
		{"deny of PassRole", []string{all, doc(deny("iam:PassRole", "*"))}, "", NotAdministrator, 0},
		{"boundary without IAM", []string{all}, doc(`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`), NotAdministrator, 0},
		{"boundary that allows everything", []string{all}, all, IsAdministrator, 0},
		{"with MFA", []string{mfa}, "", ConditionalAdministrator, 0},
		{"nothing", nil, "", NotAdministrator, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEstate(t)
			u := e.user("u", tc.policies...)
			if tc.boundary != "" {
				b := e.node("arn:aws:iam::"+home+":policy/b", graph.KindPolicy, home)
				e.set(b, graph.PropDocument, tc.boundary)
				e.b.Link(u, b, graph.EdgeBoundary)
			}
			eng, snap := e.engine()
			got := eng.Administrator(ref(t, snap, "arn:aws:iam::"+home+":user/u"), Given{})
			if got.Status != tc.want || len(got.ResidualDenies) != tc.denies {
				t.Errorf("status %v with %d residual denies, want %v with %d; %+v", got.Status, len(got.ResidualDenies), tc.want, tc.denies, got.Decision)
			}
			if got.Status != NotAdministrator {
				checkShape(t, got.Decision)
			}
			if tc.want == IsAdministrator && len(tc.policies) > len(got.Decision.Reasons)+tc.denies+1 {
				t.Errorf("%d reasons for %d policies", len(got.Decision.Reasons), len(tc.policies))
			}
		})
	}
}

func TestRootAdministers(t *testing.T) {
	e := newEstate(t)
	eng, snap := e.engine()
	if got := eng.Administrator(ref(t, snap, graph.AccountID(home)), Given{}); got.Status != IsAdministrator {
		t.Errorf("root user: %v", got.Status)
	}
	if got := eng.Administrator(ref(t, snap, "any-aws-principal"), Given{}); got.Status != NotAdministrator {
		t.Errorf("somebody: %v", got.Status)
	}
}

func BenchmarkAdministrator(b *testing.B) {
	t := &testing.T{}
	e := newEstate(t)
	e.user("u", doc(allow("*", "*")))
	eng, snap := e.engine()
	u := ref(t, snap, "arn:aws:iam::"+home+":user/u")
	for b.Loop() {
		if eng.Administrator(u, Given{}).Status != IsAdministrator {
			b.Fatal("not an administrator")
		}
	}
}
