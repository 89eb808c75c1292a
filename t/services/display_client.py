#!/usr/bin/env python3
"""Connects to a VNC or SPICE server with SASL, as virt-viewer does.

usage: display_client.py vnc|spice PORT USER PASSWORD; prints "connected" and
returns 0, or says what failed and returns 1.  Without arguments it returns 0 if
the libraries are there.
"""
import sys

import gi
gi.require_version("GVnc", "1.0")
gi.require_version("SpiceClientGLib", "2.0")
from gi.repository import GLib, GObject, GVnc, SpiceClientGLib as spice

HOST = "127.0.0.1"
SECONDS = 60
VNC_SASL = 20  # the enum of gvnc cannot be read from Python
# spice-glib's classes have methods of the same name
connect = GObject.Object.connect


def finish(loop, outcome):
    if not hasattr(loop, "outcome"):
        loop.outcome = outcome
    loop.quit()


def open_vnc(loop, port, user, password):
    kinds = GVnc.ConnectionCredential
    connection = GVnc.Connection()

    def answer(_, wanted):
        connection.set_credential(kinds.USERNAME, user)
        connection.set_credential(kinds.PASSWORD, password)
        connection.set_credential(kinds.CLIENTNAME, "test")

    connect(connection, "vnc-auth-choose-type", lambda *_:
            connection.set_auth_type(VNC_SASL))
    connect(connection, "vnc-auth-credential", answer)
    for signal, outcome in (("vnc-initialized", "connected"),
                            ("vnc-auth-failure", "not authenticated"),
                            ("vnc-auth-unsupported", "not supported"),
                            ("vnc-disconnected", "disconnected")):
        connect(connection, signal, lambda *_, outcome=outcome:
                           finish(loop, outcome))
    connection.open_host(HOST, port)
    return connection


def open_spice(loop, port, user, password):
    session = spice.Session(host=HOST, port=port, username=user,
                            password=password)

    def judge(channel, event):
        if event == spice.ChannelEvent.OPENED:
            finish(loop, "connected")
        else:
            finish(loop, event.value_nick)

    def listen(_, channel):
        if isinstance(channel, spice.MainChannel):
            connect(channel, "channel-event", judge)

    connect(session, "channel-new", listen)
    session.connect()
    return session


def main():
    if len(sys.argv) == 1:
        return 0
    kind, port, user, password = sys.argv[1:]
    loop = GLib.MainLoop()
    GLib.timeout_add_seconds(SECONDS, finish, loop, "no answer")
    connection = {"vnc": open_vnc, "spice": open_spice}[kind](
        loop, port, user, password)
    loop.run()
    print(loop.outcome)
    del connection
    return loop.outcome != "connected"


sys.exit(main())
