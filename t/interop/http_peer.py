"""Speaks HTTP Digest by hand, and sends what no correct client would send.

usage: http_peer.py SCENARIO PORT USER PASSWORD [ARGUMENT...]

Each scenario is a function; its first line says what it tries.  The exit code
is 0 if everything was as expected.
"""
import hashlib
import http.client
import random
import re
import socket
import sys
import threading
import time

HASHES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}
CNONCE = "0a4f113b0a4f113b"


class Answer:
    def __init__(self, octets):
        head, _, self.body = octets.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        assert re.match(r"HTTP/1\.[01] \d\d\d", lines[0]), repr(octets[:80])
        self.status = int(lines[0].split()[1])
        self.headers = [line.split(": ", 1) for line in lines[1:]]

    def header(self, name):
        for found, value in self.headers:
            if found.lower() == name.lower():
                return value
        return ""

    def challenge(self):
        """The directives of WWW-Authenticate."""
        value = self.header("WWW-Authenticate")
        assert value.startswith("Digest "), self.headers
        found = re.findall(r'([\w*-]+)=(?:"([^"]*)"|([^,]*))', value[7:])
        return {name.lower(): quoted or bare for name, quoted, bare in found}

    def asks_again(self):
        """Refused only for the nonce, and with another one?"""
        return self.status == 401 and \
            self.challenge().get("stale", "").lower() == "true"

    def refused(self):
        return 400 <= self.status < 500


class Connection:
    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", port), 20)

    def send(self, octets):
        self.socket.sendall(octets)

    def read(self):
        octets = b""
        while True:
            try:
                part = self.socket.recv(65536)
            except ConnectionResetError:
                break  # it did not want to read everything
            if not part:
                break
            octets += part
        self.socket.close()
        return octets

    def receive(self):
        return Answer(self.read())


def request(authorization=None, method="GET", uri="/", body=b""):
    lines = [f"{method} {uri} HTTP/1.1", "Host: localhost",
             "Connection: close"]
    values = authorization or []
    if isinstance(authorization, str):
        values = [authorization]
    lines += [f"Authorization: {value}" for value in values]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines + ["", ""]).encode("latin-1") + body


def ask(*arguments, **named):
    connection = Connection()
    connection.send(request(*arguments, **named))
    return connection.receive()


class Client:
    """What one who knows a password would send, and where to go wrong."""

    def __init__(self, user=None, password=None):
        self.user = user or good_user
        self.password = password or good_password
        self.method, self.uri, self.body = "GET", "/", b""
        answer = ask()
        assert answer.status == 401, answer.status
        self.terms = answer.challenge()
        self.algorithm = self.terms.get("algorithm", "MD5")
        self.qop = "auth" if "auth" in self.terms["qop"].split(",") \
            else "auth-int"

    def hash(self, *parts):
        name = self.algorithm.upper().replace("-SESS", "")
        data = b":".join(part if isinstance(part, bytes) else part.encode()
                         for part in parts)
        return hashlib.new(HASHES[name], data).hexdigest()

    def directives(self, count=1):
        nonce, nc = self.terms["nonce"], "%08x" % count
        a1 = self.hash(self.user, self.terms["realm"], self.password)
        if self.algorithm.lower().endswith("-sess"):
            a1 = self.hash(a1, nonce, CNONCE)
        a2 = [self.method, self.uri]
        if self.qop == "auth-int":
            a2.append(self.hash(self.body))
        response = self.hash(a1, nonce, nc, CNONCE, self.qop, self.hash(*a2))
        result = {"username": f'"{self.user}"',
                  "realm": f'"{self.terms["realm"]}"', "nonce": f'"{nonce}"',
                  "uri": f'"{self.uri}"', "algorithm": self.algorithm,
                  "qop": self.qop, "nc": nc, "cnonce": f'"{CNONCE}"',
                  "response": f'"{response}"'}
        if "opaque" in self.terms:
            result["opaque"] = f'"{self.terms["opaque"]}"'
        return result

    def credentials(self, count=1):
        return join(self.directives(count))


def join(directives):
    return "Digest " + ", ".join(f"{name}={value}"
                                 for name, value in directives.items())


def expect(what, condition):
    if not condition:
        print("unexpected:", what, file=sys.stderr)
        expect.failed = True


expect.failed = False


def once(algorithm):
    """The client above is right, in every detail."""
    client = Client()
    expect("another algorithm", client.algorithm.upper() == algorithm.upper())
    client.method, client.uri, client.body = "POST", "/a%20b?c=d", b"hello"
    answer = ask(client.credentials(), "POST", client.uri, client.body)
    expect("not admitted", answer.status == 200)
    expect("another text", answer.body.endswith(
        b" POST /a%20b?c=d, 5 octets\n"))


def replay():
    """The same header once more, and a count that goes back."""
    client = Client()
    first = client.credentials(1)
    expect("the first is refused", ask(first).status == 200)
    expect("replay", ask(first).asks_again())
    expect("a third time", ask(first).asks_again())
    expect("the next count", ask(client.credentials(2)).status == 200)
    expect("a used count", ask(client.credentials(2)).asks_again())
    expect("the first again", ask(first).asks_again())
    answer = ask(client.credentials(7))
    expect("a gap", answer.status == 200 or answer.asks_again())
    expect("a new challenge", ask(Client().credentials()).status == 200)
    wrong = Client(password="wrong")
    wrong.terms = client.terms
    answer = ask(wrong.credentials(2))
    expect("stale without a good password",
           answer.status == 401 and not answer.asks_again())


def nonces():
    """A nonce serves several connections; one nobody gave out serves none."""
    client = Client()
    for count in range(1, 6):
        expect(f"count {count}", ask(client.credentials(count)).status == 200)
    client = Client()
    nonce = client.terms["nonce"]
    for end in "0", "1", nonce[-1] + "0", "":
        client.terms["nonce"] = nonce[:-1] + end
        if client.terms["nonce"] != nonce:
            expect(f"nonce {end}", ask(client.credentials()).status == 401)
    client.terms["nonce"] = "MTIzNDU2Nzg5MDEyMzQ1Ng=="
    expect("a nonce of others", ask(client.credentials()).status == 401)


def race():
    """The same header on several connections at the same moment."""
    for _ in range(10):
        octets = request(Client().credentials())
        answers = []
        barrier = threading.Barrier(4)

        def run(connection):
            connection.send(octets[:-1])
            barrier.wait()
            connection.send(octets[-1:])
            answers.append(connection.receive())

        threads = [threading.Thread(target=run, args=[Connection()])
                   for _ in range(barrier.parties)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        expect("not four answers", len(answers) == barrier.parties)
        expect("not one winner", 1 == sum(answer.status == 200
                                          for answer in answers))
        expect("not three losers", 3 == sum(answer.asks_again()
                                            for answer in answers))


def elsewhere():
    """The proof of one request is used for another."""
    for named in {"uri": "/other"}, {"uri": "/?a"}, {"uri": "//"}, \
            {"uri": "/%2e"}, {"method": "POST"}:
        expect(named, ask(Client().credentials(), **named).refused())
    client = Client()
    client.uri = "/a?b=c"
    expect("no query", ask(client.credentials(), uri="/a").refused())
    expect("another query", ask(client.credentials(), uri="/a?b=d").refused())
    expect("the right one", ask(client.credentials(), uri="/a?b=c").status
           == 200)


def integrity():
    """A changed body, and a qop that was not offered."""
    client = Client()
    client.method, client.body = "POST", b"one"
    expect("qop not auth-int", client.qop == "auth-int")
    for body in b"two", b"one ", b"on", b"":
        answer = ask(client.credentials(), method="POST", body=body)
        expect(body, answer.refused())
    client = Client()
    client.qop = "auth"
    expect("auth was not offered", ask(client.credentials()).refused())


def strangers():
    """Nothing tells an unknown user from a wrong password."""
    def seen(client):
        answer = ask(client.credentials())
        headers = [[name, re.sub('(nonce|opaque)="[^"]*"', "", value)]
                   for name, value in answer.headers if name != "Date"]
        return answer.status, headers, answer.body

    known = seen(Client(password="wrong"))
    expect("status", known[0] == 401)
    expect("nobody", seen(Client(user="nobody")) == known)
    expect("nobody, wrong", seen(Client(user="nobody", password="wrong"))
           == known)
    expect("no name", seen(Client(user=" ")) == known)


def hostile_directives():
    """Names each change made to good directives, and yields the result."""
    good = Client().directives()
    for name in good:
        missing = dict(good)
        del missing[name]
        if name not in ("algorithm", "opaque"):  # these may be missing
            yield f"{name} missing", join(missing)
        if name != "opaque":  # empty is as good as missing
            yield f"{name} empty", join({**good, name: '""'})
            yield f"{name} without a value", join({**good, name: ""})
        yield f"{name} twice", join(good) + f', {name}="other"'
        yield f"{name} twice, other case", \
            join(good) + f', {name.upper()}="other"'
        yield f"{name} not closed", join({**missing, name: '"x'})
        yield f"{name} ends in a backslash", join({**missing, name: '"x\\'})
        for size in 100, 5000, 20000, 100000:
            yield f"{name} of {size}", join({**good, name: f'"{"x" * size}"'})
        yield f"{name} of escapes", join({**good, name: f'"{chr(92) * 4000}"'})
        yield f"{name} beyond ASCII", join({**good, name: "\xff\xfe"})
        yield f"{name} with a control", join({**good, name: '"\x01"'})


def hostile_texts():
    good = Client().directives()
    text = join(good)
    for value in ("", "Digest", "Digest ", "Digest ,", "Digest ,,,", "Digest =",
                  "Digest x", 'Digest "', "Digest x=", "Digest username",
                  "Digest " + "," * 5000, "Digest " + "a=b," * 5000,
                  "Digest " + " " * 5000, "Digest\t", "Digest nonce=\"\\"):
        yield repr(value[:20]), value
    yield "not joined", text.replace(",", " ")
    yield "a semicolon", text.replace(",", ";")
    yield "more directives", text + ', x="y"' * 3000
    yield "something behind it", text + ' "x"'
    for count in "0", "1", "00000000", "0000000g", "000000001", "-0000001", \
            "0x000001", "        ":
        yield f"nc={count}", join({**good, "nc": count})
    response = good["response"].strip('"')
    for value in response[:-1], response + "0", response[:-1] + "g", \
            "0" * len(response), "z" * len(response):
        yield f"response={value}", join({**good, "response": f'"{value}"'})
    for value in "auth-conf", "none", "auth,auth-int":
        yield f"qop={value}", join({**good, "qop": value})
    for value in "MD4", "SHA", "MD5-sess-sess", "token":
        yield f"algorithm={value}", join({**good, "algorithm": value})


def hostile():
    """What is malformed is refused, and the server lives on."""
    for generator in hostile_directives, hostile_texts:
        for what, authorization in generator():
            answer = ask(authorization)
            expect(f"{answer.status} for {what}", answer.refused())
    good = [Client().credentials() for _ in range(2)]
    expect("two headers", ask(good).status == 400)
    expect("two of them", ask([good[0], "Basic YTpi"]).status == 400)
    for value in "Basic YWxpY2U6eA==", "Negotiate x", "Digestive x=y", "x":
        expect(value, ask(value).status == 401)
    expect("a good one", ask(good[0]).status == 200)


def parallel(connections, requests):
    """Counts of one nonce, each delayed at random, over several connections."""
    client = Client()
    counts = iter(range(1, int(requests) + 1))
    lock = threading.Lock()
    outcomes = {}

    def work():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in range(int(requests)):
            with lock:
                count = next(counts, None)
                if count is None:
                    break
                header = client.credentials(count=count)
            time.sleep(random.random() / 200)
            for _ in range(2 if count % 10 == 0 else 1):
                connection.request("GET", "/", headers={
                    "Authorization": header})
                answer = connection.getresponse()
                answer.read()
                outcomes.setdefault(count, []).append(answer.status)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(int(connections))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect("all sent", len(outcomes) == int(requests))
    for count, statuses in outcomes.items():
        expected = [200, 401] if count % 10 == 0 else [200]
        expect(f"count {count}: {statuses}", statuses == expected)


def legacy(status):
    """Credentials without qop, as in RFC 2069."""
    client = Client()
    directives = client.directives()
    a1 = client.hash(client.user, client.terms["realm"], client.password)
    response = client.hash(a1, client.terms["nonce"], client.hash("GET", "/"))
    directives["response"] = f'"{response}"'
    for name in "qop", "nc", "cnonce":
        del directives[name]
    answer = ask(join(directives))
    expect(answer.status, answer.status == int(status))
    expect("replay", ask(join(directives)).status == 401)
    directives["response"] = f'"{"0" * len(response)}"'
    expect("a wrong one", ask(join(directives)).status == 401)


def hidden():
    """The user name is a hash."""
    def hashed(name, **named):
        client = Client(**named)
        directives = client.directives()
        digits = client.hash(name, client.terms["realm"])
        return join({**directives, "username": f'"{digits}"',
                     "userhash": "true"})

    expect("good", ask(hashed(good_user)).status == 200)
    wrong = ask(hashed(good_user, password="wrong"))
    expect("wrong", wrong.status == 401)
    for name in "bob", "nobody":  # one is listed, but has no password
        answer = ask(hashed(name))
        expect(name, answer.status == 401 and answer.body == wrong.body and
               not answer.asks_again())


def requests(algorithm):
    """python3-requests: one session asks for a challenge once."""
    import requests as library
    from requests.auth import HTTPDigestAuth
    url = f"http://127.0.0.1:{port}"
    session = library.Session()
    session.trust_env = False
    session.auth = HTTPDigestAuth(good_user, good_password)
    first = session.get(url + "/a?b=c", timeout=20)
    expect("first", [first.status_code] +
           [old.status_code for old in first.history] == [200, 401])
    expect("its text", first.text.endswith(" GET /a?b=c, 0 octets\n"))
    expect("algorithm", f'algorithm="{algorithm}"'
           in first.request.headers["Authorization"])
    second = session.post(url + "/d", data=b"hello", timeout=20)
    expect("second", second.status_code == 200 and not second.history)
    expect("count", "nc=00000002" in second.request.headers["Authorization"])
    expect("its text", second.text.endswith(" POST /d, 5 octets\n"))
    session.auth = HTTPDigestAuth(good_user, "wrong")
    expect("wrong", session.get(url, timeout=20).status_code == 401)


def forge(pattern, replacement):
    """Passes requests on, and changes the answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    print("port", listener.getsockname()[1], flush=True)
    while True:
        client = listener.accept()[0]
        server = Connection()
        server.send(client.recv(65536))  # small requests come in one piece
        answer = server.read()
        client.sendall(re.sub(pattern.encode(), replacement.encode(), answer))
        client.close()


if __name__ == "__main__":
    port, good_user, good_password = int(sys.argv[2]), *sys.argv[3:5]
    globals()[sys.argv[1]](*sys.argv[5:])
    sys.exit(expect.failed)
