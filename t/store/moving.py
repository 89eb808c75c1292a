"""A client that moves between servers, and many that send the same count."""

import time

from peers import (BUILD, DIR, KEY, Redis, Server, Web, done, ok, os, response,
                  skip, wait_until)

ROUNDS = 1000

redis = Redis()
# two configurations, as on two machines
servers = [Server(f"{machine}{i}", store)
           for machine, store in (("one", "unix:" + redis.path),
                                  ("two", redis.url)) for i in range(4)]

nonce = servers[0].full()
ok(nonce is not None, "a client authenticates in full")
outcomes = [servers[count % 8].again(nonce, count) for count in range(2, 42)]
ok(outcomes == ["accepted"] * 40, "and comes back to each of eight servers",
   outcomes)
ok(not any(server.log() for server in servers), "which is silent")

before = servers[3].again(nonce, 41)
servers[3].give_up()
ok(before == "stale", "a count that another server has seen is refused")
ok(servers[4].again(nonce, 42, password="wrong") == "challenged" and
   servers[4].answer(servers[4].challenge, "c") is not None,
   "a wrong password gets no stale=true")
ok(servers[5].again(nonce, 42, cnonce="d") == "stale" and
   servers[5].answer(servers[5].challenge, "c") is not None,
   "another cnonce is another client")
ok(servers[6].again(nonce, 42) == "accepted", "none of them used up a count")

# each count is sent to all servers at the same moment
wrong = []
for count in range(43, 43 + ROUNDS):
    text = response(nonce, "c", count)
    for server in servers:
        server.begin(text)
    outcomes = [server.outcome() for server in servers]
    for server, outcome in zip(servers, outcomes):
        if outcome != "accepted":
            server.give_up()
    if sorted(outcomes) != ["accepted"] + ["stale"] * 7:
        wrong.append((count, outcomes))
ok(not wrong, f"each of {ROUNDS} counts is accepted by exactly one of eight",
   wrong[:3])

# round trips
before = redis.statistics()
fresh = servers[0].full()
between = redis.statistics()
start = time.monotonic()
for count in range(2, 102):
    if servers[count % 8].again(fresh, count) != "accepted":
        ok(False, "a client comes back a hundred times", count)
after = redis.statistics()


def asked(one, other):
    """What clients sent; the scripts call get, set and time."""
    return {name: other.get(name, 0) - one.get(name, 0)
            for name in ("eval", "set", "auth", "select")}


counts = asked(before, between)
ok(counts == {"eval": 0, "set": 1, "auth": 0, "select": 0},
   "a full authentication is one command", counts)
counts = asked(between, after)
seconds = time.monotonic() - start + 2
ok(counts["eval"] == 100 and 0 <= counts["set"] - 100 <= seconds,
   "and coming back is one script, which sets one entry and, once a second, "
   "the time", counts)

# other keys
names = redis.ask("KEYS", "*")
values = [redis.ask("GET", name) for name in names]
ok(names and not any(nonce.encode() in name for name in names) and
   not any(b"alice" in value or nonce.encode() in value for value in values),
   "the store sees neither nonce nor name", names)
life = redis.ask("TTL", names[0])
ok(all(0 < redis.ask("TTL", name) <= 2592000 for name in names),
   "and every entry has an end", life)

# the same key in octets, with another process on it
raw = os.path.join(DIR, "raw.key")
with open(KEY, encoding="ascii") as file, open(raw, "wb") as octets:
    octets.write(bytes.fromhex(file.read().strip()))
os.chmod(raw, 0o640)
other = Server("raw", redis.url, digestmd5_store_key=raw)
ok(other.again(fresh, 102) == "accepted",
   "a key in octets is the one in hexadecimal digits")
rotated = os.path.join(DIR, "rotated.key")
with open(rotated, "wb") as octets:
    octets.write(bytes(range(32)))
os.chmod(rotated, 0o600)
stranger = Server("stranger", redis.url, digestmd5_store_key=rotated)
outcome, mine = stranger.back(fresh, 103)
ok(outcome == "stale" and mine and stranger.again(mine, 2) == "accepted",
   "a server with another key authenticates in full, and then not", outcome)
ok(servers[1].again(fresh, 103) == "accepted" and not stranger.incidents(),
   "and disturbs nobody")

# what an attacker can write
for name in redis.ask("KEYS", "*"):
    value = bytearray(redis.ask("GET", name))
    if len(value) == 44:
        value[20] ^= 1
        redis.ask("SET", name, bytes(value), "KEEPTTL")
outcome, mine = servers[2].back(fresh, 104)
ok(outcome == "stale" and mine, "a tampered entry admits nobody", outcome)

ok([server.stop() for server in servers[1:]] == [0] * 7,
   "the servers end well")

if os.path.exists(f"{BUILD}/doc/examples/http_server"):
    webs = [Web(f"web{i}", redis.url) for i in range(3)]
    # a server that reaches a new store waits some seconds, each on its own
    wait_until(lambda: all(web.use(webs[0].get()[1], 1)[0] == 200
                           for web in webs[1:]),
               "the store has lost nothing for some seconds")
    challenge = webs[0].get()[1]
    codes = [webs[count % 3].use(challenge, count)[0]
             for count in range(1, 31)]
    ok(codes == [200] * 30, "HTTP: 30 requests to three servers in turn",
       codes)
    code, renewed = webs[2].use(challenge, 30)
    ok(code == 401 and "stale=true" in renewed,
       "HTTP: a count is used once", renewed)
    code, renewed = webs[1].use(challenge, 1)
    ok(code == 401 and "stale=true" in renewed,
       "HTTP: also the first", renewed)
    ok(webs[0].use(renewed, 1)[0] == 200, "HTTP: the new nonce is welcome")
    before = redis.statistics()
    for count in range(31, 81):
        webs[count % 3].use(challenge, count)
    used = redis.statistics().get("eval", 0) - before.get("eval", 0)
    ok(used == 50, "HTTP: one round trip for each request", used)
    ok(not any(web.incidents() for web in webs), "HTTP: no incident")
else:
    skip("HTTP", "http_server not built: no libmicrohttpd")
done()
