// The engine of the Go proxaudit, as that uses it: every CONNECT is intercepted, each request logged as a line of JSON.
// Upstream certificates are verified here; the tool it stands for does not.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/elazarl/goproxy"
)

func main() {
	cert, key, upstreamCa, journal := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	ca, err := tls.LoadX509KeyPair(cert, key)
	check(err)
	ca.Leaf, err = x509.ParseCertificate(ca.Certificate[0])
	check(err)
	roots := x509.NewCertPool()
	pem, err := os.ReadFile(upstreamCa)
	check(err)
	roots.AppendCertsFromPEM(pem)
	log, err := os.Create(journal)
	check(err)
	lines := json.NewEncoder(log)

	proxy := goproxy.NewProxyHttpServer()
	proxy.CertStore = &leaves{made: map[string]*tls.Certificate{}}
	proxy.Tr = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, MaxIdleConnsPerHost: 100, DisableCompression: true}
	intercept := &goproxy.ConnectAction{Action: goproxy.ConnectMitm, TLSConfig: goproxy.TLSConfigFromCA(&ca)}
	proxy.OnRequest().HandleConnect(goproxy.FuncHttpsHandler(func(host string, _ *goproxy.ProxyCtx) (*goproxy.ConnectAction, string) {
		return intercept, host
	}))
	proxy.OnRequest().DoFunc(func(request *http.Request, _ *goproxy.ProxyCtx) (*http.Request, *http.Response) {
		check(lines.Encode(map[string]any{"method": request.Method, "url": request.URL.String(), "headers": request.Header}))
		return request, nil
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	fmt.Printf("{\"port\":%d}\n", listener.Addr().(*net.TCPAddr).Port)
	go func() {
		buffer := make([]byte, 1)
		for {
			if _, err := os.Stdin.Read(buffer); err != nil {
				os.Exit(0)
			}
		}
	}()
	check(http.Serve(listener, proxy))
}

// leaves keeps one certificate a host; without a store one is made for each connection.
type leaves struct {
	lock sync.Mutex
	made map[string]*tls.Certificate
}

func (store *leaves) Fetch(host string, create func() (*tls.Certificate, error)) (*tls.Certificate, error) {
	store.lock.Lock()
	defer store.lock.Unlock()
	if made, ok := store.made[host]; ok {
		return made, nil
	}
	made, err := create()
	if err == nil {
		store.made[host] = made
	}
	return made, err
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
