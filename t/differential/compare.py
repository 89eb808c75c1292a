"""Puts the inputs to two plugins and compares what becomes of them.

usage: compare.py SIDE STOCK OURS PAGE
       compare.py SIDE STOCK OURS --show NAME

SIDE is the program, STOCK and OURS are directories with a plugin each.  PAGE
has tables with the known differences: the families of inputs, what they are,
and the verdicts of both plugins, each the first word of its column.  A
difference without a row fails, and so does a row without a difference.
"""
import collections
import fnmatch
import re
import subprocess
import sys
import threading

import challenges
import inputs
import known
import responses

INPUTS_MIN = 5000
SHOWN_MAX = 40


def line_of(name, kind, fields):
    return "\t".join([name, kind] + [
        "%s=%s" % (key, value.hex()) for key, value in fields.items()]) + "\n"


class Run(threading.Thread):
    """Some inputs through one plugin."""

    def __init__(self, side, directory, lines):
        super().__init__()
        self.command, self.lines = [side, directory], lines
        self.outcomes, self.error = [], ""

    def run(self):
        done = subprocess.run(
            self.command, input="".join(self.lines), capture_output=True,
            encoding="ascii", errors="replace", check=False)
        self.error = done.stderr
        self.outcomes = [tuple(line.split("\t"))
                         for line in done.stdout.splitlines()]


def put(side, stock, ours, chosen):
    """The outcomes of both; the stock plugin is slow, and runs twice."""
    lines = [line_of(*given) for given in chosen]
    half = len(lines) * 2 // 3
    runs = [Run(side, stock, lines[:half]), Run(side, stock, lines[half:]),
            Run(side, ours, lines)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
        for text in run.error.splitlines():
            print("# " + text)
    return runs[0].outcomes + runs[1].outcomes, runs[2].outcomes


class Row:
    """One line of the table."""

    def __init__(self, cells):
        self.patterns = re.findall(r"`([^`]+)`", cells[0])
        # "accepted or crashes": not with each release of the stock plugin
        self.stock = re.match(r"(\w*)(?: or (\w*))?", cells[2]).groups()
        self.ours = re.match(r"\w*", cells[3]).group()
        self.used = set()

    def says(self, stock, ours):
        return stock in self.stock and ours == self.ours

    def unused(self):
        return [pattern for pattern in self.patterns
                if self.stock[1] is None and pattern not in self.used]

    def covers(self, family):
        found = [pattern for pattern in self.patterns
                 if fnmatch.fnmatchcase(family, pattern)]
        self.used.update(found)
        return bool(found)


def read_rows(page):
    rows = []
    with open(page, encoding="utf-8") as file:
        for line in file:
            cells = [cell.strip() for cell in line.strip().strip("|")
                     .replace(r"\|", "\0").split("|")]
            if line.startswith("| `") and len(cells) == 5 and "/" in cells[0]:
                rows.append(Row(cells))
    return rows


class Report:
    """TAP."""

    def __init__(self):
        self.number = 0

    def ok(self, good, name, problems=()):
        self.number += 1
        print("%sok %d - %s" % ("" if good else "not ", self.number, name))
        for problem in problems[:SHOWN_MAX]:
            print("# " + problem)
        if len(problems) > SHOWN_MAX:
            print("# and %d more" % (len(problems) - SHOWN_MAX))


def differences(stock, ours):
    """Families and names of what differs, with both outcomes."""
    found = collections.defaultdict(list)
    for one, other in zip(stock, ours):
        if one[1:] == other[1:]:
            continue
        if one[1] == other[1] != "accepted":
            continue  # codes of refusals are another matter
        kind, _, family, _ = one[0].split("/")
        found[kind + "/" + family].append((one, other))
    return found


def judge(report, found, rows):
    missing, wrong = [], []
    for family, cases in sorted(found.items()):
        covering = [row for row in rows if row.covers(family)]
        for one, other in cases:
            text = "%s: %s | %s" % (one[0], " ".join(one[1:]),
                                    " ".join(other[1:]))
            print("# " + text)
            if len(covering) != 1:
                missing.append(text)
            elif not covering[0].says(one[1], other[1]):
                wrong.append(text)
    report.ok(not missing, "each difference has its row", missing)
    report.ok(not wrong, "and is as the row says", wrong)
    unused = [pattern for row in rows for pattern in row.unused()]
    report.ok(bool(rows) and not unused, "each row has its difference", unused)


def has_rc4(outcomes):
    """Otherwise the rows are others."""
    return any(outcome[0].startswith("server/layers/layer-auth-conf-rc4/") and
               outcome[1] == "accepted" for outcome in outcomes)


def compare(side, stock_directory, ours_directory, page):
    report = Report()
    stock, ours = put(side, stock_directory, ours_directory, inputs.INPUTS)
    if not has_rc4(stock):
        print("1..0 # SKIP OpenSSL has no RC4: its legacy provider is missing")
        return
    count = len(inputs.INPUTS)
    names = [name for name, _, _ in inputs.INPUTS]
    whole = names == [o[0] for o in stock] == [o[0] for o in ours]
    report.ok(whole and count >= INPUTS_MIN,
              "%d inputs go through both plugins" % count)
    bad = [" ".join(outcome) for outcome in ours
           if outcome[1] not in ("accepted", "refused")]
    report.ok(not bad, "ours neither crashes nor leaks", bad)
    judge(report, differences(stock, ours), read_rows(page))
    print("1..%d" % report.number)


def show(side, stock, ours, pattern):
    chosen = [given for given in inputs.INPUTS
              if fnmatch.fnmatchcase(given[0], pattern)]
    for given, one, other in zip(chosen, *put(side, stock, ours, chosen)):
        print(given[0])
        for key, value in given[2].items():
            print("  %s: %r" % (key, value))
        print("  stock: %s\n  ours:  %s" % (" ".join(one[1:]),
                                            " ".join(other[1:])))


def main(arguments):
    responses.all_responses()
    challenges.all_challenges()
    challenges.all_packets()
    known.all_known()
    if len(arguments) == 5 and arguments[3] == "--show":
        show(*arguments[:3], arguments[4])
    elif len(arguments) == 4:
        compare(*arguments)
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
