package permission

import (
	"testing"

	"github.com/cairn-security/cairn/graph"
)

const point = "arn:aws:s3:eu-west-1:" + home + ":accesspoint/reports"

// pointEstate has a bucket that leaves access control to its access points, one
// that lets a user and another account in, and a user nobody lets in.
func pointEstate(t *testing.T, pointPolicy string) (*Engine, *graph.Snapshot) {
	e := newEstate(t)
	e.user("u")
	e.user("owner", doc(allow("s3:*", "*")))
	e.user("outsider")
	bucket := e.bucket("b1", doc(`{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:*","Resource":["arn:aws:s3:::b1","arn:aws:s3:::b1/*"],
		"Condition":{"StringEquals":{"s3:DataAccessPointAccount":"`+home+`"}}}`))
	p := e.node(point, graph.KindAccessPoint, home)
	e.set(p, graph.PropResource, `{"Name":"reports","Bucket":"b1","NetworkOrigin":"Internet"}`)
	e.set(p, graph.PropPolicy, pointPolicy)
	e.b.Link(p, bucket, graph.EdgeUses)
	return e.engine()
}

func TestWhoCanThroughAccessPoints(t *testing.T) {
	eng, snap := pointEstate(t, doc(`{"Effect":"Allow","Principal":{"AWS":"`+userU+`"},"Action":["s3:GetObject","s3:ListBucket"],"Resource":["`+point+`","`+point+`/object/2024/*"]}`))
	for _, tc := range []struct {
		action string
		on     Resource
		want   map[string]string // name of the door by principal
	}{
		{"s3:GetObject", OnNode(ref(t, snap, b1)), map[string]string{"u": "reports", "owner": ""}},
		{"s3:GetObject", OnARN(b1 + "/2024/jan.csv"), map[string]string{"u": "reports", "owner": ""}},
		{"s3:GetObject", OnARN(b1 + "/2023/jan.csv"), map[string]string{"owner": ""}},
		{"s3:ListBucket", OnNode(ref(t, snap, b1)), map[string]string{"u": "reports", "owner": ""}},
		{"s3:PutObject", OnNode(ref(t, snap, b1)), map[string]string{"owner": ""}},
		{"s3:PutBucketPolicy", OnNode(ref(t, snap, b1)), map[string]string{"owner": ""}},
	} {
		who, everyone := eng.WhoCanByAnyDoor(tc.action, tc.on, Given{}, nil)
		got := map[string]string{}
		for _, w := range who {
			door := ""
			if w.Door != graph.NoRef {
				door = snap.Node(w.Door).Name
			}
			got[snap.Node(w.Node).Name] = door
			if d, by := eng.CanByAnyDoor(w.Node, tc.action, tc.on, Given{}); !d.Allowed || d.Status != w.Decision.Status || by != w.Door {
				t.Errorf("%s by %s: %s through %v, listed as %s through %v", tc.action, snap.Node(w.Node).Name, verdict(d), by, verdict(w.Decision), w.Door)
			}
		}
		if len(got) != len(tc.want) || everyone {
			t.Errorf("%s: %v everyone %v, want %v", tc.action, got, everyone, tc.want)
		}
		for name, door := range tc.want {
			if d, ok := got[name]; !ok || d != door {
				t.Errorf("%s: %s gets in through %q (%v), want %q", tc.action, name, d, ok, door)
			}
		}
	}
}

// A bucket that does not leave access control to its access points stays shut.
func TestListingThroughAPointAsksTheBucket(t *testing.T) {
	e := newEstate(t)
	e.user("u")
	bucket := e.bucket("b1", doc(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b1","arn:aws:s3:::b1/*"]}`))
	p := e.node(point, graph.KindAccessPoint, home)
	e.set(p, graph.PropResource, `{"Name":"reports","Bucket":"b1","NetworkOrigin":"Internet"}`)
	e.set(p, graph.PropPolicy, doc(`{"Effect":"Allow","Principal":{"AWS":"`+userU+`"},"Action":"s3:*","Resource":"*"}`))
	e.b.Link(p, bucket, graph.EdgeUses)
	eng, snap := e.engine()
	for _, action := range []string{"s3:ListBucket", "s3:GetObject"} {
		if got := verdict(eng.Can(ref(t, snap, userU), action, OnNode(ref(t, snap, point)), Given{})); got != "denied explicitly" {
			t.Errorf("%s: %s", action, got)
		}
	}
}
