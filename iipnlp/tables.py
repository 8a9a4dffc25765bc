"""What a report shows as text: tables for a terminal and in Markdown, statements in a line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from iipnlp.statement import DIMENSIONS

_LONGEST_NAME = 36
_BRIEF_KEYS = ("indicator", "measure", "status", "baseline")
_UNPRINTABLE = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#&])")


class Table(NamedTuple):
    """Rows of cells; the first column holds names, the others numbers."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def lay_out(table: Table) -> str:
    """Return a table in aligned columns under its title."""
    lines = [table.head, *table.rows]
    lines = [(_shorten(one_line(name)), *numbers) for name, *numbers in lines]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    text = [
        "  ".join([name.ljust(widths[0]), *map(str.rjust, numbers, widths[1:])]).rstrip()
        for name, *numbers in lines
    ]
    return "\n".join([table.title, *(f"  {line}" for line in text)])


def mark_up(table: Table, *, numbers: bool = True) -> str:
    """Return a table in Markdown, numbers on the right."""
    rule = [":--", *["--:" if numbers else ":--"] * (len(table.head) - 1)]
    lines = [table.head, tuple(rule), *(tuple(map(escape, row)) for row in table.rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def escape(text: str) -> str:
    """Return words from outside as Markdown that shows them."""
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def describe_row(row: Mapping[str, Any] | None) -> str:
    """Return a statement, gold or found, in a line of text; a dash for none."""
    if row is None:
        return "-"
    ends = [row.get("value_low"), row.get("value_high")]
    numbers = [row["value"]] if None in ends else ends
    value = " to ".join(f"{number:+g}" if number else "0" for number in numbers)
    unit = "pp" if row.get("unit") == "percentage_points" else "%"
    names = [f"{key}: {row[key]}" for key in DIMENSIONS if row.get(key)]
    period = f"{row.get('period_start') or '?'}..{row.get('period_end') or '?'}"
    rest = [str(row[key]) for key in _BRIEF_KEYS if row.get(key) not in (None, "change", "actual")]
    return one_line("; ".join([f"{value} {unit}", *names, period, *rest]))


def one_line(text: str) -> str:
    """Take out line breaks and what would steer a terminal."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def _shorten(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
