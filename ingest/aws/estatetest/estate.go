package estatetest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// What every estate has.
const (
	Region  = "us-east-1"
	Account = "123456789012" // the emulator's own
	Partner = "222222222222"
	// Collector is the role the collector assumes in both accounts.
	Collector = "cairn-collector"
)

// Buckets of the first account unless said otherwise.
const (
	// Cards holds card numbers; the web server's role may read it.
	Cards = "northwind-cards"
	// Sealed holds the same; the web server's role may read the object but not
	// use the key.
	Sealed = "northwind-sealed"
	// Barred holds the same; its policy denies the web server's role.
	Barred = "northwind-barred"
	// Inner holds the same; only the instance without a route may read it.
	Inner = "northwind-inner"
	// Open is public by its policy and holds email addresses.
	Open = "northwind-open"
	// Lent is in the partner account, readable by its role that trusts Deploy.
	Lent = "partner-lent"
)

// Names of principals.
const (
	Web      = "web"      // role of the exposed instance
	InnerWeb = "inner"    // role of the instance without a route
	Bounded  = "bounded"  // may everything, behind a boundary that lets it read tags; any principal may assume it
	Deploy   = "deploy"   // role the user Developer may assume
	Reader   = "reader"   // role of the partner account that trusts Deploy
	Auditor  = "auditor"  // role that may use the key of Sealed
	Function = "orders"   // function with a login in its environment
	Exec     = "orders-x" // its role
	// Developer is a user with an access key and membership of a group.
	Developer = "dana"
)

// Secrets that the estate hides in environments and user data: no bundle may
// hold one of them. They are made up.
var Secrets = []string{"hunter2-Kx9vQ", "tr0ub4dor-Zp71", "q7Tz/0aLr9Xv2LmCw4Yb8+KpEd6Hs1Nf3Gj5RuOi"}

// LeakedKey is the id of the access key whose secret part is in the exposed
// instance's user data; the id may be told, it is what links the find.
const LeakedKey = "AKIAQYLPMN5HKZ3TESTK"

// Estate is what [Create] made, by the ids the emulator gave.
type Estate struct {
	Config  aws.Config // first account
	Partner aws.Config // second account

	VPC, PublicSubnet, PrivateSubnet string
	WebInstance, InnerInstance       string
	Key                              string // ARN
	Snapshot                         string // public EBS snapshot
	AccessKey                        string // of Developer
}

// Create makes the estate in the emulator at endpoint. It takes about a second.
func Create(t testing.TB, endpoint string) *Estate {
	t.Helper()
	e := &Estate{Config: Config(t, endpoint)}
	e.Partner = In(t, e.Config, Partner)
	ctx := context.Background()
	e.identities(ctx, t)
	e.partner(ctx, t)
	e.network(ctx, t)
	e.compute(ctx, t)
	e.data(ctx, t)
	return e
}

// RoleARN names a role of the first account.
func RoleARN(name string) string { return "arn:aws:iam::" + Account + ":role/" + name }

// CardsCSV is a file of n customers with test card numbers: valid check digits,
// of no issuer's customers.
func CardsCSV(n int) string {
	var b strings.Builder
	b.WriteString("id,name,card_number,expires\n")
	for i := range n {
		fmt.Fprintf(&b, "%d,Customer %d,%s,12/29\n", i, i, withLuhn(fmt.Sprintf("411111%09d", 7919*i+13)))
	}
	return b.String()
}

// withLuhn appends the check digit of ISO/IEC 7812-1.
func withLuhn(digits string) string {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return digits + string(rune('0'+(10-sum%10)%10))
}
