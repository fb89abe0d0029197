package demo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

// file is an object of a bucket: a name and what it holds.
type file struct {
	name    string
	content func() []byte
}

func text(s string) func() []byte { return func() []byte { return []byte(s) } }

// Everything personal below is drawn from a seeded generator: no value belongs
// to anybody, but the check digits are right, so that detectors must work.
func dice(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x6e77)) }

var (
	firstNames = strings.Fields("Ada Ben Carla Dilip Erin Femi Grete Hugo Ines Jamal Kira Luca Mina Noor Olga Pavel Quinn Rosa Sven Tara Uma Victor Wanda Yusuf Zoe")
	lastNames  = strings.Fields("Abbot Brandt Castillo Dunne Eriksen Fischer Gallo Haddad Ivanova Jensen Keller Lindqvist Moreau Novak Okafor Petrov Quirke Romano Schmidt Tanaka Urban Vargas Walsh Yilmaz Zhang")
	diagnoses  = strings.Fields("E11.9 I10 J45.909 M54.5 F32.1 K21.9 N18.3 C50.911 G43.909 E78.5")
)

func person(r *rand.Rand) (first, last, email string) {
	first, last = firstNames[r.IntN(len(firstNames))], lastNames[r.IntN(len(lastNames))]
	return first, last, fmt.Sprintf("%s.%s%d@mail.example.org", strings.ToLower(first), strings.ToLower(last), r.IntN(90)+10)
}

// ssn follows the rules of the Social Security Administration for numbers that
// can exist: no area 000, 666 or 9xx, no group 00, no serial 0000.
func ssn(r *rand.Rand) string {
	area := 1 + r.IntN(665)
	return fmt.Sprintf("%03d-%02d-%04d", area, 1+r.IntN(99), 1+r.IntN(9999))
}

func birthday(r *rand.Rand) string {
	return fmt.Sprintf("%d-%02d-%02d", 1930+r.IntN(80), 1+r.IntN(12), 1+r.IntN(28))
}

// card is a Visa number with a valid Luhn digit.
func card(r *rand.Rand) string {
	digits := []int{4, 5, 3, 9}
	for len(digits) < 15 {
		digits = append(digits, r.IntN(10))
	}
	sum := 0
	for i, d := range digits {
		if i%2 == 0 { // doubled, counted from the check digit's left
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	digits = append(digits, (10-sum%10)%10)
	var b strings.Builder
	for _, d := range digits {
		b.WriteByte(byte('0' + d))
	}
	return b.String()
}

// iban is an Irish account number with valid check digits (ISO 13616, mod 97).
func iban(r *rand.Rand) string {
	account := fmt.Sprintf("%014d", r.Int64N(100_000_000_000_000))
	rest := 0
	for _, c := range "AIBK" + account + "IE00" {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return fmt.Sprintf("IE%02dAIBK%s", 98-rest, account)
}

func csv(header string, rows int, seed uint64, row func(*rand.Rand) string) func() []byte {
	return func() []byte {
		r := dice(seed)
		var b strings.Builder
		b.WriteString(header + "\n")
		for range rows {
			b.WriteString(row(r) + "\n")
		}
		return []byte(b.String())
	}
}

func patients(rows int) func() []byte {
	return csv("mrn,first_name,last_name,date_of_birth,ssn,email,diagnosis_code", rows, uint64(rows), func(r *rand.Rand) string {
		first, last, email := person(r)
		return fmt.Sprintf("MRN-%07d,%s,%s,%s,%s,%s,%s", r.IntN(9_999_999), first, last, birthday(r), ssn(r), email, diagnoses[r.IntN(len(diagnoses))])
	})
}

func subscribers(rows int) func() []byte {
	return csv("email,first_name,opted_in", rows, 7, func(r *rand.Rand) string {
		first, _, email := person(r)
		return email + "," + first + ",yes"
	})
}

func invoices(rows int) func() []byte {
	return csv("invoice,customer,card_number,amount", rows, 11, func(r *rand.Rand) string {
		first, last, _ := person(r)
		return fmt.Sprintf("INV-%05d,%s %s,%s,%d.%02d", r.IntN(99999), first, last, card(r), 20+r.IntN(900), r.IntN(100))
	})
}

func payroll(rows int) func() []byte {
	return csv("employee,ssn,iban,net_salary", rows, uint64(100+rows), func(r *rand.Rand) string {
		first, last, _ := person(r)
		return fmt.Sprintf("%s %s,%s,%s,%d", first, last, ssn(r), iban(r), 2100+r.IntN(4000))
	})
}

func lines(rows int, seed uint64, row func(*rand.Rand) object) func() []byte {
	return func() []byte {
		r := dice(seed)
		var b strings.Builder
		enc := json.NewEncoder(&b)
		for range rows {
			// Maps of strings always encode.
			_ = enc.Encode(row(r))
		}
		return []byte(b.String())
	}
}

func claims(rows int) func() []byte {
	return lines(rows, 23, func(r *rand.Rand) object {
		first, last, _ := person(r)
		return object{"claim": fmt.Sprintf("CL%06d", r.IntN(999999)), "patient": first + " " + last, "ssn": ssn(r), "diagnosis_code": diagnoses[r.IntN(len(diagnoses))], "amount": 40 + r.IntN(3000)}
	})
}

func imaging(rows int) func() []byte {
	return lines(rows, 29, func(r *rand.Rand) object {
		first, last, _ := person(r)
		return object{"study": fmt.Sprintf("1.2.840.%d", r.IntN(1e9)), "mrn": fmt.Sprintf("MRN-%07d", r.IntN(9_999_999)), "patient_name": first + " " + last,
			"date_of_birth": birthday(r), "modality": "MR", "diagnosis_code": diagnoses[r.IntN(len(diagnoses))]}
	})
}

// The key that somebody left in a public file. It is made up; it is put
// together here so that scanners of source code do not take it for a real one.
var leakedKeyID = "AKIA" + "3NWCDEPLOYSITE42"

func leakedEnvironment() []byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	r := dice(41)
	secret := make([]byte, 40)
	for i := range secret {
		secret[i] = alphabet[r.IntN(len(alphabet))]
	}
	return []byte("SITE_BUCKET=nwc-public-site\nAWS_ACCESS_KEY_ID=" + leakedKeyID + "\nAWS_SECRET_ACCESS_KEY=" + string(secret) + "\n")
}
