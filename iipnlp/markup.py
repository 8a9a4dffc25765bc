"""Releases to inline markup: the inverse of compiling, as the corpus guideline defines it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from iipnlp.annotations import Figure, Mention
from iipnlp.releases import (
    ADJUSTMENT,
    KINDS,
    LETTERS,
    SHIFTS,
    SIGNS,
    STATUS,
    MarkupError,
    Release,
    read_markup,
)

_LETTER = {label: letter for letter, label in LETTERS.items()}
_SIGN = {direction: sign for sign, direction in SIGNS.items()}
_KIND = {kind: token for token, kind in KINDS.items()}
_STATUS = {status: token for token, status in STATUS.items()}
_ADJUSTMENT = {adjustment: token for token, adjustment in ADJUSTMENT.items()}
_SHIFT = {shift: token for token, shift in SHIFTS.items()}
_FLAGS = {"ann": "annualized", "apx": "approximate", "opt": "optional"}
_CONTRIBUTION = "c"


def write_choices(figure: Figure) -> list[str]:
    """Return the tokens of what is chosen for a figure, apart from its roles and its host."""
    measure = _CONTRIBUTION if figure.measure == "contribution" else ""
    return [
        measure + _SIGN[figure.direction],
        *([_SHIFT[figure.shift]] if figure.shift else []),
        _KIND[figure.baseline],
        *([_STATUS[figure.status]] if figure.status != "actual" else []),
        *([_ADJUSTMENT[figure.adjustment]] if figure.adjustment else []),
        *(token for token, name in _FLAGS.items() if getattr(figure, name)),
    ]


def read_choices(tokens: Iterable[str]) -> dict[str, Any]:
    """Read what `write_choices` wrote; raise `ValueError` at a token that is none of them."""
    sign, *rest = tokens or [""]
    if sign.removeprefix(_CONTRIBUTION) not in SIGNS:
        raise ValueError(f"{sign!r} is no direction; begin with one of + - = c+ c- c=")
    choices: dict[str, Any] = {
        "measure": "contribution" if sign.startswith(_CONTRIBUTION) else "change",
        "direction": SIGNS[sign.removeprefix(_CONTRIBUTION)],
    }
    for token in rest:
        choices |= _read_choice(token)
    return choices


def _read_choice(token: str) -> dict[str, Any]:
    if token in _FLAGS:
        return {_FLAGS[token]: True}
    tables: dict[str, Mapping[str, Any]] = {
        "shift": SHIFTS,
        "baseline": KINDS,
        "status": STATUS,
        "adjustment": ADJUSTMENT,
    }
    for name, table in tables.items():
        if token in table:
            return {name: table[token]}
    raise ValueError(f"{token!r} is no token of a figure; see the corpus guideline")


def mark_text(release: Release) -> str:
    """Return the text of a release with its mentions and figures marked.

    Raises `MarkupError` where marks would overlap or a bracket is in the way.
    """
    marks = sorted([*_mark_mentions(release), *_mark_figures(release)])
    for (start, end, _), (next_start, next_end, _) in pairwise(marks):
        if next_start < end:
            both = release.text[start:end], release.text[next_start:next_end]
            raise _fault(release, f"{both[0]!r} and {both[1]!r} at {start} overlap; drop one")
    parts, last = [], 0
    for start, end, tokens in marks:
        before, words = release.text[last:start], release.text[start:end]
        if "[" in words or "]" in words or before.endswith("\\"):
            raise _fault(release, f"{words!r} at {start} can't be marked beside a bracket or \\")
        parts.append(f"{_escape(before)}[{words}]({tokens})")
        last = end
    return "".join([*parts, _escape(release.text[last:])])


def _escape(text: str) -> str:
    return text.replace("[", r"\[")


def _fault(release: Release, what: str) -> MarkupError:
    return MarkupError(f"{release.id}: {what}")


def _mark_mentions(release: Release) -> Iterator[tuple[int, int, str]]:
    names = _name_mentions(release)
    for mention in release.mentions:
        yield mention.start, mention.end, names.get(mention, _LETTER[mention.label])


def _name_mentions(release: Release) -> dict[Mention, str]:
    """Number the mentions that a figure refers to, label by label, in order of the text."""
    used = sorted({mention for figure in release.figures for mention in figure.roles})
    names: dict[Mention, str] = {}
    for letter, label in LETTERS.items():
        having = [mention for mention in used if mention.label == label]
        names |= {mention: f"{letter}{n}" for n, mention in enumerate(having, start=1)}
    return names


def _mark_figures(release: Release) -> Iterator[tuple[int, int, str]]:
    names = _name_mentions(release)
    hosts = {figure.host for figure in release.figures}
    for place, figure in enumerate(release.figures):
        choices = write_choices(figure)
        tokens = [choices[0]]
        tokens += [f"#{place}"] if place in hosts else []
        tokens += [names[mention] for mention in figure.roles]
        if figure.host is not None:
            tokens += [f"^{figure.host}", *_cancel(figure, release.figures[figure.host])]
        yield figure.start, figure.end, " ".join([*tokens, *choices[1:]])


def _cancel(figure: Figure, host: Figure) -> Iterator[str]:
    """Yield the tokens that cancel what a figure would take over from its host."""
    own = {mention.label for mention in figure.roles}
    for label in sorted({mention.label for mention in host.roles} - own):
        if label == "PERIOD":
            if not figure.shift:  # which drops it as well
                yield "np"
        elif label != "BASELINE":  # the kind, which is always given, drops it
            yield f"!{_LETTER[label]}"
    if host.adjustment and not figure.adjustment:
        yield _ADJUSTMENT[None]
    if host.annualized and not figure.annualized:
        yield "!ann"


def write_block(release: Release) -> str:
    """Return a release as it stands in a markup file: header and marked text.

    Raises `MarkupError` where the markup can't say what the release holds.
    """
    fields: Mapping[str, object] = {
        "country": release.country,
        "published": release.published,
        "phenomena": " ".join(map(str, release.phenomena)),
    }
    header = [f"{name}: {value}" for name, value in fields.items() if value]
    return "\n".join([f"=== {release.id}", *header, "---", mark_text(release).rstrip("\n"), ""])


def write_markup(folder: Path, releases: Iterable[Release]) -> list[Path]:
    """Write a markup file for each publisher; each reads back as the same releases.

    Only the line breaks at the end of a text are settled: a markup file has one there.
    """
    publishers: dict[str, list[Release]] = {}
    for release in releases:
        publishers.setdefault(release.publisher, []).append(release)
    contents = {_name_file(name): _write_file(name, some) for name, some in publishers.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def _name_file(publisher: str) -> str:
    name = f"{publisher}.md"
    if not publisher or Path(name).name != name or Path(name).stem != publisher:
        raise MarkupError(f"the publisher {publisher!r} names no file; give it another name")
    return name


def _write_file(publisher: str, releases: list[Release]) -> bytes:
    """Return the content of a file, tried out first: a line of a text may look like a header."""
    content = "\n".join(map(write_block, releases)).encode("utf-8")
    with TemporaryDirectory() as folder:
        file = Path(folder, _name_file(publisher))
        file.write_bytes(content)
        found = {release.id: release for release in read_markup(file)}
    for release in releases:
        if found.get(release.id) != replace(release, text=release.text.rstrip("\n") + "\n"):
            raise _fault(release, "the markup can't hold it as it is; keep it as JSONL")
    return content
