import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import read

from iipnlp.annotations import LABELS, Figure, Mention
from iipnlp.converters import TOOLS, ConversionError, read_tool, write_tool
from iipnlp.converters.label_studio import write_configuration
from iipnlp.markup import mark_text, write_markup
from iipnlp.releases import ADJUSTMENT, KINDS, MarkupError, Release, parse_markup, read_releases
from iipnlp.statement import MEASURES, STATUSES

ROOT = Path(__file__).parents[1] / "corpus" / "releases"
words = st.text(st.sampled_from("ab %.5(é đ\n\r\t😀\u00a0"), min_size=1, max_size=6)
figures = st.builds(
    Figure,
    start=st.just(0),
    end=st.just(0),
    measure=st.sampled_from(MEASURES),
    direction=st.sampled_from([1, -1, 0]),
    status=st.sampled_from(STATUSES),
    baseline=st.sampled_from(list(KINDS.values())),
    adjustment=st.sampled_from(list(ADJUSTMENT.values())),
    annualized=st.booleans(),
    approximate=st.booleans(),
    optional=st.booleans(),
    host=st.none(),
    shift=st.none(),
    probability=st.just(1.0),
    roles=st.just(()),
)


@st.composite
def releases(draw: st.DrawFn) -> Release:
    """Return a release whose marks do not overlap, all else as it comes."""
    text, mentions, marked = "", [], []
    for kind in draw(st.lists(st.sampled_from(["", *LABELS, "FIGURE"]), max_size=12)):
        start, text = len(text), text + draw(words)
        if kind == "FIGURE":
            marked.append(draw(figures)._replace(start=start, end=len(text)))
        elif kind:
            mentions.append(Mention(start, len(text), kind))
    linked = []
    for place, figure in enumerate(marked):
        roles = draw(st.sets(st.sampled_from(mentions))) if mentions else set()
        host = draw(st.sampled_from([None, *range(place)]))
        shift = draw(st.sampled_from([None, "year", "period"])) if host is not None else None
        linked.append(figure._replace(roles=tuple(sorted(roles)), host=host, shift=shift))
    return Release(
        id=draw(st.sampled_from(["a-1", "b/c", "..", "é 2"])),
        text=text,
        mentions=tuple(mentions),
        figures=tuple(linked),
        publisher=draw(st.sampled_from(["desk", "é b"])),
        country=draw(st.sampled_from([None, "VN"])),
        published=draw(st.sampled_from([None, date(2025, 6, 10)])),
        phenomena=draw(st.sampled_from([(), (1, 42)])),
    )


def send(tool: str, release: Release) -> Release:
    """Write a release for a tool and read it back."""
    with TemporaryDirectory() as folder:
        write_tool(tool, Path(folder, "out"), [release], draft=False)
        (back,) = read_tool(tool, Path(folder, "out"))
    return back


@pytest.mark.parametrize("tool", TOOLS)
@given(release=releases())
def test_every_release_comes_back_as_it_was(tool, release):
    assert send(tool, release) == release


@pytest.mark.parametrize("tool", TOOLS)
def test_the_corpus_comes_back_as_it_was(tool, tmp_path):
    found = read_releases(ROOT / "test")
    write_tool(tool, tmp_path / "out", found, draft=False)
    assert list(read_tool(tool, tmp_path / "out")) == found


@pytest.mark.parametrize("tool", TOOLS)
def test_the_files_come_back_as_they_were(tool, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    write_tool(tool, one, read_releases(ROOT / "dev"), draft=False)
    write_tool(tool, other, read_tool(tool, one), draft=False)
    files = sorted(one.iterdir()) if one.is_dir() else [one]
    assert [(other / f.name if one.is_dir() else other).read_bytes() for f in files] == [
        file.read_bytes() for file in files
    ]


# --- Markup ---------------------------------------------------------------------------------------


@given(release=releases())
def test_marked_text_compiles_to_the_same(release):
    back = parse_markup(mark_text(release))
    assert (back.text, back.mentions, back.figures) == release_parts(release)


def release_parts(release):
    return release.text, release.mentions, release.figures


@pytest.mark.parametrize("split", ["train", "dev", "test"])
def test_the_corpus_is_written_as_markup_that_reads_back(split, tmp_path):
    found = {release.id: release for release in read_releases(ROOT / split)}
    write_markup(tmp_path, found.values())
    assert {release.id: release for release in read_releases(tmp_path)} == found


def test_marked_text_is_what_an_annotator_writes():
    marked = (
        "In [May](p1) [mining](i1) [rose](t1) [2%](+ #0 p1 i1 t1 yy apx) ([1%](c- i1 t1 ^0 ly yy "
        "exp)), not \\[coal](x) nor [steel](i)."
    )
    assert mark_text(read(marked)) == marked


@pytest.mark.parametrize(
    "release, message",
    [
        (Release("a", "ab", (Mention(0, 2, "AREA"), Mention(1, 2, "PERIOD")), publisher="x"), "a: 'ab' and 'b' at 0 overlap"),
        (Release("a", "a[b", (Mention(0, 3, "AREA"),), publisher="x"), r"a: 'a\[b' at 0 can't be marked"),
        (Release("a", "\\b", (Mention(1, 2, "AREA"),), publisher="x"), "a: 'b' at 1 can't be marked"),
        (Release("a", "b\n=== c\n---\nd", publisher="x"), "a: the markup can't hold it"),
        (Release("a\nb", "c", publisher="x"), "the markup can't hold it"),
        (Release("a", "b"), "the publisher '' names no file"),
        (Release("a", "b", publisher="../c"), "the publisher '../c' names no file"),
    ],
)  # fmt: skip
def test_what_the_markup_can_not_say_is_refused(release, message, tmp_path):
    with pytest.raises(MarkupError, match=message):
        write_markup(tmp_path / "out", [release])
    assert not (tmp_path / "out").exists()


# --- What tools write -----------------------------------------------------------------------------

EXPECTED = read("[Mining](i1) [rose](t1) [2%](+ #1 i1 t1 yy) after [1%](- ^1 !i !t nb).")


def write(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def parts(tool: str, path: Path) -> list[tuple[object, ...]]:
    return [release_parts(release) for release in read_tool(tool, path)]


def test_prodigy_relations_are_found_by_their_last_token(tmp_path):
    task = {
        "text": EXPECTED.text,
        "spans": [
            {"start": 0, "end": 6, "token_start": 0, "token_end": 0, "label": "INDUSTRY"},
            {"start": 7, "end": 11, "token_start": 1, "token_end": 1, "label": "TREND"},
            {"start": 12, "end": 14, "token_start": 2, "token_end": 3, "label": "PERCENT + yy"},
            {"start": 21, "end": 23, "token_start": 5, "token_end": 6, "label": "PERCENT -"},
        ],
        "relations": [
            {"head": 3, "child": 0, "label": "INDUSTRY"},
            {"head": 3, "child": 1, "label": "TREND"},
            {"head": 6, "child": 3, "label": "HOST"},
        ],
        "answer": "accept",
    }
    lines = [task, {**task, "answer": "reject"}, {**task, "answer": "ignore"}]
    path = write(tmp_path / "a.jsonl", "\n".join(map(json.dumps, lines)))
    assert parts("prodigy", path) == [release_parts(EXPECTED)]
    assert [release.id for release in read_tool("prodigy", path)] == ["a-1"]


def test_prodigy_tokens_make_up_the_text_and_keep_to_the_spans(tmp_path):
    release = Release("a", "up  by\n2% now ", (Mention(2, 5, "AREA"), Mention(8, 9, "TREND")))
    write_tool("prodigy", tmp_path / "a", [release], draft=True)
    (task,) = map(json.loads, (tmp_path / "a").read_text("utf-8").splitlines())
    tokens = task["tokens"]
    assert "answer" not in task
    assert "".join(one["text"] + " " * one["ws"] for one in tokens) == release.text
    assert [task["text"][one["start"] : one["end"]] for one in tokens] == [
        t["text"] for t in tokens
    ]
    for span in task["spans"]:
        assert tokens[span["token_start"]]["start"] == span["start"]
        assert tokens[span["token_end"]]["end"] == span["end"]


def test_label_studio_results_are_read_whatever_their_ids(tmp_path):
    def result(key, kind, name, start, end, value):
        place = {"start": start, "end": end, "text": EXPECTED.text[start:end], kind: [value]}
        return {"id": key, "type": kind, "from_name": name, "to_name": "text", "value": place}

    results = [
        result("xY1", "choices", "direction", 12, 14, "increase"),
        result("xY1", "labels", "label", 12, 14, "PERCENT"),
        result("xY1", "choices", "baseline", 12, 14, "year_on_year"),
        result("q", "labels", "label", 0, 6, "INDUSTRY"),
        result("z", "labels", "label", 7, 11, "TREND"),
        result("w", "labels", "label", 21, 23, "PERCENT"),
        result("w", "choices", "direction", 21, 23, "decrease"),
        {"type": "relation", "from_id": "xY1", "to_id": "z", "direction": "right", "labels": []},
        {"type": "relation", "from_id": "xY1", "to_id": "q", "direction": "right"},
        {"type": "relation", "from_id": "w", "to_id": "xY1", "labels": ["HOST"]},
    ]
    data = {"text": EXPECTED.text}
    tasks = [
        {
            "data": data,
            "annotations": [{"result": []}, {"result": results}, {"was_cancelled": True}],
        },
        {"data": data, "annotations": []},
        {"data": data, "predictions": [{"result": results}]},
    ]
    path = write(tmp_path / "desk.json", tasks)
    assert parts("label-studio", path) == [release_parts(EXPECTED)]
    assert [(one.id, one.publisher) for one in read_tool("label-studio", path)] == [
        ("desk-1", "desk")
    ]


def test_label_studio_drafts_are_predictions_with_a_configuration(tmp_path):
    write_tool("label-studio", tmp_path / "a.json", [EXPECTED], draft=True)
    assert "predictions" in json.loads((tmp_path / "a.json").read_text("utf-8"))[0]
    assert list(read_tool("label-studio", tmp_path / "a.json")) == []
    assert (tmp_path / "a.xml").read_text("utf-8") == write_configuration()
    assert '<Choice value="year_on_year"/>' in write_configuration()


def test_doccano_entities_are_read(tmp_path):
    document = {
        "id": 77,
        "text": EXPECTED.text,
        "entities": [
            {"id": 9, "label": "PERCENT -", "start_offset": 21, "end_offset": 23},
            {"id": 5, "label": "INDUSTRY", "start_offset": 0, "end_offset": 6},
            {"id": 6, "label": "TREND", "start_offset": 7, "end_offset": 11},
            {"id": 7, "label": "PERCENT + yy", "start_offset": 12, "end_offset": 14},
        ],
        "relations": [
            {"id": 1, "from_id": 7, "to_id": 6, "type": "TREND"},
            {"id": 2, "from_id": 7, "to_id": 5, "type": "INDUSTRY"},
            {"id": 3, "from_id": 9, "to_id": 7, "type": "HOST"},
        ],
        "Comments": [],
    }
    path = write(tmp_path / "a.jsonl", json.dumps(document) + "\n\n")
    assert parts("doccano", path) == [release_parts(EXPECTED)]


BRAT = """\
T1\tINDUSTRY 0 6\tMining
T4\tPERCENT 12 14\t2%
T3\tTREND 7 11\trose
R1\tINDUSTRY Arg1:T4 Arg2:T1\t
R2\tTREND Arg1:T4 Arg2:T3
R9\tHOST Arg1:T5 Arg2:T4
T5\tPERCENT 21 23\t1%
A1\tdirection T4 increase
A2\tdirection T5 decrease
A3\tbaseline T4 year_on_year
#1\tAnnotatorNotes T4\tsure
"""


def test_brat_lines_are_read(tmp_path):
    write(tmp_path / "a.txt", EXPECTED.text)
    write(tmp_path / "a.ann", BRAT)
    assert parts("brat", tmp_path) == [release_parts(EXPECTED)]
    assert [release.id for release in read_tool("brat", tmp_path)] == ["a"]


def test_brat_has_a_span_over_lines_in_parts(tmp_path):
    release = Release("a", "motor\n vehicles", (Mention(0, 15, "PRODUCT"),), publisher="b")
    write_tool("brat", tmp_path, [release], draft=False)
    line = "T1\tPRODUCT 0 5;6 15\tmotor  vehicles\n"
    assert (tmp_path / "a.ann").read_text("utf-8") == line
    assert list(read_tool("brat", tmp_path)) == [release]


DOCUMENT = {"text": "up 2%", "entities": [], "relations": []}
RISE = {"id": 1, "label": "PERCENT +", "start_offset": 3, "end_offset": 5}
CUE = {"id": 2, "label": "TREND", "start_offset": 0, "end_offset": 2}


@pytest.mark.parametrize(
    "tool, content, message",
    [
        ("prodigy", "{", "a: line 1: Expecting property name"),
        ("prodigy", '\n{"answer": "accept"}', "a: line 2: no 'text' in it"),
        ("label-studio", "{}", "a: no list of tasks; export as JSON"),
        ("label-studio", '[{"annotations": [{"result": []}]}]', "a: task 1: no 'data' in it"),
        ("doccano", {**DOCUMENT, "entities": [{**RISE, "label": "PERCENT"}]}, "the label 'PERCENT': '' is no direction; begin with one of"),
        ("doccano", {**DOCUMENT, "entities": [{**RISE, "label": "PERCENT + zz"}]}, "'zz' is no token of a figure"),
        ("doccano", {**DOCUMENT, "entities": [{**RISE, "label": "GOODS"}]}, "the span 1 has the label 'GOODS'; give one of INDUSTRY, PRODUCT"),
        ("doccano", {**DOCUMENT, "entities": [{**RISE, "end_offset": 6}]}, "the span 1 is at 3:6, which is not in the text"),
        ("doccano", {**DOCUMENT, "entities": [RISE, CUE], "relations": [{"from_id": 2, "to_id": 1, "type": "X"}]}, "the relation X from 2 to 1: lead it from a PERCENT"),
        ("doccano", {**DOCUMENT, "entities": [RISE], "relations": [{"from_id": 1, "to_id": 1, "type": "HOST"}]}, "the figure 1 is told beside two, or itself"),
        ("doccano", {**DOCUMENT, "published": "May"}, "a: line 1: Invalid isoformat"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_named(tool, content, message, tmp_path):
    with pytest.raises(ConversionError, match=message):
        list(read_tool(tool, write(tmp_path / "a", content)))


@pytest.mark.parametrize(
    "lines, message",
    [
        ("T1\tPERCENT 0 2\tup\n", "a.ann: the figure T1 has no direction; choose one"),
        ("T1\tPERCENT 0 2\tup\nA1\tdirection T1 sideways\n", "direction 'sideways'; give increase, decrease"),
        ("T1\tPERCENT 0 2\tup\nA1\tmood T1\n", "mood True; give nothing of that name"),
        ("T1\tTREND 0 1;3 4\tu 2\n", r"the span T1 has a gap \(0 1;3 4\); mark it in one piece"),
        ("R1\tTREND Arg1:T1 Arg2:T2\n", "the relation TREND from T1 to T2"),
    ],
)  # fmt: skip
def test_brat_lines_that_can_not_be_read_are_named(lines, message, tmp_path):
    write(tmp_path / "a.txt", "up 2%")
    write(tmp_path / "a.ann", lines)
    with pytest.raises(ConversionError, match=message):
        list(read_tool("brat", tmp_path))


def test_a_folder_without_brat_texts_is_refused(tmp_path):
    with pytest.raises(ConversionError, match="no .txt file in it"):
        list(read_tool("brat", tmp_path))
