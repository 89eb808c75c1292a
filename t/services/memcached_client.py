#!/usr/bin/env python3
"""Authenticates to memcached with DIGEST-MD5 over its binary protocol.

usage: memcached_client.py PORT USER PASSWORD REALM; prints the status of the
authentication, whether the server proved itself, and the status of a read
after it and without any.  memcached closes a connection after a refused read.
"""
import hashlib
import re
import socket
import struct
import sys

HEADER = struct.Struct("!BBHBBHIIQ")
GET, LIST, START, STEP = 0x00, 0x20, 0x21, 0x22


def receive(connection, size):
    octets = b""
    while len(octets) < size:
        part = connection.recv(size - len(octets))
        if not part:
            sys.exit("the server closed the connection")
        octets += part
    return octets


def request(connection, operation, key=b"", value=b""):
    size = len(key) + len(value)
    connection.sendall(HEADER.pack(0x80, operation, len(key), 0, 0, 0, size,
                                   0, 0) + key + value)
    header = HEADER.unpack(receive(connection, HEADER.size))
    return header[5], receive(connection, header[6])


def md5(*parts):
    return hashlib.md5(b":".join(parts))


def proof(secret, nonce, cnonce, a2):
    a1 = md5(secret, nonce, cnonce).hexdigest().encode()
    a2 = hashlib.md5(a2).hexdigest().encode()
    return md5(a1, nonce, b"00000001", cnonce, b"auth", a2).hexdigest()


def connect(port):
    return socket.create_connection(("127.0.0.1", int(port)), 20)


def main():
    port, user, password, realm = sys.argv[1:]
    without, _ = request(connect(port), GET, b"key")
    connection = connect(port)
    _, mechanisms = request(connection, LIST)
    status, challenge = request(connection, START, b"DIGEST-MD5")
    nonce = re.search(rb'nonce="([^"]*)"', challenge).group(1)
    secret = md5(user.encode(), realm.encode(), password.encode()).digest()
    uri, cnonce = b"memcached/localhost", b"client"
    response = proof(secret, nonce, cnonce, b"AUTHENTICATE:" + uri)
    status, final = request(
        connection, STEP, b"DIGEST-MD5",
        f'username="{user}",realm="{realm}",nonce="{nonce.decode()}",'
        f'cnonce="client",nc=00000001,qop=auth,charset=utf-8,'
        f'digest-uri="{uri.decode()}",response={response}'.encode())
    expected = "rspauth=" + proof(secret, nonce, cnonce, b":" + uri)
    if final.decode("latin-1") == expected:
        print("the server proved itself")
        status, _ = request(connection, STEP, b"DIGEST-MD5")
    after, _ = request(connection, GET, b"key")
    print(f"mechanisms {mechanisms.decode()}")
    print(f"without {without:#x} authentication {status:#x} after {after:#x}")


main()
