#!/usr/bin/env python3
"""Writes the messages of the vectors as seeds for the fuzzers.

usage: seeds.py VECTORS DIRECTORY
"""
import collections
import json
import pathlib
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


def messages(vectors):
    """Pairs of the number that messages.c has for a kind, and a message."""
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


def write(directory, seeds):
    directory.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (directory / f"{number:04}").write_bytes(seed)


def main(vectors, directory):
    write(directory / "messages", (bytes([kind]) + message
                                   for kind, message in messages(vectors)))
    write(directory / "explain", exchanges(vectors))


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:]))
