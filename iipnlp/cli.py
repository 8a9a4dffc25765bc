"""The command line: thin wrappers over the library, and the only place that prints."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from typer.core import TyperGroup

from iipnlp import __version__, corpus
from iipnlp.benchmark import benchmark_cli
from iipnlp.extraction import DEFAULT, extract_many
from iipnlp.report import evaluate_cli
from iipnlp.sources import STDIN, SourceError, find_sources, read_source
from iipnlp.statement import KEYS, IipnlpError, Statement, Statements, describe
from iipnlp.training import train_cli

LONG_WORK = 200_000  # bytes of input from which progress is shown

_COLORS = {"increase": "green", "decrease": "red", "unchanged": "yellow"}
_GAP = "  "
# What a column of the table may be shortened to; those not named are never shortened. Where even
# that is too wide, columns go from the right.
_LEAST_WIDTHS = {"notes": 8, "indicator": 10, "subject": 14, "baseline": 8}
_LEAST_TEXT = 24

Write = Callable[[str, Statements], None]


class Format(str, Enum):
    """The forms in which statements are printed."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


class _Group(TyperGroup):
    """Turns the library's errors, and those of the disk, into one line and exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except IipnlpError as error:
            _complain(str(error))
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of a pipe has had enough: no error
                raise
            _complain(f"{error.filename or 'output'}: {error.strerror or error}")
        raise typer.Exit(2)


app = typer.Typer(
    cls=_Group, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


def _complain(message: str) -> None:
    typer.echo(f"iipnlp: {' '.join(message.split())}", err=True)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"iipnlp {__version__}")
        raise typer.Exit


@app.callback()
def _iipnlp(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Statistical releases in, structured statements of change out."""


app.command("train", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(
    train_cli
)
app.command("evaluate")(evaluate_cli)
app.command("benchmark")(benchmark_cli)
app.add_typer(corpus.app, name="corpus")


@app.command("schema")
def schema_cli() -> None:
    """Print the JSON schema of a statement."""
    typer.echo(json.dumps(Statement.schema(), indent=2, ensure_ascii=False))


@app.command("extract")
def extract_cli(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            show_default=False,
            help="Text files in UTF-8, folders (their .txt, .text and .md files), - for stdin.",
        ),
    ],
    published: Annotated[
        str | None, typer.Option(help="Day of publication, such as 2025-12-06.")
    ] = None,
    country: Annotated[
        str | None, typer.Option(help="Country of the releases, ISO 3166-1 alpha-2.")
    ] = None,
    format: Annotated[Format, typer.Option(help="Form of the output.")] = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write instead of stdout.")
    ] = None,
    model: Annotated[
        str, typer.Option(help="'fast' for bulk work; folder or package of another pipeline.")
    ] = DEFAULT,
) -> None:
    """Print the statements of releases.

    The exit code is 0 when every file was read, 1 when some were not, 2 when none was or the
    command is wrong.
    """
    sources, problems = find_sources(files)
    for problem in problems:
        _complain(problem)
    _keep_inputs(sources, output)
    reader = _Reader(sources)
    with _progress(sources, output) as progress:
        # Loads the model and checks the options: only then is an older output overwritten.
        found = extract_many(
            reader,
            published=published,
            country=country,
            model=model,
            as_tuples=True,
            progress=progress,
        )
        with _open_output(output, format) as stream:
            write = make_writer(format, stream, several=len(sources) > 1)
            for statements, source in found:
                write(source, statements)
    if problems or reader.failed:
        raise typer.Exit(1 if reader.read else 2)


# --- Input ----------------------------------------------------------------------------------------


def _keep_inputs(sources: list[str], output: Path | None) -> None:
    """Refuse what there is nothing to do for, and an output that is one of the inputs."""
    if not sources:
        raise typer.Exit(2)
    if output is not None and output.exists():
        for source in sources:
            if source != STDIN and output.samefile(source):
                raise SourceError(f"{source} is to be read; write the output to another file")


class _Reader:
    """Reads sources one by one as they are asked for, and counts those that can't be read."""

    def __init__(self, sources: list[str]) -> None:
        self.sources = sources
        self.read = self.failed = 0

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for source in self.sources:
            try:
                text = read_source(source)
            except SourceError as error:
                _complain(str(error))
                self.failed += 1
                continue
            self.read += 1
            yield text, source


# --- Output ---------------------------------------------------------------------------------------


@contextmanager
def _open_output(path: Path | None, format: Format) -> Iterator[TextIO]:
    """Open the output; a file name that is no valid Unicode is escaped as JSON does it."""
    if path is not None:
        with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            yield stream
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = None if format is Format.TABLE else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace", newline="")
    yield sys.stdout
    sys.stdout.flush()


@contextmanager
def _progress(sources: list[str], output: Path | None) -> Iterator[Callable[[int], None] | None]:
    """Show a bar on stderr where the work is long, someone looks on, and nothing else is there."""
    printing = output is None and sys.stdout.isatty()
    size = sum(os.path.getsize(source) for source in sources if os.path.isfile(source))
    if size < LONG_WORK or printing or not sys.stderr.isatty():
        yield None
        return
    with typer.progressbar(length=size, label="Reading", file=sys.stderr) as bar:
        yield bar.update


def make_writer(format: Format, stream: TextIO, *, several: bool) -> Write:
    """Return a function that writes the statements of one source, the only one or of `several`."""
    if format is Format.JSONL:
        return lambda source, statements: _write_jsonl(stream, source, statements)
    if format is Format.CSV:
        rows = csv.writer(stream)
        rows.writerow(["source", *KEYS])
        return lambda source, statements: rows.writerows(
            [source, *map(_csv_cell, row.values())] for row in statements.to_dicts()
        )
    return _make_table_writer(stream, several=several)


def _write_jsonl(stream: TextIO, source: str, statements: Statements) -> None:
    for row in statements.to_dicts():
        stream.write(json.dumps({"source": source, **row}, ensure_ascii=False) + "\n")


def _csv_cell(value: Any) -> Any:
    """Return a value as JSON has it, but words bare, and nothing for null."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _make_table_writer(stream: TextIO, *, several: bool) -> Write:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, soft_wrap=True)
    blank = False

    def write(source: str, statements: Statements) -> None:
        nonlocal blank
        if blank:
            console.print()
        blank = True
        if several:
            console.print(Text(source, style="bold"))
        if not statements:
            console.print(Text("no statements", style="dim"))
            return
        head, *lines = lay_out([describe(statement) for statement in statements], console.width)
        console.print(Text(head, style="bold"))
        for line, statement in zip(lines, statements, strict=True):
            text = Text(line)
            text.stylize(_COLORS[statement.direction], 0, head.index("value") + len("value"))
            console.print(text)

    return write


def lay_out(rows: list[dict[str, str]], width: int) -> list[str]:
    """Return the lines of a table no wider than `width`, the first the names of the columns."""
    from rich.cells import cell_len

    names = [name for name in rows[0] if name != "text" and any(row[name] for row in rows)]
    table = [{name: name for name in rows[0]}, *rows]
    widths = {name: max(cell_len(row[name]) for row in table) for name in names}
    room = width - sum(widths.values()) - len(_GAP) * (len(names) - 1)
    for name, least in _LEAST_WIDTHS.items():
        if room < 0 and name in widths and widths[name] > least:
            kept = max(least, widths[name] + room)
            room += widths[name] - kept
            widths[name] = kept
    while room < 0 and len(widths) > 1:
        room += widths.popitem()[1] + len(_GAP)
    if room >= _LEAST_TEXT + len(_GAP):
        widths["text"] = room - len(_GAP)
    return [
        _GAP.join(_fit(row[name], size, name == "value") for name, size in widths.items()).rstrip()
        for row in table
    ]


def _fit(cell: str, width: int, right: bool) -> str:
    """Bring a cell to a width on the screen, where some characters take two columns."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(cell) > width:
        return set_cell_size(cell, width - 1) + "…"
    return " " * (width - cell_len(cell)) + cell if right else set_cell_size(cell, width)
