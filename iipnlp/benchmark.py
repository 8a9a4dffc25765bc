"""Speed, as ratios within one run: extraction beside the tagger, the command beside a load."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from iipnlp.extraction import SHIPPED_MODEL, extract, load

if TYPE_CHECKING:
    from spacy.language import Language

ROUNDS = 5
TAGGER = ("encoder", "iip_entities")


def measure_speed(nlp: Language, texts: list[str]) -> tuple[float, float]:
    """Return words a second of the mention tagger alone, and of whole extraction; medians."""
    words = sum(len(text.split()) for text in texts)
    others = [name for name in nlp.pipe_names if name not in TAGGER]

    def tag() -> None:
        with nlp.select_pipes(disable=others):
            for text in texts:
                nlp(text)

    def read() -> None:
        for text in texts:
            extract(text, model=nlp)

    return words / _time(tag), words / _time(read)


def measure_start(file: Path) -> tuple[float, float]:
    """Return the seconds of loading spaCy and the pipeline, and of the command on one release."""
    bare = f"import spacy; spacy.load({str(SHIPPED_MODEL)!r})"
    command = "from iipnlp.cli import app; app()"
    return (
        _time(lambda: _run("-c", bare)),
        _time(lambda: _run("-c", command, "extract", str(file))),
    )


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def _time(work: Callable[[], None]) -> float:
    work()
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return statistics.median(times)


def benchmark_cli(
    files: Annotated[list[Path], typer.Argument(help="Text files in UTF-8.", exists=True)],
) -> None:
    """Measure how fast the shipped pipeline reads, and how long the command takes to start."""
    texts = [file.read_bytes().decode("utf-8") for file in files]
    tagger, whole = measure_speed(load(), texts)
    bare, command = measure_start(files[0])
    typer.echo(f"mention tagger alone  {tagger:8,.0f} words/s")
    typer.echo(f"whole extraction      {whole:8,.0f} words/s  ratio {whole / tagger:.2f}")
    typer.echo(f"import and load       {bare:8.2f} s")
    typer.echo(f"iipnlp extract        {command:8.2f} s        ratio {command / bare:.2f}")
