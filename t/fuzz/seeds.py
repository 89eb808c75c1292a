#!/usr/bin/env python3
"""Writes the messages of the vectors as seeds for the fuzzers.

usage: seeds.py VECTORS DIRECTORY
"""
import collections
import json
import pathlib
import struct
import sys

HTTP_CHALLENGE = ('realm="{realm}",nonce="{nonce}",qop="auth,auth-int",'
                  'algorithm={algorithm},opaque="o",stale=true,'
                  'userhash=true,charset=UTF-8,domain="/a /b"')
HTTP_RESPONSE = ('username="{username}",realm="{realm}",nonce="{nonce}",'
                 'uri="{uri}",response="{response}",algorithm={algorithm},'
                 'qop={qop},nc={nc},cnonce="{cnonce}",opaque="o"')
HTTP_INFO = ('rspauth="{rspauth}",qop={qop},nc={nc},cnonce="{cnonce}",'
             'nextnonce="n"')


def read(vectors, name):
    return json.loads((vectors / f"{name}.json").read_text("utf-8"))


def text_of(row):
    if "hex" in row:
        return bytes.fromhex(row["hex"])
    return row.get("text", "").encode("utf-8")


PROOF = b"response=0123456789abcdef0123456789abcdef"

# Messages that are not in the vectors.
OTHERS = (
    *((4, name + b",realm=r,nonce=n,uri=\"/\"," + PROOF)
      for name in (b"username*=UTF-8''j%c3%B6rg", b"username*=UTF-8''j%xx",
                   b"username*=UTF-8''j%1", b"username*=UTF-9''j",
                   b"username*=UTF-8''j,username=j")),
    *((4, b"username=j,realm=r,nonce=n,uri=\"/\"," + terms + b"," + PROOF)
      for terms in (b"qop=auth-conf,cnonce=c,nc=00000001",
                    b"qop=auth,nc=00000001", b"qop=auth,cnonce=c")),
    (1, b'username="j",nonce="n",cnonce="c",nc=00000001,qop=auth-conf,'
        b'digest-uri="imap/h",' + PROOF),
    (0, b"x=" + b"y" * 2100),
    *((kind, b"x=" + b"y" * 4100) for kind in (1, 4, 5)),
)


def messages(vectors):
    """Pairs of the number that messages.c has for a kind, and a message."""
    yield from OTHERS
    parse = read(vectors, "parse")
    for kind, rows in enumerate(("challenges", "responses", "rspauth")):
        for row in parse[rows]:
            yield kind, text_of(row)
    for case in read(vectors, "rfc2831_examples")["cases"]:
        yield 0, case["challenge"].encode()
        yield 1, bytes.fromhex(case["client_message_hex"])
        yield 2, case["server_final"].encode()
    for case in read(vectors, "auth_variants")["cases"]:
        yield 1, bytes.fromhex(case["client_message_hex"])
    for case in read(vectors, "http_digest")["cases"]:
        values = collections.defaultdict(str, case)
        for kind, form in enumerate((HTTP_CHALLENGE, HTTP_RESPONSE,
                                     HTTP_INFO)):
            yield 3 + kind, form.format_map(values).encode("utf-8")


def exchanges(vectors):
    """Lines of an exchange, behind the octet of explain.c."""
    for case in read(vectors, "rfc2831_examples")["cases"]:
        yield b"\0" + b"\n".join((case["challenge"].encode(),
                                  bytes.fromhex(case["client_message_hex"]),
                                  case["server_final"].encode()))
    for case in read(vectors, "http_digest")["cases"]:
        values = collections.defaultdict(str, case)
        yield b"\0" + "\n".join((
            "WWW-Authenticate: Digest " + HTTP_CHALLENGE.format_map(values),
            "Authorization: Digest " + HTTP_RESPONSE.format_map(values),
            "Authentication-Info: " + HTTP_INFO.format_map(values),
        )).encode("utf-8")


# Edits, as input.c reads them.
REPLACE, INSERT, TAKE_OUT, COPY, DROP, SET = range(6)


def edit(kind, at, octets=b"", count=None):
    return struct.pack(">BHB", kind, at,
                       len(octets) if count is None else count) + octets


def part(octets):
    return bytes([len(octets)]) + octets


def drop(number):
    return bytes([DROP, number, 0])


def put(number, value):
    return bytes([SET, number]) + part(value)


EDITS = (
    edit(REPLACE, 12, b"A"), edit(INSERT, 0, b'authzid="bob",'),
    edit(INSERT, 0, b'realm="other.test",'), edit(INSERT, 0, b"charset=utf-8,"),
    edit(TAKE_OUT, 0, count=15), edit(COPY, 0), edit(INSERT, 0, b"\0"),
    edit(INSERT, 0, b"maxbuf=17,"), edit(INSERT, 0, b"qop=auth-conf,"),
    edit(INSERT, 0, b" ,, x-y=z , "), edit(INSERT, 0, b'x="\\"",'),
    *map(drop, range(12)),
    *(put(number, value) for number in range(12)
      for value in (b"", b"auth-int", b'"imap/other.test"', b"00000002")),
    *(put(number, b"0" * 32) for number in range(12)),
    *(put(number, b'"imap"') for number in range(12)),
    put(0, b"qop=auth"), put(5, b"true"), put(5, b'"+Upgraded+v1"'),
)


def parsers(vectors):
    """Rules, times, room, message."""
    for kind, message in messages(vectors):
        yield bytes([10 if kind < 3 else 11, 0, 0]) + message
    for rules in (*range(12), 255):
        for room in (0, 128, 130):
            yield bytes([rules, 0, room]) + (
                b'username="a\\"b",realm="c",realm="\\d",nc=00000001,x=y')


def servers(vectors):
    """Mode, number of the call that fails, edits; or a message."""
    modes = [mode for mode in range(16) if not mode & 2]
    for mode in modes:
        yield bytes([mode, 0])
        for failing in range(1, 60, 7):
            yield bytes([mode, failing])
    for number, change in enumerate(EDITS):
        yield bytes([modes[number % 8], 0]) + change
        yield bytes([0, 0]) + change
    for kind, message in messages(vectors):
        if kind == 1:
            yield b"\2\0" + message


def clients(vectors):
    for mode in (0, 1, 4, 5):
        yield bytes([mode, 0])
        for failing in range(1, 60, 7):
            yield bytes([mode, failing])
    for change in EDITS:
        yield b"\0\0" + change
        yield b"\4\0" + change
    for kind, message in messages(vectors):
        if kind in (0, 2):
            yield b"\2\0" + message


def layers(vectors):
    """Layer, failing call, pieces, change, place, message."""
    plain = {bytes.fromhex(message["plaintext"])
             for suite in read(vectors, "layers")["suites"]
             for message in suite["client_to_server"]["messages"]}
    for text in sorted(plain, key=len):
        for layer in range(7):
            for direction in (0, 128):
                yield bytes([direction + layer, 0, 0, 3, 7, 3, 0, 0, 0]) + text
            yield bytes([layer, 0, 0, 200, 1, 3, 1, 0, 3]) + text
    for failing in range(1, 128, 5):
        yield bytes([failing % 7, failing, 0, 1, 1, 3, 0, 0, 0]) + b"message"


def http(vectors):
    """Mode, form, failing call, edits; or a message."""
    for form in range(16):
        for mode in (0, 1):
            yield bytes([mode, form, 0])
        for failing in range(1, 60, 7):
            yield bytes([0, form, failing])
    for number, change in enumerate(EDITS):
        for mode in (2, 4, 8):
            yield bytes([mode, number % 16, 0]) + change
    for kind, message in messages(vectors):
        if kind > 2:
            yield bytes([20 if kind == 4 else 16, 0, 0]) + message


STEP = bytes(6)  # no edits, no flags, the target, room, no buffers
CONNECT = b"\0" + STEP
END_BOTH = b"\7\0\7\1"


def setup(form=0, more=0, identity=0, server=(0x10, 0, 0), client=(0, 0, 0),
          first=0, failing=0):
    return bytes([first, failing, form, more, identity, *server, *client])


def passing(form, message, edits=b""):
    return bytes([15, form, len(message)]) + message + bytes(
        [len(edits)]) + edits


def sspi_actions():
    """What is done after an authentication."""
    for form in range(16):
        yield passing(form, b"message") + passing(form ^ 1, b"") * 2
        yield passing(form, b"message", edit(REPLACE, 2, b"\xff")) * 2
        yield passing(form + 16, b"message")
    for attribute in (*range(8), 64, 200):
        yield bytes([4, 0, attribute, 4, 1, attribute])
    for form in range(16):
        yield bytes([5, form, 2, 0, 4, 1, 80, 0])
        yield bytes([5, form, 0, ord("n")])
    yield b"\6" + bytes(3)
    yield b"\x0a\x0b\0\1\0\x0b\0\0\3"
    yield CONNECT + passing(0, b"again") + b"\x09\xff\x09\xff" + CONNECT
    yield b"\x0d" + CONNECT
    yield b"\3\0\0\0\0\0\0\0" + b"\3\1\0\0\0\0\0\0"
    yield b"\1" + STEP + b"\2" + STEP
    yield b"\x08\0v\x08\1v" + CONNECT
    for change in EDITS:
        yield b"\0" + bytes([len(change)]) + change + bytes(5)
        yield (END_BOTH + b"\1" + STEP + b"\2" + bytes([len(change)]) +
               change + bytes(5) + b"\1" + STEP)
    for flags in range(8):
        for kind in b"\1\2":
            yield (END_BOTH + b"\1\0" + bytes([flags]) + bytes(4) +
                   b"\2\0" + bytes([flags]) + bytes(4) + b"\1" + STEP +
                   b"\2" + STEP)
    begun = END_BOTH + b"\1" + STEP + b"\2" + STEP
    for seconds in (0x28, 0x50, 0x64, 0xff):
        for done in (b"", b"\6\0\0\0", b"\6\1\0\0",
                     b"\6\3\0\0\6\0\0\0"):
            yield (begun + bytes([9, seconds]) + b"\1" + STEP + done +
                   (b"\2" + STEP + b"\1" + STEP + done) * 2)
    yield begun + b"\x08\1v\1" + STEP
    yield begun + b"\x08\0v\2" + STEP
    for room in (1, 254, 255):
        yield (END_BOTH + b"\1\0\0\0" + bytes([room, 0, 0]) + b"\1" + STEP +
               b"\2\0\0\0" + bytes([room, 0, 0]) + b"\2" + STEP + b"\1" +
               STEP + b"\2" + STEP)


def sspi(_):
    setups = [setup(form, server=(0x10, 0x40, 0), client=(0, 0x40, 0))
              for form in range(0, 256, 3)]
    setups += [setup(0, server=(0x10 + cipher, 3, 0), client=(cipher, 3, 0))
               for cipher in range(8)]
    setups += [setup(0, server=(0x30, window, 0), client=(0, window, 0))
               for window in range(64)]
    setups += [setup(1, server=(0x10, 0x40 + window, 16 + hash_),
                     client=(0, 0x80 + window, 0))
               for window in (0, 2) for hash_ in range(8)]
    setups += [setup(http, identity=number, more=number * 5 % 16,
                     server=(0x10 + (0, 8, 64, 128)[number // 2 % 4], 0, 8))
               for http in (0, 1) for number in range(0, 128, 3)]
    setups += [setup(1, more=more, server=(0x10, 2, 0), client=(0, 2, 0))
               for more in (64, 192)]
    for one in setups:
        yield one + CONNECT + passing(0, b"m") + passing(1, b"n") + CONNECT
    basic = setup(0)
    signed = setup(0, server=(0x10, 2, 0), client=(0, 2, 0))
    sealed = setup(0, server=(0x10, 3, 0), client=(0, 3, 0))
    web = setup(1, server=(0x10, 0x80, 16), client=(0, 0x80, 0))
    signed_web = setup(1, server=(0x10, 0x82, 0), client=(0, 2, 0))
    bound_web = setup(0x61)
    everyone = (basic, signed, sealed, web, signed_web, bound_web)
    for number, action in enumerate(sspi_actions()):
        yield everyone[number % 6] + CONNECT + action
        yield everyone[(number + 3) % 6] + CONNECT + action
    for one in everyone:
        for failing in range(1, 128, 4):
            failed = bytes([0, failing]) + one[2:]
            yield failed + CONNECT + passing(0, b"m") + CONNECT
    for failing in range(44):
        yield setup(0, first=128, failing=failing) + CONNECT


REMEMBER, ISSUE, BEGIN, PASS, DISTURB, REOPEN, LEAVE, COUNT = range(8)
WELL, COPY_IT, AS_IT_WAS = b"\0\0", b"\2", b"\3"
DISTURBANCES = (*(bytes([0, trouble]) for trouble in range(1, 7)),
                b"\1", COPY_IT, AS_IT_WAS, b"\4", b"\5\x14", b"\6\x14")


def do(server, action, octets=b"", nonce=None):
    return (bytes([server]) + (b"" if nonce is None else bytes([nonce])) +
            bytes([action]) + octets)


def count(server, number):
    return do(server, COUNT, bytes([number - 2]), 0)


def stores(_):
    """Honest or not, failing call; then server, nonce if any, action each."""
    for http in (False, True):
        start = do(0, PASS, b"\x0a") + do(0, ISSUE if http else REMEMBER)
        begun = do(1, BEGIN, b"\0", 0) if http else b""
        each = b"".join(count(server, 2) for server in range(3))
        later = b"".join(count(number % 3, number) for number in range(3, 9))
        for failing in range(0, 128, 3):
            yield bytes([0, failing]) + start + begun + each + later
        for change in DISTURBANCES:
            disturb = do(0, DISTURB, change, 0)
            mend = do(0, DISTURB, WELL, 0) + do(0, PASS, b"\x0a", 0)
            yield (b"\0\0" + do(0, DISTURB, change) + start +
                   (begun + mend + begun) * 2 + each + later)
            for copy in (b"", do(0, DISTURB, COPY_IT, 0)):
                yield (b"\0\0" + start + begun + copy + count(2, 2) +
                       disturb + begun + each + mend + begun + each + later)
            for server in range(3):
                yield (b"\0\0" + start + begun +
                       do(server, BEGIN, b"\1" + change, 0) +
                       do(server, REOPEN, nonce=0) +
                       do(server, LEAVE, nonce=0) + each)
        for change in (edit(REPLACE, 0, b"A"), *EDITS[:11]):
            # an answer to each question: two when they meet
            yield (b"\1\0" + start + bytes(3) + count(0, 9) + part(change) +
                   count(0, 2) + part(change))


def write(directory, seeds):
    directory.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (directory / f"{number:04}").write_bytes(seed)


def main(vectors, directory):
    write(directory / "messages", (bytes([room + kind]) + message
                                   for room in (0, 132)
                                   for kind, message in messages(vectors)))
    for name, seeds in (("parser", parsers), ("server", servers),
                        ("client", clients),
                        ("layer", layers), ("http", http), ("sspi", sspi),
                        ("store", stores), ("explain", exchanges)):
        write(directory / name, seeds(vectors))


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:]))
