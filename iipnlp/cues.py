"""Finds the words that qualify amounts: adjustment, annual rates, hedges."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Words of adjustment, of annual rates, and hedges
_SEASON = r"season(?:al(?:ly|ity)?|s)?"
_CALENDAR = r"calendar|(?:work(?:ing)?|trading|business)[- ]?days?|holidays?|leap[- ]year"
_FACTOR_WORD = (
    rf"(?:{_SEASON}|{_CALENDAR}|the|a|an|any|both|for|number|of|in|and|or|as|well|normal|usual|typical"
    r"|prices?|inflation|effects?|variations?|variability|factors?|influences?|fluctuations?"
    r"|differences?|changes|swings|patterns?|different|moving|irregular)"
)
_FACTORS = rf"{_FACTOR_WORD}(?:[\s,/&-]{{1,3}}{_FACTOR_WORD}){{0,14}}"
_SAAR = r"(?-i:\b(?:SAAR|saar)\b)"  # both; the Saar makes steel
_ADJUSTMENT = re.compile(
    r"\b(?:(?:not|non|never|before|without|no|prior\sto|only)[\s-]{1,2}(?:been\s|yet\s|any\s|being\s)?)?(?:"
    rf"(?:{_SEASON}|{_CALENDAR})(?:[\s,/&-]{{1,3}}(?:and\s|or\s|as\swell\sas\s)?(?:{_SEASON}|{_CALENDAR}"
    r"|effects?|variations?|factors?|price)){0,4}[\s-]{1,3}"
    r"(?:(?:un)?adjust(?:ed|ment|ments)|correct(?:ed|ion))"
    rf"|(?:(?:un)?adjust(?:ed|ing|ment|ments)|correct(?:ed|ing|ion)|allowing|accounting|controlling)"
    rf"\sfor\s{_FACTORS}"
    rf"|(?:excluding|stripping\sout|removing|eliminating|net\sof|free\s(?:of|from)|cleared\sof|purged\sof|taking\s(?:into\s)?account(?:\sof)?)"
    rf"\s{_FACTORS}"
    rf"|(?:prices?|inflation|{_SEASON}|{_CALENDAR})(?:[\s,/&-]{{1,3}}{_FACTOR_WORD}){{0,14}}\s(?:(?:are|were|is|being|have\sbeen|had\sbeen)\s)?"
    r"(?:removed|eliminated|excluded|stripped\sout|taken\sout|filtered\sout|taken\sinto\saccount)"
    r"|de-?seasonali[sz]ed"
    r"|unadjusted|(?:not|un)[\s-]?adjusted"
    r"|(?:in\s)?(?:raw|original)\s(?:terms|data|series|figures|numbers|basis|index|form)"
    r")\b"
    r"|\b(?:swda|wda|nsa)\b|(?-i:\bSA\b)|(?<=\()sa(?=\))|(?<=[myq]/[myq],\s)sa\b|(?-i:\b(?:n\.)?s\.a\.)"
    rf"|{_SAAR}",
    re.IGNORECASE,
)
_SEASON_WORD = re.compile(_SEASON, re.IGNORECASE)
_CALENDAR_WORD = re.compile(_CALENDAR, re.IGNORECASE)
_UNADJUSTED_WORD = re.compile(
    r"^(?:not|non|never|before|without|no\b|prior)|unadjusted|\braw\b|\boriginal\b|^n\.?s",
    re.IGNORECASE,
)
_ABBREVIATIONS = {
    "swda": "seasonally_and_calendar_adjusted",
    "wda": "calendar_adjusted",
    "sa": "seasonally_adjusted",
    "saar": "seasonally_adjusted",
    "s.a.": "seasonally_adjusted",
}
_ANNUAL_RATE = re.compile(
    r"\b(?:(?:at|on|to|in)\s)?(?:an?\s|the\s)?"
    r"(?:seasonally[- ]adjusted\s|compound(?:ed)?\s|average\s)?"
    r"(?:annual|yearly)\s(?:rates?|pace|clip)\b"
    r"|\b(?:(?:at|on)\s)?(?:an?\s|the\s)?(?:seasonally[- ]adjusted\s)?"
    r"annuali[sz]ed(?:\s(?:rates?|pace|basis|terms))?\b"
    rf"|{_SAAR}",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"(?:\b(?:nearly|almost|about|around|some|roughly|approximately|approx\.?|virtually"
    r"|practically|broadly|essentially|largely|basically|(?:more|less|fewer)\sthan|over|under|above|below"
    r"|close\s(?:to|on)|nigh\son|at\s(?:least|most)|as\s(?:much|little)\sas|upwards?\sof|in\sexcess\sof"
    r"|in\sthe\s(?:region|order)\sof|(?:on|of)\sthe\sorder\sof|something\slike|more\sor\sless"
    r"|(?<!ed\s)(?<!goes\s)(?<!eeds\s)(?<!went\s)(?<!shot\s)(?<!crept\s)(?<!was\s)(?<!eding\s)"
    r"(?<!going\s)(?<!cking\s)up\sto)"
    r"|(?<![\w.])(?:circa|ca?\.)|(?<![-–=<>])[<>]|[~≈≥≤])\s{0,2}(?:an?\s)?\Z",
    re.IGNORECASE,
)
_HEDGE_REACH = 40
_HEDGE_BEHIND = re.compile(
    r"[^\s,;()]{1,16}(?:\s{1,4}(?!and\b)[^\s,;()]{1,16}){0,3}?\s{1,4}or\s(?:so|more|less|thereabouts)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A span that qualifies amounts, and what it says."""

    start: int
    end: int
    value: str


def read_adjustment(text: str) -> str | None:
    """Read the kind of adjustment that a phrase names; None where it names none."""
    found = find_adjustments(text)
    return found[0].value if found else None


def find_adjustments(text: str) -> list[Cue]:
    """Find the phrases that say how figures are adjusted, each with its `adjustment`."""
    cues = []
    for match in _ADJUSTMENT.finditer(text):
        value = _adjustment_value(match)
        if value:
            cues.append(Cue(match.start(), match.end(), value))
    return cues


def find_annual_rates(text: str) -> list[Cue]:
    """Find the phrases that may say a change is at an annual rate.

    In Europe "the annual rate" means year on year: the caller decides.
    """
    return [Cue(m.start(), m.end(), "annualized") for m in _ANNUAL_RATE.finditer(text)]


def is_approximate(text: str, start: int) -> bool:
    """Say whether the words directly around the amount at `start` hedge it."""
    before = text[max(0, start - _HEDGE_REACH) : start]
    return bool(_HEDGE.search(before) or _HEDGE_BEHIND.match(text, start))


def _adjustment_value(match: re.Match[str]) -> str | None:
    """Combine the words of an adjustment; None for one of prices alone."""
    phrase = match[0].lower()
    if phrase in _ABBREVIATIONS:
        return _ABBREVIATIONS[phrase]
    kinds = (
        "seasonally" if _SEASON_WORD.search(phrase) else "",
        "calendar" if _CALENDAR_WORD.search(phrase) else "",
    )
    named = "_and_".join(filter(None, kinds))
    if _UNADJUSTED_WORD.search(phrase):
        return "unadjusted" if named or " for " not in phrase else None
    return f"{named}_adjusted" if named else None
