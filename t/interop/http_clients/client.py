"""Clients of HTTP in Python.

usage: client.py MODULE URL USER PASSWORD COUNT THREADS

Each of THREADS threads fetches URL COUNT times.  Each body is printed; the exit
status tells of any other status than 200.

Each thread has a session of its own, except with requests: the others' counts
of a nonce are not safe between threads, so they may send one twice.
"""
import sys
import threading

module, url, user, password, count, threads = sys.argv[1:]


def with_requests():
    import requests
    from requests.auth import HTTPDigestAuth
    session = requests.Session()
    session.trust_env = False
    session.auth = HTTPDigestAuth(user, password)

    def fetch():
        reply = session.get(url, timeout=60)
        return reply.status_code, reply.text
    return fetch


def with_httpx():
    import httpx
    session = httpx.Client(auth=httpx.DigestAuth(user, password), timeout=60,
                           trust_env=False)

    def fetch():
        reply = session.get(url)
        return reply.status_code, reply.text
    return fetch


def with_httplib2():
    import httplib2
    session = httplib2.Http(proxy_info=None, timeout=60)
    session.add_credentials(user, password)

    def fetch():
        reply, body = session.request(url)
        return reply.status, body.decode()
    return fetch


def with_urllib():
    import urllib.error
    import urllib.request
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, url, user, password)
    session = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPDigestAuthHandler(passwords))

    def fetch():
        try:
            with session.open(url, timeout=60) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""
    return fetch


def main():
    begin = {"requests": with_requests, "httpx": with_httpx,
             "httplib2": with_httplib2, "urllib": with_urllib}[module]
    shared = begin() if module == "requests" else None
    bodies, wrong = [], []

    def work():
        fetch = shared or begin()
        for _ in range(int(count)):
            status, body = fetch()
            if status == 200:
                bodies.append(body)
            else:
                wrong.append(status)
    workers = [threading.Thread(target=work) for _ in range(int(threads))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sys.stdout.write("".join(bodies))
    if wrong:
        sys.exit("refused: %s" % wrong)


main()
