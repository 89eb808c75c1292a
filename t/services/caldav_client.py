"""Clients of CalDAV with HTTP Digest.

usage: caldav_client.py calendar URL USER PASSWORD
           keeps an event and finds it, with python3-caldav
       caldav_client.py connections URL USER PASSWORD COUNT [CLOCK]
           opens COUNT connections, one after the other, and keeps them open;
           uses one nonce as long as the server accepts it; prints how many
           requests were answered with 207, 401, and 401 with stale=true;
           before the last one writes to the file CLOCK that an hour is over
"""
import datetime
import sys

import requests
import requests.auth

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:two
DTSTAMP:20260101T000000Z
DTSTART:20260202T100000Z
DTEND:20260202T110000Z
SUMMARY:lunch with Carol
END:VEVENT
END:VCALENDAR
"""


def use_calendar(url, user, password):
    import caldav

    client = caldav.DAVClient(
        url, username=user, password=password,
        auth=requests.auth.HTTPDigestAuth(user, password))
    calendar = client.principal().calendars()[0]
    calendar.save_event(EVENT)
    found = calendar.date_search(
        datetime.datetime(2026, 2, 1), datetime.datetime(2026, 3, 1))
    for event in found:
        print("found", event.data.split("SUMMARY:")[1].split("\n")[0].strip())
        event.delete()
    left = calendar.date_search(
        datetime.datetime(2026, 2, 1), datetime.datetime(2026, 3, 1))
    print("left", len(left))


def open_connections(url, user, password, count, clock=None):
    auth = requests.auth.HTTPDigestAuth(user, password)
    sessions = []
    accepted = challenged = stale = 0
    for number in range(int(count)):
        if clock and number == int(count) - 1:
            with open(clock, "w") as file:
                print(3601, file=file)
        session = requests.Session()
        sessions.append(session)
        reply = session.request("PROPFIND", url, auth=auth,
                                headers={"Depth": "0"})
        accepted += reply.status_code == 207
        for earlier in reply.history:
            challenged += 1
            stale += "stale=true" in earlier.headers["WWW-Authenticate"]
    print("207", accepted, "401", challenged, "stale", stale)


{"calendar": use_calendar,
 "connections": open_connections}[sys.argv[1]](*sys.argv[2:])
