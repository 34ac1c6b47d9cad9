"""Reads cases from standard input, a JSON object a line, and says how h11 or http.client frames each."""

import base64
import http.client
import io
import json
import sys


class Unclosed(io.BytesIO):
    def close(self):
        pass


class Connection:
    """What http.client takes for a socket."""

    def __init__(self, data):
        self.file = Unclosed(data)

    def makefile(self, _mode):
        return self.file


def message(start, body, complete):
    encoded = base64.b64encode(start.encode("latin1")).decode()
    return {"start": encoded, "body": base64.b64encode(body).decode(), "complete": complete}


def read_with_client(case, data):
    messages = []
    connection = Connection(data)
    for method in case["methods"]:
        if connection.file.tell() == len(data):
            return messages, "end"
        response = http.client.HTTPResponse(connection, method=method)
        try:
            response.begin()
        except http.client.RemoteDisconnected:
            return messages, "end"
        except (http.client.HTTPException, ValueError):
            return messages, "error"
        status = response.status
        if status == 101 or (method == "CONNECT" and 200 <= status < 300):
            messages.append(message(str(status), b"", True))
            return messages, "stop"
        try:
            body, complete = response.read(), True
        except http.client.IncompleteRead as error:
            body, complete = error.partial, False
        except (http.client.HTTPException, ValueError, OverflowError):
            return messages, "error"
        messages.append(message(str(status), body, complete))
        if not complete or response.will_close:
            return messages, "stop"
    return messages, "stop"


def read_with_h11(h11, case, data):
    is_request = case["kind"] == "request"
    messages = []
    connection = h11.Connection(h11.SERVER if is_request else h11.CLIENT, max_incomplete_event_size=1 << 20)
    methods = list(case["methods"])
    current = None
    if not is_request:
        ask(h11, connection, methods.pop(0))
    connection.receive_data(data)
    connection.receive_data(b"")
    while True:
        try:
            event = connection.next_event()
        except h11.RemoteProtocolError as error:
            is_cut = "peer closed connection without" in str(error) or "peer unexpectedly closed" in str(error)
            if is_cut and current is not None:
                messages.append(message(current[0], bytes(current[1]), False))
            return messages, "end" if is_cut else "error"
        if event is h11.NEED_DATA or isinstance(event, h11.ConnectionClosed):
            return messages, "end"
        if event is h11.PAUSED:
            if current is not None:
                messages.append(message(current[0], bytes(current[1]), True))
            if connection.their_state is h11.DONE and connection.our_state is h11.DONE:
                if not is_request and not methods:
                    return messages, "stop"
                connection.start_next_cycle()
                if not is_request:
                    ask(h11, connection, methods.pop(0))
                current = None
                continue
            return messages, "stop"
        if isinstance(event, h11.InformationalResponse):
            messages.append(message(str(event.status_code), b"", True))
            if event.status_code == 101:
                return messages, "stop"
        elif isinstance(event, h11.Request):
            current = (event.method.decode() + " " + event.target.decode("latin1"), bytearray())
        elif isinstance(event, h11.Response):
            current = (str(event.status_code), bytearray())
        elif isinstance(event, h11.Data):
            current[1].extend(event.data)
        elif isinstance(event, h11.EndOfMessage):
            messages.append(message(current[0], bytes(current[1]), True))
            if is_request and current[0].startswith("CONNECT "):
                return messages, "stop"
            current = None
            if is_request and connection.our_state is h11.SEND_RESPONSE:
                connection.send(h11.Response(status_code=200, headers=[("content-length", "0")]))
                connection.send(h11.EndOfMessage())
            if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                return messages, "stop"
            if not is_request and not methods:
                return messages, "stop"
            connection.start_next_cycle()
            if not is_request:
                ask(h11, connection, methods.pop(0))


def ask(h11, connection, method):
    target = "h:1" if method == "CONNECT" else "/"
    connection.send(h11.Request(method=method, target=target, headers=[("host", "h")]))
    connection.send(h11.EndOfMessage())


def main():
    reader = sys.argv[1]
    if reader == "h11":
        import h11
    for line in sys.stdin.buffer:
        if not line.strip():
            sys.stdout.flush()
            continue
        case = json.loads(line)
        data = base64.b64decode(case["bytes"])
        if reader == "h11":
            messages, stop = read_with_h11(h11, case, data)
        else:
            messages, stop = read_with_client(case, data)
        print(json.dumps({"messages": messages, "stop": stop}))


main()
