"""Finds the day of publication that a release tells itself: a line with a date and little else."""

from __future__ import annotations

import re
from datetime import date

from iipnlp.periods import YEARS, read_period
from iipnlp.periods.words import FULL_MONTHS

_HEAD, _TAIL = 1500, 400  # characters in which a dateline may stand
_LONGEST_LINE = 120
_MONTH = rf"(?:{'|'.join(sorted(name[:3] for name in FULL_MONTHS))})[a-z]*\.?"
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_DAY = re.compile(
    rf"(?<![\w./-])(?:{_NUMBER}(?: of)? {_MONTH},? \d{{4}}|{_MONTH} {_NUMBER},? \d{{4}}|"
    r"\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{4})(?![\w/-])",
    re.IGNORECASE,
)
# What may stand beside the day: its weekday, the hour, and a few words such as place and desk.
_BESIDE = re.compile(r"[^\W\d_]+|%")
_OF_A_DATE = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri "
    "sat sun am pm gmt utc ict ist cet est et on at by date published posted updated released "
    "release publish publication press news".split()
)
_MOST_WORDS = 4
# A day that is still to come, of which figures are told, or that begins or ends something.
_OTHER = re.compile(
    r"\b(?:next|upcoming|following|due|since|until|till|to|from|by|between|against|base|period)\b|"
    r"\bfor\b(?! (?:immediate )?release\b)|(?<!\d )\bof\b(?! publication\b)|[%=]",
    re.IGNORECASE,
)
# "BERLIN, 5 July 2018 (Agency) - German orders …": the text goes on behind place and day.
_PLACE = re.compile(r"(?:[^\W\d_][\w .'’-]{0,40},)?\s*")
_RUNS_ON = re.compile(rf"\s*(?:\([^()\n]{{1,40}}\)\s*)?[-–—](?!\s*{_DAY.pattern})", re.IGNORECASE)


def read_dateline(text: str) -> date | None:
    """Return the day of publication that a text gives in its dateline, None where it gives none.

    Lines at the head of the text go before those at its end. A line counts by its words: days that
    sentences tell, that are announced or that figures are told of do not, nor does "04/07/2017",
    which is of July in one country and of April in another. Only so much of a text is looked at.
    """
    head = text if len(text) <= _HEAD else text[:_HEAD].rpartition("\n")[0] or text[:_HEAD]
    tail = text[max(len(head), len(text) - _TAIL - 1) :].split("\n")[1:]
    found = (_read_line(line.strip()) for line in [*head.split("\n"), *reversed(tail)])
    return next((day for day in found if day), None)


def _read_line(line: str) -> date | None:
    match = _DAY.search(line)
    if match is None:
        return None
    before, after = line[: match.start()], line[match.end() :]
    if _RUNS_ON.match(after) and _PLACE.fullmatch(before):
        after = ""
    elif len(line) > _LONGEST_LINE or _DAY.match(after.lstrip(" -–—")):
        return None
    beside = [
        word for word in _BESIDE.findall(f"{before} {after}".lower()) if word not in _OF_A_DATE
    ]
    if _OTHER.search(before) or len(beside) > _MOST_WORDS or (beside and after.endswith(".")):
        return None
    read = read_period(match[0])
    return read.start if read and read.start == read.end and read.start.year in YEARS else None
