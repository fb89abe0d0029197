package detect

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph/sit"
)

// falseFor lists our types that answer to a rule of the corpus; a row that
// must stay silent for the rule must stay silent for them.
var falseFor = map[string][]sit.ID{
	"generic-api-key": {"generic_api_key", "generic_password"}, "gcp-api-key": {"gcp_api_key"}, "curl-auth-user": {"http_auth_header"},
	"curl-auth-header": {"http_auth_header"}, "aws-access-token": {"aws_access_key"}, "private-key": {"private_key_pem", "private_key_openssh"},
}

// answers reports whether a find of this type is what the rule must not say:
// one of the listed types, or the type of the same provider. A row that is
// false for one rule may hold the secret of another.
func answers(rule string, id sit.ID) bool {
	if ids, ok := falseFor[rule]; ok {
		return slices.Contains(ids, id)
	}
	provider, _, _ := strings.Cut(rule, "-")
	if strings.HasPrefix(string(id), "generic_") {
		return !strings.Contains(rule, "token") && !strings.Contains(rule, "key")
	}
	own, _, _ := strings.Cut(string(id), "_")
	return provider == own || rule == "jwt-base64" || rule == "kubernetes-secret-yaml"
}

func TestSecretsCorpus(t *testing.T) {
	d := New(nil, nil)
	s := d.Scanner()
	touched, whole, total, silent, negatives := 0, 0, 0, 0, 0
	missed := map[string]int{}
	eachRow(t, "secrets.jsonl", func(row labelledRow) {
		hits := slices.DeleteFunc(slices.Clone(s.Scan([]byte(row.Text), nil)), func(h Hit) bool {
			return h.Score < minScore || d.Category(h.Kind) != sit.Credentials
		})
		if row.Label == "fp" {
			negatives++
			noisy := 0
			for _, h := range hits {
				if answers(row.Rule, d.ID(h.Kind)) {
					noisy++
				}
			}
			if noisy == 0 {
				silent++
			} else if os.Getenv("CAIRN_VERBOSE") != "" {
				t.Logf("false %s: %q %v", row.Rule, clip(row.Text), names(d, hits))
			}
			return
		}
		for _, span := range row.Spans {
			total++
			any, exact := false, false
			for _, h := range hits {
				any = any || overlap(h, span)
				exact = exact || h.Start <= span.Start && h.End >= span.End
			}
			if any {
				touched++
			} else {
				missed[row.Rule]++
				if os.Getenv("CAIRN_VERBOSE") != "" {
					t.Logf("missed %s: %q", row.Rule, clip(row.Text))
				}
			}
			if exact {
				whole++
			}
		}
	})
	t.Logf("secrets: %d of %d touched (%.3f), %d in full (%.3f); %d of %d false rows silent (%.3f)", touched, total, ratio(touched, total), whole, ratio(whole, total), silent, negatives, ratio(silent, negatives))
	t.Logf("missed by rule: %v", missed)
	if ratio(touched, total) < 0.97 || ratio(whole, total) < 0.95 {
		t.Errorf("recall fell: %.3f touched (want 0.97), %.3f in full (want 0.95)", ratio(touched, total), ratio(whole, total))
	}
	if ratio(silent, negatives) < 0.92 {
		t.Errorf("only %.3f of the false rows are silent, want 0.92", ratio(silent, negatives))
	}
}
