"""The store's clock is set ahead and back: no request is accepted twice."""

import os
import time

from peers import DIR, Redis, Server, Web, done, ok, skip, wait_until

AHEAD = 400  # more than a nonce lives and its entry is kept

SHIFT = os.path.join(DIR, "shift")


def shift(seconds):
    with open(SHIFT + ".new", "w", encoding="ascii") as file:
        file.write(f"{seconds}\n")
    os.rename(SHIFT + ".new", SHIFT)


def clock():
    return int(redis.ask("TIME")[0])


def ask_all():
    """Each server hears the store's time."""
    for web in webs:
        web.use(web.get()[1], 1)


def serve():
    """A nonce of one server at the other: the first use, and one more."""
    challenge = webs[0].get()[1]
    return [webs[1].use(challenge, 1)[0], webs[0].use(challenge, 2)[0]]


shift(0)
redis = Redis(environment={"LD_PRELOAD": f"{DIR}/clock_shift.so",
                           "CLOCK_SHIFT": SHIFT})
webs = [Web(f"web{i}", redis.url) for i in range(2)]
wait_until(lambda: serve() == [200, 200], "shared nonces")

shift(AHEAD)
if abs(clock() - time.time() - AHEAD) > 60:
    skip("the clock of the store", "its clock cannot be shifted")
    done()
    raise SystemExit
shift(0)

recorded = webs[0].get()[1]
ok(webs[0].use(recorded, 1)[0] == 200, "a request is accepted")
ok(webs[1].use(recorded, 1)[0] == 401, "and once only")

names = redis.ask("KEYS", "*")
shift(AHEAD)
ask_all()
left = [name for name in names if redis.ask("GET", name) is not None]
ok(len(left) < len(names), "ahead of time its entry expires", left)
ok([web.use(recorded, 1)[0] for web in webs] == [401] * 2,
   "and so has the nonce")
ok(serve() == [200, 200], "later ones are served")
late = webs[0].get()[1]
ok(webs[0].use(late, 1)[0] == 200, "so is this one")

shift(0)
ask_all()
ok([web.use(recorded, 1)[0] for web in webs] == [401] * 2,
   "G51 back in time the request is not accepted once more")
ok([web.use(late, 1)[0] for web in webs] == [401] * 2,
   "nor is one of the time to come")
ok(webs[1].use(late, 2)[0] == 200, "whose next request is served")
ok(serve() == [200, 200], "and so are others")

# the entry of a nonce is kept for as long as the nonce lives
recorded = webs[0].get()[1]
ok(webs[0].use(recorded, 1)[0] == 200, "a request after the clock's return")
for seconds in (100, 50, 200, 250):
    shift(seconds)
    ask_all()
    ok([web.use(recorded, 1)[0] for web in webs] == [401] * 2,
       f"is accepted once, also {seconds} s ahead")
ok(serve() == [200, 200], "and all others are served")
ok(not any(web.incidents() for web in webs), "without an incident",
   [web.incidents() for web in webs])

# reauthentication
servers = [Server(f"sasl{i}", redis.url) for i in range(2)]
nonce = servers[0].full()
ok(servers[1].again(nonce, 2) == "accepted", "a client comes back")
shift(-AHEAD)
ok(servers[0].again(nonce, 2) == "stale", "its count is refused in the past")
servers[0].give_up()
ok(servers[1].again(nonce, 3) == "accepted", "where the next one is accepted")
shift(2 * AHEAD)
ok(servers[0].again(nonce, 4) == "stale", "in the future it has expired")
servers[0].give_up()
shift(0)
ok(servers[0].again(nonce, 4) == "stale" and
   servers[1].again(nonce, 4) == "stale", "and stays so")
done()
