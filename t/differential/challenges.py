"""Challenges to a client, the server's last message, packets of a layer."""
from inputs import (CHARACTERS, OTHERS, SERVICES, Base, Message, add,
                    control_of, latin1, md5, octets, parse, quote, secret,
                    vary, vary_leaks)


def challenge_base(name, text, full=False, user="u", password="p", realm=None,
                   **keys):
    """A challenge; the realm is what the client will take."""
    message = parse(octets(text))
    if realm is None:
        realm = message.get("realm")
        realm = keys.get("fqdn", "h") if realm is None else realm[1:-1]
    values = [octets(value) for value in (user, realm, password)]
    keys.update(user=user, password=password, ss0=secret(*values),
                ss1=secret(*values, convert=False),
                ss2=md5(b":".join((latin1(values[0]), values[1],
                                   latin1(values[2])))))
    return Base("client", name, message, full, **keys)


def vary_challenge(base):
    message = base.message
    for size in (1, 8, 16, 64, 255, 256, 257, 1000, 1500):
        add(base, "long-nonce", str(size),
            message.set("nonce", '"%s"' % ("n" * size)).text())
        add(base, "long-realm", str(size),
            message.set("realm", '"%s"' % ("r" * size)).text(),
            ss0=secret(b"u", b"r" * size, b"p"))
    for octet in range(1, 256):
        one, character = bytes([octet]), "%02x" % octet
        kind = control_of(octet).replace("-line", "-control")
        value = b"a" + one + b"b"
        add(base, "octet-in-nonce" + kind, character,
            message.set("nonce", quote(value)).text())
        add(base, "octet-in-realm" + kind, character,
            message.set("realm", quote(value)).text(),
            ss0=secret(b"u", value, b"p"),
            ss1=secret(b"u", value, b"p", convert=False))
    for qop in ("auth", "auth-int", "auth-conf", "auth,auth-int",
                "auth-int,auth-conf", "auth,auth-int,auth-conf", "future",
                "auth,future", "future,auth", "", ",", "auth,,auth-int",
                " auth , auth-int ", "auth\tauth-int", "AUTH,Auth-Int",
                "auth;auth-int", "auth auth-int"):
        for cipher in (None, "rc4", "rc4,3des", "3des,rc4,des,rc4-56,rc4-40",
                       "rc4-40", "future", "", "RC4", " rc4 , 3des "):
            for lowest, top in ((0, 0), (0, 1), (0, 256), (1, 1), (2, 256)):
                text = message.set("qop", '"%s"' % qop)
                if cipher is not None:
                    text = text.set("cipher", '"%s"' % cipher)
                family = "offer"
                if "auth-conf" in qop and cipher in (None, "future", ""):
                    family = "offer-conf-without-cipher"
                elif qop in ("", ","):
                    family = "offer-qop-empty"
                elif "\t" in qop or ";" in qop or qop == "auth auth-int":
                    family = "offer-qop-separated-otherwise"
                elif cipher == "":
                    family = "offer-cipher-empty"
                elif cipher == "rc4-40" and top == 256:
                    family = "layer-auth-conf-weak" + (
                        "-or-less" if "," in qop and lowest == 0 else "")
                add(base, family, "%s-%s-%d-%d" % (qop, cipher, lowest, top),
                    text.text(), min=str(lowest), max=str(top))
    for value in ("16", "17", "18", "25", "28", "29", "30", "100", "4096",
                  "65536", "16777215", "16777216", "4294967295", "4294967313",
                  "0", "99999999999999999999"):
        for top in ("0", "1", "128"):
            number = int(value)
            family = "maxbuf" if 17 <= number <= 16777215 else (
                "maxbuf-small" if number < 17 else "maxbuf-large")
            add(base, family, value + "-max-" + top,
                message.set("maxbuf", value).set("qop",
                                                 '"auth,auth-int"').text(),
                max=top)
    for value in ("-1", "+17", "0x100", "12a", "1 2", "a", '""', ""):
        add(base, "maxbuf-malformed", value.replace(" ", "_") or "nothing",
            message.set("maxbuf", value).text())
    for value in ("true", "TRUE", "false", "maybe", '"true"', ""):
        add(base, "stale", value.strip('"') or "nothing",
            message.set("stale", value).text())
    for value in ("utf-8", '"utf-8"', "UTF-8"):
        add(base, "charset", value.strip('"') + "-" * value.count('"'),
            message.set("charset", value).text())
    for value in ("utf8", "iso-8859-1", '"utf-8 "', "utf-8x"):
        add(base, "charset-other", value.strip('"').replace(" ", "_"),
            message.set("charset", value).text())
    for value in ("md5", "MD5-SESS", '"md5-sess"', "SHA-256", "md5-sessx"):
        add(base, "algorithm", value.strip('"') + "-" * value.count('"'),
            message.set("algorithm", value).text())
    for count in (2, 3, 10, 63, 64, 65, 100):
        realms = ",".join('realm="%d"' % i for i in range(count))
        family = "many-realms" if count <= 64 else "many-realms-over"
        add(base, family, str(count),
            octets(realms) + b"," + message.without("realm").text(),
            chosen="1", ss0=secret(b"u", b"1", b"p"))
    for variation, value in (("two", 'a\\"b\\"c'), ("many", '\\"' * 40),
                             ("backslashes", "\\\\" * 40),
                             ("needlessly", "\\r")):
        plain = octets(value).replace(b"\\\\", b"\0").replace(b"\\", b"")
        plain = plain.replace(b"\0", b"\\")
        add(base, "escaped-realm", variation,
            message.set("realm", '"%s"' % value).text(), alone="1",
            ss0=secret(b"u", plain, b"p"))


def beyond(user, realm, password):
    """Whether all is ASCII, or what can be converted to ISO 8859-1."""
    names, password = [octets(user), octets(realm)], octets(password)
    if all(octet < 128 for value in names + [password] for octet in value):
        return "ascii"
    if any(latin1(value) != value for value in names):
        return "latin1"
    return "password" if latin1(password) != password else "other"


def vary_client_names(name):
    """Whom the client is, and what it makes of characters."""
    for charset in ("", ",charset=utf-8"):
        for user_name, user in CHARACTERS.items():
            for realm_name, realm in (("ascii", "r"), ("latin1", "café"),
                                      ("greek", "γ")):
                for password in ("p", "pâss", "ω"):
                    text = ('realm="%s",nonce="n",qop="auth",'
                            'algorithm=md5-sess%s' % (realm, charset))
                    base = challenge_base(name, text, user=user,
                                          password=password, realm=realm)
                    add(base, "characters-" + beyond(user, realm, password) +
                        ("-declared" if charset else ""),
                        "-".join((user_name, realm_name, password)),
                        octets(text))
    text = 'realm="r",nonce="n",qop="auth",algorithm=md5-sess'
    for variation, user in (("quotes", 'a"b"c'), ("backslashes", "a\\b\\c"),
                            ("three", '"' * 3), ("eight", '"' * 8),
                            ("many", '"' * 100), ("most", "\\" * 400)):
        base = challenge_base(name, text, user=user)
        add(base, "user-many-quotes", variation, octets(text), alone="1")
    for variation, user in (("quote", 'a"b'), ("backslash", "a\\b"),
                            ("long", "u" * 255), ("longer", "u" * 1000),
                            ("blank", "a b"), ("colon", "a:b"),
                            ("at", "u@r"), ("comma", "a,b"),
                            ("tab", "a\tb"), ("line", "a\nb"),
                            ("longest", "u" * 2000)):
        base = challenge_base(name, text, user=user)
        add(base, "user-" + variation, variation, octets(text))
    for variation, authz in (("other", "bob"), ("same", "u"),
                             ("utf8", "bö"), ("quote", 'b"b'),
                             ("long", "b" * 300)):
        base = challenge_base(name, text, authz=authz)
        add(base, "authz", variation, octets(text))
    for variation, service in SERVICES.items():
        for host in ("h", "default", "0", "a/b", ""):
            base = challenge_base(name, text, service=service, fqdn=host)
            family = "service-" + variation
            if host in ("a/b", ""):
                family = "host-" + ("slash" if host else "empty")
            add(base, family, variation + "-" + (host or "none"), octets(text))


def final_base(full=False):
    base = challenge_base("rspauth", 'realm="r",nonce="n",qop="auth",'
                          'algorithm=md5-sess')
    challenge = base.message.text()
    base.kind, base.full = "final", full
    base.keys["message"] = challenge
    base.message = Message(("rspauth", "@RSPAUTH@"))
    return base


def vary_final(base):
    vary(base, 2047)
    for name in ("@URSPAUTH@", "@SRSPAUTH@", "@RSPAUTH@0", "@PROOF@",
                 "0" * 32, '"@RSPAUTH@"', ""):
        family = {"@URSPAUTH@": "rspauth-upper",
                  '"@RSPAUTH@"': "rspauth-quoted",
                  "@RSPAUTH@0": "rspauth-size"}.get(name, "rspauth-wrong")
        add(base, family, name.replace("@", "").strip('"') or "none",
            octets("rspauth=" + name))
    for i in range(32):
        add(base, "rspauth-wrong", str(i), b"rspauth=%032x" % (1 << i))
    add(base, "final-empty", "empty", b"")
    add(base, "final-challenge", "again", base.keys["message"])
    add(base, "final-challenge", "other",
        b'realm="r",nonce="m",qop="auth",algorithm=md5-sess')


USUAL = ('nonce="bm9uY2U=",realm="r",qop="auth,auth-int,auth-conf",'
         'cipher="rc4-40,rc4-56,rc4,des,3des",maxbuf=4096,charset=utf-8,'
         'algorithm=md5-sess')


def all_challenges():
    plain = challenge_base("plain", 'realm="r",nonce="n",qop="auth",'
                           'algorithm=md5-sess,charset=utf-8', full=True)
    vary(plain, 2047)
    vary_challenge(plain)
    for name, other in OTHERS.items():
        add(plain, "rspauth-first" if "rspauth" in name else "other-message",
            name, other)
    vary_leaks(plain)
    vary(challenge_base("layers", USUAL, max="128"), 2047)
    vary_client_names("names")
    vary_final(final_base(full=True))


# The layer.

def all_packets():
    sizes = "10,0,100,1"
    for strength, overhead in (("1", 16), ("128", 16), ("56", 16),
                               ("40", 16)):
        for way in ("up", "down"):
            base = Base("layer", strength + "-" + way, Message(), way=way,
                        min=strength, max=strength, messages=sizes)
            vary_packets(base, 10 + overhead + 4)


def vary_packets(base, size):
    def one(family, variation, steps, part="0"):
        add(base, family, variation, b"", steps=steps, part=part)

    one("in-order", "all", "0 1 2 3")
    for part in (1, 2, 3, 4, 5, 7, 16, 29, 30, 31):
        one("in-parts", str(part), "0 1 2 3", str(part))
    for steps in ("1 0", "0 2", "0 0", "0 1 1", "3 2 1 0"):
        one("out-of-order", steps.replace(" ", "-"), steps)
    for at in range(4, size):
        for octet in ("01", "80"):
            one("altered", "%d-%s" % (at, octet), "0:x%d=%s 1" % (at, octet))
    for at in range(4):
        one("length-altered", str(at), "0:x%d=80 1" % at)
    for count in range(1, 20):
        one("cut-off", str(count), "0:c%d 1 2" % count)
    for length in (0, 1, 2, 3, 4, 5, 9, 10, 14, 15, 16, 17, 20, 25):
        one("length-small" if length < 16 else "length-other", str(length),
            "0:l%d 1" % length)
    for length in (65536, 65537, 100000, 16777216, 2147483648, 4294967295):
        one("length-large" if length > 65536 else "length-other", str(length),
            "0:l%d 1" % length)
    for hexes in ("00", "ff" * 4, "00" * 4, "00" * 20):
        one("more-behind", hexes[:8] + "-%d" % len(hexes), "0:a%s 1" % hexes)
