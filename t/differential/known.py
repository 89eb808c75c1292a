"""Messages that are known: the vectors, published examples, and what real
programs send.  Each is put as it is, and touched a little."""
import json
import os

from challenges import challenge_base
from inputs import (HERE, VECTORS, Base, Message, add, latin1, md5, octets,
                    parse, unquoted)


def load(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


def plain(message, name, default=b""):
    """A value as it is hashed."""
    value = message.get(name)
    if value is None:
        return default
    value = unquoted(value)
    if b"\\" not in value:
        return value
    return value.replace(b"\\\\", b"\0").replace(b"\\", b"").replace(
        b"\0", b"\\")


def filled(text, message, proof):
    """The text with the places of what changes each time."""
    for name, word in (("nonce", b"@NONCE@"), ("response", b"@PROOF@")):
        value = message.get(name)
        if value is None or (name == "response" and proof is not None and
                             unquoted(value) != proof):
            continue
        bare = unquoted(value)
        written = value.replace(bare, word) if bare else value
        text = text.replace(octets(name) + b"=" + value,
                            octets(name) + b"=" + written)
    # cnonce ends in the same letters
    return text.replace(b'cnonce="@NONCE@"',
                        b"cnonce=" + (message.get("cnonce") or b""))


def terms(message, password, parts=None):
    """The keys of a response's base."""
    user, realm = plain(message, "username"), plain(message, "realm")
    if parts is None:
        parts = [latin1(value) for value in (user, realm, password)]
    uri = plain(message, "digest-uri")
    service, _, host = uri.partition(b"/")
    keys = {"user": user, "realm": realm or b"r", "password": password,
            "stored": user + b"@" + (realm or b"r"),
            "ss": md5(b":".join(parts)), "cnonce": plain(message, "cnonce"),
            "nc": plain(message, "nc", b"00000001"),
            "qop": plain(message, "qop", b"auth"), "uri": uri,
            "service": service, "fqdn": host.split(b"/")[0] or b"h",
            "max": "256"}
    if b"@" in user:
        keys["stored"] = user
    if message.get("authzid") is not None:
        keys["authzid"] = plain(message, "authzid")
    return keys


# A few changes that each message has to bear.
TOUCHES = {
    "usual": lambda message, text: text,
    "line-behind": lambda message, text: text + b"\n",
    "crlf-around": lambda message, text: b"\r\n" + text + b"\r\n",
    "nul-behind": lambda message, text: text + b"\0",
    "commas": lambda message, text: b",," + text + b", ,",
    "upper-case-names": lambda message, text: Message(
        *[(name.upper(), value) for name, value in message.pairs]).text(),
    "reverse": lambda message, text: Message(
        *reversed(message.pairs)).text(),
    "spaces": lambda message, text: message.text(b" ,\t", b" = "),
    "unknown": lambda message, text: text + b',x="y"',
    "wrong": lambda message, text: text.replace(b"@PROOF@", b"0" * 32)
             .replace(b"@RSPAUTH@", b"0" * 32),
}


# What the stock plugin can encrypt with.
STOCK = {b"rc4", b"rc4-56", b"rc4-40", b"des"}
# What this plugin encrypts with only if an option says so.
WEAK = STOCK - {b"rc4"}


def family_of(message, usual):
    """What one of the plugins does not encrypt with differs for that reason."""
    ciphers = unquoted(message.get("cipher") or b"").split(b",")
    if b"3des" in ciphers and not STOCK & set(ciphers):
        return "layer-auth-conf-3des"
    if b"aes-ctr" in ciphers:
        return "layer-auth-conf-aes-ctr"
    if WEAK >= set(ciphers):
        return "layer-auth-conf-weak"
    return usual


def touch(base, text, message):
    for variation, change in TOUCHES.items():
        if base.kind == "client" and not octets(
                base.key("user", "u") + base.keys["realm"]).isascii():
            continue  # vary_client_names does that
        add(base, family_of(message, "known-" + variation),
            variation, change(message, text))


def tidy(text):
    """Without the white space that programs put behind commas."""
    return parse(text.strip().replace(b'", ', b'",').replace(b"utf-8, ",
                                                             b"utf-8,")
                 .replace(b"1, ", b"1,").replace(b"auth, ", b"auth,")
                 .replace(b"int, ", b"int,"))


def recorded():
    for i, row in enumerate(load(HERE, "recorded.json")["messages"]):
        text = octets(row["text"])
        message = tidy(text)
        name = "%s-%d" % (row["program"].replace("/", "_").replace(" ", "_"),
                          i)
        if row["kind"] == "challenge":
            base = challenge_base(name, message.text(), max="256")
            base.keys["realm"] = plain(message, "realm")
        elif row["kind"] == "rspauth":
            base = challenge_base(name, 'realm="r",nonce="n",qop="auth",'
                                  'algorithm=md5-sess')
            base.kind = "final"
            base.keys["message"] = base.message.text()
            text = text.replace(unquoted(message.get("rspauth")),
                                b"@RSPAUTH@")
            message = parse(text.strip())
        else:
            keys = terms(message, octets(row["password"]))
            text = filled(text, message, None)
            message = parse(filled(message.text(), message, None))
            base = Base("server", name, message, **keys)
        touch(base, text, message)


def vectors():
    for name in ("auth_variants", "rfc2831_examples", "channel_binding"):
        for row in load(VECTORS, name + ".json")["cases"]:
            if "client_message" not in row and "client_message_hex" not in row:
                continue
            vector(name, row)
    for row in load(VECTORS, "reauth.json")["cases"][:3]:
        vector("reauth", row)


def vector(name, row):
    given = row.get("input", row)
    if given.get("mechanism", "sasl") != "sasl":
        return
    text = (bytes.fromhex(row["client_message_hex"])
            if "client_message_hex" in row else octets(row["client_message"]))
    message = parse(text)
    password = octets(given["password"])
    parts = None
    if "hashed_octets" in row:
        parts = [bytes.fromhex(row["hashed_octets"][key])
                 for key in ("username", "realm", "password")]
    keys = terms(message, password, parts)
    base = Base("server", name, message, **keys)
    usual = FAMILIES.get(row["id"], "vector-" + row["id"])
    add(base, family_of(message, usual), row["id"],
        filled(text, message, None))


# Vectors of what has a family of its own.
FAMILIES = {
    "size-2048": "size-one-more", "size-4096": "size-one-more",
    "maxbuf-two": "repeated-maxbuf", "qop-two": "repeated-qop",
    "realm-two": "repeated-realm", "two-digest-uri": "repeated-digest-uri",
    "two-algorithms": "repeated-algorithm", "two-maxbuf": "repeated-maxbuf",
    "password-only-converted": "converted-P-of-UP",
    "nul-then-more": "nul-and-more", "embedded-nul": "nul-and-more",
}


def named(row):
    return FAMILIES.get(row["id"], "vector-" + row["id"])


def grammar():
    """The messages of parse.json: user u, realm r, password p, imap/h."""
    rows = load(VECTORS, "parse.json")
    for row in rows["challenges"]:
        text = text_of(row)
        base = challenge_base("grammar", 'realm="r",nonce="n"', realm="r")
        base.keys.update(max=b"256", maxbuf=b"65536")
        add(base, named(row), row["id"], text)
    for row in rows["responses"]:
        text = text_of(row)
        message = parse(text)
        keys = terms(message, b"p")
        keys.update(service="imap", fqdn="h", stored=b"u@r", max="0")
        base = Base("server", "grammar", message, **keys)
        size = text_of(row) if row["id"].startswith("size-") else b""
        text = filled(text, message, unquoted(message.get("response") or b"")
                      if len(unquoted(message.get("response") or b"")) == 32
                      and not row["id"].endswith("upper") else b"?")
        if size:
            text = text.replace(b"x" * 100, b"", 10).replace(b'pad="',
                                                             b'pad="@PAD@')
        add(base, named(row), row["id"], text,
            total=str(len(size)) if size else None)
    for row in rows["rspauth"]:
        base = challenge_base("grammar", 'realm="r",nonce="n",qop="auth",'
                              'algorithm=md5-sess')
        base.kind = "final"
        base.keys["message"] = base.message.text()
        right = b"0b9e36cd7457e0aefd3b991ec1e6dd59"
        add(base, named(row), row["id"],
            text_of(row).replace(right, b"@RSPAUTH@")
            .replace(right.upper(), b"@URSPAUTH@"))


def text_of(row):
    return bytes.fromhex(row["text_hex"]) if "text_hex" in row else octets(
        row["text"])


def all_known():
    recorded()
    vectors()
    grammar()
