"""Scores of mentions, of figures and their roles, and of statements.

Mentions, figures and roles are compared as sets. Statements are paired one to one inside a text;
the corpus guideline says when two of them agree.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from spacy.scorer import PRFScore
from spacy.training import Example
from spacy.util import registry

from iipnlp.annotations import LABELS, Figure, Mention, get_figures, get_mentions
from iipnlp.statement import DIMENSIONS

Scores = dict[str, PRFScore]


def add_up(parts: Iterable[Mapping[str, PRFScore]]) -> Scores:
    """Add up the counts of several texts, name by name."""
    total: Scores = {}
    for part in parts:
        for name, score in part.items():
            total[name] = total.get(name, PRFScore()) + score
    return total


def find_interval(parts: Sequence[PRFScore]) -> tuple[float, float]:
    """Return the 95% bootstrap interval of F1 over texts, of which `parts` are the counts."""
    scores = np.sort(_resample(parts))
    return float(scores[25]), float(scores[974])


def find_p_value(one: Sequence[PRFScore], other: Sequence[PRFScore]) -> float:
    """Return the two-sided p-value of a difference in F1, by a paired bootstrap over texts."""
    gains = _resample(one) - _resample(other)
    fewest = min((gains <= 0).sum(), (gains >= 0).sum())
    return min(1.0, 2 * float(fewest + 1) / (len(gains) + 1))


def _resample(parts: Sequence[PRFScore]) -> npt.NDArray[np.float64]:
    """Return F1 over each sample of the texts; the samples are the same every time."""
    counts = np.array([(2 * part.tp, 2 * part.tp + part.fp + part.fn) for part in parts])
    right, all_ = counts[_draw_samples(len(parts))].sum(axis=1).T
    scores: npt.NDArray[np.float64] = right / np.maximum(all_, 1)
    return scores


@lru_cache(maxsize=1)
def _draw_samples(size: int) -> npt.NDArray[np.int64]:
    draw = random.Random(0)
    return np.array([draw.choices(range(size), k=size) for _ in range(1000)])


# --- Mentions, figures and roles ------------------------------------------------------------------


def compare_mentions(gold: Iterable[Mention], predicted: Iterable[Mention]) -> Scores:
    """Count mentions by exact characters and label: `all`, and each label."""
    wanted, found = set(gold), set(predicted)
    scores = {"all": _compare_sets(wanted, found)}
    for label in LABELS:
        scores[label] = _compare_sets(
            {mention for mention in wanted if mention.label == label},
            {mention for mention in found if mention.label == label},
        )
    return scores


def compare_figures(gold: Iterable[Figure], predicted: Iterable[Figure]) -> Scores:
    """Count `figures` and their `roles`, the roles also by label; what is optional is free.

    A role is (amount, label, characters of the mention); one whose amount or mention was never
    found is a miss like any other.
    """
    gold = list(gold)
    free = [figure for figure in gold if figure.optional]
    wanted = [figure for figure in gold if not figure.optional]
    found = [figure for figure in predicted if not any(_overlap(figure, one) for one in free)]
    links, found_links = _links(wanted), _links(found)
    scores = {
        "figures": _compare_sets(_judged(wanted), _judged(found)),
        "roles": _compare_sets(links, found_links),
    }
    for label in LABELS:
        scores[label] = _compare_sets(
            {link for link in links if link[1].label == label},
            {link for link in found_links if link[1].label == label},
        )
    return scores


def _compare_sets(gold: set[Any], predicted: set[Any]) -> PRFScore:
    score = PRFScore()
    score.score_set(predicted, gold)
    return score


def _overlap(one: Figure, other: Figure) -> bool:
    return one.start < other.end and other.start < one.end


def _judged(figures: Iterable[Figure]) -> set[tuple[Any, ...]]:
    return {(f.start, f.end, f.measure, f.status, f.direction) for f in figures}


def _links(figures: Iterable[Figure]) -> set[tuple[int, Mention]]:
    return {(figure.start, mention) for figure in figures for mention in figure.roles}


def score_entities(examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
    """Score mentions, amounts left out, for spaCy: `ents_p`, `ents_r`, `ents_f`, and by label."""
    total = add_up(
        compare_mentions(get_mentions(example.reference), get_mentions(example.predicted))
        for example in examples
    )
    return _report("ents", total.pop("all", PRFScore()), total)


def score_relations(examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
    """Score figures (`figures_f`) and the roles of figures (`roles_f`, and by label) for spaCy."""
    total = add_up(
        compare_figures(get_figures(example.reference), get_figures(example.predicted))
        for example in examples
    )
    figures = _report("figures", total.pop("figures", PRFScore()), {})
    return figures | _report("roles", total.pop("roles", PRFScore()), total)


def _report(name: str, total: PRFScore, parts: Scores) -> dict[str, Any]:
    found = len(total)
    scores: dict[str, Any] = {
        f"{name}_p": total.precision if found else None,
        f"{name}_r": total.recall if found else None,
        f"{name}_f": total.fscore if found else None,
    }
    if parts:
        scores[f"{name}_per_type"] = {
            label: score.to_dict() for label, score in parts.items() if len(score)
        }
    return scores


def make_entity_scorer() -> Callable[..., dict[str, Any]]:
    """Return `score_entities`, for configs."""
    return score_entities


def make_relation_scorer() -> Callable[..., dict[str, Any]]:
    """Return `score_relations`, for configs."""
    return score_relations


registry.scorers("iipnlp.entity_scorer.v1", func=make_entity_scorer)
registry.scorers("iipnlp.relation_scorer.v1", func=make_relation_scorer)


# --- Statements -----------------------------------------------------------------------------------

Row = Mapping[str, Any]  # a statement with the keys of the contract, as JSON has them

LEVELS = ("value", "core", "strict")
STRICT_KEYS = ("dims", "indicator", "measure", "status", "period", "baseline")
LEFT_OPEN = "left_open"  # no period or baseline is given where the gold has null
CUES = ("adjustment", "annualized", "approximate")

_TOLERANCE = 0.005
_ALIKE = 0.5  # the token F1 from which two names agree
_EXACT = 12  # so many predicted statements that could be one another's are paired at the optimum


class Outcome(NamedTuple):
    """A gold statement that was missed, a spurious one, or a pair in which the keys `wrong` are."""

    gold: Row | None
    predicted: Row | None
    wrong: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Return "missed", "spurious", "wrong" or "right"."""
        if self.predicted is None:
            return "missed"
        if self.gold is None:
            return "spurious"
        return "wrong" if self.wrong else "right"


class StatementScores(NamedTuple):
    """The counts of one text: by level, by key over the value-matched statements, by cue.

    A key has its accuracy as precision and as recall.
    """

    levels: Scores
    keys: Scores
    cues: Scores
    outcomes: list[Outcome]

    @property
    def mistakes(self) -> list[Outcome]:
        """Return the outcomes that are not right."""
        return [outcome for outcome in self.outcomes if outcome.kind != "right"]


def score_statements(
    gold: Iterable[Row], predicted: Iterable[Row], country: str | None = None
) -> StatementScores:
    """Score the statements of one text; `add_up` gives the aggregate of several.

    Equal statements are merged first. A gold statement with a true `optional` costs nothing when
    missed and nothing when found. An area that is the `country` of the text counts as none.
    """
    wanted, found = _merge(gold, country), _merge(predicted, country)
    candidates = _compare_all(wanted, found)
    pairing = assign({pair: one.weight for pair, one in candidates.items()})
    asked = [place for place, told in enumerate(wanted) if not told.optional]
    pairs = [candidates[place, pairing[place]] for place in asked if place in pairing]
    found_count = len(found) - sum(wanted[place].optional for place in pairing)
    outcomes = [
        _judge(wanted[place], candidates.get((place, pairing.get(place, -1)))) for place in asked
    ]
    spurious = set(range(len(found))) - set(pairing.values())
    outcomes += [Outcome(None, found[place].row) for place in sorted(spurious)]
    right = {
        "value": len(pairs),
        "core": sum(pair.core for pair in pairs),
        "strict": sum(pair.strict for pair in pairs),
    }
    return StatementScores(
        {level: _count(n, len(asked), found_count) for level, n in right.items()},
        add_up([_start(*STRICT_KEYS, LEFT_OPEN), *map(_score_keys, pairs)]),
        add_up([_start(*CUES), *map(_score_cues, pairs)]),
        outcomes,
    )


def _start(*names: str) -> Scores:
    """Return counts of zero, which settle the order of the names."""
    return {name: PRFScore() for name in names}


def _count(right: int, gold: int, predicted: int) -> PRFScore:
    return PRFScore(tp=right, fp=predicted - right, fn=gold - right)


class _Told(NamedTuple):
    """A statement, and by dimension what it is told of."""

    row: Row
    names: dict[str, str]
    name: str

    @property
    def optional(self) -> bool:
        return bool(self.row.get("optional"))

    @property
    def period(self) -> tuple[Any, Any]:
        return self.row.get("period_start"), self.row.get("period_end")

    def get(self, key: str) -> Any:
        """Return the value of a key, what is usual where it is not given."""
        return self.row.get(key) or _USUAL.get(key)


_USUAL = {"unit": "percent", "measure": "change", "status": "actual"}


class _Pair(NamedTuple):
    """A gold and a predicted statement with the same value, and what else agrees."""

    gold: _Told
    predicted: _Told
    core: bool
    keys: dict[str, bool]

    @property
    def strict(self) -> bool:
        return self.core and all(self.keys.values())

    @property
    def weight(self) -> float:
        """What the pair is worth: the value, above all the subject, then the keys."""
        share = sum(self.keys.values()) / len(self.keys)
        return 1 + 4 * self.core + share - 0.05 * self.gold.optional


def _judge(gold: _Told, pair: _Pair | None) -> Outcome:
    if pair is None:
        return Outcome(gold.row, None)
    wrong = [key for key, right in pair.keys.items() if not right]
    wrong += [] if pair.core else ["core"]
    return Outcome(gold.row, pair.predicted.row, tuple(wrong))


def _score_keys(pair: _Pair) -> Scores:
    gold, predicted = pair.gold.row, pair.predicted.row
    guessed = any(
        key in gold and not gold[key] and predicted.get(key) for key in ("period_start", "baseline")
    )
    answers = {**pair.keys, LEFT_OPEN: not guessed}
    return {key: _count(int(right), 1, 1) for key, right in answers.items()}


def _score_cues(pair: _Pair) -> Scores:
    scores = {}
    for cue in CUES:
        if cue in pair.gold.row:
            gold, predicted = pair.gold.get(cue), pair.predicted.get(cue)
            right = gold is not None and gold == predicted
            scores[cue] = _count(int(right), int(gold is not None), int(predicted is not None))
    return scores


def _merge(rows: Iterable[Row], country: str | None) -> list[_Told]:
    """Return the statements, the first of equal ones."""
    merged: dict[Hashable, _Told] = {}
    for row in rows:
        names = {
            dimension: name
            for dimension in DIMENSIONS
            if (name := row.get(dimension))
            and not (dimension == "area" and _is_country(name, country))
        }
        told = _Told(row, names, " ".join(names.values()))
        merged.setdefault(_identify(told), told)
    return list(merged.values())


def _identify(told: _Told) -> Hashable:
    return (
        *(_read_number(told.row, key) for key in ("value", "value_low", "value_high")),
        *(told.get(key) for key in ("unit", "measure", "status")),
        *(told.row.get(key) for key in ("indicator", "baseline")),
        told.period,
        tuple((dimension, _split(name)) for dimension, name in told.names.items()),
    )


def _compare_all(gold: list[_Told], predicted: list[_Told]) -> dict[tuple[int, int], _Pair]:
    """Return the pairs of equal value by their places."""
    names = {told.name for told in gold if told.name}

    @cache
    def rank(predicted: str) -> Ranked:
        """Return how alike the gold names are, and their words, the most alike first."""
        return sorted(
            ((compare_names(name, predicted), _split(name)) for name in names), reverse=True
        )

    pairs = {}
    for i, wanted in enumerate(gold):
        for j, found in enumerate(predicted):
            if _is_same_value(wanted, found):
                core = _is_same_subject(wanted.name, found.name, rank)
                pairs[i, j] = _Pair(wanted, found, core, _compare_keys(wanted, found))
    return pairs


def _is_same_value(gold: _Told, predicted: _Told) -> bool:
    ends = _read_ends(gold.row), _read_ends(predicted.row)
    if gold.get("unit") != predicted.get("unit") or len(ends[0]) != len(ends[1]):
        return False
    return all(
        one is not None and other is not None and abs(one - other) < _TOLERANCE
        for one, other in zip(*ends, strict=True)
    )


def _read_ends(row: Row) -> tuple[float | None, ...]:
    """Return the two ends of a range, or the value alone."""
    low, high = _read_number(row, "value_low"), _read_number(row, "value_high")
    if low is not None and high is not None and low != high:
        return low, high
    return (_read_number(row, "value"),)


def _read_number(row: Row, key: str) -> float | None:
    number = row.get(key)
    return None if number is None else round(float(number), 4)


def _compare_keys(gold: _Told, predicted: _Told) -> dict[str, bool]:
    """Say of each key that the gold asks for whether it is right."""
    keys = {
        "dims": gold.names.keys() == predicted.names.keys()
        and all(
            compare_names(name, predicted.names[dimension]) >= _ALIKE
            for dimension, name in gold.names.items()
        )
    }
    keys["indicator"] = gold.row.get("indicator") == predicted.row.get("indicator")
    keys |= {key: gold.get(key) == predicted.get(key) for key in ("measure", "status")}
    if gold.row.get("period_start"):
        keys["period"] = gold.period == predicted.period
    if gold.row.get("baseline"):
        keys["baseline"] = gold.get("baseline") == predicted.get("baseline")
    return keys


Ranked = list[tuple[float, tuple[str, ...]]]


def _is_same_subject(gold: str, predicted: str, rank: Callable[[str], Ranked]) -> bool:
    """Say whether the names agree, and no other gold name of the text agrees better."""
    if not gold or not predicted:
        return gold == predicted
    own, alike = _split(gold), compare_names(gold, predicted)
    rival = next((score for score, words in rank(predicted) if words != own), 0.0)
    return alike >= _ALIKE and alike >= rival


# --- Names ----------------------------------------------------------------------------------------

_EMPTY_WORDS = frozenset(
    "the a an of and in on for its to industry sector activity group all".split()
)
# What a word, in the singular, stands for.
_SYNONYMS = {
    "us": "united state",
    "usa": "united state",
    "america": "united state",
    "american": "united state",
    "uk": "united kingdom",
    "british": "united kingdom",
    "britain": "united kingdom",
    "eu": "european union",
    "eu27": "european union",
    "eu28": "european union",
    "ec": "european community",
    "eec": "european community",
    "fdi": "foreign direct investment",
    "german": "germany",
    "french": "france",
    "italian": "italy",
    "spanish": "spain",
    "japanese": "japan",
    "chinese": "china",
    "indian": "india",
}
_COUNTRY_NAMES = {
    "VN": ("vietnam", "viet nam"),
    "IN": ("india",),
    "US": ("united states",),
    "DE": ("germany",),
    "GB": ("united kingdom",),
    "FR": ("france",),
    "IT": ("italy",),
    "ES": ("spain",),
    "JP": ("japan",),
    "KR": ("korea", "south korea", "republic of korea"),
    "MY": ("malaysia",),
    "SG": ("singapore",),
    "TH": ("thailand",),
    "PH": ("philippines",),
    "ID": ("indonesia",),
    "CN": ("china",),
    "TW": ("taiwan",),
    "TR": ("turkey", "turkiye"),
    "BR": ("brazil",),
    "MX": ("mexico",),
    "CA": ("canada",),
    "IE": ("ireland",),
    "CZ": ("czechia", "czech republic"),
    "PL": ("poland",),
    "RO": ("romania",),
    "RU": ("russia",),
    "PT": ("portugal",),
    "HU": ("hungary",),
    "SE": ("sweden",),
    "FI": ("finland",),
    "NO": ("norway",),
    "DK": ("denmark",),
    "AT": ("austria",),
    "NL": ("netherlands",),
}
_INITIALS = re.compile(r"\b(?:[a-z]\.){2,}")
_WORD = re.compile(r"[a-z0-9]+")
_BRACKET = re.compile(r"(.*?)\(([^()]*)\)(.*)$")


def compare_names(one: str, other: str) -> float:
    """Return the token F1 of two names, the best with or without what they have in brackets."""
    pairs = [(_split(x), _split(y)) for x in _variants(one) for y in _variants(other)]
    return max(_compare_words(*pair) for pair in pairs if pair == pairs[0] or any(pair))


def _variants(name: str) -> list[str]:
    """Return a name, and if it has a bracket the rest of it and the bracket's words."""
    match = _BRACKET.match(name)
    return [name, match[1] + match[3], match[2]] if match else [name]


def _compare_words(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    if not one or not other:
        return float(one == other)
    return 2 * (Counter(one) & Counter(other)).total() / (len(one) + len(other))


def _is_country(area: str, country: str | None) -> bool:
    names = _COUNTRY_NAMES.get(country or "", ())
    own = {_split(names[0])} if names else set()
    return _split(area) in own or _simplify(area) in names


@lru_cache(maxsize=2**14)
def _split(name: str) -> tuple[str, ...]:
    """Return the words of a name that count, in the singular."""
    singular = (_singular(word) for word in _WORD.findall(_simplify(name)))
    words = (part for word in singular for part in _SYNONYMS.get(word, word).split())
    return tuple(word for word in words if word not in _EMPTY_WORDS)


def _simplify(name: str) -> str:
    """Return a name in lower case, without accents and without the stops of "U.S."."""
    letters = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()
    plain = plain.replace("viet nam", "vietnam")
    return _INITIALS.sub(lambda match: match[0].replace(".", ""), plain).strip()


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] != "s" else word


# --- Pairing --------------------------------------------------------------------------------------


def assign(weights: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Pair rows with columns one to one, so that the weights of the pairs add up to the most.

    Groups that share nothing are solved apart. One with more than a dozen columns, in which the
    optimum would take exponential time, gives its pairs away by descending weight.
    """
    pairing: dict[int, int] = {}
    for group in _separate(weights):
        columns = sorted({column for _, column in group})
        solve = _solve if len(columns) <= _EXACT else _give_away
        pairing |= solve(group, columns)
    return pairing


Group = dict[tuple[int, int], float]


def _separate(weights: Mapping[tuple[int, int], float]) -> Iterator[Group]:
    """Yield the connected parts of the graph."""
    by_row: dict[int, list[int]] = {}
    by_column: dict[int, list[int]] = {}
    for row, column in sorted(weights):
        by_row.setdefault(row, []).append(column)
        by_column.setdefault(column, []).append(row)
    seen: set[int] = set()
    for first in by_row:
        if first in seen:
            continue
        seen.add(first)
        rows = [first]
        columns: set[int] = set()
        for row in rows:  # grows while it is read
            for column in set(by_row[row]) - columns:
                columns.add(column)
                new = [other for other in by_column[column] if other not in seen]
                seen.update(new)
                rows += new
        yield {
            (row, column): weights[row, column] for row in sorted(rows) for column in by_row[row]
        }


def _solve(group: Group, columns: list[int]) -> dict[int, int]:
    """Find the optimum, row by row over the sets of columns that are taken."""
    bits = {column: 1 << place for place, column in enumerate(columns)}
    by_row: dict[int, list[tuple[int, float]]] = {}
    for (row, column), weight in group.items():
        by_row.setdefault(row, []).append((column, weight))
    best: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {0: (0.0, ())}
    for row, options in by_row.items():
        extended = dict(best)
        for taken, (sum_, pairs) in best.items():
            for column, weight in options:
                then = taken | bits[column]
                if then != taken and sum_ + weight > extended.get(then, (-1.0, ()))[0]:
                    extended[then] = (sum_ + weight, (*pairs, (row, column)))
        best = extended
    return dict(max(best.values(), key=lambda state: state[0])[1])


def _give_away(group: Group, columns: list[int]) -> dict[int, int]:
    """Give the pairs away by descending weight."""
    pairing: dict[int, int] = {}
    free = set(columns)
    for row, column in sorted(group, key=lambda pair: (-group[pair], pair)):
        if row not in pairing and column in free:
            pairing[row] = column
            free.remove(column)
    return pairing
