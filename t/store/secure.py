"""A store with TLS and a password; files that contain secrets."""

import socket
import subprocess

from peers import (DIR, KEY, Redis, Server, done, free_port, ok, os,
                  skip, write_secret)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, cwd=DIR,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def certify(name, authority, alternative):
    write_secret(name + ".ext", f"subjectAltName={alternative}\n")
    openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj",
            "/CN=" + name, "-keyout", name + ".key", "-out", name + ".csr")
    openssl("x509", "-req", "-in", name + ".csr", "-CA", authority + ".pem",
            "-CAkey", authority + ".pem.key", "-CAcreateserial", "-days",
            "2", "-extfile", name + ".ext", "-out", name + ".crt")


for authority in ("good", "evil"):
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=" + authority, "-keyout", authority + ".pem.key",
            "-out", authority + ".pem")
certify("right", "good", "IP:127.0.0.1,DNS:localhost")
certify("other", "good", "DNS:elsewhere.example.test")
certify("forged", "evil", "IP:127.0.0.1,DNS:localhost")
ca = {"digestmd5_store_ca_file": f"{DIR}/good.pem"}


def serve(name):
    port = free_port()
    redis = Redis(name, requirepass="hunter2", tls_port=str(port),
                  tls_auth_clients="no", tls_cert_file=f"{DIR}/{name}.crt",
                  tls_key_file=f"{DIR}/{name}.key",
                  tls_ca_cert_file=f"{DIR}/good.pem")
    return redis, f"127.0.0.1:{port}"


def check(name, server, problem=None):
    """Two logins: the second from the store, or from the process alone."""
    nonce = server.full()
    good = nonce and server.again(nonce, 2) == "accepted"
    lines = server.incidents()
    if problem is None:
        ok(good and not lines, name, lines)
    else:
        ok(good and len(lines) == 1 and problem in lines[0] and
           "hunter" not in lines[0], name, lines)
    return nonce


redis, where = serve("right")
password = write_secret("password", "hunter2\n")
secret = {"digestmd5_store_password_file": password}

one = Server("one", f"rediss://{where}", **ca, **secret)
nonce = check("TLS with the right certificate", one)
two = Server("two", f"rediss://default:hunter2@{where}/0", **ca)
ok(two.again(nonce, 3) == "accepted", "the password may be in the address")
try:
    socket.getaddrinfo("localhost", None, socket.AF_INET)
    name = "localhost"
except OSError:
    name = "127.0.0.1"
named = Server("named", f"rediss://{name}:{where.split(':')[1]}", **ca,
               **secret)
accepted = named.again(nonce, 4) == "accepted"
if name == "localhost":
    ok(accepted, "and the server may have a name", named.incidents())
else:
    skip("and the server may have a name", "localhost has no address here")
escaped = Server("escaped", f"rediss://default:hu%6Eter2@{where}", **ca)
ok(escaped.again(nonce, 5) == "accepted", "octets may be escaped")
leaving = Server("leaving", f"rediss://{where}", flags=["error"], **ca,
                 **secret)
check("errors of the application are no errors of TLS, and stay, with "
      "their mark", leaving)
ok(leaving.again(nonce, 6) == "accepted", "on each use of the connection",
   leaving.incidents())
threaded = Server("threaded", f"rediss://{where}", flags=["thread"], **ca,
                  **secret)
check("a thread serves", threaded)
ok(threaded.stop() == 0, "G50 and may end after libsasl2 is done")
second = Server("second", f"rediss://{where}/1", **ca, **secret)
ok(second.back(nonce, 7)[0] == "stale", "another database is another store")

redis.ask("ACL", "SETUSER", "sasl", "on", ">sesame", "~{digestmd5}:*",
          "-@all", "+eval", "+set", "+get", "+ttl", "+time", "+info", "+select",
          user=("default", "hunter2"))
listed = Server("listed", f"rediss://sasl:sesame@{where}", **ca)
ok(listed.again(nonce, 7) == "accepted",
   "a user with a handful of rights is enough", listed.incidents())
redis.ask("ACL", "SETUSER", "sasl", "-info", user=("default", "hunter2"))
check("with fewer rights the log says so",
      Server("unlisted", f"rediss://sasl:sesame@{where}", **ca), "replied ")

check("a wrong password", Server(
    "wrong", f"rediss://default:hunter3@{where}", **ca), "WRONGPASS")
check("no password", Server("none", f"rediss://{where}", **ca), "NOAUTH")
check("a certificate nobody vouches for", Server(
    "strict", f"rediss://{where}", **secret), "certificate not accepted")
check("TLS with a server that has none", Server(
    "plain", redis.url.replace("redis:", "rediss:"), **ca, **secret),
    "nonce store")
for name in ("other", "forged"):
    _, elsewhere = serve(name)
    check(f"the certificate of {name} is refused", Server(
        name + "-client", f"rediss://{elsewhere}", **ca, **secret),
        "certificate not accepted")

# errors in the options are logged at the start; then there is no store


def refuse(name, why, store="unix:/nowhere", **options):
    server = Server(name, store, **options)
    nonce = server.full()
    good = nonce and server.again(nonce, 2) == "accepted"
    lines = server.log()
    ok(good and len(lines) == 2 and why in lines[0] and
       "keeps its own nonces" in lines[1], name + " is refused", lines)


refuse("an unknown store", "must be \"local\"", store="memcached://x")
refuse("an address without a host", "must be \"local\"", store="redis://:6379")
refuse("no key", "must name the file", digestmd5_store_key="")
refuse("a missing key", "cannot be opened", digestmd5_store_key="/nowhere")
refuse("a short key", "shorter than 32 octets",
       digestmd5_store_key=write_secret("short", "12" * 31 + "\n"))
refuse("an empty key", "empty",
       digestmd5_store_key=write_secret("empty", ""))
for mode in (0o604, 0o620, 0o644, 0o602):
    refuse(f"a key of mode {mode:o}", "use chmod 640", digestmd5_store_key=(
        write_secret(f"open{mode:o}", "k" * 40, mode)))
refuse("a directory as key", "not a regular file", digestmd5_store_key=DIR)
refuse("a missing password", "cannot be opened",
       digestmd5_store_password_file="/nowhere")
refuse("a missing CA file", "CA certificates", store=f"rediss://{where}",
       digestmd5_store_ca_file="/nowhere")

server = Server("odd", f"rediss://{where}", digestmd5_store_timeout="soon",
                **ca, **secret)
nonce = server.full()
# a busy machine may take longer than the default
ok(nonce and all("no answer in time" in line for line in server.log()),
   "a timeout that is no number is the default", server.log())
server = Server("local", "local", digestmd5_store_key="")
nonce = server.full()
ok(nonce and server.again(nonce, 2) == "accepted" and not server.log(),
   "\"local\" is what there is without the option")
ok(os.path.exists(KEY) and all(s.stop() == 0 for s in (one, two, named)),
   "the servers end well")
done()
