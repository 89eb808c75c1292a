"""The CPU time of an authentication: the server's, and that of the process it
asks.  Prints a line for each way; doc/farm.md has the numbers.

usage: measure.py DIR [WAY PID NAME=VALUE...]

WAY is a name for the options, PID the process that is asked."""

import sys

from peers import DIR, Redis, Server, os, response

COUNT = int(os.environ.get("MEASURE_COUNT", "1500"))
TICK = os.sysconf("SC_CLK_TCK")


def used(pid):
    """Seconds of a process, and of its children that have ended."""
    if not pid:
        return 0
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / TICK


def report(way, server, asked, one):
    for count in range(2, 102):  # warm
        one(count)
    before = used(server.process.pid), used(asked)
    for count in range(102, 102 + COUNT):
        one(count)
    after = used(server.process.pid), used(asked)
    print(f"{way:28} server {(after[0] - before[0]) / COUNT * 1e6:6.0f} us, "
          f"asked {(after[1] - before[1]) / COUNT * 1e6:6.0f} us", flush=True)
    server.stop()


def come_back(way, store, asked=0, **options):
    server = Server(way.replace(" ", "-"), store, **options)
    nonce = server.full()

    def one(count):
        if server.again(nonce, count) != "accepted":
            raise RuntimeError(way)
    report("back: " + way, server, asked, one)


def full(way, store, asked=0, **options):
    server = Server("full-" + way.replace(" ", "-"), store, **options)

    def one(_):
        if not server.full():
            raise RuntimeError(way)
    report("full: " + way, server, asked, one)


if len(sys.argv) > 3:
    way, asked = sys.argv[2], int(sys.argv[3])
    extra = dict(item.partition("=")[::2] for item in sys.argv[4:])
    full(way, "local", asked, **extra)
    come_back(way + ", local", "local", asked, **extra)
else:
    redis = Redis()
    come_back("local", "local")
    come_back("unix", "unix:" + redis.path, redis.process.pid)
    come_back("tcp", redis.url, redis.process.pid)
    full("sasldb, local", "local")
    full("sasldb, unix", "unix:" + redis.path, redis.process.pid)

    server = Server("memory", redis.url)
    redis.ask("FLUSHALL")
    server.full()
    server.full()
    before = redis.ask("INFO", "memory").decode()
    for _ in range(20000):
        server.full()
    after = redis.ask("INFO", "memory").decode()

    def memory(text):
        return int(text.partition("used_memory_dataset:")[2].split()[0])

    def total(text):
        return int(text.partition("used_memory:")[2].split()[0])

    names = redis.ask("KEYS", "*")
    sizes = sorted(redis.ask("MEMORY", "USAGE", name) for name in names[:99])
    print(f"memory: {(total(after) - total(before)) / 20000:.0f} octets of "
          f"all for a nonce, dataset "
          f"{(memory(after) - memory(before)) / 20000:.0f}, MEMORY USAGE "
          f"{sizes[50]}")
