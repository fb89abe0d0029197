package detect

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph/sit"
)

// conformanceFile opens a file of the conformance folder; a relative
// CAIRN_CONFORMANCE counts from the module root.
func conformanceFile(t *testing.T, name string) *os.File {
	t.Helper()
	root := os.Getenv("CAIRN_CONFORMANCE")
	if root == "" {
		t.Skip("CAIRN_CONFORMANCE is not set")
	}
	if !filepath.IsAbs(root) {
		root = filepath.Join("..", "..", "..", root)
	}
	f, err := os.Open(filepath.Join(root, "classify", name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

type labelledSpan struct {
	Start int    `json:"bstart"`
	End   int    `json:"bend"`
	Type  string `json:"type"`
}

type labelledRow struct {
	ID    string         `json:"id"`
	Text  string         `json:"text"`
	Spans []labelledSpan `json:"spans"`
	Scope []string       `json:"scope"`
	Label string         `json:"label"`
	Rule  string         `json:"rule"`
}

func eachRow(t *testing.T, name string, do func(labelledRow)) {
	t.Helper()
	lines := bufio.NewScanner(conformanceFile(t, name))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row labelledRow
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		do(row)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// minScore is the confidence that counts by default.
const minScore = 75

// tally counts found and missed spans of one type, and false finds.
type tally struct{ found, missed, stray int }

func (c tally) recall() float64    { return ratio(c.found, c.found+c.missed) }
func (c tally) precision() float64 { return ratio(c.found, c.found+c.stray) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func f1(c tally) float64 {
	return ratio(2*c.found, 2*c.found+c.missed+c.stray)
}

func overlap(h Hit, span labelledSpan) bool {
	return min(h.End, span.End)-max(h.Start, span.Start) > 0
}

// labelNames maps the labels of the corpus to types of the catalogue.
var labelNames = map[string][]sit.ID{
	"CREDIT_CARD": {"credit_card_number"}, "PHONE_NUMBER": {"phone_number"}, "EMAIL_ADDRESS": {"email_address"},
	"US_SSN": {"us_ssn"}, "IBAN_CODE": {"iban"}, "IP_ADDRESS": {"ip_address"}, "US_DRIVER_LICENSE": {"us_drivers_license"},
	"DATE_TIME": {"date_of_birth"}, "MAC_ADDRESS": {"mac_address"}, "CRYPTO": {"crypto_wallet_btc"},
	"PH_MOBILE_NUMBER": {"phone_number"}, "TR_PHONE_NUMBER": {"phone_number"},
	"FI_PERSONAL_IDENTITY_CODE": {"fi_hetu"}, "TR_NATIONAL_ID": {"tr_tckn"}, "SG_NRIC_FIN": {"sg_nric_fin"},
	"DE_HEALTH_INSURANCE": {"de_health_insurance"}, "DE_PASSPORT": {"eu_passport"}, "ES_PASSPORT": {"eu_passport"},
	"DE_ID_CARD": {"de_id_card"}, "TH_TNIN": {"th_national_id"}, "IN_GSTIN": {"in_gstin"}, "KR_RRN": {"kr_rrn"}, "KR_FRN": {"kr_rrn"},
	"UK_DRIVING_LICENCE": {"uk_driving_licence"}, "US_ITIN": {"us_itin"}, "US_MBI": {"us_mbi"}, "CA_SIN": {"ca_sin"},
	"MEDICAL_LICENSE": {"us_dea"}, "ES_NIF": {"es_dni_nie"}, "ES_NIE": {"es_dni_nie"}, "IN_AADHAAR": {"in_aadhaar"},
	"IN_VOTER": {"in_voter_passport"}, "IN_PASSPORT": {"in_voter_passport"}, "SE_PERSONNUMMER": {"se_personnummer"},
	"UK_PASSPORT": {"uk_passport"}, "DE_SOCIAL_SECURITY": {"de_social_security"}, "IN_PAN": {"in_pan"}, "PL_PESEL": {"pl_pesel"},
	"US_NPI": {"us_npi"}, "ZA_ID_NUMBER": {"za_id"}, "AU_ACN": {"au_abn_acn"}, "AU_ABN": {"au_abn_acn"},
	"IT_FISCAL_CODE": {"it_fiscal_code"}, "UK_NINO": {"uk_nino"}, "ABA_ROUTING_NUMBER": {"us_aba_routing"},
	"AU_MEDICARE": {"au_medicare"}, "AU_TFN": {"au_tfn"}, "IT_VAT_CODE": {"eu_vat_number"}, "DE_VAT_ID": {"eu_vat_number"},
	"UK_NHS": {"uk_nhs_number"}, "US_BANK_NUMBER": {"us_bank_account"}, "US_PASSPORT": {"us_passport"}, "DE_TAX_ID": {"de_tax_id"},
}

func TestPersonalDataCorpus(t *testing.T) {
	d := New(nil, nil)
	s := d.Scanner()
	prose, scoped := map[string]*tally{}, map[string]*tally{}
	strayTypes := map[sit.ID]int{}
	at := func(m map[string]*tally, k string) *tally {
		if m[k] == nil {
			m[k] = &tally{}
		}
		return m[k]
	}
	eachRow(t, "pii.jsonl", func(row labelledRow) {
		hits := s.Scan([]byte(row.Text), nil)
		used := make([]bool, len(hits))
		counts := prose
		if len(row.Scope) > 0 {
			counts = scoped
		}
		for _, span := range row.Spans {
			ids := labelNames[span.Type]
			ok := false
			for i, h := range hits {
				if h.Score >= minScore && overlap(h, span) && slices.Contains(ids, d.ID(h.Kind)) {
					used[i], ok = true, true
				}
			}
			if ok {
				at(counts, span.Type).found++
			} else {
				at(counts, span.Type).missed++
				if os.Getenv("CAIRN_VERBOSE") != "" && len(ids) > 0 && span.Type != "DATE_TIME" {
					t.Logf("missed %s %q in %q: %v", span.Type, row.Text[span.Start:span.End], clip(row.Text), names(d, hits))
				}
			}
		}
		for i, h := range hits {
			if used[i] || h.Score < minScore {
				continue
			}
			id := d.ID(h.Kind)
			if len(row.Scope) > 0 {
				if slices.Contains(labelNames[row.Scope[0]], id) {
					at(scoped, row.Scope[0]).stray++
				}
				continue
			}
			strayTypes[id]++
			for label, ids := range labelNames {
				if slices.Contains(ids, id) && !strings.Contains(label, "_MOBILE") && !strings.HasPrefix(label, "TR_") && label != "KR_FRN" {
					at(prose, label).stray++
				}
			}
			if os.Getenv("CAIRN_VERBOSE") != "" {
				t.Logf("stray %s %q in %q", id, row.Text[h.Start:h.End], clip(row.Text))
			}
		}
	})
	t.Log("prose: every type is labelled\n" + table(prose))
	t.Log("single types: rows are judged for one type\n" + table(scoped))
	all := tally{}
	for _, label := range []string{"CREDIT_CARD", "PHONE_NUMBER", "EMAIL_ADDRESS", "US_SSN", "IBAN_CODE", "IP_ADDRESS", "US_DRIVER_LICENSE"} {
		c := *at(prose, label)
		all = tally{all.found + c.found, all.missed + c.missed, all.stray}
	}
	for id, n := range strayTypes {
		if id != "date_of_birth" {
			all.stray += n
		}
	}
	t.Logf("structured types in prose, stray claims of any type counted: recall %.3f precision %.3f F1 %.3f (strays %v)", all.recall(), all.precision(), f1(all), strayTypes)
	if f1(all) < 0.95 {
		t.Errorf("F1 %.3f fell below 0.95", f1(all))
	}
	for label, floor := range map[string]float64{"CREDIT_CARD": 0.99, "EMAIL_ADDRESS": 1, "US_SSN": 1, "PHONE_NUMBER": 0.85, "IBAN_CODE": 0.99} {
		if c := at(prose, label); c.recall() < floor || c.precision() < 0.95 {
			t.Errorf("%s: recall %.3f (want %.2f), precision %.3f (want 0.95)", label, c.recall(), floor, c.precision())
		}
	}
}

func clip(s string) string {
	if len(s) > 120 {
		return s[:120] + "…"
	}
	return s
}

func names(d *Detector, hits []Hit) (out []string) {
	for _, h := range hits {
		out = append(out, fmt.Sprintf("%s/%d", d.ID(h.Kind), h.Score))
	}
	return out
}

func table(m map[string]*tally) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		if len(labelNames[k]) > 0 {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	var b strings.Builder
	fmt.Fprintf(&b, "%-28s %6s %6s %6s %7s %9s\n", "type", "found", "missed", "stray", "recall", "precision")
	for _, k := range keys {
		c := m[k]
		fmt.Fprintf(&b, "%-28s %6d %6d %6d %7.3f %9.3f\n", k, c.found, c.missed, c.stray, c.recall(), c.precision())
	}
	return b.String()
}
