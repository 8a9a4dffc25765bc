"""The corpus commands: check, count, convert, split and compare annotated releases."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from iipnlp.extraction import DEFAULT, check_context
from iipnlp.percentages import read_percentage
from iipnlp.phenomena import PHENOMENA, name_phenomenon
from iipnlp.sources import find_sources, read_source
from iipnlp.statement import IipnlpError
from iipnlp.tables import lay_out

if TYPE_CHECKING:  # imports spaCy, which takes seconds; the commands do so when they run
    from iipnlp.releases import Release

_WHOLE = ("releases", "publishers", "words", "figures", "statements")

app = typer.Typer(
    no_args_is_help=True, help="Check, count, convert and compare annotated releases."
)


class Form(str, Enum):
    """The forms of annotated releases: ours, and those of annotation tools."""

    MARKUP = "markup"
    JSONL = "jsonl"
    PRODIGY = "prodigy"
    LABEL_STUDIO = "label-studio"
    DOCCANO = "doccano"
    BRAT = "brat"


class CorpusPathError(IipnlpError, ValueError):
    """A path without annotated releases."""


def find_files(path: Path) -> list[Path]:
    """Return the markup and JSONL files of a path, sorted; raise where there are none."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    found = [file for file in files if file.suffix in (".md", ".jsonl") and file.is_file()]
    if not found:
        raise CorpusPathError(f"{path}: no .md or .jsonl file there; name a corpus file or folder")
    return found


class _Read(NamedTuple):
    """A release and the line it starts at, or the faults for which it can't be read, with lines.

    `text_line` is where the text starts, or 0 in JSONL, where it is all in one line.
    """

    release: Release | None
    faults: tuple[str, ...] = ()
    line: int = 0
    text_line: int = 0

    def find_line(self, release: Release, start: int) -> int:
        """Return the line of a character of the text."""
        if not self.text_line:
            return self.line
        return self.text_line + release.text.count("\n", 0, start)


def check_each(path: Path) -> Iterator[list[str]]:
    """Yield of each release of a path what is wrong: file, line, offsets and what it is."""
    seen: dict[str, str] = {}
    for file in find_files(path):
        for read in _read_each(file):
            yield list(_find_problems(file, read, seen))


def _find_problems(file: Path, read: _Read, seen: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong in a release; `seen` holds the places of the ids before it."""
    release, place = read.release, f"{file}:{read.line}"
    if release is None:
        yield from (f"{file}:{fault}" for fault in read.faults)
        return
    if release.id in seen:
        yield f"{place}: {release.id} is also the id of the release at {seen[release.id]}"
    seen[release.id] = place
    for start, what in check_release(release):
        yield f"{file}:{read.find_line(release, start)}: {release.id}: {what}"


def _read_each(file: Path) -> Iterator[_Read]:
    """Read one release after the other, so that a fault in one does not hide those of the next."""
    try:
        yield from _read_lines(file) if file.suffix == ".jsonl" else _read_blocks(file)
    except UnicodeDecodeError as error:
        yield _Read(None, (f" no corpus file: {error!r}",))


def _read_lines(file: Path) -> Iterator[_Read]:
    from iipnlp.releases import from_json

    for number, line in enumerate(file.read_text("utf-8").split("\n"), start=1):
        if line.strip():
            try:
                yield _Read(from_json(json.loads(line)), line=number)
            except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
                yield _Read(None, (f"{number}: no release: {error!r}",))


def _read_blocks(file: Path) -> Iterator[_Read]:
    from iipnlp.releases import MarkupError, read_blocks

    try:
        blocks = list(read_blocks(file))
    except MarkupError as error:
        yield _Read(None, error.faults)
        return
    for block in blocks:
        try:
            text_line = block.line + block.head.count("\n") + 2
            yield _Read(block.compile(), line=block.line, text_line=text_line)
        except MarkupError as error:
            yield _Read(None, error.faults)


def read_all(path: Path) -> list[Release]:
    """Return the releases of a path; raise at the first that can't be read."""
    releases = []
    for file in find_files(path):
        for read in _read_each(file):
            if read.release is None:
                raise CorpusPathError(f"{file}:{read.faults[0]}")
            releases.append(read.release)
    return releases


def check_release(release: Release) -> Iterator[tuple[int, str]]:
    """Yield what is wrong in one compiled release, each with where it starts."""
    edges = 0
    for start, end, label in sorted(release.mentions):
        words = release.text[start:end]
        if words != words.strip() or start < edges:
            what = f"{label} {words!r} at {start}:{end} has blanks at its edge, or overlaps another"
            yield start, what
        edges = end
    for figure in release.figures:
        words = release.text[figure.start : figure.end]
        if read_percentage(words) is None:
            place = f"{figure.start}:{figure.end}"
            yield figure.start, f"the figure {words!r} at {place} reads as no amount"


def split(releases: list[Release], shares: Mapping[str, float]) -> dict[str, list[Release]]:
    """Share releases out by publisher: those of `shares`, and the rest as `train`.

    Publishers come in the order of a hash of their names. Each part takes those that fit into its
    share, the smallest one where none does.
    """
    left: dict[str, list[Release]] = {}
    for release in releases:
        left.setdefault(release.publisher, []).append(release)
    if len(left) <= len(shares):
        raise CorpusPathError(f"{len(left)} publishers can't be split in {len(shares) + 1} parts")
    order = sorted(left, key=lambda name: hashlib.sha256(name.encode()).digest())
    parts: dict[str, list[Release]] = {"train": []}
    for place, (part, share) in enumerate(shares.items(), start=1):
        room, spare = share * len(releases), len(left) - (len(shares) - place) - 1
        chosen: list[str] = []
        for name in order:
            if name in left and len(left[name]) <= room and len(chosen) < spare:
                chosen.append(name)
                room -= len(left[name])
        chosen = chosen or [min(left, key=lambda name: (len(left[name]), name))]
        parts[part] = [release for name in chosen for release in left.pop(name)]
    parts["train"] = [release for name in order if name in left for release in left[name]]
    return parts


def _write(form: Form, output: Path, releases: list[Release], *, draft: bool = False) -> None:
    """Write releases in a form and say how many."""
    from iipnlp.converters import write_tool
    from iipnlp.converters.spans import write_lines
    from iipnlp.markup import write_markup
    from iipnlp.releases import to_json

    if not releases:
        raise CorpusPathError("there is no annotated release to write")
    if form is Form.MARKUP:
        write_markup(output, releases)
    elif form is Form.JSONL:
        write_lines(output, map(to_json, releases))
    else:
        write_tool(form.value, output, releases, draft=draft)
    typer.echo(f"{output}: {len(releases)} releases")


def count(releases: list[Release]) -> dict[str, int]:
    """Count releases, publishers, words, figures, statements, labels, roles and phenomena."""
    from iipnlp.annotations import LABELS
    from iipnlp.evaluation import assemble_gold
    from iipnlp.pipeline.tokenizer import make_blank

    nlp = make_blank()
    labels = Counter(mention.label for release in releases for mention in release.mentions)
    roles = Counter(
        mention.label
        for release in releases
        for figure in release.figures
        for mention in figure.roles
    )
    shown = Counter(number for release in releases for number in release.phenomena)
    return {
        "releases": len(releases),
        "publishers": len({release.publisher for release in releases}),
        "words": sum(len(re.findall(r"\S+", release.text)) for release in releases),
        "figures": sum(len(release.figures) for release in releases),
        "statements": sum(len(assemble_gold(nlp, release)) for release in releases),
        "no figure": sum(not release.figures for release in releases),
        **{label: labels[label] for label in LABELS},
        **{f"role {label}": roles[label] for label in LABELS},
        **{name_phenomenon(number): shown[number] for number in PHENOMENA},
    }


def draw_counts(counts: Mapping[str, Mapping[str, int]]) -> str:
    """Return a page with plots of what `count` found, for each name one by one."""
    from iipnlp.annotations import LABELS
    from iipnlp.page import Section, build_page, plot_bars

    groups = {
        "Mentions": {label: label for label in LABELS},
        "Roles": {f"role {label}": label for label in LABELS},
        "Phenomena": {name: name for name in map(name_phenomenon, PHENOMENA)},
    }
    sections = []
    for name, found in counts.items():
        plots = [
            plot_bars(title, {shown: found[key] for key, shown in keys.items()})
            for title, keys in groups.items()
        ]
        note = ", ".join(f"{found[key]:,} {key}" for key in _WHOLE)
        sections.append(Section(name, note, plots, [], []))
    return build_page("Annotated releases", sections)


@app.command("check")
def check_cli(
    paths: Annotated[list[Path], typer.Argument(help="Corpus files or folders.")],
) -> None:
    """Name every problem of annotated releases; exit code 1 where there is one."""
    checked = [problems for path in paths for problems in check_each(path)]
    problems = list(chain.from_iterable(checked))
    for problem in problems:
        typer.echo(problem)
    typer.echo(f"{len(checked)} releases, {len(problems)} problems")
    raise typer.Exit(1 if problems else 0)


@app.command("compile")
def compile_cli(
    path: Annotated[Path, typer.Argument(help="A markup file or a folder of them.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="JSONL file to write.")],
) -> None:
    """Compile markup to JSONL: text, spans and figures, a release a line."""
    _write(Form.JSONL, output, read_all(path))


@app.command("markup")
def markup_cli(
    path: Annotated[Path, typer.Argument(help="A corpus file or a folder of them.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write.")],
) -> None:
    """Write releases as inline markup, a file for each publisher: the inverse of compile."""
    _write(Form.MARKUP, output, read_all(path))


@app.command("convert")
def convert_cli(
    path: Annotated[Path, typer.Argument(help="A file, or a folder, in the form it is in.")],
    to: Annotated[Form, typer.Option("--to", help="Form to write.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="File to write; a folder for markup and brat.")
    ],
    source: Annotated[
        Form | None,
        typer.Option("--from", help="Form to read.", show_default="markup or jsonl, by suffix"),
    ] = None,
) -> None:
    """Convert releases between our forms and those of annotation tools, with all they hold."""
    from iipnlp.converters import TOOLS, read_tool

    if source is None or source.value not in TOOLS:
        releases = read_all(path)
    else:
        releases = list(read_tool(source.value, path))
    _write(to, output, releases)


@app.command("split")
def split_cli(
    path: Annotated[Path, typer.Argument(help="A corpus file or a folder of them.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write.")],
    dev: Annotated[float, typer.Option(min=0.01, max=0.49, help="Share of releases.")] = 0.1,
    test: Annotated[float, typer.Option(min=0.01, max=0.49, help="Share of releases.")] = 0.1,
) -> None:
    """Write train, dev and test as JSONL, no publisher in two of them.

    The same releases are split the same way every time, in whatever order they come.
    """
    parts = split(read_all(path), {"dev": dev, "test": test})
    output.mkdir(parents=True, exist_ok=True)
    for name, releases in parts.items():
        _write(Form.JSONL, output / f"{name}.jsonl", releases)


@app.command("prelabel")
def prelabel_cli(
    files: Annotated[list[str], typer.Argument(help="Text files in UTF-8, or folders of them.")],
    to: Annotated[Form, typer.Option("--to", help="Form to write.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="File to write; a folder for markup and brat.")
    ],
    published: Annotated[str | None, typer.Option(help="Day of publication of all.")] = None,
    country: Annotated[str | None, typer.Option(help="Country of all, ISO 3166-1.")] = None,
    model: Annotated[
        str, typer.Option(help="'fast' for bulk work; folder or package of another pipeline.")
    ] = DEFAULT,
) -> None:
    """Annotate new texts with a pipeline, as a start for annotators.

    A release is called after its file, its publisher after the folder that the file is in.
    """
    from iipnlp.prelabeling import prelabel

    sources, problems = find_sources(files)
    if problems:
        raise CorpusPathError(problems[0])
    releases = [read_release(source, published, country) for source in sources]
    twice = [name for name, n in Counter(one.id for one in releases).items() if n > 1]
    if twice:
        raise CorpusPathError(f"{twice[0]} is the name of two files; rename one of them")
    _write(to, output, list(prelabel(releases, model)), draft=True)


def read_release(source: str, published: str | None, country: str | None) -> Release:
    """Return a text file as a release that is yet to be annotated."""
    from iipnlp.releases import Release

    day, land = check_context(published, country)
    path = Path(source).resolve()
    return Release(
        path.stem,
        read_source(source),
        publisher=path.parent.name,
        country=land,
        published=date.fromisoformat(day) if day else None,
    )


@app.command("stats")
def stats_cli(
    paths: Annotated[list[Path], typer.Argument(help="Corpus files or folders.")],
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Page to write with plots.")
    ] = None,
) -> None:
    """Count releases, statements, mentions, roles and phenomena, for each path and in all."""
    counts = [count(read_all(path)) for path in paths]
    names = [str(path) for path in paths]
    if len(paths) > 1:
        counts.append({key: sum(part[key] for part in counts) for key in counts[0]})
        names.append("all")
    if plot is not None:
        plot.write_text(draw_counts(dict(zip(names, counts, strict=True))), "utf-8")
    width = max(len(key) for key in counts[0])
    typer.echo(" " * width + "".join(f"  {name:>12}" for name in names))
    for key in counts[0]:
        typer.echo(
            f"{key:{width}}"
            + "".join(
                f"  {part[key]:>{max(12, len(name))},}"
                for part, name in zip(counts, names, strict=True)
            )
        )


@app.command("agree")
def agree_cli(
    first: Annotated[Path, typer.Argument(help="Markup or JSONL, a file or a folder.")],
    second: Annotated[Path, typer.Argument(help="Another annotation of the same releases.")],
) -> None:
    """Compare two annotations of the same releases, and list where they disagree.

    Releases are matched by id. F1 compares sets (mentions, roles, statements), Cohen's kappa
    what is chosen from a list. A figure that either annotator marks as optional is left out.
    """
    from iipnlp.agreement import build_tables, measure_agreement

    agreement = measure_agreement(first, second)
    for name in agreement.left_out:
        typer.echo(f"iipnlp: left out: {name}", err=True)
    typer.echo(f"{agreement.releases} releases, {agreement.words:,} words\n")
    for table in build_tables(agreement):
        typer.echo(lay_out(table) + "\n")
    typer.echo(f"{len(agreement.disagreements)} disagreements: {first} | {second}")
    for disagreement in agreement.disagreements:
        typer.echo(f"  {disagreement}")
