"""The words that mentions of periods are made of: one lexicon, and the tokens of a mention."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST_MENTION = 160  # characters


class Token(NamedTuple):
    """A word by its kind and value in the grammar; one of the kind "unknown" stops the reading."""

    kind: str
    value: int
    text: str


_MONTHS = "january february march april may june july august september october november december"
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii"

DECADE = 120  # months; it is counted in, but has no place of its own
# Kind, value and the words. A unit's value is its months, a relation's value the units to move by:
# "now" counts from the day of publication ("this month" from the month told of, if there is one),
# "told" from the period of which the text speaks.
_LEXICON: tuple[tuple[str, int, str], ...] = (
    ("month", 8, "sept"),
    ("ordinal", 1, "opening initial"),
    ("ordinal", -1, "final closing latter"),
    ("suffix", 0, "st nd rd th"),
    ("article", 1, "a an"),
    ("unit", 0, "period periods term time point stretch span moment interval stage spell part"),
    ("unit", 1, "month mth"),
    ("units", 1, "months mths mos"),
    ("unit", 3, "quarter qtr trimester"),
    ("units", 3, "quarters qtrs trimesters"),
    ("unit", 6, "half semester"),
    ("units", 6, "halves semesters"),
    ("unit", 12, "year yr"),
    ("units", 12, "years yrs"),
    ("unit", DECADE, "decade"),
    ("units", DECADE, "decades"),
    ("letter", 1, "m"),
    ("letter", 3, "q"),
    ("letter", 6, "h"),
    ("now", -1, "last"),
    ("now", 0, "this current ongoing present"),
    ("now", 1, "next coming upcoming"),
    ("told", -1, "previous prev preceding prior foregoing"),
    ("told", 0, "same that those these corresponding like comparable equivalent identical similar"),
    ("told", 1, "following subsequent"),
    ("trailing", 0, "past latest recent"),
    ("back", -1, "before earlier ago previously back"),
    ("back", 1, "later after"),
    ("range", 0, "to through thru till until / and &"),
    ("dash", 0, "- – — − ‑ ‐"),
    ("over", 0, "over"),
    ("between", 0, "between from"),
    ("since", 0, "since"),
    ("ended", 0, "ended ending ends finished"),
    ("average", 0, "average avg"),
    ("edge", -1, "beginning start"),
    ("edge", 1, "end close"),
    ("fiscal", 0, "fiscal financial fy"),
    ("to_date", 0, "date day far ytd"),
    ("rest", 0, "remaining rest remainder"),
    ("noise", 0, "immediately directly : ;"),
    ("noise", 0, "the of in during for on at as by within throughout just so up s its most each"),
    ("noise", 0, "preliminary provisional estimated p cumulative accumulated accumulative"),
    ("noise", 0, "whole entire full all calendar cy combined alone itself mark moving"),
    ("noise", 0, "review reviewed reporting reference under rolling which"),
)


def _lexicon() -> Iterator[Token]:
    for kind, value, words in _LEXICON:
        yield from (Token(kind, value, word) for word in words.split())
    for index, name in enumerate(_MONTHS.split()):
        yield from (Token("month", index, word) for word in (name, name[:3]))
    for kind, first, words in (
        ("number", 1, _NUMBERS),
        ("number", 1, _ROMAN),
        ("ordinal", 1, _ORDINALS),
    ):
        yield from (Token(kind, number, word) for number, word in enumerate(words.split(), first))


_WORDS = {token.text: token for token in _lexicon()}
# "QIII" and "IIIQ" are the letter of the quarter and its number in one word.
_WORDS |= {
    word: Token("part", 3, str(number))
    for number, roman in enumerate(_ROMAN.split()[:4], 1)
    for word in (f"q{roman}", f"{roman}q")
}
ROMANS = frozenset(_ROMAN.split())
FULL_MONTHS = frozenset(_MONTHS.split())
_NOISE = frozenset(token.text for token in _WORDS.values() if token.kind == "noise")
# What may be glued to a word before it, and to one behind it; "alike" and "parttime" are words.
_UNIT_WORDS = frozenset(t.text for t in _WORDS.values() if t.kind in ("unit", "units") and t.value)
_VAGUE_UNITS = frozenset({"period", "time", "term"})
_GLUED_FIRST = {"the"} | {
    token.text
    for token in _WORDS.values()
    if token.kind in ("month", "number", "ordinal", "now", "told") and len(token.text) > 2
}
_GLUED_LAST = (_GLUED_FIRST | _UNIT_WORDS) - {"the", "that", "this", "these", "those", "like"}
_SHORTEST_GLUED = 5
_DASHES = frozenset(token.text for token in _WORDS.values() if token.kind == "dash")
END = Token("end_of_text", 0, "")
_DASH = Token("range", 0, "-")
START = ("edge", -1)
_DATED = ("month", "number", "letter", "ordinal", "part", "year_month", "double_year")
_PIECE = re.compile(
    r"\d+s\b|[hqm](?=fy)|(?<![hqm])\d+(?:[-–/.]\d+)+|['’]\d\d\b|\d+|[^\W\d_]+|[^\w\s,.'’‘()\[\]]"
)
_SEPARATOR = re.compile(r"[-–/.]")


def tokenize(text: str) -> list[Token]:
    """The words and numbers of a phrase, without those that mean nothing to the grammar."""
    if len(text) > LONGEST_MENTION:
        return [Token("unknown", 0, "")]
    found = [part for piece in _PIECE.findall(text.lower()) for part in _unglue(piece)]
    pieces = [piece for piece in found if piece not in _NOISE]
    tokens = [_WORDS.get(piece) or _make_token(piece) for piece in pieces]
    return tokens if _DASHES.isdisjoint(pieces) else _weigh_dashes(tokens)


def _unglue(piece: str) -> tuple[str, ...]:
    """Part "theprevious" and "sevenmonths", as scraped pages have them, where both are known."""
    if len(piece) < _SHORTEST_GLUED or piece in _WORDS:
        return (piece,)
    cuts = ((piece[:at], piece[at:]) for at in range(1, len(piece) - 2))
    return next((cut for cut in cuts if _are_glued(*cut)), (piece,))


def _are_glued(first: str, last: str) -> bool:
    if first == "a":
        return last in _UNIT_WORDS
    if last in _VAGUE_UNITS:
        return first in ("the", "same", "corresponding")
    return first in _GLUED_FIRST and last in _GLUED_LAST


def _weigh_dashes(tokens: list[Token]) -> list[Token]:
    """A dash between two dates is a range, any other ("three-month") nothing."""
    weighed = []
    for i, token in enumerate(tokens):
        if token.kind != "dash":
            weighed.append(token)
        elif all(
            near.kind in _DATED for near in (*tokens[max(i - 1, 0) : i], *tokens[i + 1 : i + 2])
        ):
            weighed.append(_DASH)
    return weighed


def _make_token(piece: str) -> Token:
    if piece.isascii() and piece.isdigit():
        return Token("number", int(piece), piece) if len(piece) <= 4 else Token("unknown", 0, piece)
    if piece[0] in "'’":
        return (
            Token("number", full_year(int(piece[1:])), piece)
            if piece.isascii()
            else _make_token("'" + piece[1:])
        )
    if piece[0].isdigit() and piece.replace("–", "-").isascii():
        return _numeric_token(piece)
    return Token("unknown", 0, piece)


def full_year(number: int) -> int:
    """The year that two figures stand for, from 1950 to 2049."""
    return number + (2000 if number < 50 else 1900)


def _numeric_token(text: str) -> Token:
    """Figures joined by dashes, slashes or points: a fiscal year, years, a month, a day."""
    parts, separators = _SEPARATOR.split(text), set(_SEPARATOR.findall(text))
    lengths, text = [len(part) for part in parts], "-".join(parts)
    if len(separators) > 1:
        return Token("unknown", 0, text)
    if len(parts) == 3 and sorted(lengths)[-1] == 4 and sorted(lengths)[-2] <= 2:
        return Token("day", 0, text)
    if separators == {"/"} and len(parts) == 2 and max(lengths) <= 2:
        return Token("day", 0, text)
    if len(parts) != 2 or max(lengths) != 4:
        return Token("unknown", 0, text)
    first, second = int(parts[0]), int(parts[1])
    if lengths[0] < 4:
        return (
            Token("year_month", second * 12 + first - 1, text)
            if 0 < first <= 12
            else Token("unknown", 0, text)
        )
    return _years_token(first, second, lengths[1], text)


def _years_token(first: int, second: int, digits: int, text: str) -> Token:
    last = second if digits == 4 else first - first % 100 + second
    if last % 100 == (first + 1) % 100:
        return Token("double_year", first, text)
    if digits == 2 and 0 < second <= 12:
        return Token("year_month", first * 12 + second - 1, text)
    return Token("years", first * 10000 + last, text) if last > first else Token("unknown", 0, text)
