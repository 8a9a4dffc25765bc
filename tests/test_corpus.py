import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from markup import make_nlp

from iipnlp.annotations import ADJUSTMENTS, BASELINE_KINDS, LABELS, STATUSES, align
from iipnlp.percentages import read_percentage
from iipnlp.releases import read_releases

ROOT = Path(__file__).parents[1] / "corpus" / "releases"
SPLITS = ("train", "dev", "test")
FILES = sorted(ROOT.rglob("*.md"))
NLP = make_nlp()
# What the reader does not claim to know.
UNREADABLE = re.compile("a like amount|a fiftieth|negative .+")
# "Both shipments and the operating rate slipped 0.2%": assembled with the first indicator alone.
TWO_INDICATORS = {"meti-2023-fiscal"}


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
        clashes += [quote(release, *b) for a, b in zip(spans, spans[1:], strict=False) if b[0] < a[1]]
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
        and not UNREADABLE.fullmatch(release.text[figure.start : figure.end])
    ]
    assert unread == []


@each_file
def test_labels_and_values_are_known(releases, path):
    for release in releases[path]:
        assert {mention.label for mention in release.mentions} <= set(LABELS)
        assert {figure.status for figure in release.figures} <= set(STATUSES)
        assert {figure.baseline for figure in release.figures} <= {None, *BASELINE_KINDS}
        assert {figure.adjustment for figure in release.figures} <= {None, *ADJUSTMENTS}


@each_file
def test_roles_are_mentions_of_the_release(releases, path):
    for release in releases[path]:
        assert {m for figure in release.figures for m in figure.roles} <= set(release.mentions)
        hosts = [(number, f.host) for number, f in enumerate(release.figures) if f.host is not None]
        assert all(host < number for number, host in hosts)


@each_file
def test_only_dimensions_are_named_more_than_once(releases, path):
    several = [
        f"{quote(release, figure.start, figure.end)} {label}"
        for release in releases[path]
        for figure in release.figures
        for label in ("INDICATOR", "PERIOD", "BASELINE", "TREND")
        if len(figure.having(label)) > 1 and release.id not in TWO_INDICATORS
    ]
    assert several == []


@each_file
def test_header_is_filled(releases, path):
    for release in releases[path]:
        assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", release.id)
        assert release.country is None or re.fullmatch("[A-Z]{2}", release.country)
        assert set(release.phenomena) <= set(range(1, 43))
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
    """Say whether a word runs on into a span: "grew4.8%", "oilincreased"."""
    before, after = text[: span.start][-1:], text[span.end : span.end + 1]
    inside = text[span.start : span.end]
    return (before.isalnum() and inside[0].isalnum()) or (after.isalnum() and inside[-1].isalnum())


@pytest.mark.parametrize("spans", ["mentions", "figures"])
def test_spans_are_aligned_with_tokens_but_for_a_few(releases, spans):
    total, cut = 0, []
    for release in (release for some in releases.values() for release in some):
        doc = NLP.make_doc(release.text)
        for span in getattr(release, spans):
            total += 1
            if align(doc, span.start, span.end, "X") is None and not is_glued(release.text, span):
                cut.append(quote(release, span.start, span.end))
    assert len(cut) <= total / 1000, cut


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


@pytest.mark.parametrize("phenomenon", range(1, 43))
def test_phenomenon_is_shown_by_several_releases_of_training(splits, phenomenon):
    assert sum(phenomenon in release.phenomena for release in splits["train"]) >= 5


@pytest.mark.parametrize("label", LABELS)
def test_label_is_marked_in_every_split(splits, label):
    counts = [
        sum(mention.label == label for release in splits[split] for mention in release.mentions)
        for split in SPLITS
    ]
    assert min(counts) >= 5
