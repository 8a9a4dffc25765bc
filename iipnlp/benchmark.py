"""Speed: extraction beside the tagger, the command beside a load, and each reader alone."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from iipnlp.baselines import read_baseline
from iipnlp.extraction import DEFAULT, SHIPPED, extract, load
from iipnlp.indicators import read_indicator
from iipnlp.industries import read_industry
from iipnlp.percentages import read_percentage
from iipnlp.periods import Period, read_period

if TYPE_CHECKING:
    from spacy.language import Language

ROUNDS = 5
TAGGER = ("encoder", "iip_entities")

# What is put together to mentions that are all different.
_MONTHS = "January February March April May June July August September October November".split()
_YEARS = range(1990, 2030)
_DATED = ("{0} {1}", "January-{0} {1}", "the three months to {0} {1}", "as of 1 {0} {1}")
_COMPARED = ("the level of {0} {1}", "the same month of {1}, {0}", "its {0} {1} average")
_AMOUNTS = ("{}%", "-{} per cent", "{} percentage points", "between {0} and 1{0} pct")
_MEASURED = (
    "production output turnover sales exports imports orders stocks prices shipments".split()
)
_MEASURES = ("{0} of {1}", "the volume of {0} of {1}", "{1} {0}", "total {1} {0} growth")
_GOODS = """food products;beverages;tobacco;textiles;wearing apparel;leather;wood;paper;coke;cement
    chemicals;pharmaceuticals;rubber and plastics;steel;metal products;electronics;machinery
    motor vehicles;ships and boats;furniture;toys;coal;crude oil;metal ores;electricity;water
    """.replace("\n", ";").split(";")
_BRANCHES = ("production of {0}", "the {0} industry", "{0} manufacturing", "{0} and {1}")


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


def write_mentions() -> dict[Callable[[str], object], list[str]]:
    """Return for each reader mentions that are all different."""
    goods = [good.strip() for good in _GOODS if good.strip()]
    november = Period.from_sdmx("2029-11")
    return {
        read_period: [*_fill(_DATED, _MONTHS, _YEARS)],
        partial(read_baseline, period=november): [*_fill(_COMPARED, _MONTHS, _YEARS)],
        read_percentage: [*_fill(_AMOUNTS, [n / 10 for n in range(1, 400)])],
        read_indicator: [*_fill(_MEASURES, _MEASURED, goods)],
        read_industry: [*dict.fromkeys(_fill(_BRANCHES, goods, goods))],
    }


def measure_readers() -> dict[str, float]:
    """Return mentions a second of each reader, on one core and with nothing cached; medians."""
    speeds = {}
    for reader, mentions in write_mentions().items():
        function = reader.func if isinstance(reader, partial) else reader
        speeds[function.__name__] = len(mentions) / _time(partial(_read_all, reader, mentions))
    return speeds


def _fill(forms: tuple[str, ...], *words: Iterable[object]) -> Iterator[str]:
    return (form.format(*filled) for form in forms for filled in product(*words))


def _read_all(reader: Callable[[str], object], mentions: list[str]) -> None:
    for mention in mentions:
        reader(mention)


def measure_start(file: Path) -> tuple[float, float]:
    """Return the seconds of loading spaCy and the pipeline, and of the command on one release."""
    bare = f"import spacy; spacy.load({str(SHIPPED[DEFAULT])!r})"
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
    """Measure how fast the shipped pipelines read, and how long the command takes to start."""
    texts = [file.read_bytes().decode("utf-8") for file in files]
    for name in SHIPPED:
        tagger, whole = measure_speed(load(name), texts)
        typer.echo(f"{name + ', tagger alone':21s} {tagger:8,.0f} words/s")
        typer.echo(f"{name + ', whole':21s} {whole:8,.0f} words/s  ratio {whole / tagger:.2f}")
    bare, command = measure_start(files[0])
    typer.echo(f"import and load       {bare:8.2f} s")
    typer.echo(f"iipnlp extract        {command:8.2f} s        ratio {command / bare:.2f}")
    for reader, speed in measure_readers().items():
        typer.echo(f"{reader:21s} {speed:8,.0f} mentions/s")
