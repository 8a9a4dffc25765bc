"""doccano's relation extraction: JSONL with entities and relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from iipnlp.converters.spans import (
    Json,
    Link,
    Task,
    find_lines,
    put_together,
    read_header,
    read_span,
    take_apart,
    write_lines,
)
from iipnlp.releases import Release, write_header


def write_releases(file: Path, releases: Iterable[Release], *, draft: bool) -> None:
    """Write documents; doccano takes an annotation by a person and a draft alike."""
    write_lines(file, map(_write_document, releases))


def _write_document(release: Release) -> Json:
    spans, links = take_apart(release)
    # doccano numbers documents, entities and relations itself, so the id goes by another name.
    header = write_header(release)
    return {
        "text": release.text,
        "release": header.pop("id"),
        **header,
        "entities": [
            {
                "id": int(span.key[1:]),
                "label": span.label,
                "start_offset": span.value.start,
                "end_offset": span.value.end,
            }
            for span in spans
        ],
        "relations": [
            {
                "id": n,
                "from_id": int(link.head[1:]),
                "to_id": int(link.child[1:]),
                "type": link.label,
            }
            for n, link in enumerate(links, start=1)
        ],
    }


def find_releases(file: Path) -> Iterator[Task]:
    """Yield the documents."""
    return find_lines(file, _read_document)


def _read_document(document: Json, number: int, file: Path) -> Release:
    header = {**document, "id": document.get("release")}
    spans = [
        read_span(str(row["id"]), row["start_offset"], row["end_offset"], row["label"])
        for row in document.get("entities", [])
    ]
    links = [
        Link(str(row["from_id"]), str(row["to_id"]), row["type"])
        for row in document.get("relations", [])
    ]
    return put_together(read_header(header, number, file), document["text"], spans, links)
