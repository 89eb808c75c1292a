"""A master that was a replica for a while has the data of another, under the
run id that it had before: no count is accepted twice."""

import time

from peers import BUILD, Redis, Server, Web, done, ok, os, skip, wait_until


def role(redis):
    return redis.ask("ROLE")[0]


def follow(redis, other):
    """Takes over all that the other has."""
    redis.ask("REPLICAOF", "127.0.0.1", str(other.port))
    wait_until(lambda: role(redis) == b"slave" and
               redis.ask("ROLE")[3] == b"connected", "replication")


def keep(redis, other):
    """What the other has now, and had when it was followed."""
    wait_until(lambda: sorted(redis.ask("KEYS", "*")) ==
               sorted(other.ask("KEYS", "*")), "replication")
    promote(redis)


def promote(redis):
    redis.ask("REPLICAOF", "NO", "ONE")
    wait_until(lambda: role(redis) == b"master", "promotion")


def run_id(redis):
    text = redis.ask("INFO", "server").decode()
    return text.partition("run_id:")[2].split()[0]


def shares():
    """Each server takes the nonces of the other."""
    challenges = [web.get()[1] for web in webs]
    return ([web.use(challenge, 1)[0] for web, challenge in
             zip(webs, reversed(challenges))] == [200] * 2)


store = Redis("one")
copy = Redis("other")
server = Server("sasl", store.url)
idle = Server("idle", store.url)
follow(copy, store)  # the first replica changes the master's replid
nonce = server.full()
spare = idle.full()
ok(nonce and spare, "clients authenticate")
keep(copy, store)

outcomes = [server.again(nonce, count) for count in range(2, 6)]
ok(outcomes == ["accepted"] * 4, "and come back", outcomes)
before = run_id(store)
follow(store, copy)
promote(store)
ok(run_id(store) == before and len(store.ask("KEYS", "*")) >= 2,
   "the store has older data, and is the same process")
replayed = [server.back(nonce, count)[0] for count in range(2, 7)]
ok(replayed == ["stale"] * 5, "which repeats nothing", replayed)
ok(idle.back(spare, 2)[0] == "stale", "also for a server that was idle")
fresh = server.full()
ok(idle.again(fresh, 2) == "accepted" and server.again(fresh, 3) == "accepted",
   "servers share nonces again")
ok(not server.incidents() and not idle.incidents(), "and nobody calls for help",
   server.incidents() + idle.incidents())

if os.path.exists(f"{BUILD}/doc/examples/http_server"):
    webs = [Web(f"web{i}", store.url) for i in range(2)]
    follow(copy, store)
    wait_until(shares, "shared nonces")
    challenge = webs[0].get()[1]
    other = webs[0].get()[1]
    keep(copy, store)
    ok(webs[0].use(challenge, 1)[0] == 200, "HTTP: a request is accepted")
    follow(store, copy)
    promote(store)
    ok([web.use(challenge, 1)[0] for web in webs * 2] == [401] * 4,
       "HTTP: and not once more when its entry is gone")
    ok(webs[1].use(other, 1)[0] == 401, "HTTP: nor is a nonce from before")
    wait_until(shares, "shared nonces")
    ok(not any(web.incidents() for web in webs), "HTTP: without an incident")
else:
    skip("HTTP", "http_server not built: no libmicrohttpd")

# writable, but what it has may be replaced at any time
store.ask("CONFIG", "SET", "replica-read-only", "no")
follow(store, copy)
nonce = server.full()
ok(server.back(nonce, 2)[0] == "stale", "a replica may be written to")
nonce = server.full()
ok(nonce and server.again(nonce, 2) == "accepted" and
   "is a replica" in "".join(server.incidents()), "but it is not used",
   server.incidents())
promote(store)
wait_until(lambda: server.full() and "works again" in server.incidents()[-1],
           "recovery")

# an entry that is dropped early makes a used nonce a new one
evicting = Server("evicting", store.url)
nonce = evicting.full()
ok(evicting.again(nonce, 2) == "accepted", "all is well before")
store.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
time.sleep(1.1)  # it is looked at once a second
ok(evicting.back(nonce, 3)[0] == "stale", "a store that may drop entries")
nonce = evicting.full()
ok(nonce and evicting.again(nonce, 2) == "accepted" and
   "noeviction" in "".join(evicting.incidents()),
   "is not used from then on", evicting.incidents())

def drop_all():
    """Memory runs short: everything goes."""
    used = int(store.ask("INFO", "memory").decode()
               .partition("used_memory:")[2].split()[0])
    store.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-random")
    store.ask("CONFIG", "SET", "maxmemory", "1")
    store.ask("SET", "x", "y")
    wait_until(lambda: not store.ask("KEYS", "*"), f"eviction, {used} octets")
    store.ask("CONFIG", "SET", "maxmemory", "0")
    store.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")


def drop(name):
    """Only this one."""
    others = [key for key in store.ask("KEYS", "*") if key != name]
    kept = [(key, store.ask("DUMP", key)) for key in others]
    drop_all()
    for key, value in kept:
        store.ask("RESTORE", key, "300000", value)


if os.path.exists(f"{BUILD}/doc/examples/http_server"):
    store.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
    wait_until(shares, "shared nonces")
    names = store.ask("KEYS", "*")
    challenge = webs[0].get()[1]
    ok(webs[0].use(challenge, 1)[0] == 200, "HTTP: a request is accepted")
    entry, = [key for key in store.ask("KEYS", "*") if key not in names]
    drop(entry)
    ok([web.use(challenge, 1)[0] for web in webs] == [401] * 2,
       "HTTP: and not once more when its entry was dropped")
    wait_until(shares, "shared nonces")
    ok(not any(web.incidents() for web in webs), "HTTP: new ones are served",
       [web.incidents() for web in webs])
done()
