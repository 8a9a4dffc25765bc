"""Prodigy's relations: JSONL with tokens, spans, and relations between the last tokens of spans."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path

from iipnlp.converters.spans import (
    Json,
    Link,
    Span,
    Task,
    find_lines,
    put_together,
    read_header,
    read_span,
    take_apart,
    write_lines,
)
from iipnlp.releases import Release, write_header

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


def write_releases(file: Path, releases: Iterable[Release], *, draft: bool) -> None:
    """Write tasks; those that a person has annotated are accepted."""
    answer = {} if draft else {"answer": "accept"}
    write_lines(file, ({**_write_task(release), **answer} for release in releases))


def _write_task(release: Release) -> Json:
    spans, links = take_apart(release)
    tokens = _tokenize(release.text, {edge for span in spans for edge in span.value[:2]})
    starts = [token["start"] for token in tokens]
    rows = {span.key: _write_span(span, starts) for span in spans}
    relations = [
        {
            "head": rows[head]["token_end"],
            "child": rows[child]["token_end"],
            "label": label,
            "head_span": rows[head],
            "child_span": rows[child],
        }
        for head, child, label in links
    ]
    return {
        "text": release.text,
        "meta": write_header(release),
        "tokens": tokens,
        "spans": list(rows.values()),
        "relations": relations,
    }


def _write_span(span: Span, starts: list[int]) -> Json:
    start, end = span.value[:2]
    return {
        "start": start,
        "end": end,
        "token_start": bisect_left(starts, start),
        "token_end": bisect_left(starts, end) - 1,
        "label": span.label,
    }


def _tokenize(text: str, edges: set[int]) -> list[Json]:
    """Cut a text into words, marks and white space, and wherever a span has its edge.

    A blank after a token belongs to it (`ws`) unless a span starts or ends with that blank.
    """
    cuts = edges | {edge for match in _TOKEN.finditer(text) for edge in match.span()}
    bounds = sorted(cuts | {at + 1 for at in cuts if text[at : at + 1] == " "})
    tokens: list[Json] = []
    for start, end in zip(bounds, bounds[1:], strict=False):
        words = text[start:end]
        if words == " " and tokens and not tokens[-1]["ws"] and not {start, end} & edges:
            tokens[-1]["ws"] = True
        else:
            row = {"text": words, "start": start, "end": end, "id": len(tokens), "ws": False}
            tokens.append(row)
    return tokens


def find_releases(file: Path) -> Iterator[Task]:
    """Yield the tasks."""
    return find_lines(file, _read_task)


def _read_task(task: Json, number: int, file: Path) -> Release | None:
    if task.get("answer") != "accept":
        return None
    rows = {f"{row['start']}:{row['end']}": row for row in task.get("spans", [])}
    spans = [read_span(key, row["start"], row["end"], row["label"]) for key, row in rows.items()]
    by_token = {row["token_end"]: key for key, row in rows.items() if "token_end" in row}
    links = [
        Link(_find_end(row, "head", by_token), _find_end(row, "child", by_token), row["label"])
        for row in task.get("relations", [])
    ]
    header = read_header(task.get("meta", {}), number, file)
    return put_together(header, task["text"], spans, links)


def _find_end(relation: Json, side: str, by_token: dict[int, str]) -> str:
    span = relation.get(f"{side}_span")
    if span:
        return f"{span['start']}:{span['end']}"
    return by_token.get(relation[side], f"token {relation[side]}")
