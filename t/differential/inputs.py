"""The inputs of the differential test: known messages, and variations of them.

An input has a name of four parts, kind/message/family/variation.  What is said
of a difference in doc/coming-from-stock.md is said of a family.
"""
import hashlib
import os

HERE = os.path.dirname(os.path.abspath(__file__))
VECTORS = os.path.join(HERE, "..", "vectors")

# The order in which sides print; what is written in quotes.
QUOTED = {"username", "realm", "nonce", "cnonce", "digest-uri", "authzid"}
SEPARATORS = '()<>@,;:\\"/[]?={} \t'


def md5(octets):
    return hashlib.md5(octets).digest()


def octets(text):
    return text if isinstance(text, bytes) else text.encode()


def latin1(value):
    """ISO 8859-1 where that is possible (RFC 2831 2.1.2.1)."""
    try:
        return value.decode("utf-8").encode("latin-1")
    except UnicodeError:
        return value


def secret(user, realm, password, convert=True):
    parts = [user, realm, password]
    if convert:
        parts = [latin1(part) for part in parts]
    return md5(b":".join(parts))


def escape(value):
    return value.replace(b"\\", b"\\\\").replace(b'"', b'\\"')


def quote(value):
    return b'"' + escape(value) + b'"'


class Message:
    """A list of directives, each a name and a value as it is written."""

    def __init__(self, *pairs):
        self.pairs = [(octets(name), octets(value)) for name, value in pairs]

    def copy(self):
        return Message(*self.pairs)

    def names(self):
        return [name for name, _ in self.pairs]

    def get(self, name):
        return next((v for n, v in self.pairs if n == octets(name)), None)

    def set(self, name, value):
        """Another value, or a directive more."""
        other = self.copy()
        name = octets(name)
        for i, (own, _) in enumerate(other.pairs):
            if own == name:
                other.pairs[i] = (name, octets(value))
                return other
        other.pairs.append((name, octets(value)))
        return other

    def without(self, name):
        return Message(*[p for p in self.pairs if p[0] != octets(name)])

    def text(self, comma=b",", equals=b"="):
        return comma.join(n + equals + v for n, v in self.pairs)


def parse(text):
    """A message as it is written, for what is well formed."""
    pairs, rest = [], text
    while rest:
        name, _, rest = rest.partition(b"=")
        if rest.startswith(b'"'):
            end = 1
            while rest[end:end + 1] not in (b'"', b""):
                end += 2 if rest[end:end + 1] == b"\\" else 1
            value, rest = rest[:end + 1], rest[end + 1:]
        else:
            end = rest.find(b",")
            end = len(rest) if end < 0 else end
            value, rest = rest[:end], rest[end:]
        pairs.append((name, value))
        rest = rest[1:]
    return Message(*pairs)


class Base:
    """A message that is right, and what it is about."""

    def __init__(self, kind, name, message, full=False, **keys):
        self.kind, self.name, self.message = kind, name, message
        self.full = full  # all variations
        self.keys = {key: octets(value) for key, value in keys.items()}

    def key(self, name, default):
        return self.keys.get(name, octets(default))


INPUTS = []
NAMES = set()


# What some clients do not look at behind rspauth.
MALFORMED = {"octet-in-%s%s" % (where, kind)
             for where in ("token", "name", "quotes")
             for kind in ("-control", "-high", "-separator", "-space",
                          "-comma", "-quote", "-equals", "-backslash",
                          "-line")
             if (where, kind) != ("quotes", "-high")}
MALFORMED |= {"octet-in-quotes-escaped-line", "word", "no-name", "nul-and-more",
              "repeated-otherwise-behind-rspauth", "semicolons"}


def add(base, family, variation, text, **keys):
    """One input; what keys does not say is as in the base."""
    fields = dict(base.keys)
    for key, value in keys.items():
        if value is None:
            fields.pop(key, None)
        else:
            fields[key] = octets(value)
    if base.kind == "final" and family in MALFORMED and octets(
            text).startswith(b"rspauth=@RSPAUTH@"):
        family = "malformed-behind"
    fields["final" if base.kind == "final" else "message"] = octets(text)
    kind = "client" if base.kind == "final" else base.kind
    printable = "".join(c if "!" <= c <= "~" and c != "/" else "_"
                        for c in variation)
    name = "/".join((base.kind, base.name, family, printable))
    if name not in NAMES:
        NAMES.add(name)
        INPUTS.append((name, kind, fields))


# Variations of any message.

SPACES = {"sp": b" ", "tab": b"\t", "lf": b"\n", "cr": b"\r", "crlf": b"\r\n",
          "fold": b"\r\n ", "lf-sp": b"\n ", "lf-lf": b"\n\n",
          "many": b" \t\r\n \n\t "}


def vary_space(base):
    text = base.message.text()
    for name, space in SPACES.items():
        add(base, "space-around", name + "-in-front", space + text)
        add(base, "space-around", name + "-behind", text + space)
        add(base, "space-between", name + "-before-commas",
            base.message.text(comma=space + b","))
        add(base, "space-between", name + "-behind-commas",
            base.message.text(comma=b"," + space))
        add(base, "space-at-equals", name + "-before",
            base.message.text(equals=space + b"="))
        add(base, "space-at-equals", name + "-behind",
            base.message.text(equals=b"=" + space))
        add(base, "space-for-comma", name, base.message.text(comma=space))
    for i in range(len(base.message.pairs) - 1):
        for name, space in SPACES.items():
            pieces = [n + b"=" + v for n, v in base.message.pairs]
            add(base, "space-between", "%s-at-%d" % (name, i),
                b",".join(pieces[:i + 1]) + space + b"," + space +
                b",".join(pieces[i + 1:]))
    for octet in (0x0b, 0x0c, 0xa0, 0x85, 0x00):
        if octet:
            add(base, "space-other", "%02x-behind" % octet,
                text + bytes([octet]))
        add(base, "space-other", "%02x-in-front" % octet,
            bytes([octet]) + text)
    add(base, "nul-behind", "one", text + b"\0")
    add(base, "nul-behind", "lf-nul", text + b"\n\0")
    add(base, "nul-and-more", "two", text + b"\0\0")
    add(base, "nul-and-more", "comma", text + b"\0,x=y")
    add(base, "nul-and-more", "repeated", text + b"\0," + text)


def vary_commas(base):
    text = base.message.text()
    for name, front, behind in (
            ("in-front", b",", b""), ("behind", b"", b","),
            ("both", b",,", b",,"), ("spaced", b" , ,", b" ,\t, "),
            ("lines", b",\n,\r\n", b"\n,\n")):
        add(base, "commas", name, front + text + behind)
    for count in (2, 3, 50):
        add(base, "commas", "between-%d" % count,
            base.message.text(comma=b"," * count))
    add(base, "commas", "spaced-between",
        base.message.text(comma=b", ,"))
    add(base, "semicolons", "between", base.message.text(comma=b";"))


def unquoted(value):
    return value[1:-1] if value.startswith(b'"') else value


def is_token(value):
    return value != b"" and not any(
        octet < 33 or octet > 126 or chr(octet) in SEPARATORS
        for octet in value)


def vary_quotes(base):
    for name, value in base.message.pairs:
        bare, text = unquoted(value), name.decode()
        if bare == b"@NONCE@":
            continue  # whether that is a token is a matter of luck
        plain = bare.replace(b"@PROOF@", b"a").replace(b"@RSPAUTH@", b"a")
        family = "quotes" if is_token(plain) else "quotes-needed"
        if value.startswith(b'"'):
            add(base, family, text + "-without",
                base.message.set(name, bare).text())
        else:
            add(base, family, text + "-with",
                base.message.set(name, b'"' + bare + b'"').text())
        for variation, other in (
                ("double", b'""' + bare + b'""'),
                ("open", b'"' + bare), ("close", bare + b'"'),
                ("junk-behind", b'"' + bare + b'"x'),
                ("junk-in-front", b'x"' + bare + b'"')):
            half = name == b"nonce" and variation in ("close",
                                                      "junk-in-front")
            add(base, "quotes-broken" + ("-nonce" if half else ""),
                text + "-" + variation, base.message.set(name, other).text())
        add(base, "quotes-single" + ("-nonce" if name == b"nonce" else ""),
            text, base.message.set(name, b"'" + bare + b"'").text())


def vary_case(base):
    for i, (name, value) in enumerate(base.message.pairs):
        for how, change in (("upper", bytes.upper), ("title", bytes.title)):
            pairs = list(base.message.pairs)
            pairs[i] = (change(name), value)
            add(base, "case-of-names", name.decode() + "-" + how,
                Message(*pairs).text())
        if name in (b"qop", b"charset", b"cipher", b"algorithm", b"stale"):
            add(base, "case-of-words", name.decode(),
                base.message.set(name, value.upper()).text())


def vary_order(base):
    pairs = base.message.pairs
    for i in range(1, len(pairs)):
        add(base, "order", "turned-%d" % i,
            Message(*(pairs[i:] + pairs[:i])).text())
        swapped_pairs = list(pairs)
        swapped_pairs[i - 1], swapped_pairs[i] = pairs[i], pairs[i - 1]
        add(base, "order", "swapped-%d" % i, Message(*swapped_pairs).text())
    add(base, "order", "reverse", Message(*reversed(pairs)).text())


def vary_repetition(base):
    for name, value in base.message.pairs:
        text = name.decode()
        for where, pairs in (
                ("behind", base.message.pairs + [(name, value)]),
                ("in-front", [(name, value)] + base.message.pairs)):
            add(base, "repeated-" + text, "same-" + where,
                Message(*pairs).text())
        bare = unquoted(value)
        other = b'"other"' if value.startswith(b'"') else b"other"
        if name == b"maxbuf":
            other = b"5000"
        add(base, "repeated-otherwise-behind-" + text, "last",
            Message(*(base.message.pairs + [(name, other)])).text())
        add(base, "repeated-otherwise-in-front-" + text, "first",
            Message(*([(name, other)] + base.message.pairs)).text())
        add(base, "repeated-" + text, "three-times",
            Message(*(base.message.pairs + [(name, value)] * 2)).text())
        if bare != value and is_token(bare):
            add(base, "repeated-" + text, "unquoted",
                Message(*(base.message.pairs + [(name, bare)])).text())


def vary_presence(base):
    for name, _ in base.message.pairs:
        text = name.decode()
        add(base, "absent-" + text, "absent",
            base.message.without(name).text())
        add(base, "empty-" + text, "quoted",
            base.message.set(name, b'""').text())
        add(base, "nothing-" + text, "nothing",
            base.message.set(name, b"").text())
        add(base, "no-equals", text,
            base.message.text().replace(name + b"=", name, 1))


UNKNOWN = {
    "token": b"x=y", "quoted": b'x="y z"', "empty": b'x=""',
    "escaped": b'x="a\\"b\\\\c"', "comma": b'x="a,b"', "equals": b'x="a=b"',
    "number": b"0=1", "marks": b"x-_.!~*+#$%&^`|=y", "long": b"x" * 300 + b"=y",
    "again": b'x=y,x="z"', "utf8": b'x="\xc3\xa9"', "latin1": b'x="\xe9"',
    "hashed-dirs": b'hashed-dirs="service-name,channel-binding"',
    "service-name": b'service-name="imap/h"',
    "channel-binding": b'channel-binding="%s"' % (b"0" * 32),
    "opaque": b'opaque="o"', "opaque-token": b"opaque=o",
    "domain": b'domain="/"', "nextnonce": b'nextnonce="n"',
}
EMPTY = {"opaque": b"opaque=", "opaque-quoted": b'opaque=""', "x": b"x=",
         "domain": b"domain="}


def vary_unknown(base):
    text = base.message.text()
    for name, directive in UNKNOWN.items():
        add(base, "unknown", name + "-behind", text + b"," + directive)
        add(base, "unknown", name + "-in-front", directive + b"," + text)
    for name, directive in EMPTY.items():
        family = "unknown" if directive.endswith(b'"') else "unknown-nothing"
        add(base, family, name + "-behind", text + b"," + directive)
        add(base, family, name + "-in-front", directive + b"," + text)
    add(base, "word", "behind", text + b",x")
    add(base, "word", "in-front", b"x," + text)
    add(base, "word", "alone", b"x")
    add(base, "no-name", "equals", text + b",=")
    add(base, "no-name", "equals-value", text + b",=y")
    add(base, "no-name-in-front", "equals", b"=," + text)


def kind_of(octet):
    """What an octet is outside of quotes."""
    special = {0x22: "-quote", 0x27: "-apostrophe", 0x2c: "-comma",
               0x3d: "-equals", 0x5c: "-backslash", 9: "-space",
               10: "-space", 13: "-space", 32: "-space"}
    if octet in special:
        return special[octet]
    if octet < 32 or octet == 127:
        return "-control"
    if octet > 127:
        return "-high"
    return "-separator" if chr(octet) in SEPARATORS else ""


def control_of(octet):
    """What it is in quotes."""
    if octet in (10, 13):
        return "-line"
    if octet != 9 and (octet < 32 or octet == 127):
        return "-control"
    return "-high" if octet > 127 else ""


def vary_octets(base):
    """Each octet in what nobody needs."""
    text = base.message.text()
    for octet in range(1, 256):
        one, character = bytes([octet]), "%02x" % octet
        kind = kind_of(octet)
        add(base, "octet-in-token" + kind, character,
            text + b",x=a" + one + b"b")
        add(base, "octet-in-name" + kind, character,
            text + b",a" + one + b"b=x")
        if octet in (0x22, 0x5c):
            continue
        add(base, "octet-in-quotes" + control_of(octet), character,
            text + b',x="a' + one + b'b"')
        add(base, "octet-in-quotes-escaped" + control_of(octet), character,
            text + b',x="a\\' + one + b'b"')


def vary_length(base, limit):
    """Sizes around the largest one; @PAD@ becomes as long as it takes."""
    for size in (limit - 1000, limit - 1, limit, limit + 1, limit + 2,
                 2 * limit, 65535, 65536):
        family = "size" if size <= limit else (
            "size-one-more" if size == limit + 1 else "size-over")
        add(base, family, str(size), base.message.text() + b',pad="@PAD@"',
            total=str(size))


def vary(base, limit):
    add(base, "usual", "usual", base.message.text())
    vary_order(base)
    vary_commas(base)
    vary_case(base)
    vary_presence(base)
    vary_repetition(base)
    vary_quotes(base)
    vary_space(base)
    vary_unknown(base)
    if base.full:
        vary_octets(base)
    vary_length(base, limit)


# For responses and challenges.

SERVICES = {"usual": "imap", "empty": "", "blank": "PCP Collector",
            "null": "null", "slash": "a/b", "upper": "IMAP", "quote": 'a"b',
            "backslash": "a\\b", "colon": "a:b", "utf8": "ä", "dot": "x.y",
            "control": "a\tb", "comma": "a,b"}

CHARACTERS = {"ascii": "u", "latin1": "fréd", "greek": "αβ", "mixed": "éα",
              "c1": "\u0085x", "ff": "ÿ", "100": "Ā"}

# What is no response, or comes at another time.
OTHERS = {"nothing": b"", "rspauth": b"rspauth=" + b"0" * 32,
          "short-rspauth": b"rspauth=", "challenge": b'realm="r",nonce="n",'
          b'qop="auth",algorithm=md5-sess', "word": b"x", "line": b"\n",
          "nul": b"\0", "commas": b",,", "many": b"a=b," * 500}


def vary_leaks(base):
    """Inputs that come many times, to see what is left behind."""
    for variation, text in (
            ("accepted", base.message.text()),
            ("refused", base.message.set("response", "0" * 32).text()
             if base.kind == "server" else b"x"),
            ("repeated", base.message.text() + b"," + base.message.text()),
            ("malformed", base.message.text() + b",x"),
            ("nothing", b"")):
        family = "memory" + ("-repeated" if variation == "repeated" else "")
        add(base, family, variation, text, again="20")
