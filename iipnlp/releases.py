"""Annotated releases: inline markup and JSONL to `Release`, and `Release` to Doc."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import spacy
import srsly
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import filter_spans

from iipnlp.annotations import AMOUNT, Figure, Mention, align, set_figures
from iipnlp.statement import IipnlpError

LETTERS = {
    "i": "INDUSTRY",
    "g": "PRODUCT",
    "a": "AREA",
    "o": "OWNERSHIP",
    "k": "INDICATOR",
    "p": "PERIOD",
    "b": "BASELINE",
    "t": "TREND",
}
SIGNS = {"+": 1, "-": -1, "=": 0}
KINDS = {"yy": "year_on_year", "pp": "period_on_period", "fx": "fixed_period", "nb": None}
STATUS = {"exp": "expected", "old": "superseded"}
ADJUSTMENT = {
    "sa": "seasonally_adjusted",
    "ca": "calendar_adjusted",
    "sca": "seasonally_and_calendar_adjusted",
    "nsa": "unadjusted",
    "na": None,
}
SHIFTS = {"ly": "year", "lp": "period"}

_MARK = re.compile(r"\\\[|\[([^\[\]]+)\]\(([^()\n]*)\)")
_MENTION = re.compile(r"([igaokpbt])(\d*)$")
_FIGURE = re.compile(r"c?[+\-=]$")
_REFERENCE = re.compile(r"([&^#])(\w*)$")
_CANCEL = re.compile(r"![igaokbt]$")


@dataclass(frozen=True, slots=True)
class Release:
    """One annotated text. `figures` refer to `mentions` by value; offsets are characters."""

    id: str
    text: str
    mentions: tuple[Mention, ...] = ()
    figures: tuple[Figure, ...] = ()
    publisher: str = ""
    country: str | None = None
    published: date | None = None
    phenomena: tuple[int, ...] = ()


class MarkupError(IipnlpError, ValueError):
    """A release that can't be compiled; the message names the place, the release and the remedy.

    `faults` has all that is wrong with the release, one line each; the message is the first.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__(faults[0])
        self.faults = faults


def parse_markup(marked: str, where: str = "markup", line: int = 1) -> Release:
    """Compile one marked-up text, without header; raise `MarkupError` with all its faults.

    `where` becomes the id of the release, `line` is where its text starts in its file. A fault
    begins with line and column of the mark.
    """
    text, marks = _strip(marked, line)
    reader = _Reader()
    for mark in sorted(marks, key=_Mark.is_figure):  # one may be told of what is named after it
        if mark.is_figure():
            reader.read_figure(mark)
        else:
            reader.read_mention(mark)
    if reader.faults:
        told = sorted(reader.faults, key=lambda fault: fault[0].start)
        raise MarkupError(*(f"{mark.place}: {where}: {what}" for mark, what in told))
    return Release(where, text, tuple(reader.mentions), tuple(reader.figures))


class _Mark(NamedTuple):
    """One mark of a text: where its words stand without marks, and line and column in its file."""

    start: int
    end: int
    tokens: list[str]
    place: str

    def is_figure(self) -> bool:
        """Say whether it marks a figure, not a mention."""
        return any(_FIGURE.match(token) for token in self.tokens)


def _strip(marked: str, first: int) -> tuple[str, list[_Mark]]:
    """Take the marks out of a text."""
    parts: list[str] = []
    marks: list[_Mark] = []
    length = last = 0
    for match in _MARK.finditer(marked):
        before = marked[last : match.start()]
        words = "[" if match[1] is None else match[1]
        start = length + len(before)
        parts += [before, words]
        length, last = start + len(words), match.end()
        if match[1] is not None:
            place = _place(marked, match, first)
            marks.append(_Mark(start, length, match[2].split() or [""], place))
    return "".join([*parts, marked[last:]]), marks


def _place(marked: str, match: re.Match[str], first: int) -> str:
    """Return line and column of a mark in its file, both from 1."""
    start = match.start()
    column = start - marked.rfind("\n", 0, start)
    line = first + marked.count("\n", 0, start)
    return f"{line}:{column}"


class _Reader:
    """Reads the marks of one release in order, so that later ones can refer to earlier ones.

    What can't be read is noted among the faults, and read as if it were not there.
    """

    def __init__(self) -> None:
        self.mentions: list[Mention] = []
        self.figures: list[Figure] = []
        self.named_mentions: dict[str, Mention] = {}
        self.named_figures: dict[str, int] = {}
        self.faults: list[tuple[_Mark, str]] = []

    def read_mention(self, mark: _Mark) -> None:
        """Add the mention that a mark names."""
        name = " ".join(mark.tokens)
        match = _MENTION.match(name)
        if match is None:
            self.faults.append((mark, f"{name!r} is neither a mention nor a figure"))
            return
        mention = Mention(mark.start, mark.end, LETTERS[match[1]])
        self.mentions.append(mention)
        if not match[2]:
            return
        if name in self.named_mentions:
            self.faults.append((mark, f"{name!r} names two mentions"))
        self.named_mentions.setdefault(name, mention)

    def read_figure(self, mark: _Mark) -> None:
        """Add the figure that a mark describes."""
        tokens = mark.tokens
        source, host = self._references(mark)
        base = Figure(mark.start, mark.end) if source is None else self.figures[source]
        values: dict[str, Any] = {
            "start": mark.start,
            "end": mark.end,
            "host": host,
            "shift": None,
            "status": "actual",
            "approximate": "apx" in tokens,
            "optional": "opt" in tokens,
            "annualized": "ann" in tokens or (base.annualized and "!ann" not in tokens),
            "measure": "change",
        }
        for token in tokens:
            values |= self._value(mark, token)
        refers = any(token[:1] in ("&", "^") for token in tokens)
        if not refers and "baseline" not in values:
            self.faults.append((mark, "a figure needs one of yy, pp, fx, nb"))
        if values["shift"] and not any(token[:1] == "^" for token in tokens):
            self.faults.append((mark, "ly and lp need a host, such as ^1"))
        values["roles"] = self._roles(base, mark, values["shift"])
        self.figures.append(base._replace(**values))

    def _references(self, mark: _Mark) -> tuple[int | None, int | None]:
        """Return the figure taken over from and the host, and note the figure's own name."""
        source = host = None
        for sign, name in (match.groups() for t in mark.tokens if (match := _REFERENCE.match(t))):
            if sign == "#":
                if name in self.named_figures:
                    self.faults.append((mark, f"#{name} names two figures"))
                self.named_figures.setdefault(name, len(self.figures))
                continue
            number = len(self.figures) - 1 if not name else self.named_figures.get(name, -1)
            if number < 0 or number >= len(self.figures):
                self.faults.append((mark, f"{sign}{name} refers to no figure before it"))
                continue
            source, host = number, number if sign == "^" else host
        return source, host

    def _value(self, mark: _Mark, token: str) -> dict[str, Any]:
        if _FIGURE.match(token):
            measure = "contribution" if token[0] == "c" else "change"
            return {"direction": SIGNS[token[-1]], "measure": measure}
        if token in KINDS:
            return {"baseline": KINDS[token]}
        if token in STATUS:
            return {"status": STATUS[token]}
        if token in ADJUSTMENT:
            return {"adjustment": ADJUSTMENT[token]}
        if token in SHIFTS:
            return {"shift": SHIFTS[token]}
        known = token in ("ann", "!ann", "apx", "opt", "np") or _REFERENCE.match(token)
        if not (known or _CANCEL.match(token) or _MENTION.match(token)):
            self.faults.append((mark, f"{token!r} is no token of the markup"))
        return {}

    def _roles(self, base: Figure, mark: _Mark, shift: str | None) -> tuple[Mention, ...]:
        tokens, stated = mark.tokens, []
        for token in filter(_MENTION.match, tokens):
            if token in self.named_mentions:
                stated.append(self.named_mentions[token])
            else:
                self.faults.append((mark, f"{token!r} names no mention of this release"))
        dropped = {mention.label for mention in stated}
        dropped |= {LETTERS[t[1]] for t in tokens if t[0] == "!" and t[1:] in LETTERS}
        if "np" in tokens or shift:
            dropped.add("PERIOD")
        if any(token in KINDS for token in tokens):
            dropped.add("BASELINE")
        kept = [mention for mention in base.roles if mention.label not in dropped]
        return tuple(sorted(kept + stated))


@dataclass(frozen=True, slots=True)
class Block:
    """One release of a markup file, not yet compiled: header and text, and where it starts."""

    head: str
    marked: str
    publisher: str
    line: int

    def compile(self) -> Release:
        """Compile the block; the faults of a `MarkupError` name their lines in the file."""
        name, *fields = map(str.strip, self.head.split("\n"))
        if not self.marked:
            raise MarkupError(f"{self.line}: {name}: no line '---' and text after the header")
        header = dict(field.split(": ", 1) for field in fields if ": " in field)
        faults: list[str] = []
        known: dict[str, Any] = {"publisher": self.publisher, "country": header.get("country")}
        for key, read in _HEADER.items():
            try:
                known[key] = read(header.get(key, ""))
            except ValueError as error:
                faults.append(f"{self.line}: {name}: in the header: {error}")
        release = Release(name, "")
        try:
            release = parse_markup(self.marked, name, self.line + len(fields) + 2)
        except MarkupError as error:
            faults += error.faults
        if faults:
            raise MarkupError(*faults)
        return replace(release, **known)


_HEADER: dict[str, Callable[[str], Any]] = {
    "published": lambda day: date.fromisoformat(day) if day else None,
    "phenomena": lambda numbers: tuple(int(number) for number in numbers.split()),
}


def read_blocks(path: Path) -> Iterator[Block]:
    """Split a markup file, which is named after its publisher, into its releases."""
    # Decoded from bytes: reading as text would turn "\r\n" into "\n", and releases keep theirs.
    try:
        content = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise MarkupError(f"1: {path.stem}: not UTF-8 (byte {error.start})") from error
    if "\r\n---\r\n" in content:
        raise MarkupError(f"1: {path.stem}: lines end with CR LF; save the file with LF alone")
    edges = [match.start() for match in re.finditer(r"(?m)^=== ", content)] + [len(content)]
    for start, end in zip(edges, edges[1:], strict=False):
        head, _, marked = content[start + 4 : end].partition("\n---\n")
        line = content.count("\n", 0, start) + 1
        yield Block(head, marked and marked.rstrip("\n") + "\n", path.stem, line)


def read_markup(path: Path) -> Iterator[Release]:
    """Compile the releases of one markup file."""
    for block in read_blocks(path):
        yield block.compile()


def write_header(release: Release) -> dict[str, Any]:
    """Return what is known of a release beside its text, as JSON has it."""
    return {
        "id": release.id,
        "publisher": release.publisher,
        "country": release.country,
        "published": release.published and release.published.isoformat(),
        "phenomena": list(release.phenomena),
    }


def to_json(release: Release) -> dict[str, Any]:
    """Return a release as one JSON-serialisable line of the corpus format."""
    places = {mention: number for number, mention in enumerate(release.mentions)}
    figures = [
        {**figure._asdict(), "roles": [places[mention] for mention in figure.roles]}
        for figure in release.figures
    ]
    for row in figures:
        del row["probability"]
    return {
        **write_header(release),
        "text": release.text,
        "spans": [mention._asdict() for mention in release.mentions],
        "figures": figures,
    }


def from_json(line: dict[str, Any]) -> Release:
    """Read one line of the corpus format."""
    mentions = tuple(Mention(**span) for span in line["spans"])
    figures = tuple(
        Figure(**{**row, "roles": tuple(mentions[number] for number in row["roles"])})
        for row in line["figures"]
    )
    return Release(
        id=line["id"],
        text=line["text"],
        mentions=mentions,
        figures=figures,
        publisher=line["publisher"],
        country=line["country"],
        published=date.fromisoformat(line["published"]) if line["published"] else None,
        phenomena=tuple(line["phenomena"]),
    )


def read_releases(path: Path) -> list[Release]:
    """Read a JSONL file, a markup file, or a folder of them, in order of the names."""
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.suffix in (".md", ".jsonl"))
        return [release for file in files for release in read_releases(file)]
    if path.suffix == ".jsonl":
        return [from_json(line) for line in srsly.read_jsonl(path)]
    return list(read_markup(path))


def make_doc(nlp: Language, release: Release) -> Doc:
    """Make a Doc of a release with what the caller of a pipeline would know, not annotated."""
    return _set_context(nlp.make_doc(release.text), release)


def _set_context(doc: Doc, release: Release) -> Doc:
    doc._.published = release.published and release.published.isoformat()
    doc._.country = release.country
    return doc


def annotate(doc: Doc, release: Release) -> Doc:
    """Write a release's gold annotation on a Doc of its text: entities and figures."""
    spans = [align(doc, *mention) for mention in release.mentions]
    spans += [align(doc, figure.start, figure.end, AMOUNT) for figure in release.figures]
    doc.ents = tuple(filter_spans([span for span in spans if span is not None]))
    set_figures(doc, release.figures)
    return _set_context(doc, release)


def to_docs(releases: Iterable[Release], nlp: Language) -> Iterator[Doc]:
    """Make a gold Doc of each release with the pipeline's tokenizer."""
    for release in releases:
        yield annotate(nlp.make_doc(release.text), release)


@spacy.registry.readers("iipnlp.Releases.v1")
def make_release_reader(
    path: str | Path, augmenter: Callable[[Language, Example], Iterator[Example]] | None = None
) -> Callable[[Language], Iterator[Example]]:
    """Return a reader of training examples: what `[corpora.*]` of a config calls.

    With an augmenter every round comes in another order, as in training without end; spaCy seeds
    `random` from the config.
    """
    releases: list[Release] = []

    def read(nlp: Language) -> Iterator[Example]:
        if not releases:
            releases.extend(read_releases(Path(path)))
        if augmenter is not None:
            random.shuffle(releases)
        yield from make_examples(nlp, releases, augmenter)

    return read


def make_examples(
    nlp: Language,
    releases: Iterable[Release],
    augmenter: Callable[[Language, Example], Iterator[Example]] | None,
) -> Iterator[Example]:
    """Yield the training examples of releases, rewritten where there is an augmenter."""
    for gold in to_docs(releases, nlp):
        example = make_example(nlp, gold)
        yield from augmenter(nlp, example) if augmenter else [example]


def make_example(nlp: Language, gold: Doc) -> Example:
    """Pair a gold Doc with one that knows what the caller of a pipeline would know."""
    predicted = nlp.make_doc(gold.text)
    predicted._.published, predicted._.country = gold._.published, gold._.country
    return Example(predicted, gold)
