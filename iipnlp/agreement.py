"""Agreement between two annotations of the same releases: mentions, figures, roles, statements."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language

from iipnlp.annotations import LABELS, Figure, Mention
from iipnlp.evaluation import Sample, assemble_gold, read_corpus
from iipnlp.percentages import find_amounts
from iipnlp.pipeline.tokenizer import make_blank
from iipnlp.releases import Release
from iipnlp.scoring import (
    Outcome,
    Row,
    Scores,
    add_up,
    compare_figures,
    compare_mentions,
    score_statements,
)
from iipnlp.statement import IipnlpError
from iipnlp.tables import Table, describe_row, one_line

ATTRIBUTES = (
    "measure",
    "direction",
    "status",
    "baseline",
    "adjustment",
    "annualized",
    "approximate",
    "optional",
    "host",
    "shift",
)
# What a statement says by a word of a closed list, so that chance agrees now and then.
CHOICES = ("indicator", "measure", "status", "baseline", "adjustment", "annualized", "approximate")
NOT_A_FIGURE = "none"
# What is compared as names are, by likeness: chance has no part in it.
_NAMES = {"core": "statement's subject", "dims": "statement's dimensions"}

Pairs = list[tuple[Hashable, Hashable]]
_WORD = re.compile(r"\w+|[^\w\s]")


class AgreementError(IipnlpError, ValueError):
    """Two corpora that can't be compared."""


class Disagreement(NamedTuple):
    """What two annotators say of one place of a text; `-` for nothing."""

    release: str
    start: int
    what: str
    first: str
    second: str

    def __str__(self) -> str:
        """Return a line for people."""
        return f"{self.release}:{self.start}: {self.what}: {self.first} | {self.second}"


@dataclass(slots=True)
class Agreement:
    """The counts of two annotations, the first as gold, and the pairs of choices by their name.

    A figure that either annotator marks as optional is left out, but for the choice `optional`.
    """

    releases: int = 0
    words: int = 0
    mentions: Scores = field(default_factory=dict)
    labels: Pairs = field(default_factory=list)
    roles: Scores = field(default_factory=dict)
    statements: Scores = field(default_factory=dict)
    choices: dict[str, Pairs] = field(default_factory=dict)
    disagreements: list[Disagreement] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add(self, name: str, pairs: Iterable[tuple[Hashable, Hashable]]) -> None:
        """Note what both chose."""
        self.choices.setdefault(name, []).extend(pairs)


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Return Cohen's kappa; None where chance alone would agree always."""
    if not pairs:
        return None
    agreed = sum(one == other for one, other in pairs) / len(pairs)
    firsts, seconds = (Counter(side) for side in zip(*pairs, strict=True))
    chance = sum(firsts[choice] * seconds[choice] for choice in firsts) / len(pairs) ** 2
    return None if chance == 1 else (agreed - chance) / (1 - chance)


def measure_agreement(first: Path, second: Path) -> Agreement:
    """Compare two corpora, release by release with the same id and text.

    What one corpus lacks, or has with another text, is named in `left_out`. The second may hold
    statements alone, without the texts.
    """
    pairs, left_out = _pair(first, second)
    if not pairs:
        raise AgreementError(f"{first} and {second} share no release; give the same ids and texts")
    agreement = Agreement(left_out=left_out)
    nlp = make_blank()
    for one, other in pairs:
        agreement.releases += 1
        agreement.words += len(one.release.text.split())
        if one.statements is None and other.statements is None:
            _compare_annotations(agreement, nlp, one.release, other.release)
        else:
            gold, found = _get_statements(nlp, one), _get_statements(nlp, other)
            _compare_statements(agreement, one.release, gold, found, listed=True)
    return agreement


def _pair(first: Path, second: Path) -> tuple[list[tuple[Sample, Sample]], list[str]]:
    firsts = _read(first, {})
    seconds = _read(second, {name: sample.release.text for name, sample in firsts.items()})
    left_out = [f"{name} is not in {second}" for name in firsts if name not in seconds]
    left_out += [f"{name} is not in {first}" for name in seconds if name not in firsts]
    pairs = []
    for name in filter(seconds.__contains__, firsts):
        texts = firsts[name].release.text, seconds[name].release.text
        if texts[0] == texts[1]:
            pairs.append((firsts[name], seconds[name]))
        else:
            left_out.append(
                f"{name}: the texts differ from character {_find_difference(*texts)} on"
            )
    return pairs, left_out


def _read(path: Path, texts: Mapping[str, str]) -> dict[str, Sample]:
    samples: dict[str, Sample] = {}
    for sample in read_corpus(path, texts):
        name = sample.release.id
        if name in samples:
            raise AgreementError(f"{path}: two releases are called {name}; give each its own id")
        samples[name] = sample
    return samples


def _find_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (x, y) in pairs if x != y), min(len(one), len(other)))


def _get_statements(nlp: Language, sample: Sample) -> list[Row]:
    if sample.statements is None:
        return assemble_gold(nlp, sample.release)
    return list(sample.statements)


# --- Annotated releases ---------------------------------------------------------------------------


def _compare_annotations(
    agreement: Agreement, nlp: Language, first: Release, second: Release
) -> None:
    agreement.mentions = add_up(
        [agreement.mentions, compare_mentions(first.mentions, second.mentions)]
    )
    agreement.labels += zip(_label_words(first), _label_words(second), strict=True)
    agreement.add("figure", _judge_amounts(first.text, first.figures, second.figures))
    ours, theirs = _place_figures(first), _place_figures(second)
    shared = [(ours[place], theirs[place]) for place in ours if place in theirs]
    for name in ATTRIBUTES:
        pairs = [(getattr(one, name), getattr(other, name)) for one, other in shared]
        agreement.add(f"figure's {name}", pairs)
    agreement.disagreements += _list_mentions(first, second)
    agreement.disagreements += _list_figures(first, second)
    free = [figure for figure in (*first.figures, *second.figures) if figure.optional]
    asked = [_leave_out(release.figures, free) for release in (first, second)]
    agreement.roles = add_up([agreement.roles, compare_figures(*asked)])
    rows = [
        [row for row in assemble_gold(nlp, release) if _is_asked(row, figures)]
        for release, figures in zip((first, second), asked, strict=True)
    ]
    _compare_statements(agreement, first, *rows, listed=False)


def _label_words(release: Release) -> list[str | None]:
    """Return of every word of the text the label of the mention it is in, if it is in one."""
    words = [match.start() for match in _WORD.finditer(release.text)]
    labels: list[str | None] = [None] * len(words)
    for start, end, label in release.mentions:
        for place in range(bisect_left(words, start), bisect_left(words, end)):
            labels[place] = label
    return labels


def _judge_amounts(text: str, first: Iterable[Figure], second: Iterable[Figure]) -> Pairs:
    """Say of every amount, marked or not, whether each annotator takes it for a figure."""
    marked = [{figure[:2]: figure.measure for figure in side} for side in (first, second)]
    places = set(marked[0]) | set(marked[1])
    for amount in find_amounts(text):
        if not any(start < amount.end and amount.start < end for start, end in places):
            places.add((amount.start, amount.end))
    return [
        (marked[0].get(place, NOT_A_FIGURE), marked[1].get(place, NOT_A_FIGURE))
        for place in sorted(places)
    ]


def _place_figures(release: Release) -> dict[tuple[int, ...], Figure]:
    """Return the figures by their characters, each with its host's start for `host`."""
    return {
        figure[:2]: figure
        if figure.host is None
        else figure._replace(host=release.figures[figure.host].start)
        for figure in release.figures
    }


def _leave_out(figures: Iterable[Figure], free: Iterable[Figure]) -> list[Figure]:
    free = list(free)
    return [
        figure
        for figure in figures
        if not any(figure.start < one.end and one.start < figure.end for one in free)
    ]


def _is_asked(row: Row, figures: Iterable[Figure]) -> bool:
    return tuple(row["spans"]["value"]) in {figure[:2] for figure in figures}


def _list_mentions(first: Release, second: Release) -> Iterator[Disagreement]:
    """Yield the mentions of one annotator only, those that overlap side by side."""
    text = first.text
    ours = sorted(set(first.mentions) - set(second.mentions))
    theirs = sorted(set(second.mentions) - set(first.mentions))
    for mention in ours:
        beside = [one for one in theirs if one.start < mention.end and mention.start < one.end]
        yield Disagreement(
            first.id, mention.start, "mention", _quote(text, [mention]), _quote(text, beside)
        )
        theirs = [one for one in theirs if one not in beside]
    for mention in theirs:
        yield Disagreement(first.id, mention.start, "mention", "-", _quote(text, [mention]))


def _list_figures(first: Release, second: Release) -> Iterator[Disagreement]:
    """Yield the figures of one annotator only, and what differs in those of both."""
    text = first.text
    ours, theirs = _place_figures(first), _place_figures(second)
    for place in sorted(ours.keys() | theirs.keys()):
        one, other = ours.get(place), theirs.get(place)
        words = one_line(text[slice(*place)])
        if one is None or other is None:
            told = [figure.measure if figure else "-" for figure in (one, other)]
            yield Disagreement(first.id, place[0], f"figure {words!r}", told[0], told[1])
            continue
        for name in ATTRIBUTES:
            values = [str(getattr(figure, name)) for figure in (one, other)]
            if values[0] != values[1]:
                yield Disagreement(first.id, place[0], f"{name} of {words!r}", *values)
        for label in LABELS:
            roles = [figure.having(label) for figure in (one, other)]
            if set(roles[0]) != set(roles[1]):
                told = [_quote(text, some, label=False) for some in roles]
                yield Disagreement(first.id, place[0], f"{label} of {words!r}", *told)


def _quote(text: str, mentions: Sequence[Mention], *, label: bool = True) -> str:
    """Return mentions with their place, since the same words stand in many."""
    told = [
        f"{one_line(text[start:end])!r} at {start}{f' {name}' if label else ''}"
        for start, end, name in mentions
    ]
    return ", ".join(told) or "-"


# --- Statements -----------------------------------------------------------------------------------


def _compare_statements(
    agreement: Agreement, release: Release, first: list[Row], second: list[Row], *, listed: bool
) -> None:
    scores = score_statements(first, second, release.country)
    agreement.statements = add_up([agreement.statements, scores.levels])
    for outcome in scores.outcomes:
        one, other = outcome.gold, outcome.predicted
        if one is not None and other is not None:
            _note_keys(agreement, outcome, one, other)
        if listed and outcome.kind != "right":
            agreement.disagreements.append(_tell(release, outcome))


def _note_keys(agreement: Agreement, outcome: Outcome, first: Row, second: Row) -> None:
    """Note the choices of both; names count as the same where the scores say so."""
    for key, name in _NAMES.items():
        agreement.add(name, [(True, key not in outcome.wrong)])
    periods = [(row.get("period_start"), row.get("period_end")) for row in (first, second)]
    agreement.add("statement's period", [(periods[0], periods[1])])
    for key in CHOICES:
        if key in first and key in second:
            agreement.add(f"statement's {key}", [(first[key], second[key])])


def _tell(release: Release, outcome: Outcome) -> Disagreement:
    row = outcome.gold or outcome.predicted or {}
    start = max(0, release.text.find(row.get("evidence") or row.get("text") or ""))
    wrong = ", ".join(outcome.wrong)
    what = f"statement{f', {wrong}' if wrong else ''}"
    told = [describe_row(one) for one in (outcome.gold, outcome.predicted)]
    return Disagreement(release.id, start, what, *told)


# --- For people -----------------------------------------------------------------------------------


def build_tables(agreement: Agreement) -> Iterator[Table]:
    """Make the tables of an agreement: F1 of sets, shares and kappa of choices."""
    head = ("F1", "both", "first", "second")
    if agreement.mentions:
        rows = [
            (*row, _show(kappa(_single_out(agreement.labels, row[0]))))
            for row in _count_rows(agreement.mentions)
        ]
        yield Table("Mentions, exact; kappa of words", ("", *head, "kappa"), rows)
        yield Table("Figures and their roles", ("", *head), _count_rows(agreement.roles))
    yield Table("Statements", ("", *head), _count_rows(agreement.statements))
    rows = [
        (
            name,
            _show(same / len(pairs)),
            _show(None if name in _NAMES.values() else kappa(pairs)),
            str(same),
            str(len(pairs)),
        )
        for name, pairs in agreement.choices.items()
        if pairs
        for same in [sum(one == other for one, other in pairs)]
    ]
    yield Table(
        "Choices, of the figures and values of both; `figure`, of all amounts",
        ("", "same", "kappa", "same", "of"),
        rows,
    )


def _single_out(labels: Pairs, name: str) -> Pairs:
    """Return of every word whether it has the label; the labels themselves for `all`."""
    return labels if name == "all" else [(one == name, other == name) for one, other in labels]


def _count_rows(scores: Scores) -> list[tuple[str, ...]]:
    return [
        (
            name,
            _show(score.fscore if len(score) else None),
            str(score.tp),
            str(score.tp + score.fn),
            str(score.tp + score.fp),
        )
        for name, score in scores.items()
    ]


def _show(number: float | None) -> str:
    return "-" if number is None else f"{number:.3f}"
