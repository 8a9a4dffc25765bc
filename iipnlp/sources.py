"""Texts to read: files, folders of them, standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from iipnlp.statement import IipnlpError

SUFFIXES = (".txt", ".text", ".md")
STDIN = "-"


class SourceError(IipnlpError):
    """A file that can't be read, or must not be written."""


def find_sources(files: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the files to read, those of folders sorted, and what is wrong with the rest."""
    sources: list[str] = []
    problems: list[str] = []
    for name in files:
        inside = sorted(_walk(name)) if os.path.isdir(name) else [name]
        if not inside:
            problems.append(f"{name}: no {', '.join(SUFFIXES)} file in this folder; name the files")
        elif inside == [name] and name != STDIN and not os.path.exists(name):
            problems.append(f"{name}: there is no such file")
        else:
            sources += inside
    return sources, problems


def _walk(folder: str) -> Iterator[str]:
    for parent, _, names in os.walk(folder):
        yield from (os.path.join(parent, name) for name in names if name.lower().endswith(SUFFIXES))


def read_source(source: str) -> str:
    """Return the text of a file, its line ends as they are."""
    try:
        data = sys.stdin.buffer.read() if source == STDIN else Path(source).read_bytes()
    except OSError as error:
        raise SourceError(f"{source}: {error.strerror or error}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 (byte {error.start}); convert it, as with: iconv -f LATIN1 -t UTF-8"
        raise SourceError(f"{source}: {reason}") from error
