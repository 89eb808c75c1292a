"""Responses to a server, and variations of what stands in them."""
from inputs import (CHARACTERS, OTHERS, SERVICES, Base, Message, add,
                    control_of, latin1, md5, octets, quote, secret, unquoted,
                    vary, vary_leaks)


def response(user="u", realm="r", password="p", uri="imap/h", cnonce="c",
             nc="00000001", qop="auth", authzid=None, cipher=None,
             maxbuf=None, charset=None, convert=True):
    """A message with its terms, as keyword arguments of Base."""
    values = [octets(value) for value in (user, realm, password)]
    message = Message(("username", quote(values[0])),
                      ("realm", quote(values[1])), ("nonce", '"@NONCE@"'),
                      ("cnonce", quote(octets(cnonce))), ("nc", nc),
                      ("qop", qop), ("digest-uri", quote(octets(uri))),
                      ("response", "@PROOF@"))
    keys = {"user": user, "realm": realm, "password": password,
            "ss": secret(*values, convert=convert), "cnonce": cnonce,
            "nc": nc, "qop": qop, "uri": uri,
            "stored": values[0] + b"@" + values[1]}
    if authzid is not None:
        message = message.set("authzid", quote(octets(authzid)))
        keys["authzid"] = authzid
    for name, value in (("cipher", cipher), ("maxbuf", maxbuf),
                        ("charset", charset)):
        if value is not None:
            message = message.set(name, value)
    return message, keys


def response_base(name, full=False, extra=None, **options):
    message, keys = response(**options)
    keys.update(extra or {})
    return Base("server", name, message, full, **keys)


def vary_response(base):
    """Values of a response's own directives."""
    message = base.message
    for size in (0, 1, 2, 3, 7, 9, 10, 16):
        nc = ("0" * 16 + "1")[-size:] if size else ""
        add(base, "nc-size", str(size), message.set("nc", nc).text(), nc=nc)
    for nc in ("00000000", "00000002", "0000000a", "ffffffff"):
        add(base, "nc-other", nc, message.set("nc", nc).text(), nc=nc)
    for nc in ("0000000g", "0x000001", "+0000001", "-0000001", " 0000001",
               "0000 001"):
        add(base, "nc-malformed", nc.replace(" ", "_"),
            message.set("nc", nc).text(), nc=nc)
    add(base, "nc-default", "absent", message.without("nc").text())
    add(base, "nc-of-one-digit", "one", message.set("nc", "1").text())
    for name in ("@UPROOF@", "@SPROOF@", "@PROOF@0", "@PROOF@@PROOF@", ""):
        family = {"@UPROOF@": "proof-upper"}.get(name, "proof-size")
        add(base, family, name.replace("@", "") or "none",
            message.set("response", name).text())
    for i in range(32):
        wrong = "%032x" % (1 << i)
        add(base, "proof-wrong", str(i), message.set("response", wrong).text())
    add(base, "proof-wrong", "password", message.text(),
        ss=secret(b"u", b"r", b"wrong"))
    for nonce in ("n", "@NONCE@x", "x@NONCE@", "", " @NONCE@"):
        add(base, "nonce-other", nonce.replace("@", "") or "none",
            message.set("nonce", '"%s"' % nonce).text())
    for qop in ("auth-int", "auth-conf", "future", "auth,auth-int", "auth ",
                "AUTH-INT"):
        add(base, "qop-other", qop, message.set("qop", '"%s"' % qop).text(),
            qop=qop)
    for value in ("16", "17", "18", "0", "1", "4096", "65536", "16777215",
                  "16777216", "4294967295", "4294967296", "4294967313",
                  "99999999999999999999"):
        number = int(value)
        family = "maxbuf" if 17 <= number <= 16777215 else (
            "maxbuf-small" if number < 17 else "maxbuf-large")
        add(base, family, value, message.set("maxbuf", value).text())
    for value in ("-1", "+17", "0x100", "12a", "1 2", "a", "4096.0"):
        add(base, "maxbuf-malformed", value.replace(" ", "_"),
            message.set("maxbuf", value).text())
    for value in ("utf-8", "UTF-8", '"utf-8"'):
        add(base, "charset", value, message.set("charset", value).text())
    for value in ("utf8", "iso-8859-1", "latin1", '"utf-8 "', "utf-8x"):
        add(base, "charset-other", value.strip('"').replace(" ", "_"),
            message.set("charset", value).text())
    for value in ("rc4", "3des", "future", "RC4", '"rc4"', '"rc4,3des"'):
        add(base, "cipher-without-layer", value.strip('"'),
            message.set("cipher", value).text())
    add(base, "cipher-empty", "quoted", message.set("cipher", '""').text())
    add(base, "cipher-empty", "nothing", message.set("cipher", "").text())
    for value in ("md5-sess", '"md5-sess"', "MD5-SESS", "md5", "future"):
        add(base, "algorithm", value.strip('"') + "-" * value.count('"'),
            message.set("algorithm", value).text())


def vary_uri(base):
    message, service = base.message, base.key("service", "imap")
    for family, variation, uri in (
            ("uri-case", "upper", service.upper() + b"/h"),
            ("uri-case", "title", service.title() + b"/h"),
            ("uri-host", "other", service + b"/other.example"),
            ("uri-host", "case", service + b"/H"),
            ("uri-host", "address", service + b"/127.0.0.1"),
            ("uri-host", "port", service + b"/h:143"),
            ("uri-host", "blank", service + b"/h h"),
            ("uri-host", "utf8", service + b"/h\xc3\xa9"),
            ("uri-host-empty", "empty", service + b"/"),
            ("uri-host-empty", "name", service + b"//name"),
            ("uri-name", "name", service + b"/h/name"),
            ("uri-name", "two", service + b"/h/name/more"),
            ("uri-slash-behind", "one", service + b"/h/"),
            ("uri-slash-behind", "two", service + b"/h//"),
            ("uri-slash-behind", "name", service + b"/h/name/"),
            ("uri-without-slash", "service", service),
            ("uri-without-slash", "host", b"h"),
            ("uri-without-slash", "backslash", service + b"\\h"),
            ("uri-without-service", "slash", b"/h"),
            ("uri-without-service", "slashes", b"//h"),
            ("uri-service", "other", b"pop/h"),
            ("uri-service", "longer", service + b"s/h"),
            ("uri-service", "shorter", service[:-1] + b"x/h"),
            ("uri-service", "front", service[:-1] + b"/h"),
            ("uri-service", "blank", service + b" /h"),
            ("uri-service", "blank-in-front", b" " + service + b"/h"),
            ("uri-service", "twice", service + service + b"/h"),
            ("uri-empty", "empty", b"")):
        add(base, family, variation,
            message.set("digest-uri", quote(uri)).text(), uri=uri)


def names_of(base, family, variation, user, realm, stored, **options):
    """A response of this user, whom canon_user gives another name."""
    message, keys = response(user=user, realm=realm, **options)
    keys["stored"] = stored
    base.full = False
    add(Base("server", base.name, message), family, variation, message.text(),
        **keys)


def vary_names(base):
    """User and realm of a response: each octet, forms, sizes."""
    for octet in range(1, 256):
        one, character = bytes([octet]), "%02x" % octet
        kind = "-at" if octet == ord("@") else control_of(octet)
        kind = kind.replace("-line", "-control")
        user = b"a" + one + b"b"
        stored = user if kind == "-at" else user + b"@r"
        names_of(base, "octet-in-user" + kind, character, user, b"r",
                 stored, convert=False)
        names_of(base, "octet-in-realm" + kind, character, b"u", user,
                 b"u@" + user, convert=False)
        message, keys = response(cnonce=user)
        add(base, "octet-in-cnonce" + kind, character, message.text(), **keys)
    for size in (1, 64, 127, 128, 255, 256, 257, 511, 512, 513, 1000, 1021,
                 1022, 1023, 1024, 1025, 2000):
        names_of(base, "long-user" if size < 1022 else "long-user-over",
                 str(size), b"u" * size, b"r", b"u" * size + b"@r")
    for size in (1, 64, 255, 256, 257, 512, 1000, 1020, 1021, 1022, 1023,
                 1024, 2000):
        names_of(base, "long-realm" if size < 1021 else "long-realm-over",
                 str(size), b"u", b"r" * size, b"u@" + b"r" * size)
    for variation, user in (("two", b'a"b"c'), ("many", b'"' * 40),
                            ("backslashes", b"\\" * 40),
                            ("both", b'\\"' * 20)):
        names_of(base, "escaped-user", variation, user, b"r", user + b"@r")
    names_of(base, "realm-other", "with-user-of-it", b"u", b"other",
             b"u@other")
    names_of(base, "realm-other", "case", b"u", b"R", b"u@R")
    names_of(base, "realm-empty", "default", b"u", b"", b"u@r")
    message, keys = response(realm="")
    keys["stored"] = b"u@r"
    add(base, "realm-absent", "default", message.without("realm").text(),
        **keys)
    names_of(base, "user-at-realm", "same", b"u@r", b"r", b"u@r")
    names_of(base, "user-at-realm", "other", b"u@x", b"r", b"u@x")
    names_of(base, "user-empty", "empty", b"", b"r", b"@r")
    for variation, sent, hashed, stored in (
            ("raw", b"DOM\\user", b"DOM\\user", b"DOM\\user@r"),
            ("raw-two", b"A\\B\\c", b"A\\B\\c", b"A\\B\\c@r"),
            ("raw-behind", b"DOM\\", b"DOM\\", b"DOM\\@r"),
            ("read", b"DOM\\user", b"DOMuser", b"DOMuser@r"),
            ("doubled", b"DOM\\\\user", b"DOM\\user", b"DOM\\user@r"),
            ("raw-not-escaped", b"DOM\\user", b"DOMuser", b"DOM\\user@r")):
        message, keys = response(user=hashed)
        keys["stored"] = stored
        add(base, "backslash-" + variation, variation,
            message.set("username", b'"' + sent + b'"').text(), **keys)
    for name in ("realm", "cnonce", "digest-uri", "nonce", "username"):
        value = base.message.get(name)
        escaped = b'"' + b"".join(
            b"\\" + bytes([octet]) for octet in unquoted(value)) + b'"'
        if name != "nonce":
            add(base, "escaped-needlessly", name,
                base.message.set(name, escaped).text())


def vary_authzid(base):
    for variation, authzid in (("same", b"u"), ("other", b"bob"),
                               ("realm", b"bob@r"), ("utf8", "bö".encode()),
                               ("quote", b'b"b'), ("long", b"b" * 300)):
        message, keys = response(authzid=authzid)
        add(base, "authzid", variation, message.text(), **keys)
        keys.pop("authzid")
        add(base, "authzid-not-hashed", variation, message.text(), **keys)
    message, keys = response(authzid=b"")
    add(base, "authzid-empty", "hashed", message.text(), **keys)
    keys.pop("authzid")
    add(base, "authzid-empty-not-hashed", "not-hashed", message.text(), **keys)
    message, keys = response(authzid=b"b\xf6b")
    add(base, "authzid-not-utf8", "latin1", message.text(), **keys)


def vary_characters(base):
    """What is hashed of names and passwords beyond ASCII."""
    for user_name, user in CHARACTERS.items():
        for realm_name, realm in (("ascii", "r"), ("latin1", "café"),
                                  ("greek", "γ")):
            for password_name, password in (("ascii", "p"),
                                            ("latin1", "pâss"),
                                            ("greek", "ω")):
                vary_conversion(base, "-".join((user_name, realm_name,
                                                password_name)),
                                user.encode(), realm.encode(),
                                password.encode())


def vary_conversion(base, variation, user, realm, password):
    """Which of them are converted, of those that can be."""
    values = (user, realm, password)
    able = [i for i in range(3) if latin1(values[i]) != values[i]]
    for which in range(1 << len(able)):
        chosen = [able[i] for i in range(len(able)) if which >> i & 1]
        parts = [latin1(value) if i in chosen else value
                 for i, value in enumerate(values)]
        how = "".join("URP"[i] for i in chosen)
        family = ("all" if chosen == able else
                  "none" if not chosen else
                  "%s-of-%s" % (how, "".join("URP"[i] for i in able)))
        for charset in (True, False):
            message, keys = response(user, realm, password)
            keys.update(ss=md5(b":".join(parts)), stored=user + b"@" + realm)
            if charset:
                message = message.set("charset", "utf-8")
            add(base, "converted-" + family + ("" if charset else
                                               "-undeclared"),
                variation + "-" + (how or "none"), message.text(), **keys)


STRENGTHS = {"rc4-40": 40, "des": 55, "rc4-56": 56, "3des": 112, "rc4": 128,
             "aes-ctr": 128}


def vary_layers(base):
    """qop and cipher of a server that offers layers."""
    for qop in ("auth", "auth-int", "auth-conf"):
        for cipher in (None, "rc4", "3des", "des", "rc4-40", "rc4-56",
                       "aes-ctr", "future", '"rc4"', "RC4"):
            for top in (0, 1, 40, 55, 56, 112, 128, 256):
                message, keys = response(qop=qop, cipher=cipher)
                keys["max"] = str(top)
                bare = (cipher or "none").strip('"').lower()
                family = "layer-%s-%s" % (qop, bare)
                if top < STRENGTHS.get(bare, 0):
                    family += "-not-offered"
                elif STRENGTHS.get(bare, 112) < 112 <= top:
                    family = "layer-%s-weak" % qop
                add(base, family, "%s-max-%d" % (cipher, top), message.text(),
                    **keys)


def vary_services(base):
    for variation, service in SERVICES.items():
        for host in ("h", "default", "0"):
            uri = service + "/" + host
            message, keys = response(uri=uri)
            keys.update(service=service, fqdn=host)
            add(base, "service-" + variation, host, message.text(), **keys)


def vary_moments(base):
    text = base.message.text()
    for name, other in OTHERS.items():
        add(base, "other-message", name, other)
        add(base, "initial-message", name, text, initial=other)
    add(base, "initial-message", "response", text,
        initial=text.replace(b"@NONCE@", b"n").replace(b"@PROOF@", b"0" * 32))


def all_responses():
    full = response_base("plain", full=True)
    vary(full, 4095)
    vary_response(full)
    vary_uri(full)
    vary_moments(full)
    vary_leaks(full)
    vary_names(response_base("names"))
    vary_authzid(response_base("authzid"))
    vary_characters(response_base("characters"))
    vary_layers(response_base("layers"))
    vary_services(response_base("services"))
