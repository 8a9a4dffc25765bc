"""The table of wordings and official titles, and what their words weigh."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import log

from iipnlp.industries.words import SHAPES, find_mark, is_generic, normalise, without_tail

_LONG = 80  # characters; longer titles are lists
UNSEEN = 8.0  # the rarity of a word that no title has


@dataclass(frozen=True, slots=True)
class Table:
    """What is known: whole wordings and titles by their normal form, and words by division.

    `joins` has the first parts of wordings with several parts, and how many they have at most.
    """

    wordings: dict[str, str]
    joins: dict[str, int]
    titles: dict[str, str]
    words: dict[str, dict[str, float]]
    rarity: dict[str, float]


@lru_cache(maxsize=1)
def load_table() -> Table:
    """Load the wordings and the titles once, when the first name is read."""
    wordings: dict[str, str] = {}
    exact: dict[str, str] = {}
    for code, phrases in _rows("wordings.tsv"):
        for phrase in phrases.split(" | "):
            key = " ".join(normalise(phrase))
            (exact if phrase[0] == "=" else wordings).setdefault(key, code)
    titles = []
    for code, title in _rows("isic.tsv"):
        tokens = normalise(title)
        titles.append((code, tokens[: find_mark(tokens)]))
    words, rarity = _weighed(titles, wordings)
    for derived, code in list(_derived(wordings)):
        if derived not in words:
            wordings.setdefault(derived, code)
    # "industry" is a wording alone, but no head of "textile industry".
    exact |= {key: wordings.pop(key) for key in [*wordings] if _is_exact(key)}
    return Table(wordings, _joins(wordings), _unambiguous(titles) | exact, words, rarity)


def _is_exact(wording: str) -> bool:
    return wording in SHAPES or is_generic(wording.split())


def _joins(wordings: Iterable[str]) -> dict[str, int]:
    joins: dict[str, int] = {}
    for wording in wordings:
        first, joined, _ = wording.partition(" & ")
        if joined:
            joins[first] = max(joins.get(first, 0), wording.count(" & ") + 1)
    return joins


def _derived(wordings: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield who does it for what is done ("oil refiner"), and what is mined for its mining."""
    for wording, code in wordings.items():
        if wording.endswith("ing"):
            yield wording.removesuffix("ing") + "er", code
        mined = wording.removesuffix(" mining")
        if mined != wording and " " not in mined and not is_generic([mined]):
            yield mined, code


@lru_cache(maxsize=1)
def read_titles() -> tuple[str, ...]:
    """Return the official titles of mining, manufacturing and utilities, in small letters."""
    rows = (title for code, title in _rows("isic.tsv") if "B" <= code[0] <= "E")
    return tuple(title for title in rows if len(title) <= _LONG and ",," not in title)


def _rows(name: str) -> Iterator[tuple[str, str]]:
    with (files("iipnlp") / "data" / name).open(encoding="utf-8") as file:
        for row in csv.reader(file, delimiter="\t"):
            if not row[0].startswith("#"):
                yield row[0], row[1]


def _unambiguous(titles: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    codes: dict[str, set[str]] = defaultdict(set)
    for code, tokens in titles:
        codes[" ".join(tokens)].add(code)
        codes[" ".join(without_tail(tokens))].add(code)
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
        rarity.setdefault(word, UNSEEN)
    return shares, rarity
