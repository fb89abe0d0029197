package detect

import (
	"regexp"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph/sit"
)

// find scans a text and lists "type:span" of what counts by default.
func find(text string, field *Field) []string {
	d := New(nil, nil)
	var out []string
	for _, h := range d.Scanner().Scan([]byte(text), field) {
		if h.Score >= minScore {
			out = append(out, string(d.ID(h.Kind))+":"+text[h.Start:h.End])
		}
	}
	return out
}

// Numbers in these tables are made up to satisfy the published rules.
func TestFinds(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"card 4539 1488 0343 6467 exp 12/27", "credit_card_number:4539 1488 0343 6467"},
		{"maestro 6759649826438453 lost", "credit_card_number:6759649826438453"},
		{"%B4539148803436467^DOE/ANN^2712101000000000?", "credit_card_track_data:%B4539148803436467^DOE/ANN^2712101000000000?"},
		{"pay to DE89 3704 0044 0532 0130 00 please", "iban:DE89 3704 0044 0532 0130 00"},
		{"gb82west12345698765432", "iban:gb82west12345698765432"},
		{"SSN: 512-48-7391.", "us_ssn:512-48-7391"},
		{"his social security number is 512487391", "us_ssn:512487391"},
		{"NHS number 943 476 5919", "uk_nhs_number:943 476 5919"},
		{"provider NPI 1234567893", "us_npi:1234567893"},
		{"steuer-id 86095742719", "de_tax_id:86095742719"},
		{"DNI 12345678Z", "es_dni_nie:12345678Z"},
		{"codice RSSMRA85T10A562S", "it_fiscal_code:RSSMRA85T10A562S"},
		{"NIR 1 85 05 78 006 084 91", "fr_nir:1 85 05 78 006 084 91"},
		{"hetu 131052-308T", "fi_hetu:131052-308T"},
		{"CPF 529.982.247-25", "br_cpf:529.982.247-25"},
		{"aadhaar 2341 2341 2346", "in_aadhaar:2341 2341 2346"},
		{"AHV 756.9217.0769.85", "ch_ahv:756.9217.0769.85"},
		{"write to ann.o'neil+x@mail.example.co.uk, please", "email_address:ann.o'neil+x@mail.example.co.uk"},
		{"call (212) 555-0187 x12 now", "phone_number:(212) 555-0187 x12"},
		{"tel. +49 (0)30 901820", "phone_number:+49 (0)30 901820"},
		{"born 3/14/1971 in", "date_of_birth:3/14/1971"},
		{"from 192.168.14.7:443", "ip_address:192.168.14.7"},
		{"at 2001:db8::8a2e:370:7334.", "ip_address:2001:db8::8a2e:370:7334"},
		{"mac 3c:22:fb:9a:01:7e", "mac_address:3c:22:fb:9a:01:7e"},
		{"pay 1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "crypto_wallet_btc:1BoatSLRHtKNngkdXEeobR76b53LETtpyT"},
		{"id AKIAJ7QX2M5PLR6TWZ4B here", "aws_access_key:AKIAJ7QX2M5PLR6TWZ4B"},
		{"AKIARZPUZDIKPKMLIVZM", "aws_access_key:AKIARZPUZDIKPKMLIVZM"}, // letters only, and nothing around it
		{"aws_secret_access_key = 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", "aws_secret_key:qTs9Kf2LpVx7Rb4Wm8Yc3Zd6Nh1Jg5Ua0Ie+Oi/E"},
		{"DATABASE_URL=postgres://app:s3cr3t-pw@db.corp:5432/main", "db_url_credentials:postgres://app:s3cr3t-pw@db.corp:5432/main"},
		{`"Server=tcp:sql1.corp,1433;Database=crm;User ID=svc;Password=Tr0ub4dor&3;"`, "azure_sql_connection:Server=tcp:sql1.corp,1433;Database=crm;User ID=svc;Password=Tr0ub4dor&3;"},
		{"password: correct-Horse7", "generic_password:correct-Horse7"},
		{"<dbPassword>Tr0ub4dor&3</dbPassword>", "generic_password:Tr0ub4dor&3"},
		{"curl -u admin:Zx81Spectrum https://h/", "http_auth_header:admin:Zx81Spectrum"},
		{"Authorization: Basic YWRtaW46WngzM1NwZWN0cnVt", "http_auth_header:YWRtaW46WngzM1NwZWN0cnVt"},
		{"$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", "password_hash:$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"},
	} {
		if got := strings.Join(find(c.text, nil), " | "); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestStaysSilent(t *testing.T) {
	for _, text := range []string{
		"order 4539148803436468 shipped",           // fails Luhn
		"test card 4242424242424242",               // nobody's
		"DE89 3704 0044 0532 0130 01",              // fails mod 97
		"550e8400-e29b-41d4-a716-446655440000",     // UUID
		"commit 9f86d081884c7d659a2feaa0c55ad015",  // hash
		"2024-03-12T10:11:12.345Z worker-7 took 8", // log line
		"release 10.4.2.1 of the agent",            // version
		"ratio 1:2:3:4, 0.123456789, 1e-9",
		"icon@2x.png and main@1.2.3",
		"password: ${DB_PASSWORD}", "password = getPassword()", "password=os.environ", "token: <your token>",
		"postgres://user:password@localhost/db", "https://example.org/a?b=c@d",
		"ssn 000-12-3456", "invoice 2024/03/000123", "key=550e8400-e29b-41d4-a716-446655440000",
		"AKIAIOSFODNN7EXAMPLE", "nextToken=9f86d081884c7d659a2feaa0c55ad015",
		"-----BEGIN PRIVATE KEY-----\nanything\n-----END PRIVATE KEY-----",
		"PasswordLastUsed: 2024-03-12", "HttpTokens: required",
	} {
		if got := find(text, nil); len(got) > 0 {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestFieldNames(t *testing.T) {
	for _, c := range []struct{ field, value, want string }{
		{"customer.ssn", "512487391", "us_ssn:512487391"},
		{"order_id", "512487391", ""},
		{"cvv", "123", "card_verification_code:123"},
		{"count", "123", ""},
		{"dateOfBirth", "1971-03-14", "date_of_birth:1971-03-14"},
		{"created_at", "1971-03-14", ""},
		{"diagnosis_code", "E11", "icd10_code:E11"},
		{"MRN", "83920174", "medical_record_number:83920174"},
		{"db_password", "hunter22", "generic_password:hunter22"},
		{"apiToken", "9f86d081884c7d659a2feaa0c55ad015", "generic_api_key:9f86d081884c7d659a2feaa0c55ad015"},
		{"token_id", "9f86d081884c7d659a2feaa0c55ad015", ""},
		{"phone", "030 901820", "phone_number:030 901820"},
		{"iban", "DE89370400440532013000", "iban:DE89370400440532013000"},
	} {
		if got := strings.Join(find(c.value, NewField(c.field)), " | "); got != c.want {
			t.Errorf("%s=%q: %q, want %q", c.field, c.value, got, c.want)
		}
	}
}

func TestOnlyEnabledTypes(t *testing.T) {
	d := New(func(id sit.ID) bool { return id == "email_address" || id == "badge" }, []Custom{{
		Type:     sit.Type{ID: "badge", Category: sit.PII, Confidence: sit.High},
		Pattern:  regexp.MustCompile(`\bB-\d{6}\b`),
		Keywords: []string{"badge"},
	}})
	s := d.Scanner()
	var got []string
	for _, h := range s.Scan([]byte("ann@corp.example badge B-123456 ssn 512-48-7391\nwrong word here, far from it all, and more words: B-654321"), nil) {
		got = append(got, string(d.ID(h.Kind)))
	}
	if strings.Join(got, " ") != "email_address badge" {
		t.Errorf("found %v", got)
	}
}

// The bare confidence in the catalogue is what a value without context gets.
func TestCatalogueConfidence(t *testing.T) {
	for id, text := range map[sit.ID]string{
		"iban": "DE89370400440532013000", "email_address": "ann@corp.example", "us_ssn": "512-48-7391", "fi_hetu": "131052-308T",
		"es_dni_nie": "12345678Z", "br_cpf": "529.982.247-25", "uk_nhs_number": "943 476 5919", "us_npi": "1234567893",
		"credit_card_number": "4539 1488 0343 6467", "ch_ahv": "756.9217.0769.85", "de_tax_id": "86095742719",
	} {
		d := New(func(other sit.ID) bool { return other == id }, nil)
		hits := d.Scanner().Scan([]byte(text), nil)
		typ, _ := sit.Lookup(id)
		if len(hits) != 1 || sit.OfScore(int(hits[0].Score)) != typ.Confidence {
			t.Errorf("%s: %v, the catalogue says %v", id, hits, typ.Confidence)
		}
	}
}
