"""brat's standoff: a folder of texts (`.txt`) with annotations (`.ann`) and the configuration."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote

from iipnlp.annotations import AMOUNT, LABELS
from iipnlp.converters.spans import (
    CHOICES,
    FLAGS,
    HOST,
    ConversionError,
    Json,
    Link,
    Span,
    Task,
    put_together,
    read_attributes,
    read_header,
    take_apart,
)
from iipnlp.releases import Release, write_header

CONFIGURATION = "annotation.conf"
HEADERS = "releases.json"  # what brat has no place for; it leaves other files alone

_LINE_PART = re.compile(r"[^\r\n]+")
_SPAN = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t.*)?")
_RELATION = re.compile(r"R\d+\t(\S+) Arg1:(\S+) Arg2:(\S+)\s*")
_ATTRIBUTE = re.compile(r"[AM]\d+\t(\S+) (\S+)(?: (\S+))?\s*")


def write_configuration() -> str:
    """Return the `annotation.conf` that the annotations need."""
    relations = [f"{label} Arg1:{AMOUNT}, Arg2:{label}" for label in LABELS]
    attributes = [
        f"{name} Arg:{AMOUNT}, Value:{'|'.join(values)}" for name, values in CHOICES.items()
    ]
    sections = {
        "entities": [*LABELS, AMOUNT],
        "relations": [*relations, f"{HOST} Arg1:{AMOUNT}, Arg2:{AMOUNT}"],
        "events": [],
        "attributes": [*attributes, *(f"{name} Arg:{AMOUNT}" for name in FLAGS)],
    }
    return "\n".join("\n".join([f"[{name}]", *lines, ""]) for name, lines in sections.items())


def write_releases(folder: Path, releases: Iterable[Release], *, draft: bool) -> None:
    """Write a folder; brat takes an annotation by a person and a draft alike."""
    folder.mkdir(parents=True, exist_ok=True)
    headers = {}
    for release in releases:
        name = quote(release.id, safe=" ")
        headers[name] = write_header(release)
        (folder / f"{name}.txt").write_bytes(release.text.encode("utf-8"))
        lines = [line + "\n" for line in _write_lines(release)]
        (folder / f"{name}.ann").write_text("".join(lines), "utf-8", newline="")
    (folder / HEADERS).write_text(json.dumps(headers, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (folder / CONFIGURATION).write_text(write_configuration(), "utf-8")


def _write_lines(release: Release) -> Iterator[str]:
    spans, links = take_apart(release)
    for span in spans:
        yield _write_span(span, release.text)
    chosen = [(span.key, *choice) for span in spans for choice in span.attributes.items()]
    for number, (key, name, value) in enumerate(chosen, start=1):
        yield f"A{number}\t{name} {key}" + ("" if value is True else f" {value}")
    for number, (head, child, label) in enumerate(links, start=1):
        yield f"R{number}\t{label} Arg1:{head} Arg2:{child}"


def _write_span(span: Span, text: str) -> str:
    """Return the line of a span, which brat has in several parts where it goes over a line end."""
    start, end = span.value[:2]
    parts = [match.span() for match in _LINE_PART.finditer(text, start, end)] or [(start, end)]
    parts[0] = start, parts[0][1]
    parts[-1] = parts[-1][0], end
    places = ";".join(f"{first} {last}" for first, last in parts)
    words = " ".join(re.sub(r"[\r\n\t]", " ", text[first:last]) for first, last in parts)
    return f"{span.key}\t{span.kind} {places}\t{words}"


def find_releases(folder: Path) -> Iterator[Task]:
    """Yield the annotated texts of a folder, in the order in which they were written."""
    listed = folder / HEADERS
    headers = json.loads(listed.read_text("utf-8")) if listed.exists() else {}
    found = {file.stem: file for file in sorted(folder.glob("*.txt"))}
    if not found:
        raise ConversionError("no .txt file in it; name brat's folder of texts")
    for number, name in enumerate([*filter(found.__contains__, headers), *found], start=1):
        if name in found:
            file = found.pop(name)
            header = {"id": unquote(name), **headers.get(name, {})}
            yield f"{name}.ann", partial(_read_text, file, read_header(header, number, folder))


def _read_text(file: Path, header: Json) -> Release:
    text = file.read_bytes().decode("utf-8")
    lines = file.with_suffix(".ann").read_text("utf-8").split("\n")
    found: dict[str, tuple[int, int, str]] = {}
    attributes: dict[str, Json] = {}
    links = []
    for line in lines:
        if match := _SPAN.fullmatch(line):
            found[match[1]] = (*_join(match[1], match[3], text), match[2])
        elif match := _ATTRIBUTE.fullmatch(line):
            attributes.setdefault(match[2], {})[match[1]] = match[3] or True
        elif match := _RELATION.fullmatch(line):
            links.append(Link(match[2], match[3], match[1]))
    spans = [read_attributes(key, *span, attributes.get(key, {})) for key, span in found.items()]
    return put_together(header, text, spans, links)


def _join(key: str, places: str, text: str) -> tuple[int, int]:
    """Join the parts of a span, between which there may be nothing but white space."""
    edges = [int(edge) for edge in re.findall(r"\d+", places)]
    for end, start in zip(edges[1::2], edges[2::2], strict=False):
        if text[end:start].strip():
            raise ConversionError(f"the span {key} has a gap ({places}); mark it in one piece")
    return edges[0], edges[-1]
