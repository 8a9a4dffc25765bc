"""Evaluation: a pipeline reads a corpus, and every level is compared with the gold annotation."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.scorer import PRFScore
from spacy.tokens import Doc, Span

from iipnlp.annotations import AMOUNT, Figure, Mention, get_figures, get_mentions
from iipnlp.assembly import assemble
from iipnlp.confidence import judge
from iipnlp.extraction import BATCH_SIZE
from iipnlp.releases import MarkupError, Release, annotate, from_json, make_doc, read_releases
from iipnlp.scoring import (
    LEVELS,
    Outcome,
    Row,
    Scores,
    add_up,
    compare_figures,
    compare_mentions,
    find_interval,
    score_statements,
)
from iipnlp.statement import IipnlpError

SUFFIXES = (".jsonl", ".md")
LENGTHS = ("under 100 words", "100 to 199", "200 to 399", "400 and more")
_LONGER = (100, 200, 400)


class CorpusError(IipnlpError, ValueError):
    """A corpus that can't be read, or in which there is nothing to read."""


class Sample(NamedTuple):
    """A release and its gold statements; None where they follow from the annotation."""

    release: Release
    statements: tuple[Row, ...] | None


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """What a pipeline got right and wrong in one release: counts by section and name."""

    id: str
    publisher: str
    phenomena: tuple[int, ...]
    text: str
    sections: dict[str, Scores]
    outcomes: list[Outcome]

    @property
    def mistakes(self) -> list[Outcome]:
        """Return the statements that were missed, are spurious, or have a wrong key."""
        return [outcome for outcome in self.outcomes if outcome.kind != "right"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a pipeline got right and wrong in a corpus.

    Sections: `mentions`, `roles_on_gold` and `roles_on_predicted` (mentions), which take an
    annotated corpus; `statements` (value, core, strict), `keys`, `cues`.
    """

    corpus: str
    model: str
    results: tuple[ReleaseResult, ...]
    words: int
    seconds: float

    def add_up(self, section: str) -> Scores:
        """Return the counts of a section over all releases; what has none is left out."""
        total = add_up(result.sections.get(section, {}) for result in self.results)
        return {name: score for name, score in total.items() if len(score) or name in LEVELS}

    def find_interval(self, section: str, name: str) -> tuple[float, float]:
        """Return the 95% bootstrap interval of an F1, by release."""
        return find_interval(
            [result.sections.get(section, {}).get(name, PRFScore()) for result in self.results]
        )

    @property
    def strict_f1(self) -> float:
        """The strict F1 of the statements, the figure that a floor is set for."""
        return float(self.add_up("statements")["strict"].fscore)

    @property
    def words_per_second(self) -> float:
        """The speed of the whole way from text to statements."""
        return self.words / self.seconds

    def group_by_publisher(self) -> dict[str, list[ReleaseResult]]:
        """Return the results of each publisher, in order of the names."""
        return _group((result.publisher, result) for result in self.results if result.publisher)

    def group_by_phenomenon(self) -> dict[int, list[ReleaseResult]]:
        """Return the results of the releases that show a phenomenon, by its number."""
        return _group((number, result) for result in self.results for number in result.phenomena)

    def group_by_length(self) -> dict[str, list[ReleaseResult]]:
        """Return the results by the number of words, the shortest releases first."""
        groups = _group((_find_length(result.text), result) for result in self.results)
        return {LENGTHS[place]: results for place, results in groups.items()}

    def judge(self) -> list[tuple[float, bool]]:
        """Return of each predicted statement its confidence and whether it is strictly right."""
        return judge(outcome for result in self.results for outcome in result.outcomes)


def _find_length(text: str) -> int:
    return bisect_right(_LONGER, len(text.split()))


def _group(pairs: Iterable[tuple[Any, ReleaseResult]]) -> dict[Any, list[ReleaseResult]]:
    groups: dict[Any, list[ReleaseResult]] = {}
    for key, result in pairs:
        groups.setdefault(key, []).append(result)
    return dict(sorted(groups.items()))


def evaluate(nlp: Language, path: str | Path) -> Evaluation:
    """Read a corpus with a pipeline and compare what it finds with the gold.

    Args:
        nlp: the pipeline, as `iipnlp.load` gives it.
        path: a markup file, a JSONL file of annotated releases, one of texts with statements
            only (`text`, `statements`, and if known `id`, `country`, `published`, `publisher` or
            `agency`, `phenomena`), or a folder of them.
    """
    samples = read_corpus(Path(path))
    _read_all(nlp, samples[:1])  # what is loaded at the first text is no part of the speed
    start = perf_counter()
    readings = _read_all(nlp, samples)
    seconds = perf_counter() - start
    annotated = [sample.release for sample in samples if sample.statements is None]
    linked = _link_gold_mentions(nlp, annotated)
    results = [
        _judge_annotated(nlp, sample.release, reading, next(linked))
        if sample.statements is None
        else _judge(sample.release, sample.statements, reading, {})
        for sample, reading in zip(samples, readings, strict=True)
    ]
    words = sum(len(sample.release.text.split()) for sample in samples)
    model = "{lang}_{name} {version}".format_map(nlp.meta)
    return Evaluation(str(path), model, tuple(results), words, seconds)


# --- Reading a pipeline's answers -----------------------------------------------------------------


class _Reading(NamedTuple):
    """What a pipeline found in a text."""

    mentions: list[Mention]
    figures: list[Figure]
    statements: list[Row]


def _read_all(nlp: Language, samples: Sequence[Sample]) -> list[_Reading]:
    docs = (make_doc(nlp, sample.release) for sample in samples)
    return [
        _Reading(get_mentions(doc), get_figures(doc), [one.to_dict() for one in doc._.statements])
        for doc in nlp.pipe(docs, batch_size=BATCH_SIZE)
    ]


def _link_gold_mentions(nlp: Language, releases: Iterable[Release]) -> Iterator[list[Figure]]:
    """Yield the figures that are found where the mentions are the gold ones."""
    docs = (_make_doc_of_mentions(nlp, release) for release in releases)
    skipped = ["iip_entities", "iip_statements"]
    for doc in nlp.pipe(docs, batch_size=BATCH_SIZE, disable=skipped):
        yield get_figures(doc)


def _make_doc_of_mentions(nlp: Language, release: Release) -> Doc:
    doc = make_doc(nlp, release)
    gold = annotate(nlp.make_doc(release.text), release)
    doc.ents = tuple(
        Span(doc, ent.start, ent.end, label=ent.label_) for ent in gold.ents if ent.label_ != AMOUNT
    )
    return doc


# --- Comparing ------------------------------------------------------------------------------------


def _judge(
    release: Release, gold: Iterable[Row], reading: _Reading, sections: dict[str, Scores]
) -> ReleaseResult:
    """Compare the statements, and put the scores of other sections beside."""
    scores = score_statements(gold, reading.statements, release.country)
    sections = {
        **sections,
        "statements": scores.levels,
        "keys": scores.keys,
        "cues": scores.cues,
    }
    return ReleaseResult(
        release.id,
        release.publisher,
        release.phenomena,
        release.text,
        sections,
        scores.outcomes,
    )


def _judge_annotated(
    nlp: Language, release: Release, reading: _Reading, linked: list[Figure]
) -> ReleaseResult:
    sections = {
        "mentions": compare_mentions(release.mentions, reading.mentions),
        "roles_on_gold": compare_figures(release.figures, linked),
        "roles_on_predicted": compare_figures(release.figures, reading.figures),
    }
    return _judge(release, assemble_gold(nlp, release), reading, sections)


def assemble_gold(nlp: Language, release: Release) -> list[Row]:
    """Return the statements of a release's annotation; those of optional figures are optional."""
    optional = {(figure.start, figure.end) for figure in release.figures if figure.optional}
    try:
        statements = assemble(annotate(nlp.make_doc(release.text), release))
    except IipnlpError as error:
        raise CorpusError(f"{release.id}: its annotation makes no statement: {error}") from error
    return [
        {**statement.to_dict(), "optional": statement.spans["value"] in optional}
        for statement in statements
    ]


# --- Reading a corpus -----------------------------------------------------------------------------


def read_corpus(path: Path, texts: Mapping[str, str] | None = None) -> list[Sample]:
    """Read the releases of a file or folder, with their gold; raise `CorpusError` at a fault.

    Statements that stand without their text are told of the one of `texts` that has their id.
    """
    if not path.exists():
        raise CorpusError(f"{path}: there is no such file or folder")
    files = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)
    files = files if path.is_dir() else [path]
    samples = [sample for file in files for sample in _read(file, texts or {})]
    if not samples:
        remedy = f"give {' or '.join(SUFFIXES)} files as in the corpus guideline"
        raise CorpusError(f"{path}: no releases in it; {remedy}")
    return samples


def _read(file: Path, texts: Mapping[str, str]) -> list[Sample]:
    try:
        if file.suffix == ".jsonl":
            lines = file.read_bytes().decode("utf-8-sig").split("\n")
            return list(_read_lines(lines, file, texts))
        return [Sample(release, None) for release in read_releases(file)]
    except OSError as error:
        raise CorpusError(f"{file}: {error.strerror or error}") from error
    except CorpusError:
        raise
    except MarkupError as error:
        raise CorpusError(f"{file}:{error}") from error
    except ValueError as error:  # encoding
        raise CorpusError(f"{file}: {error}") from error


def _read_lines(lines: Iterable[str], file: Path, texts: Mapping[str, str]) -> Iterator[Sample]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _read_line(json.loads(line), f"line {number}", texts)
            except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
                reason = f"no {error} in it" if isinstance(error, KeyError) else error
                raise CorpusError(f"{file}:{number}: not a line of a corpus: {reason}") from error


def _read_line(line: dict[str, Any], name: str, texts: Mapping[str, str]) -> Sample:
    json.dumps(line, ensure_ascii=False).encode()  # fails on lone surrogates, which no text has
    if "statements" not in line:
        return Sample(from_json(line), None)
    published = line.get("published")
    release = Release(
        id=str(line.get("id", name)),
        text=str(line["text"] if "text" in line or not texts else texts.get(line["id"], "")),
        publisher=str(line.get("publisher") or line.get("agency") or ""),
        country=line.get("country"),
        published=date.fromisoformat(published) if published else None,
        phenomena=tuple(line.get("phenomena") or ()),
    )
    return Sample(release, tuple(_check(row) for row in line["statements"]))


def _check(row: Any) -> Row:
    if not isinstance(row, Mapping):
        raise TypeError(f"{row!r} is no statement")
    low, high = row.get("value_low"), row.get("value_high")
    checked = dict(row)
    if row.get("value") is None and low is not None and high is not None:
        checked["value"] = (low + high) / 2  # the middle of a range may be left out
    value = checked.get("value")
    if not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"a statement's value is {value!r}; give a number")
    return checked
