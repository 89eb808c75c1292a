"""Failures of a store, and that nobody is refused because of them."""

import signal
import socket
import threading
import time

from peers import (Redis, Server, Web, BUILD, done, free_port, ok, os, skip,
                   wait_until)


class Proxy:
    """Between servers and the store; spoils what the store says."""

    def __init__(self, port):
        self.target = port
        self.mode = "pass"
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.target))
            for pair in ((client, server, False), (server, client, True)):
                threading.Thread(target=self.pump, args=pair,
                                 daemon=True).start()

    def spoil(self, data):
        if self.mode == "cut":
            return None
        if self.mode == "half":
            return data[:len(data) // 2]
        if self.mode == "garble":
            return bytes(octet ^ 0x15 for octet in data)
        if self.mode == "huge":
            return b"$2000000000\r\n" + b"x" * 60000
        if self.mode == "array":
            return b"*1000000000\r\n" * 20
        if self.mode == "twice":
            return data + data
        if self.mode == "nil":
            return b"$-1\r\n"
        if self.mode == "lie":
            return b"+OK\r\n"
        if self.mode == "endless":
            return b"+" + b"OK" * 6000
        if self.mode == "silent":
            return b""
        return data

    def pump(self, source, sink, spoiling):
        try:
            while data := source.recv(65536):
                if spoiling and self.mode != "pass":
                    data = self.spoil(data)
                    if data is None:
                        break
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def come_back_often(server, nonce, count, times=4):
    """Nobody is refused: outcomes, and the last nonce with its next count."""
    outcomes = []
    for _ in range(times):
        outcome, newer = server.back(nonce, count)
        outcomes.append(outcome)
        count = count + 1 if newer == nonce else 2
        nonce = newer
        if nonce is None:
            break
    return outcomes, nonce, count




def check_incident(name, server, start, stop, expected="stale"):
    """One line when it starts, one when it is over, and full service."""
    told = len(server.incidents())
    nonce = server.full()
    ok(server.again(nonce, 2) == "accepted", f"{name}: all is well before")
    start()
    outcomes, nonce, count = come_back_often(server, nonce, 3)
    ok(nonce is not None and outcomes[0] == expected,
       f"{name}: the client gets a fresh challenge, and in", outcomes)
    time.sleep(1.1)  # the pause ends: it is tried again
    more, nonce, count = come_back_often(server, nonce, count)
    ok(nonce is not None, f"{name}: also later", more)
    ok(server.full(password="wrong") is None,
       f"{name}: a wrong password stays wrong")
    lines = server.incidents()[told:]
    ok(len(lines) == 1 and "until it works again" in lines[0],
       f"{name}: one line in the log", lines)
    stop()
    server_lines = len(server.incidents())
    wait_until(lambda: server.full() and
               len(server.incidents()) > server_lines, f"{name}: recovery")
    lines = server.incidents()[told:]
    ok(len(lines) == 2 and "works again" in lines[1] and
       lines[0].startswith("1 ") and lines[1].startswith("1 "),
       f"{name}: and one when it is over", lines)
    nonce = server.full()
    ok(server.again(nonce, 2) == "accepted", f"{name}: all is well after")


redis = Redis()
# timeout if no message is expected; long enough on a busy machine
slow = {"digestmd5_store_timeout": "1000"}

server = Server("killed", redis.url)
check_incident("kill -9", server, redis.kill, redis.start)

server = Server("stopped", redis.url, **slow)
check_incident("SIGSTOP", server, lambda: redis.kill(signal.SIGSTOP),
               lambda: redis.kill(signal.SIGCONT))

server = Server("full", redis.url)
check_incident("full", server,
               lambda: redis.ask("CONFIG", "SET", "maxmemory", "1"),
               lambda: redis.ask("CONFIG", "SET", "maxmemory", "0"))

server = Server("read-only", redis.url)
check_incident("a replica", server,
               lambda: redis.ask("REPLICAOF", "127.0.0.1", str(free_port())),
               lambda: redis.ask("REPLICAOF", "NO", "ONE"))

proxy = Proxy(redis.port)
for mode in ("cut", "half", "garble", "huge", "array", "twice", "nil", "lie",
             "endless", "silent"):
    proxy.mode = "pass"
    server = Server(mode, proxy.url,
                    **(slow if mode in ("half", "silent") else {}))
    check_incident(f"proxy: {mode}", server,
                   lambda: setattr(proxy, "mode", mode),
                   lambda: setattr(proxy, "mode", "pass"))
    server.stop()

# emptied
server = Server("flushed", redis.url)
nonce = server.full()
ok(server.again(nonce, 2) == "accepted", "FLUSHALL: all is well before")
redis.ask("FLUSHALL")
outcomes, newer, _ = come_back_often(server, nonce, 3)
ok(outcomes == ["stale", "accepted", "accepted", "accepted"],
   "FLUSHALL: one full authentication", outcomes)
ok(not server.incidents(), "FLUSHALL: no incident", server.incidents())

# restarted from an old copy: later counts must not be accepted again
other = Redis("saved")
server = Server("restored", other.url)
nonce = server.full()
other.ask("SAVE")
outcomes = [server.again(nonce, count) for count in range(2, 6)]
other.kill()
other.start()
kept = len(other.ask("KEYS", "*"))
replayed = [server.back(nonce, count)[0] for count in range(2, 7)]
ok(kept >= 2 and outcomes == ["accepted"] * 4 and
   replayed == ["stale"] * 5, "a restart from old data repeats nothing",
   (kept, outcomes, replayed))
ok(not server.incidents(), "and is no incident if nobody asked meanwhile",
   server.incidents())

other.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
server = Server("evicting", other.url)
nonce = server.full()
ok(nonce and server.again(nonce, 2) == "accepted" and
   "noeviction" in "".join(server.incidents()),
   "a store that drops entries is not used", server.incidents())

# never there
server = Server("absent", f"redis://127.0.0.1:{free_port()}")
nonce = server.full()
ok(nonce and [server.again(nonce, count) for count in range(2, 10)] ==
   ["accepted"] * 8 and len(server.incidents()) == 1,
   "without the store a process is on its own, as without the option",
   server.incidents())
server = Server("nameless", "redis://no.such.host.invalid:1",
                digestmd5_store_timeout="300")
nonce = server.full()
ok(nonce and server.again(nonce, 2) == "accepted" and
   len(server.incidents()) == 1, "a name that does not resolve",
   server.incidents())

# HTTP
if os.path.exists(f"{BUILD}/doc/examples/http_server"):
    web = Web("web", redis.url)
    twin = Web("twin", redis.url)
    wait_until(lambda: twin.use(web.get()[1], 1)[0] == 200, "shared nonces")
    challenge = web.get()[1]
    ok(web.use(challenge, 1)[0] == 200, "HTTP: all is well before")
    # as nonce/count_window.h has it
    counts = [3, 2, 70, 5, 6, 4, 71, 7, 135, 72, 70, 500, 436, 435, 500, 437]
    codes = [(web, twin)[i % 2].use(challenge, count)[0]
             for i, count in enumerate(counts)]
    ok(codes == [200, 200, 200, 401, 200, 401, 200, 200, 200, 200, 401, 200,
                 200, 401, 401, 200],
       "HTTP: counts come in any order within the window", codes)
    again = [twin.use(challenge, count)[0] for count in sorted(counts)]
    ok(set(again) == {401}, "HTTP: each once", again)
    challenge = web.get()[1]
    ok(web.use(challenge, 7)[0] == 200, "HTTP: the first may be any count")
    answers = []
    threads = [threading.Thread(
        target=lambda server, count: answers.append(
            (count, server.use(challenge, count)[0])),
        args=(server, count))
        for count in range(8, 40) for server in (web, twin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepted = sorted(count for count, code in answers if code == 200)
    ok(accepted == list(range(8, 40)),
       "HTTP: of two servers at the same moment one accepts a count", answers)
    challenge = web.get()[1]
    ok(web.use(challenge, 1)[0] == 200, "HTTP: and another nonce")
    used = challenge
    redis.ask("FLUSHALL")
    code, challenge = web.use(used, 1)
    ok(code == 401 and "stale=true" in challenge,
       "HTTP: after FLUSHALL the first count is not new again", challenge)
    ok(twin.use(used, 1)[0] == 401, "HTTP: nowhere")
    ok(web.use(challenge, 1)[0] == 200, "HTTP: the fresh nonce is accepted")
    wait_until(lambda: twin.use(web.get()[1], 1)[0] == 200, "shared nonces")
    challenge = web.get()[1]
    redis.kill()
    code, challenge = web.use(challenge, 1)
    ok(code == 401 and "stale=true" in challenge,
       "HTTP: a nonce of the store is stale without it", challenge)
    codes = [web.use(challenge, count)[0] for count in range(1, 6)]
    ok(codes == [200] * 5, "HTTP: the next one is this process's own", codes)
    ok(web.use(challenge, 3)[0] == 401, "HTTP: whose counts are used once")
    ok(len(web.incidents()) == 1, "HTTP: one line", web.incidents())
else:
    skip("HTTP", "http_server not built: no libmicrohttpd")
done()
