"""Shared by the tests of t/store: a Redis, servers of sasl_peer or of the HTTP
example, clients that speak DIGEST-MD5 by hand, and TAP."""

import atexit
import base64
import hashlib
import os
import re
import secrets
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

DIR = sys.argv[1]
USER, PASSWORD, REALM = "alice", "open sesame", "example.test"
HOST = "farm.example.test"
LIMIT = 60  # seconds, for actions that should take a moment
BUILD = os.environ["DIGEST_BUILDDIR"]

_count = 0
_running = []


def ok(good, name, why=""):
    global _count
    _count += 1
    print("ok" if good else "not ok", _count, "-", name, flush=True)
    if not good:
        for line in str(why).splitlines():
            print("#", line)
        for process in _running:
            if isinstance(process, Server):
                for line in process.log()[-5:]:
                    print("#", process.name, line)


def skip(name, why):
    global _count
    _count += 1
    print("ok", _count, "-", name, "# SKIP", why)


def done():
    print(f"1..{_count}")


@atexit.register
def _end_all():
    for process in list(_running):
        process.stop()


def wait_until(condition, what):
    end = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.02)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_secret(name, text, mode=0o600):
    path = os.path.join(DIR, name)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    os.chmod(path, mode)
    return path


KEY = write_secret("store.key", secrets.token_hex(32) + "\n")


class Redis:
    """A server in a directory of its own, on a socket and a port."""

    def __init__(self, name="redis", environment=None, **options):
        self.environment = environment or {}
        self.home = os.path.join(DIR, name)
        os.makedirs(self.home, exist_ok=True)
        self.path = os.path.join(self.home, "socket")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.options = {"save": "", "appendonly": "no"} | options
        self.process = None
        _running.append(self)
        self.start()

    def start(self):
        program = os.environ.get("REDIS_SERVER", "redis-server")
        arguments = [program, "--dir", self.home, "--unixsocket",
                     self.path, "--port", str(self.port),
                     "--bind", "127.0.0.1", "--daemonize", "no"]
        for name, value in self.options.items():
            arguments += ["--" + name.replace("_", "-"), *value.split(" ")]
        with open(os.path.join(self.home, "log"), "ab") as log:
            self.process = subprocess.Popen(
                arguments, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                env=os.environ | self.environment)
        wait_until(self.answers, "redis-server")

    def answers(self):
        if self.process.poll() is not None:
            raise RuntimeError("redis-server ended")
        try:
            return self.ask("PING") in (b"PONG", b"-NOAUTH")
        except OSError:
            return False

    def ask(self, *words, user=None):
        """One command on a connection of its own."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(LIMIT)
            connection.connect(self.path)
            file = connection.makefile("rwb")
            commands = ([["AUTH", *user]] if user else []) + [words]
            for command in commands:
                file.write(b"*%d\r\n" % len(command))
                for word in command:
                    word = word if isinstance(word, bytes) else word.encode()
                    file.write(b"$%d\r\n%s\r\n" % (len(word), word))
                file.flush()
                answer = read_reply(file)
            return answer

    def statistics(self):
        """How often each command was called, and by scripts."""
        text = self.ask("INFO", "commandstats").decode()
        return {name: int(calls) for name, calls in
                re.findall(r"cmdstat_([\w|]+):calls=(\d+)", text)}

    def kill(self, number=signal.SIGKILL):
        self.process.send_signal(number)
        if number in (signal.SIGKILL, signal.SIGTERM):
            self.process.wait()

    def stop(self):
        if self in _running:
            _running.remove(self)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()


def read_reply(file):
    line = file.readline()
    kind, rest = line[:1], line[1:].rstrip()
    if kind == b"$":
        size = int(rest)
        return None if size < 0 else file.read(size + 2)[:-2]
    if kind == b"*":
        return [read_reply(file) for _ in range(int(rest))]
    if kind == b":":
        return int(rest)
    return b"-" + rest.split(b" ")[0] if kind == b"-" else rest


def digest(text):
    if isinstance(text, str):
        text = text.encode()
    return hashlib.md5(text).hexdigest()


def prove(nonce, cnonce, count, password=PASSWORD):
    a1 = (hashlib.md5(f"{USER}:{REALM}:{password}".encode()).digest() +
          f":{nonce}:{cnonce}".encode())
    a2 = f"AUTHENTICATE:test/{HOST}"
    return digest(f"{digest(a1)}:{nonce}:{count:08x}:{cnonce}:auth:"
                  f"{digest(a2)}")


def response(nonce, cnonce, count, password=PASSWORD):
    return (f'username="{USER}",realm="{REALM}",nonce="{nonce}",'
            f'cnonce="{cnonce}",nc={count:08x},qop=auth,'
            f'digest-uri="test/{HOST}",'
            f'response={prove(nonce, cnonce, count, password)}')


class Server:
    """A process of sasl_peer that serves."""

    def __init__(self, name, store, flags=(), **options):
        self.name = name
        self.files = os.path.join(DIR, name)
        settings = {
            "auxprop_plugin": "sasldb", "sasldb_path": f"{DIR}/sasldb2",
            "log_level": "7", "pwcheck_method": "auxprop",
            "reauth_timeout": "10", "digestmd5_hosts": HOST,
            "digestmd5_nonce_store": store, "digestmd5_store_key": KEY,
            # a busy machine is not a failure
            "digestmd5_store_timeout": "2000", "digestmd5_store_pause": "1",
        } | options
        arguments = [f"{BUILD}/t/peers/sasl_peer", "server",
                     f"plugins={DIR}/ours", f"result={self.files}.result",
                     f"log={self.files}.log", f"realm={REALM}", "max=0",
                     f"fqdn={name}.example.test", "successdata=1"]
        arguments += [f"{flag}=1" for flag in flags]
        arguments += [f"option.{key}={value}"
                      for key, value in settings.items() if value]
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.first = True
        self.cnonce = secrets.token_hex(8)
        _running.append(self)

    def tell(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def hear(self):
        if not select.select([self.process.stdout], [], [], LIMIT)[0]:
            raise TimeoutError(self.name)
        word, _, data = self.process.stdout.readline().decode().partition(" ")
        data = data.strip()
        return word.strip(), ("" if data in ("", "=") else
                              base64.b64decode(data).decode())

    def begin(self, text=None):
        if not self.first:
            self.tell("NEXT")
        self.first = False
        self.tell("AUTH DIGEST-MD5" if text is None else "AUTH DIGEST-MD5 " +
                  base64.b64encode(text.encode()).decode())

    def answer(self, challenge, cnonce, password=PASSWORD):
        """The full way, from a challenge: the nonce, or None."""
        nonce = re.search(r'\bnonce="([^"]*)"', challenge).group(1)
        self.tell("+ " + base64.b64encode(response(
            nonce, cnonce, 1, password).encode()).decode())
        return nonce if self.hear()[0] == "OK" else None

    def full(self, cnonce="c", password=PASSWORD):
        self.begin()
        return self.answer(self.hear()[1], cnonce, password)

    def outcome(self):
        """Of one who comes back: accepted, stale or challenged."""
        word, message = self.hear()
        if word == "OK":
            return "accepted"
        if word != "+":
            return word
        self.challenge = message
        return "stale" if ",stale=true" in message else "challenged"

    def again(self, nonce, count, cnonce="c", password=PASSWORD):
        self.begin(response(nonce, cnonce, count, password))
        return self.outcome()

    def give_up(self):
        """The client has heard enough."""
        self.tell("*")

    def back(self, nonce, count):
        """Comes back, and if that fails the full way, as clients do."""
        outcome = self.again(nonce, count)
        if outcome != "accepted":
            return outcome, self.answer(self.challenge, "c")
        return outcome, nonce

    def log(self):
        try:
            with open(self.files + ".log", encoding="utf-8") as file:
                return [line.rstrip() for line in file
                        if "DIGEST-MD5" in line]
        except FileNotFoundError:
            return []

    def incidents(self):
        return [line for line in self.log() if "nonce store" in line]

    def stop(self):
        if self in _running:
            _running.remove(self)
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        return self.process.returncode


class Web:
    """A process of the HTTP example."""

    def __init__(self, name, store, **options):
        self.name = name
        settings = {
            "auxprop_plugin": "sasldb", "sasldb_path": f"{DIR}/sasldb2",
            "log_level": "7", "digestmd5_nonce_store": store,
            "digestmd5_store_key": KEY, "digestmd5_store_timeout": "2000",
            "digestmd5_store_pause": "1"} | options
        arguments = [f"{BUILD}/doc/examples/http_server", f"realm={REALM}"]
        arguments += [f"option.{key}={value}"
                      for key, value in settings.items()]
        with open(os.path.join(DIR, name + ".log"), "wb") as log:
            self.process = subprocess.Popen(
                arguments, stdout=subprocess.PIPE, stderr=log,
                env=os.environ | dict.fromkeys(
                    ("SASL_PATH", "SASL_PLUGINDIR"), f"{DIR}/ours"))
        self.port = int(self.process.stdout.readline().split()[1])
        _running.append(self)

    def get(self, credentials=None):
        """The code, and the challenge if there is one."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/x")
        if credentials:
            request.add_header("Authorization", "Digest " + credentials)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=LIMIT) as answer:
                return answer.status, ""
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers["WWW-Authenticate"] or ""

    def use(self, challenge, count, password=PASSWORD):
        nonce = re.search(r'\bnonce="([^"]*)"', challenge).group(1)
        opaque = re.search(r'opaque="([^"]*)"', challenge).group(1)
        secret = digest(f"{USER}:{REALM}:{password}")
        proof = digest(f"{secret}:{nonce}:{count:08x}:c:auth:"
                       f"{digest('GET:/x')}")
        return self.get(f'username="{USER}", realm="{REALM}", '
                        f'nonce="{nonce}", uri="/x", cnonce="c", '
                        f'nc={count:08x}, qop=auth, response="{proof}", '
                        f'opaque="{opaque}", algorithm=MD5')

    def log(self):
        with open(os.path.join(DIR, self.name + ".log"),
                  encoding="utf-8") as file:
            return [line.rstrip() for line in file if "DIGEST-MD5" in line]

    def incidents(self):
        return [line for line in self.log() if "nonce store" in line]

    def stop(self):
        if self in _running:
            _running.remove(self)
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
