"""Annotated releases to and from the files of annotation tools, with all that they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from iipnlp.converters import brat, doccano, label_studio, prodigy
from iipnlp.converters.spans import ConversionError
from iipnlp.releases import Release

TOOLS = {
    "prodigy": prodigy,
    "label-studio": label_studio,
    "doccano": doccano,
    "brat": brat,
}
Result = TypeVar("Result")
_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, IndexError)


def read_tool(tool: str, path: Path) -> Iterator[Release]:
    """Read what people have annotated with a tool; what they have not, or rejected, is left out."""
    find = TOOLS[tool].find_releases
    for place, read in _guard(str(path), lambda: list(find(path))):
        release = _guard(f"{path}: {place}", read)
        if release is not None:
            yield release


def _guard(place: str, read: Callable[[], Result]) -> Result:
    """Say where it was that something could not be read."""
    try:
        return read()
    except _MALFORMED as error:
        reason = f"no {error} in it" if isinstance(error, KeyError) else error
        raise ConversionError(f"{place}: {reason}") from error


def write_tool(tool: str, path: Path, releases: Iterable[Release], *, draft: bool) -> None:
    """Write releases for a tool, as annotated or as a `draft` for annotators to start from."""
    TOOLS[tool].write_releases(path, releases, draft=draft)
