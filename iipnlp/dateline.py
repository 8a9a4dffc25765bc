"""Finds the day of publication that a release tells itself: a line with a date and little else."""

from __future__ import annotations

import re
from datetime import date

from iipnlp.periods import read_period

_HEAD, _TAIL = 1500, 400  # characters in which a dateline may stand
_LONGEST_LINE = 120
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
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
# A day that is still to come, one that figures are told of, and the end of what is told.
_OTHER = re.compile(r"\b(?:next|for|of|since|to|from|against)\b|%", re.IGNORECASE)
# "BERLIN, 5 July 2018 (Agency) - German orders …": the text goes on behind place and day.
_RUNS_ON = re.compile(r"\s*(?:\([^()\n]{1,40}\)\s*)?[-–—]")


def read_dateline(text: str) -> date | None:
    """Return the day of publication that a text gives in its dateline, None where it gives none.

    Lines at the head of the text go before those at its end; days that running sentences tell, that
    are announced or that figures are told of do not count, nor does "04/07/2017", which is of July
    in one country and of April in another. Only so much of a long text is looked at.
    """
    head = text if len(text) <= _HEAD else text[:_HEAD].rpartition("\n")[0] or text[:_HEAD]
    tail = text[max(_HEAD, len(text) - _TAIL) :].split("\n")[1:]
    lines = [*head.split("\n"), *reversed(tail)]
    found = (_read_line(line.strip()) for line in lines)
    return next((day for day in found if day), None)


def _read_line(line: str) -> date | None:
    match = _DAY.search(line)
    if match is None or (len(line) > _LONGEST_LINE and not _RUNS_ON.match(line, match.end())):
        return None
    before, after = line[: match.start()], line[match.end() :]
    if _RUNS_ON.match(after):
        after = ""
    beside = _BESIDE.findall(f"{before} {after}".lower())
    if _OTHER.search(before) or sum(word not in _OF_A_DATE for word in beside) > _MOST_WORDS:
        return None
    read = read_period(match[0])
    return read.start if read and read.start == read.end else None
