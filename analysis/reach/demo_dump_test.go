package reach_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/analysis/reach"
)

// TestDump checks what a whole account dump says of its exposure: a task open
// to the internet on 443, a bastion on 22 from two ranges only, a load
// balancer whose group and listener disagree open to nobody.
func TestDump(t *testing.T) {
	est := load(t, filepath.Join(conformance(t), "dumps", "cloudmapper-demo"))
	got := map[string]reach.Endpoint{}
	for _, x := range est.Exposed(reach.Options{Policy: anonymousPolicy}) {
		got[x.Resource.Name+"|"+x.Resource.Kind.String()] = x
	}
	check := func(key string, class reach.Class, ranges ...string) {
		t.Helper()
		x, ok := got[key]
		if !ok {
			t.Errorf("%s: no entry", key)
			return
		}
		var list []string
		for _, r := range x.Ranges() {
			var src []string
			for _, p := range r.Sources {
				src = append(src, p.String())
			}
			list = append(list, r.Protocol+" "+r.Ports+" "+strings.Join(src, ","))
		}
		if x.Class != class || strings.Join(list, "; ") != strings.Join(ranges, "; ") {
			t.Errorf("%s: class %s, ranges %q; want %s, %q (missing %q)", key, x.Class, list, class, ranges, x.Missing)
		}
	}
	check("myecs|task", reach.ClassInternet, "tcp 443-443 0.0.0.0/0")
	check("Bastion|instance", reach.ClassRestricted, "tcp 22-22 1.1.1.1/32,2.2.2.0/28")
	check("weblb|load-balancer", reach.ClassNone)
	check("database|db-instance", reach.ClassInternal)
	check("redshift-cluster-1|warehouse", reach.ClassNone)
	check("myvpcdomain|search-domain", reach.ClassInternal)
	for _, p := range est.Problems() {
		t.Log(p)
	}
}
