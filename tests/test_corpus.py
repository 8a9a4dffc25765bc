import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from markup import make_nlp
from typer.testing import CliRunner

from iipnlp.annotations import LABELS, align
from iipnlp.cli import app
from iipnlp.corpus import split
from iipnlp.evaluation import assemble_gold
from iipnlp.markup import write_markup
from iipnlp.percentages import read_percentage
from iipnlp.phenomena import PHENOMENA
from iipnlp.releases import Release, read_releases
from iipnlp.scoring import add_up, score_statements
from iipnlp.statement import ADJUSTMENTS, BASELINES, STATUSES

ROOT = Path(__file__).parents[1] / "corpus" / "releases"
SPLITS = ("train", "dev", "test")
FILES = sorted(ROOT.rglob("*.md"))
NLP = make_nlp()


@pytest.fixture(scope="module")
def releases():
    """Return the releases of every file."""
    return {path: read_releases(path) for path in FILES}


def name(path):
    return f"{path.parent.name}/{path.stem}"


def each_file(test):
    return pytest.mark.parametrize("path", FILES, ids=name)(test)


def quote(release, start, end):
    return f"{release.id}: {release.text[start:end]!r} at {start}"


@each_file
def test_every_release_compiles_and_holds_text(releases, path):
    assert [release.id for release in releases[path] if not release.text.strip()] == []
    assert len(releases[path]) == len(re.findall(r"(?m)^=== ", path.read_text("utf-8")))


@each_file
def test_no_markup_is_left_in_the_text(releases, path):
    left = re.compile(r"\]\s?\((?:[igaokpbt]\d*|c?[+\-=][^)]*)\)|\\\[")
    assert [quote(r, *m.span()) for r in releases[path] for m in left.finditer(r.text)] == []


@each_file
def test_mentions_do_not_overlap(releases, path):
    clashes = []
    for release in releases[path]:
        spans = sorted([m[:2] for m in release.mentions] + [f[:2] for f in release.figures])
        clashes += [
            quote(release, *b) for a, b in zip(spans, spans[1:], strict=False) if b[0] < a[1]
        ]
    assert clashes == []


@each_file
def test_mentions_and_figures_have_no_blank_edges(releases, path):
    edges = [
        quote(release, start, end)
        for release in releases[path]
        for start, end, *_ in [*release.mentions, *release.figures]
        if release.text[start:end] != release.text[start:end].strip()
    ]
    assert edges == []


@each_file
def test_amounts_are_read(releases, path):
    unread = [
        quote(release, figure.start, figure.end)
        for release in releases[path]
        for figure in release.figures
        if read_percentage(release.text[figure.start : figure.end]) is None
    ]
    assert unread == []


@each_file
def test_labels_and_values_are_known(releases, path):
    for release in releases[path]:
        assert {mention.label for mention in release.mentions} <= set(LABELS)
        assert {figure.status for figure in release.figures} <= set(STATUSES)
        assert {figure.baseline for figure in release.figures} <= {None, *BASELINES}
        assert {figure.adjustment for figure in release.figures} <= {None, *ADJUSTMENTS}


@each_file
def test_roles_are_mentions_of_the_release(releases, path):
    for release in releases[path]:
        assert {m for figure in release.figures for m in figure.roles} <= set(release.mentions)
        hosts = [(number, f.host) for number, f in enumerate(release.figures) if f.host is not None]
        assert all(host < number for number, host in hosts)


@each_file
def test_a_figure_has_one_period_baseline_and_trend(releases, path):
    several = [
        f"{quote(release, figure.start, figure.end)} {label}"
        for release in releases[path]
        for figure in release.figures
        for label in ("PERIOD", "BASELINE", "TREND")
        if len(figure.having(label)) > 1
    ]
    assert several == []


@each_file
def test_header_is_filled(releases, path):
    for release in releases[path]:
        assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", release.id)
        assert release.country is None or re.fullmatch("[A-Z]{2}", release.country)
        assert set(release.phenomena) <= set(PHENOMENA)
        assert release.publisher == path.stem


# --- The whole ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def splits(releases):
    found = {split: [] for split in SPLITS}
    for path, some in releases.items():
        found[path.relative_to(ROOT).parts[0]] += some
    return found


def test_ids_are_unique(releases):
    counts = Counter(release.id for some in releases.values() for release in some)
    assert [key for key, count in counts.items() if count > 1] == []


def is_glued(text, span):
    """Say whether a word runs on into a span, as in "oilincreased"."""
    before, after = text[: span.start][-1:], text[span.end : span.end + 1]
    inside = text[span.start : span.end]
    return (before.isalpha() and inside[0].isalpha()) or (after.isalpha() and inside[-1].isalpha())


@pytest.mark.parametrize("spans", ["mentions", "figures"])
def test_spans_are_aligned_with_tokens(releases, spans):
    cut = []
    for release in (release for some in releases.values() for release in some):
        doc = NLP.make_doc(release.text)
        for span in getattr(release, spans):
            if align(doc, span.start, span.end, "X") is None and not is_glued(release.text, span):
                cut.append(quote(release, span.start, span.end))
    assert cut == []


def test_no_publisher_is_in_two_splits():
    where = defaultdict(set)
    for path in FILES:
        where[path.stem].add(path.relative_to(ROOT).parts[0])
    assert {publisher: found for publisher, found in where.items() if len(found) > 1} == {}


def test_no_text_is_in_two_releases(releases):
    counts = Counter(fold(release.text) for some in releases.values() for release in some)
    assert [text[:80] for text, count in counts.items() if count > 1] == []


def fold(text):
    return " ".join(re.findall(r"\w+", text.lower()))


def sentences(some):
    """Return the folded sentences of twelve words or more."""
    found = set()
    for release in some:
        for part in re.split(r"[.!?](?=\s|$)|\n\s*\n", release.text):
            words = fold(part)
            if words.count(" ") >= 11:
                found.add(words)
    return found


@pytest.mark.parametrize("split", ["dev", "test"])
def test_no_sentence_of_training_is_in_another_split(splits, split):
    shared = sentences(splits["train"]) & sentences(splits[split])
    assert sorted(shared) == []


@pytest.mark.parametrize("split", SPLITS)
def test_every_split_holds_releases_and_figures(splits, split):
    assert len(splits[split]) >= {"train": 300, "dev": 15, "test": 15}[split]
    assert sum(len(release.figures) for release in splits[split]) > 5 * len(splits[split])


@pytest.mark.parametrize("phenomenon", PHENOMENA)
def test_phenomenon_is_shown_by_several_releases_of_training(splits, phenomenon):
    assert sum(phenomenon in release.phenomena for release in splits["train"]) >= 5


@pytest.mark.parametrize("label", LABELS)
def test_label_is_marked_in_every_split(splits, label):
    counts = [
        sum(mention.label == label for release in splits[split] for mention in release.mentions)
        for split in SPLITS
    ]
    assert min(counts) >= 5


# --- The commands ---------------------------------------------------------------------------------

FAULTY = """\
=== desk-1
country: VN
[Mining](i) fell.
=== desk-2
---
[Mining](i1) [rose](t1) [4%](+ i1 t2 yy k9).
=== desk-3
---
[Mining ](i1) [rose](t1) by [somewhat](+ i1 t1 yy).
=== desk-3
---
[Steel](i1) [fell](t1) [4%](- i1 t1 yy) and nothing [more](i).
"""
PROBLEMS = """\
desk.md:1: desk-1: no line '---' and text after the header
desk.md:6:25: desk-2: 't2' names no mention of this release
desk.md:6:25: desk-2: 'k9' names no mention of this release
desk.md:9: desk-3: INDUSTRY 'Mining ' at 0:7 has blanks at its edge, or overlaps another
desk.md:9: desk-3: the figure 'somewhat' at 16:24 reads as no amount
desk.md:10: desk-3 is also the id of the release at desk.md:7
bad.jsonl:1: no release: KeyError('spans')
bad.jsonl:3: no release: JSONDecodeError('Expecting value: line 1 column 1 (char 0)')
7 releases, 8 problems
"""


# --- Statements written by hand -------------------------------------------------------------------


@pytest.mark.parametrize("split", ["dev", "test"])
def test_the_annotation_makes_the_statements_that_readers_wrote_by_hand(splits, split):
    file = ROOT.parent / "statements" / f"{split}.jsonl"
    lines = map(json.loads, file.read_text("utf-8").splitlines())
    hand = {line["id"]: line["statements"] for line in lines}
    assert set(hand) == {release.id for release in splits[split]}
    parts = [
        score_statements(hand[release.id], assemble_gold(NLP, release), release.country)
        for release in splits[split]
    ]
    levels = add_up(part.levels for part in parts)
    # What is left are readers' doubts (corpus/README.md), not what the assembly loses.
    assert levels["value"].fscore > 0.99
    assert levels["strict"].fscore > 0.94
    for key, score in add_up(part.keys for part in parts).items():
        assert score.fscore > 0.97, key


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("desk.md").write_text(FAULTY, "utf-8")
    Path("bad.jsonl").write_text("{}\n\nx\n", "utf-8")
    Path("good.md").write_text(FAULTY[FAULTY.rindex("===") :], "utf-8")
    Path("empty").mkdir()
    return lambda *arguments: CliRunner().invoke(app, ["corpus", *arguments])


def test_check_names_every_problem(run):
    result = run("check", "desk.md", "bad.jsonl", "good.md")
    assert (result.exit_code, result.stdout) == (1, PROBLEMS)
    assert run("check", "good.md").stdout == "1 releases, 0 problems\n"


def test_the_guideline_lists_the_phenomena():
    guideline = (ROOT.parent / "guidelines.md").read_text("utf-8")
    listed = re.findall(r"(?m)^\| (\d+) \| ([^|]+) \|", guideline)
    assert listed == [(str(number), name) for number, name in PHENOMENA.items()]


def test_check_names_the_line_of_a_problem_within_a_text(run):
    text = "=== a\ncountry: VN\n---\n\n\\[x] one\n[ two](i) is\n[much](+ yy)\n"
    Path("a.md").write_text(text, "utf-8")
    lines = run("check", "a.md").stdout.splitlines()
    assert [line.partition(": a: ")[0] for line in lines[:2]] == ["a.md:6", "a.md:7"]
    run("compile", "a.md", "-o", "a.jsonl")
    lines = run("check", "a.jsonl").stdout.splitlines()
    assert [line.partition(": a: ")[0] for line in lines[:2]] == ["a.jsonl:1", "a.jsonl:1"]
    assert "at 9:13" in lines[0] and "at 17:21" in lines[1]


def test_compile_writes_what_reads_back(run):
    result = run("compile", "good.md", "-o", "good.jsonl")
    assert (result.exit_code, result.stdout) == (0, "good.jsonl: 1 releases\n")
    assert read_releases(Path("good.jsonl")) == read_releases(Path("good.md"))


def test_stats_counts_each_path_and_all(run):
    lines = run("stats", "good.md", "good.md").stdout.splitlines()
    rows = {line[:10].strip(): line[10:].split() for line in lines}
    assert rows[""] == ["good.md", "good.md", "all"]
    assert (rows["figures"], rows["INDUSTRY"]) == (["1", "1", "2"], ["2", "2", "4"])
    assert rows["statements"] == ["1", "1", "2"]


def test_stats_writes_a_page_with_plots(run):
    assert run("stats", "good.md", "--plot", "stats.html").exit_code == 0
    page = Path("stats.html").read_text("utf-8")
    assert page.count("<svg") == 3 and "1 statements" in page and ">INDUSTRY<" in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("compile", "desk.md", "-o", "out"), "desk.md:1: desk-1: no line '---'"),
        (("stats", "desk.md"), "desk.md:1: desk-1: no line '---'"),
        (("stats", "bad.jsonl"), "bad.jsonl:1: no release"),
        (("check", "empty"), "empty: no .md or .jsonl file there"),
        (("check", "nowhere.md"), "nowhere.md: no .md or .jsonl file there"),
    ],
)
def test_command_refuses_what_it_can_not_read_in_one_line(run, arguments, message):
    result = run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith(f"iipnlp: {message}")
    assert not Path("out").exists()


TOOLS = ("prodigy", "label-studio", "doccano", "brat")


@pytest.mark.parametrize("tool", TOOLS)
def test_convert_goes_to_a_tool_and_back(run, tool):
    result = run("convert", "good.md", "--to", tool, "--output", "out.json")
    assert (result.exit_code, result.stdout) == (0, "out.json: 1 releases\n")
    assert run("convert", "out.json", "--from", tool, "--to", "markup", "-o", "back").exit_code == 0
    assert read_releases(Path("back")) == read_releases(Path("good.md"))


def test_markup_is_the_inverse_of_compile(run):
    run("compile", "good.md", "-o", "good.jsonl")
    result = run("markup", "good.jsonl", "-o", "back")
    assert (result.exit_code, result.stdout) == (0, "back: 1 releases\n")
    assert read_releases(Path("back/good.md")) == read_releases(Path("good.md"))


def test_split_keeps_publishers_together_and_near_the_shares():
    sizes = {"a": 30, "b": 5, "c": 5, "d": 50, "e": 10}
    some = [
        Release(f"{name}-{n}", "x", publisher=name) for name in sizes for n in range(sizes[name])
    ]
    parts = split(some, {"dev": 0.1, "test": 0.1})
    where = {name: {r.publisher for r in releases} for name, releases in parts.items()}
    assert sorted(len(releases) for releases in parts.values()) == [10, 10, 80]
    assert set.union(*where.values()) == set(sizes) and sum(map(len, where.values())) == len(sizes)
    again = split(some[::-1], {"dev": 0.1, "test": 0.1})
    assert {name: {r.publisher for r in releases} for name, releases in again.items()} == where


@pytest.mark.parametrize("sizes", [(9, 9, 9), (1, 90, 90), (40, 1, 1, 1)])
def test_split_leaves_no_part_empty(sizes):
    some = [
        Release(f"{p}-{n}", "x", publisher=str(p))
        for p, size in enumerate(sizes)
        for n in range(size)
    ]
    parts = split(some, {"dev": 0.1, "test": 0.4})
    assert all(parts.values()) and sum(map(len, parts.values())) == len(some)


def test_split_writes_the_parts(run):
    releases = [Release(f"{name}-1", "x\n", publisher=name) for name in ("a", "b", "c")]
    write_markup(Path("all"), releases)
    assert run("split", "all", "-o", "parts").exit_code == 0
    found = [read_releases(Path(f"parts/{name}.jsonl")) for name in SPLITS]
    assert sorted(release for some in found for release in [one.id for one in some]) == [
        "a-1",
        "b-1",
        "c-1",
    ]
    assert (
        run("split", "good.md", "-o", "parts").stderr
        == "iipnlp: 1 publishers can't be split in 3 parts\n"
    )


def test_convert_refuses_what_it_can_not_read(run):
    Path("bad.json").write_text("{}", "utf-8")
    result = run("convert", "bad.json", "--from", "label-studio", "--to", "jsonl", "-o", "out")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert result.stderr.startswith("iipnlp: bad.json: no list of tasks")


TEXT = "In May 2025 mining output rose by 2% (from 1.5% in April).\n"


@pytest.mark.parametrize("form", ["markup", "jsonl", *TOOLS])
def test_prelabel_writes_drafts_in_every_form(run, form):
    Path("desk").mkdir()
    Path("desk/may.txt").write_text(TEXT, "utf-8")
    options = ("--published", "2025-06-10", "--country", "vn")
    result = run("prelabel", "desk", "--to", form, "-o", "out.json", *options)
    assert (result.exit_code, result.stdout) == (0, "out.json: 1 releases\n")
    if form in ("markup", "jsonl"):
        path = Path("out.json").rename("out.jsonl") if form == "jsonl" else Path("out.json")
        (release,) = read_releases(path)
        assert (release.id, release.publisher, release.country) == ("may", "desk", "VN")
        assert release.text == TEXT and str(release.published) == "2025-06-10"
        assert release.figures[0].probability == 1.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.txt",), "nowhere.txt: there is no such file"),
        (("one.txt", "two/one.txt"), "one is the name of two files; rename one"),
        (("one.txt", "--country", "UK"), "country is 'UK'; give two letters"),
    ],
)
def test_prelabel_refuses_what_it_can_not_read_in_one_line(run, arguments, message):
    Path("two").mkdir()
    for name in ("one.txt", "two/one.txt"):
        Path(name).write_text(TEXT, "utf-8")
    result = run("prelabel", *arguments, "--to", "brat", "-o", "out")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert result.stderr.startswith(f"iipnlp: {message}")
    assert not Path("out").exists()
