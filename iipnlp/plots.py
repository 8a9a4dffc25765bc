"""Plots as SVG, for a page that stands alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

_LEFT, _BAR, _GAP, _WIDTH, _RIGHT = 150, 16, 8, 240, 110
_SIDE, _EDGE = 240, 40


class Bar(NamedTuple):
    """A share from 0 to 1 with its name, the words beside it, and the interval if there is one."""

    name: str
    score: float
    note: str = ""
    interval: tuple[float, float] | None = None


def draw_bars(title: str, bars: Sequence[Bar]) -> str:
    """Return a bar for each share, its interval a line across the end."""
    parts = []
    for place, bar in enumerate(bars):
        top = place * (_BAR + _GAP) + _GAP
        middle = top + _BAR / 2
        parts.append(_text(_LEFT - 8, middle, bar.name[:22], "end"))
        width = bar.score * _WIDTH
        size = f'width="{width:.1f}" height="{_BAR}"'
        parts.append(f'<rect class="bar" x="{_LEFT}" y="{top}" {size}/>')
        if bar.interval:
            low, high = (_LEFT + end * _WIDTH for end in bar.interval)
            parts.append(f'<path class="interval" d="M{low:.1f} {middle}H{high:.1f}"/>')
        parts.append(_text(_LEFT + _WIDTH + 8, middle, bar.note, "start"))
    height = len(bars) * (_BAR + _GAP) + _GAP
    return _draw(title, _LEFT + _WIDTH + _RIGHT, height, parts)


def draw_curve(
    title: str,
    axes: tuple[str, str],
    points: Iterable[tuple[float, float]],
    *,
    diagonal: bool,
    notes: Sequence[str] = (),
) -> str:
    """Return a line through points from (0, 0) to (1, 1); with the diagonal, that of the ideal.

    Points with notes are drawn as dots, each with its note above it.
    """
    places = [(_EDGE + x * _SIDE, _EDGE / 2 + (1 - y) * _SIDE) for x, y in points]
    bottom = _EDGE / 2 + _SIDE
    parts = [f'<path class="axis" d="M{_EDGE} {_EDGE / 2}V{bottom}H{_EDGE + _SIDE}"/>']
    if diagonal:
        parts.append(f'<path class="ideal" d="M{_EDGE} {bottom}L{_EDGE + _SIDE} {_EDGE / 2}"/>')
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    parts.append(f'<polyline class="curve" points="{line}"/>')
    for (x, y), note in zip(places, notes, strict=False):
        parts.append(f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
        parts.append(_text(x, y - 10, note, "middle"))
    for at, mark in ((0, "0"), (0.5, "0.5"), (1, "1")):
        parts.append(_text(_EDGE + at * _SIDE, bottom + 12, mark, "middle"))
        parts.append(_text(_EDGE - 6, _EDGE / 2 + (1 - at) * _SIDE, mark, "end"))
    parts.append(_text(_EDGE + _SIDE / 2, bottom + 28, axes[0], "middle"))
    parts.append(_text(_EDGE + 4, _EDGE / 2 - 10, axes[1], "start"))
    return _draw(title, _SIDE + 2 * _EDGE, _SIDE + 2 * _EDGE, parts)


def _draw(title: str, width: float, height: float, parts: Iterable[str]) -> str:
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    return "".join(
        [f'<svg role="img" {size}>', f"<title>{escape(title)}</title>", *parts, "</svg>"]
    )


def _text(x: float, y: float, words: str, anchor: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" dominant-baseline="middle"'
    return f"<text {place}>{escape(words)}</text>"
