"""A report as one HTML page that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import NamedTuple

from iipnlp.plots import Bar, draw_bars, draw_curve
from iipnlp.tables import Table, one_line

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --bar: #4878a8; --gold: #2a7; --found: #c63 }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
h1, h2, h3 { line-height: 1.2 } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line) }
.wide { overflow-x: auto } table { border-collapse: collapse; margin: .5rem 0 }
th, td { padding: .15rem .6rem; text-align: right; border-bottom: 1px solid var(--line) }
th:first-child, td:first-child { text-align: left }
.errors td, .errors th { text-align: left; vertical-align: top }
mark { background: #fd46; color: inherit }
.gold { color: var(--gold) } .found { color: var(--found) }
.plots { display: flex; flex-wrap: wrap; gap: 1.5rem } figure { margin: 0; overflow-x: auto }
figcaption { font-weight: 600 }
svg { font: 12px system-ui, sans-serif; fill: currentColor; max-width: 100%; height: auto }
.bar { fill: var(--bar); opacity: .8 } .interval, .curve { stroke: currentColor; fill: none }
.interval { stroke-width: 2 } .curve { stroke: var(--bar); stroke-width: 2 }
.axis, .ideal { stroke: var(--line); fill: none } .ideal { stroke-dasharray: 4 }
.point { fill: var(--bar) }
"""
_AROUND = 160  # characters shown on each side of an error


class Plot(NamedTuple):
    """A drawing with its heading."""

    title: str
    svg: str


class Error(NamedTuple):
    """An error as the page shows it: the words in their text, and both readings."""

    release: str
    kind: str
    text: str
    place: tuple[int, ...]
    gold: str
    found: str


class Section(NamedTuple):
    """What the page says of one corpus, or of all."""

    title: str
    note: str
    plots: list[Plot]
    tables: list[Table]
    errors: list[Error]


def plot_scores(title: str, bars: list[Bar]) -> Plot:
    """Return scores as bars."""
    return Plot(title, draw_bars(title, bars))


def plot_bars(title: str, counts: Mapping[str, int]) -> Plot:
    """Return counts as bars, the longest for the greatest."""
    most = max(1, *counts.values())
    bars = [Bar(name, number / most, f"{number:,}") for name, number in counts.items()]
    return plot_scores(title, bars)


def plot_reliability(points: Iterable[tuple[float, float]], sizes: Iterable[int]) -> Plot:
    """Return the accuracy at each confidence, with the number of statements that it rests on."""
    title, axes = "Reliability", ("confidence (numbers: statements)", "strictly right")
    svg = draw_curve(title, axes, points, diagonal=True, notes=[f"{size:,}" for size in sizes])
    return Plot(title, svg)


def plot_risk(points: Iterable[tuple[float, float]]) -> Plot:
    """Return the risk at each coverage."""
    title = "Risk and coverage"
    return Plot(title, draw_curve(title, ("coverage", "risk"), points, diagonal=False))


def build_page(title: str, sections: Iterable[Section]) -> str:
    """Return the page; all words from outside are escaped."""
    body = "".join(part for section in sections for part in _write_section(section))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_show(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{_show(title)}</h1>{body}</body></html>\n"
    )


def _write_section(section: Section) -> Iterator[str]:
    yield f"<h2>{_show(section.title)}</h2><p>{_show(section.note)}</p>"
    if section.plots:
        plots = (
            f"<figure><figcaption>{_show(title)}</figcaption>{svg}</figure>"
            for title, svg in section.plots
        )
        yield f'<div class="plots">{"".join(plots)}</div>'
    yield from map(_write_table, section.tables)
    kinds: dict[str, list[Error]] = {}
    for error in section.errors:
        kinds.setdefault(error.kind, []).append(error)
    for kind, errors in sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0])):
        yield f"<details><summary>{_show(kind)}: {len(errors)}</summary>"
        head = "".join(f"<th>{name}</th>" for name in ("release", "text", "gold and found"))
        yield f'<div class="wide"><table class="errors"><tr>{head}</tr>'
        yield from map(_write_error, errors)
        yield "</table></div></details>"


def _write_table(table: Table) -> str:
    head = "".join(f"<th>{_show(name)}</th>" for name in table.head)
    rows = ("".join(f"<td>{_show(cell)}</td>" for cell in row) for row in table.rows)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f'<h3>{_show(table.title)}</h3><div class="wide"><table><tr>{head}</tr>{body}</table></div>'
    )


def _write_error(error: Error) -> str:
    start, end = error.place
    before, words, after = error.text[:start], error.text[start:end], error.text[end:]
    before = re.sub(r"^\S*\s", "… ", before[-_AROUND:]) if len(before) > _AROUND else before
    after = re.sub(r"\s\S*$", " …", after[:_AROUND]) if len(after) > _AROUND else after
    quoted = f"{_show(before, strip=False)}<mark>{_show(words)}</mark>{_show(after, strip=False)}"
    return (
        f"<tr><td>{_show(error.release)}</td><td>{quoted}</td>"
        f'<td><span class="gold">gold</span> {_show(error.gold)}<br>'
        f'<span class="found">found</span> {_show(error.found)}</td></tr>'
    )


def _show(words: str, *, strip: bool = True) -> str:
    """Return words from outside on one line, escaped; with the blanks at their edges if asked."""
    line = one_line(words)
    if not strip:
        line = f"{' ' * words[:1].isspace()}{line}{' ' * words[-1:].isspace()}"
    return escape(line)
