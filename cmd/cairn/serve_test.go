package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// serving runs cairn serve until the test ends and returns the line it prints.
func serving(t *testing.T, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	out, in := io.Pipe()
	done := make(chan int, 1)
	stderr := &lineWriter{w: io.Discard}
	go func() {
		done <- run(ctx, append([]string{"serve", "--quiet", "--store", copyOfDemo(t)}, args...), nil, in, stderr)
		in.Close()
	}()
	t.Cleanup(func() {
		stop()
		if code := <-done; code != exitDone {
			t.Errorf("serve ends with %d", code)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no address: %v", err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return strings.TrimSpace(line)
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// certificate makes a self-signed pair for 127.0.0.1.
func certificate(t *testing.T) (cert, key string, trust *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "cairn"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, BasicConstraintsValid: true, IsCA: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	trust = x509.NewCertPool()
	trust.AppendCertsFromPEM(certPEM)
	return file(t, "cert.pem", string(certPEM)), file(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))), trust
}

// roleAt asks a server what the caller may do; "" when it has to sign in.
func roleAt(t *testing.T, client *http.Client, address string, cookies []*http.Cookie, bearer string) string {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, address+"/graphql", strings.NewReader(`{"query":"{server{role} attackPaths(first:1){totalCount}}"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	if w.StatusCode == http.StatusUnauthorized {
		return ""
	}
	var reply struct {
		Data struct {
			Server      struct{ Role string }
			AttackPaths struct{ TotalCount int }
		}
	}
	if err := json.NewDecoder(w.Body).Decode(&reply); err != nil {
		t.Fatal(err)
	}
	if reply.Data.AttackPaths.TotalCount == 0 {
		t.Error("no attack path of the sample company is answered")
	}
	return reply.Data.Server.Role
}

// The sign-in link, over TLS on every address: what people who share a server do.
func TestServeWithTokensAndTLS(t *testing.T) {
	const token, viewer = "a+token/that&nobody#guesses", "one-to-look-with-only"
	cert, key, trust := certificate(t)
	link := serving(t, "--listen", "0.0.0.0:0", "--token-file", file(t, "token", token+"\n"), "--viewer-token-file", file(t, "viewer", viewer+"\n"), "--tls-cert", cert, "--tls-key", key)
	address, fragment, found := strings.Cut(link, "/#")
	if !found || !strings.HasPrefix(address, "https://127.0.0.1:") {
		t.Fatalf("%q is no sign-in link", link)
	}
	values, err := url.ParseQuery(fragment) // as the interface reads it
	if err != nil || values.Get("token") != token {
		t.Fatalf("the link carries %q, %v; want the token", values.Get("token"), err)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust}}}
	defer client.CloseIdleConnections()
	signIn, err := http.NewRequest(http.MethodPost, address+"/session", nil)
	if err != nil {
		t.Fatal(err)
	}
	signIn.Header.Set("Authorization", "Bearer "+values.Get("token"))
	w, err := client.Do(signIn)
	if err != nil {
		t.Fatal(err)
	}
	w.Body.Close()
	cookies := w.Cookies()
	if w.StatusCode != http.StatusNoContent || len(cookies) != 1 || !cookies[0].Secure || w.Header.Get("Strict-Transport-Security") == "" {
		t.Fatalf("sign in: %d, %v", w.StatusCode, cookies)
	}
	for _, c := range []struct {
		cookies []*http.Cookie
		bearer  string
		want    string
	}{{nil, "", ""}, {cookies, "", "editor"}, {nil, token, "editor"}, {nil, viewer, "viewer"}, {nil, "guess", ""}} {
		if got := roleAt(t, client, address, c.cookies, c.bearer); got != c.want {
			t.Errorf("with %q and %d cookies the role is %q, want %q", c.bearer, len(c.cookies), got, c.want)
		}
	}
	plain, err := http.Get("http" + strings.TrimPrefix(address, "https") + "/healthz")
	if err == nil {
		plain.Body.Close()
		if plain.StatusCode == http.StatusOK {
			t.Error("the server speaks HTTP without TLS")
		}
	}
}

func TestServeOnLoopback(t *testing.T) {
	address := serving(t, "--listen", "127.0.0.1:0")
	if got := roleAt(t, http.DefaultClient, address, nil, ""); got != "editor" {
		t.Errorf("on loopback the role is %q", got)
	}
	link := serving(t, "--listen", "127.0.0.1:0", "--viewer-token-file", file(t, "viewer", "one-to-look-with-only"))
	address, _, _ = strings.Cut(link, "/#")
	if got := roleAt(t, http.DefaultClient, address, nil, "one-to-look-with-only"); got != "viewer" {
		t.Errorf("with the viewer's token the role is %q", got)
	}
	if got := roleAt(t, http.DefaultClient, address, nil, ""); got != "" {
		t.Errorf("without it the role is %q", got)
	}
}
