"""A release as annotation tools have it: spans with labels, and relations between them.

A figure is a span PERCENT with relations to its mentions, named by their labels, and to the figure
it is told beside (HOST). What is chosen for it (direction, baseline, status …) stands in attributes
of the span or, for tools that have none, in its label as the tokens of the markup: "PERCENT + yy".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from iipnlp.annotations import AMOUNT, DIRECTIONS, LABELS, Figure, Mention
from iipnlp.markup import read_choices, write_choices
from iipnlp.releases import SHIFTS, Release
from iipnlp.statement import ADJUSTMENTS, BASELINES, MEASURES, STATUSES, IipnlpError

HOST = "HOST"
# The attributes of a figure: the values to choose from, and those that are set or not.
CHOICES: dict[str, tuple[str, ...]] = {
    "direction": tuple(DIRECTIONS.values()),
    "measure": MEASURES,
    "baseline": BASELINES,
    "shift": tuple(SHIFTS.values()),
    "status": STATUSES,
    "adjustment": ADJUSTMENTS,
}
FLAGS = ("annualized", "approximate", "optional")

_NUMBERS = {name: number for number, name in DIRECTIONS.items()}

Json = dict[str, Any]
# The place of a release in its file, and how to read it; None where nobody has annotated it.
Task = tuple[str, Callable[[], Release | None]]


class ConversionError(IipnlpError, ValueError):
    """A file of another tool that can't be read; the message names the place and the remedy."""


class Span(NamedTuple):
    """A stretch of text with an id: a mention, or a figure without its roles and host."""

    key: str
    value: Mention | Figure

    @property
    def label(self) -> str:
        """Return the label, that of a figure with its tokens."""
        if isinstance(self.value, Mention):
            return self.value.label
        return " ".join([AMOUNT, *write_choices(self.value)])

    @property
    def kind(self) -> str:
        """Return the label, that of a figure without its tokens."""
        return self.value.label if isinstance(self.value, Mention) else AMOUNT

    @property
    def attributes(self) -> dict[str, str | bool]:
        """Return what is chosen for a figure; nothing for a mention."""
        if isinstance(self.value, Mention):
            return {}
        chosen = {name: getattr(self.value, name) for name in (*CHOICES, *FLAGS)}
        chosen["direction"] = DIRECTIONS[self.value.direction]
        return {name: choice for name, choice in chosen.items() if choice}


class Link(NamedTuple):
    """A relation from a figure to a mention, or to its host, by the ids of their spans."""

    head: str
    child: str
    label: str


def take_apart(release: Release) -> tuple[list[Span], list[Link]]:
    """Return the spans and relations of a release."""
    mentions = {mention: f"T{n}" for n, mention in enumerate(release.mentions, start=1)}
    first = len(mentions) + 1
    keys = [f"T{n}" for n, _ in enumerate(release.figures, start=first)]
    spans = [Span(key, mention) for mention, key in mentions.items()]
    links = []
    for key, figure in zip(keys, release.figures, strict=True):
        spans.append(Span(key, figure._replace(roles=(), host=None)))
        links += [Link(key, mentions[mention], mention.label) for mention in figure.roles]
        links += [] if figure.host is None else [Link(key, keys[figure.host], HOST)]
    return spans, links


def put_together(
    header: Mapping[str, Any], text: str, spans: Iterable[Span], links: Iterable[Link]
) -> Release:
    """Make a release of spans and relations, in order of the text."""
    spans = sorted(spans, key=lambda span: (span.value.start, span.value.end, span.kind))
    for span in spans:
        if not 0 <= span.value.start < span.value.end <= len(text):
            place = f"{span.value.start}:{span.value.end}"
            raise ConversionError(f"the span {span.key} is at {place}, which is not in the text")
    mentions = {span.key: span.value for span in spans if isinstance(span.value, Mention)}
    figures = {span.key: span.value for span in spans if isinstance(span.value, Figure)}
    places = {key: place for place, key in enumerate(figures)}
    for head, child, label in links:
        figure = figures.get(head)
        if figure is None or child not in mentions | figures:
            remedy = f"lead it from a {AMOUNT}"
            raise ConversionError(f"the relation {label} from {head} to {child}: {remedy}")
        if child in mentions:
            roles = {*figure.roles, mentions[child]}
            figures[head] = figure._replace(roles=tuple(sorted(roles)))
        elif figure.host is None and child != head:
            figures[head] = figure._replace(host=places[child])
        else:
            raise ConversionError(f"the figure {head} is told beside two, or itself; leave one")
    marked = tuple(sorted(set(mentions.values())))
    return Release(text=text, mentions=marked, figures=tuple(figures.values()), **header)


def read_span(key: str, start: int, end: int, label: str) -> Span:
    """Read a span whose figures have their tokens in the label."""
    kind, *tokens = label.split() or [""]
    if kind != AMOUNT:
        return Span(key, _read_mention(key, start, end, label))
    try:
        return Span(key, Figure(start, end, **read_choices(tokens)))
    except ValueError as error:
        raise ConversionError(f"the span {key} has the label {label!r}: {error}") from error


def read_attributes(
    key: str, start: int, end: int, label: str, attributes: Mapping[str, Any]
) -> Span:
    """Read a span whose figures have attributes."""
    if label != AMOUNT:
        return Span(key, _read_mention(key, start, end, label))
    chosen: Json = {}
    for name, value in attributes.items():
        known: tuple[Any, ...] = (True,) if name in FLAGS else CHOICES.get(name, ())
        if value not in known:
            values = ", ".join(map(str, known)) or "nothing of that name"
            raise ConversionError(f"the span {key} has {name} {value!r}; give {values}")
        chosen[name] = value
    if "direction" not in chosen:
        raise ConversionError(f"the figure {key} has no direction; choose one")
    chosen["direction"] = _NUMBERS[chosen["direction"]]
    return Span(key, Figure(start, end, **chosen))


def _read_mention(key: str, start: int, end: int, label: str) -> Mention:
    if label not in LABELS:
        labels = ", ".join((*LABELS, AMOUNT))
        raise ConversionError(f"the span {key} has the label {label!r}; give one of {labels}")
    return Mention(start, end, label)


# --- Header and files -----------------------------------------------------------------------------


def read_header(header: Mapping[str, Any], number: int, file: Path) -> Json:
    """Read what `releases.write_header` wrote; what it lacks is named after the file."""
    published = header.get("published")
    return {
        "id": str(header.get("id") or f"{file.stem}-{number}"),
        "publisher": str(header.get("publisher") or file.stem),
        "country": header.get("country") or None,
        "published": date.fromisoformat(published) if published else None,
        "phenomena": tuple(map(int, header.get("phenomena") or ())),
    }


def find_lines(file: Path, read: Callable[[Json, int, Path], Release | None]) -> Iterator[Task]:
    """Yield the lines of a JSONL file, with the number and how to read each."""
    for number, line in enumerate(file.read_text("utf-8-sig").split("\n"), start=1):
        if line.strip():
            yield f"line {number}", partial(_read_line, line, number, file, read)


def _read_line(
    line: str, number: int, file: Path, read: Callable[[Json, int, Path], Release | None]
) -> Release | None:
    return read(json.loads(line), number, file)


def write_lines(file: Path, rows: Iterable[Json]) -> None:
    """Write a JSONL file."""
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    file.write_text("".join(lines), "utf-8", newline="")
