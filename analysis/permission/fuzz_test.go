package permission

import (
	"testing"
	"time"
)

func FuzzSimulateLine(f *testing.F) {
	f.Add([]byte(`{"id":"1","mode":"strict","request":{"principal":"arn:aws:iam::111111111111:user/u","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","context":{"a:b":["x"]}},"identity_policies":[{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"a:b":"x*"}}}}]}`))
	f.Add([]byte(`{"id":"2","mode":"open","request":{"principal":"anonymous","action":"s3:GetObject"},"resource_policy":{"Statement":[{"Effect":"Allow","NotPrincipal":{"AWS":"x"},"NotAction":"*","NotResource":"${aws:username}"}]}}`))
	f.Add([]byte(`{"id":"3","mode":"","request":{"principal":"x","action":"kms:*","resource":"arn:aws:kms:::key/1"},"scps":[{"level":"a","policies":[{"name":"n","policy":{"Statement":{"Effect":"Deny","Action":"*","Condition":{"Foo":{"a":"b"}}}}}]}]}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		if len(line) > 1<<16 {
			return
		}
		start := time.Now()
		s, err := SimulateLine(line)
		if err == nil && s.Decision == "" {
			t.Fatal("neither decision nor error")
		}
		if time.Since(start) > 10*time.Second {
			t.Fatal("took more than ten seconds")
		}
	})
}
