// Reads cases from standard input, a JSON object a line, and says how net/http frames each.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

type testCase struct {
	Kind    string   `json:"kind"`
	Methods []string `json:"methods"`
	Bytes   []byte   `json:"bytes"`
}

type message struct {
	Start    []byte `json:"start"`
	Body     []byte `json:"body"`
	Complete bool   `json:"complete"`
}

type reading struct {
	Messages []message `json:"messages"`
	// "end" of the bytes, "error", or "stop" where the reader takes no more messages of the connection.
	Stop string `json:"stop"`
}

// A connection whose other side wrote some bytes and ended.
type wrote struct {
	reader *bytes.Reader
	answer bytes.Buffer
}

func (w *wrote) Read(p []byte) (int, error)       { return w.reader.Read(p) }
func (w *wrote) Write(p []byte) (int, error)      { return w.answer.Write(p) }
func (w *wrote) Close() error                     { return nil }
func (w *wrote) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (w *wrote) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (w *wrote) SetDeadline(time.Time) error      { return nil }
func (w *wrote) SetReadDeadline(time.Time) error  { return nil }
func (w *wrote) SetWriteDeadline(time.Time) error { return nil }

type listener struct{ conns chan net.Conn }

func (l *listener) Accept() (net.Conn, error) { return <-l.conns, nil }
func (l *listener) Close() error              { return nil }
func (l *listener) Addr() net.Addr            { return &net.TCPAddr{} }

var (
	accepting = &listener{make(chan net.Conn)}
	closed    = make(chan bool)
	current   reading
)

func serve() {
	server := &http.Server{
		ErrorLog: log.New(io.Discard, "", 0),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil && err != io.ErrUnexpectedEOF {
				current.Stop = "error"
				return
			}
			current.Messages = append(current.Messages, message{[]byte(r.Method + " " + r.RequestURI), body, err == nil})
			if r.Close {
				current.Stop = "stop"
			}
		}),
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateClosed || state == http.StateHijacked {
				closed <- true
			}
		},
	}
	_ = server.Serve(accepting)
}

func readRequests(c testCase) reading {
	current = reading{Messages: []message{}, Stop: "end"}
	conn := &wrote{reader: bytes.NewReader(c.Bytes)}
	accepting.conns <- conn
	<-closed
	if bytes.Contains(conn.answer.Bytes(), []byte("HTTP/1.1 4")) || bytes.Contains(conn.answer.Bytes(), []byte("HTTP/1.1 5")) {
		current.Stop = "error"
	}
	return current
}

func readResponses(c testCase) reading {
	result := reading{Messages: []message{}, Stop: "end"}
	reader := bufio.NewReader(bytes.NewReader(c.Bytes))
	for at := 0; at < len(c.Methods); {
		response, err := http.ReadResponse(reader, &http.Request{Method: c.Methods[at]})
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return result
		}
		if err != nil {
			result.Stop = "error"
			return result
		}
		if response.StatusCode == 101 || (c.Methods[at] == "CONNECT" && response.StatusCode/100 == 2) {
			result.Messages = append(result.Messages, message{[]byte(strconv.Itoa(response.StatusCode)), []byte{}, true})
			result.Stop = "stop"
			return result
		}
		body, err := io.ReadAll(response.Body)
		if err != nil && err != io.ErrUnexpectedEOF {
			result.Stop = "error"
			return result
		}
		result.Messages = append(result.Messages, message{[]byte(strconv.Itoa(response.StatusCode)), body, err == nil})
		if response.StatusCode/100 != 1 {
			at++
		}
		if err != nil || response.Close && response.StatusCode/100 != 1 {
			result.Stop = "stop"
			return result
		}
	}
	result.Stop = "stop"
	return result
}

func main() {
	go serve()
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	output := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(output)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		var c testCase
		if json.Unmarshal(line, &c) != nil {
			_ = output.Flush()
			continue
		}
		if c.Kind == "request" {
			_ = encoder.Encode(readRequests(c))
		} else {
			_ = encoder.Encode(readResponses(c))
		}
		if input.Buffered() == 0 {
			_ = output.Flush()
		}
	}
}
