import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import make_nlp, mark, read

from iipnlp.annotations import (
    LABELS,
    Figure,
    Mention,
    get_figures,
    get_mentions,
)
from iipnlp.augmentation import make_augmenter
from iipnlp.releases import (
    MarkupError,
    Release,
    from_json,
    make_release_reader,
    parse_markup,
    read_markup,
    read_releases,
    to_docs,
    to_json,
)
from iipnlp.statement import ADJUSTMENTS, BASELINES, STATUSES

CORPUS = Path(__file__).parents[1] / "corpus" / "releases"


def said(release, mentions):
    return [(release.text[m.start : m.end], m.label) for m in mentions]


# --- Mentions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("letter", "label"),
    list(
        zip(
            "igaokpbt",
            [
                "INDUSTRY",
                "PRODUCT",
                "AREA",
                "OWNERSHIP",
                "INDICATOR",
                "PERIOD",
                "BASELINE",
                "TREND",
            ],
            strict=True,
        )
    ),
)
def test_mention_has_the_label_of_its_letter(letter, label):
    release = parse_markup(f"The [thing named]({letter}1) and [that]({letter}).")
    assert said(release, release.mentions) == [("thing named", label), ("that", label)]


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("no marks at all", "no marks at all"),
        ("", ""),
        ("[Mining](i) fell", "Mining fell"),
        (r"the index \[2017 = 100] stood", "the index [2017 = 100] stood"),
        (r"\[note](i1) is text", "[note](i1) is text"),
        (r"\[[Mining](i1)]", "[Mining]"),
        ("[a] plain bracket", "[a] plain bracket"),
        ("see [1] (below)", "see [1] (below)"),
        ("one\r\n[two](i1)\r\nthree", "one\r\ntwo\r\nthree"),
        ("[two\nlines](i1)", "two\nlines"),
        ("Bắc Giang “[điện](i1)” −1", "Bắc Giang “điện” −1"),
    ],
)
def test_markup_leaves_the_text_as_on_the_page(marked, text):
    assert parse_markup(marked).text == text


def test_offsets_slice_the_text_after_escapes_and_marks():
    release = parse_markup("\\[*] [Mining](i1)\r\n[fell](t1) [4%](- i1 t1 p1 yy) in [May](p1)")
    assert said(release, release.mentions) == [
        ("Mining", "INDUSTRY"),
        ("fell", "TREND"),
        ("May", "PERIOD"),
    ]
    (figure,) = release.figures
    assert release.text[figure.start : figure.end] == "4%"
    assert said(release, figure.roles) == [
        ("Mining", "INDUSTRY"),
        ("fell", "TREND"),
        ("May", "PERIOD"),
    ]


# --- The tokens of a figure -----------------------------------------------------------------------

FIRST = "[A](i1) [B](i2) [up](t1) [May](p1) [on year](b1) [IIP](k1) "


@pytest.mark.parametrize(
    ("tokens", "changes"),
    [
        ("+ yy", {"direction": 1, "baseline": "year_on_year"}),
        ("- yy", {"direction": -1, "baseline": "year_on_year"}),
        ("= yy", {"direction": 0, "baseline": "year_on_year"}),
        ("c+ yy", {"direction": 1, "measure": "contribution", "baseline": "year_on_year"}),
        ("c- yy", {"direction": -1, "measure": "contribution", "baseline": "year_on_year"}),
        ("c= yy", {"direction": 0, "measure": "contribution", "baseline": "year_on_year"}),
        ("+ pp", {"baseline": "period_on_period"}),
        ("+ fx", {"baseline": "fixed_period"}),
        ("+ nb", {"baseline": None}),
        ("yy +", {"baseline": "year_on_year"}),
        ("+ nb exp", {"status": "expected"}),
        ("+ nb old", {"status": "superseded"}),
        ("+ nb sa", {"adjustment": "seasonally_adjusted"}),
        ("+ nb ca", {"adjustment": "calendar_adjusted"}),
        ("+ nb sca", {"adjustment": "seasonally_and_calendar_adjusted"}),
        ("+ nb nsa", {"adjustment": "unadjusted"}),
        ("+ nb ann", {"annualized": True}),
        ("+ nb apx", {"approximate": True}),
        ("+ nb opt", {"optional": True}),
        ("+ nb #1", {}),
        ("+ nb np", {}),
    ],
)
def test_token_sets_a_value(tokens, changes):
    (figure,) = parse_markup(f"[4%]({tokens})").figures
    assert figure == Figure(0, 2)._replace(**changes)


@pytest.mark.parametrize(
    ("tokens", "names"),
    [
        ("& ", ["A", "up", "May", "on year", "IIP"]),
        ("& i2", ["B", "up", "May", "on year", "IIP"]),
        ("& i1 i2", ["A", "B", "up", "May", "on year", "IIP"]),
        ("& !i", ["up", "May", "on year", "IIP"]),
        ("& !t", ["A", "May", "on year", "IIP"]),
        ("& !k !b", ["A", "up", "May"]),
        ("& np", ["A", "up", "on year", "IIP"]),
        ("& pp", ["A", "up", "May", "IIP"]),
        ("& b1 pp", ["A", "up", "May", "on year", "IIP"]),
        ("^ ly", ["A", "up", "on year", "IIP"]),
        ("^ lp", ["A", "up", "on year", "IIP"]),
        ("i2 nb", ["B"]),
    ],
)
def test_reference_takes_over_the_roles_that_are_not_stated(tokens, names):
    release = parse_markup(FIRST + f"[4%](+ i1 t1 p1 b1 k1 yy) [3%](+ {tokens})")
    assert [name for name, _ in said(release, release.figures[1].roles)] == names


@pytest.mark.parametrize(
    ("first", "second", "changes"),
    [
        ("+ yy sa", "- &", {"adjustment": "seasonally_adjusted", "direction": -1}),
        ("+ yy sa", "+ & na", {}),
        ("+ yy sa", "+ & nsa", {"adjustment": "unadjusted"}),
        ("+ yy ann", "+ &", {"annualized": True}),
        ("+ yy ann", "+ & !ann", {}),
        ("+ yy exp", "+ &", {}),
        ("+ yy old", "+ &", {}),
        ("+ yy apx", "+ &", {}),
        ("+ yy opt", "+ &", {}),
        ("c+ yy", "+ &", {}),
        ("+ yy", "c- &", {"measure": "contribution", "direction": -1}),
        ("+ yy", "+ & pp", {"baseline": "period_on_period"}),
        ("+ yy", "+ & nb", {"baseline": None}),
        ("+ yy", "+ ^", {"host": 0}),
        ("+ yy #x", "+ ^x", {"host": 0}),
        ("+ yy", "+ ^ ly", {"host": 0, "shift": "year"}),
        ("+ yy", "+ ^ lp", {"host": 0, "shift": "period"}),
    ],
)
def test_reference_takes_over_what_lasts(first, second, changes):
    figure = parse_markup(f"[4%]({first}) [3%]({second})").figures[1]
    assert figure == Figure(3, 5, baseline="year_on_year")._replace(**changes)


def test_comparative_of_a_comparative_is_told_beside_it_not_beside_the_first():
    figures = parse_markup("[4%](+ yy) [3%](+ ^) [2%](- &) [1%](+ ^)").figures
    assert [figure.host for figure in figures] == [None, 0, None, 2]


def test_named_figure_is_referred_to_from_afar():
    figures = parse_markup("[4%](#1 + yy) [3%](#2 + pp) [2%](+ &1) [1%](+ ^2)").figures
    assert [(f.baseline, f.host) for f in figures] == [
        ("year_on_year", None),
        ("period_on_period", None),
        ("year_on_year", None),
        ("period_on_period", 1),
    ]


# --- Faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("[Mining](x1)", "1:1: here: 'x1' is neither a mention nor a figure"),
        ("[Mining]()", "1:1: here: '' is neither a mention nor a figure"),
        ("[Mining](i1 t1)", "1:1: here: 'i1 t1' is neither a mention nor a figure"),
        ("[4%](yy)", "1:1: here: 'yy' is neither a mention nor a figure"),
        ("\n\n[A](i1)\n[B](i1)", "4:1: here: 'i1' names two mentions"),
        ("[4%](+)", "1:1: here: a figure needs one of yy, pp, fx, nb"),
        ("x\n[4%](+ i1 yy)", "2:1: here: 'i1' names no mention of this release"),
        ("[4%](+ yy) [3%](+ &2)", "1:12: here: &2 refers to no figure before it"),
        ("[4%](+ &)", "1:1: here: & refers to no figure before it"),
        ("[4%](+ ^1)", "1:1: here: ^1 refers to no figure before it"),
        ("[4%](+ &1 #1)", "1:1: here: &1 refers to no figure before it"),
        ("[4%](+ yy #1)\n[3%](+ & #1)", "2:1: here: #1 names two figures"),
        ("[4%](+ yy ly)", "1:1: here: ly and lp need a host, such as ^1"),
        ("[4%](+ yy) [3%](+ & lp)", "1:12: here: ly and lp need a host, such as ^1"),
        ("[4%](+ yy qq)", "1:1: here: 'qq' is no token of the markup"),
        ("[4%](+ yy z1)", "1:1: here: 'z1' is no token of the markup"),
        ("[4%](+ yy ++)", "1:1: here: '++' is no token of the markup"),
    ],
)
def test_fault_names_place_and_remedy(marked, message):
    with pytest.raises(MarkupError) as caught:
        parse_markup(marked, "here")
    assert str(caught.value) == message


def test_all_faults_of_a_release_are_named_in_order():
    marked = "[A](q) [4%](+ i2 #1)\n[3%](- &1 zz i3), [B](i1) [2%](+ &7), [C](i1)"
    with pytest.raises(MarkupError) as caught:
        parse_markup(marked, "here", line=5)
    assert caught.value.faults == (
        "5:1: here: 'q' is neither a mention nor a figure",
        "5:8: here: a figure needs one of yy, pp, fx, nb",
        "5:8: here: 'i2' names no mention of this release",
        "6:1: here: 'zz' is no token of the markup",
        "6:1: here: 'i3' names no mention of this release",
        "6:27: here: &7 refers to no figure before it",
        "6:39: here: 'i1' names two mentions",
    )
    assert str(caught.value) == caught.value.faults[0]


@pytest.mark.parametrize("token", ["!z", "!", "!i1", "&1,", "^-1", "#1."])
def test_misspelt_reference_is_a_fault(token):
    with pytest.raises(MarkupError):
        parse_markup(f"[A](i1) [4%](+ yy) [3%](+ yy {token})")


# --- Files ----------------------------------------------------------------------------------------

FILE = (
    "=== desk-1\ncountry: VN\npublished: 2025-12-06\nphenomena: 4 19\n---\n"
    "[Mining](i1) [rose](t1) [4%](+ i1 t1 yy).\r\n\r\nEnd.\n\n"
    "=== desk-2\n---\n===No release\n\n\n"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "desk.md").write_bytes(FILE.encode())
    lines = [to_json(Release("z-1", "Žluté uhlí")), to_json(Release("z-2", "x"))]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    (tmp_path / "notes.txt").write_text("=== no-release\n---\n", "utf-8")
    return tmp_path


def test_file_is_read_with_header_and_its_line_ends(folder):
    first, second = read_markup(folder / "b" / "desk.md")
    assert first == Release(
        id="desk-1",
        text="Mining rose 4%.\r\n\r\nEnd.\n",
        mentions=(Mention(0, 6, "INDUSTRY"), Mention(7, 11, "TREND")),
        figures=(
            Figure(
                12,
                14,
                baseline="year_on_year",
                roles=(Mention(0, 6, "INDUSTRY"), Mention(7, 11, "TREND")),
            ),
        ),
        publisher="desk",
        country="VN",
        published=date(2025, 12, 6),
        phenomena=(4, 19),
    )
    assert second == Release(id="desk-2", text="===No release\n", publisher="desk")


def test_fault_in_a_file_names_the_release(tmp_path):
    (tmp_path / "desk.md").write_text("=== desk-7\n---\nx\n[Mining](i1) [4%](+ i2 yy)\n", "utf-8")
    with pytest.raises(MarkupError, match="4:14: desk-7: 'i2' names no mention"):
        read_releases(tmp_path)


def test_header_and_text_of_a_release_may_both_be_at_fault(tmp_path):
    (tmp_path / "desk.md").write_text(
        "=== a\npublished: soon\nphenomena: x\n---\n[x](q) [y](r)\n", "utf-8"
    )
    with pytest.raises(MarkupError) as caught:
        read_releases(tmp_path)
    assert [fault[:12] for fault in caught.value.faults] == [
        "1: a: in the",
        "1: a: in the",
        "5:1: a: 'q' ",
        "5:8: a: 'r' ",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"=== desk-1\n---\nx\n=== desk-2\ncountry: VN\n[Mining](i) fell.\n",
            "4: desk-2: no line '---' and text after the header",
        ),
        (
            b"=== desk-1\r\n---\r\n[Mining](i) fell.\r\n",
            "1: desk: lines end with CR LF; save the file with LF alone",
        ),
        (b"=== desk-1\n---\nN\xe9z\n", "1: desk: not UTF-8 (byte 16)"),
        (
            b"=== desk-1\npublished: soon\n---\nx\n",
            "1: desk-1: in the header: Invalid isoformat string: 'soon'",
        ),
    ],
    ids=["no rule", "carriage returns", "latin-1", "no day"],
)
def test_release_is_never_silently_empty_or_wrong(tmp_path, content, message):
    (tmp_path / "desk.md").write_bytes(content)
    with pytest.raises(MarkupError) as caught:
        read_releases(tmp_path)
    assert str(caught.value) == message


def test_folder_is_read_in_order_of_the_names(folder):
    assert [release.id for release in read_releases(folder)] == ["z-1", "z-2", "desk-1", "desk-2"]


# --- JSON -----------------------------------------------------------------------------------------


@st.composite
def releases(draw):
    text = draw(st.text(max_size=40))
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    mentions = tuple(
        Mention(*span, label)
        for span, label in draw(st.lists(st.tuples(spans, st.sampled_from(LABELS)), max_size=6))
    )
    figures = []
    for span in draw(st.lists(spans, max_size=4)):
        figures.append(
            Figure(
                *span,
                measure=draw(st.sampled_from(["change", "contribution"])),
                direction=draw(st.sampled_from([-1, 0, 1])),
                status=draw(st.sampled_from(STATUSES)),
                baseline=draw(st.sampled_from([None, *BASELINES])),
                host=draw(st.none() | st.integers(0, len(figures))) if figures else None,
                shift=draw(st.sampled_from([None, "year", "period"])),
                adjustment=draw(st.sampled_from([None, *ADJUSTMENTS])),
                annualized=draw(st.booleans()),
                approximate=draw(st.booleans()),
                optional=draw(st.booleans()),
                roles=tuple(draw(st.lists(st.sampled_from(mentions), max_size=3)))
                if mentions
                else (),
            )
        )
    return Release(
        id=draw(st.text()),
        text=text,
        mentions=mentions,
        figures=tuple(figures),
        publisher=draw(st.text()),
        country=draw(st.sampled_from([None, "VN"])),
        published=draw(st.none() | st.dates()),
        phenomena=tuple(draw(st.lists(st.integers(1, 42)))),
    )


@given(releases())
def test_json_round_trip_keeps_everything(release):
    assert from_json(json.loads(json.dumps(to_json(release)))) == release


@pytest.mark.parametrize("path", sorted(CORPUS.rglob("*.md")), ids=lambda path: path.stem)
def test_json_round_trip_keeps_the_corpus(path):
    found = read_releases(path)
    assert [from_json(json.loads(json.dumps(to_json(release)))) for release in found] == found


def test_json_holds_roles_by_the_number_of_their_span():
    line = to_json(read("[Mining](i1) [fell](t1) [4%](- t1 i1 pp)", published="2025-12-06"))
    assert line["published"] == "2025-12-06"
    assert line["spans"] == [
        {"start": 0, "end": 6, "label": "INDUSTRY"},
        {"start": 7, "end": 11, "label": "TREND"},
    ]
    assert line["figures"] == [
        {
            "start": 12,
            "end": 14,
            "measure": "change",
            "direction": -1,
            "status": "actual",
            "baseline": "period_on_period",
            "host": None,
            "shift": None,
            "adjustment": None,
            "annualized": False,
            "approximate": False,
            "optional": False,
            "roles": [0, 1],
        }
    ]


# --- Docs and examples ----------------------------------------------------------------------------


def test_doc_holds_mentions_figures_and_what_is_known_of_the_text():
    doc = mark("[Mining](i1) [fell](t1) [1.2 %](- i1 t1 yy)", published="2025-12-06", country="VN")
    assert [(ent.text, ent.label_) for ent in doc.ents] == [
        ("Mining", "INDUSTRY"),
        ("fell", "TREND"),
        ("1.2 %", "PERCENT"),
    ]
    assert get_mentions(doc) == [Mention(0, 6, "INDUSTRY"), Mention(7, 11, "TREND")]
    assert [figure.having("TREND") for figure in get_figures(doc)] == [(Mention(7, 11, "TREND"),)]
    assert (doc._.published, doc._.country) == ("2025-12-06", "VN")


def test_mention_that_cuts_through_a_token_is_no_entity():
    doc = mark("[min](i1)ing [fell](t1) [4%](- i1 t1 yy)")
    assert [ent.text for ent in doc.ents] == ["fell", "4%"]
    assert get_figures(doc)[0].roles == (Mention(0, 3, "INDUSTRY"), Mention(7, 11, "TREND"))


def test_docs_are_made_with_the_tokenizer_of_the_pipeline(folder):
    docs = list(to_docs(read_releases(folder / "b"), make_nlp()))
    assert [doc.text for doc in docs] == ["Mining rose 4%.\r\n\r\nEnd.\n", "===No release\n"]


def test_reader_yields_examples_whose_reference_is_gold(folder):
    examples = list(make_release_reader(folder / "b")(make_nlp()))
    assert [[ent.text for ent in eg.reference.ents] for eg in examples] == [
        ["Mining", "rose", "4%"],
        [],
    ]
    assert [len(eg.predicted.ents) for eg in examples] == [0, 0]


def test_reader_with_augmenter_yields_every_release_each_round(folder):
    augmenter = make_augmenter(names=0, titles=0, numbers=0, forms=0, case=0, breaks=0)
    read_round = make_release_reader(folder, augmenter)
    nlp = make_nlp()
    rounds = [sorted(eg.text for eg in read_round(nlp)) for _ in range(2)]
    assert rounds == [["===No release\n", "Mining rose 4%.\r\n\r\nEnd.\n", "x", "Žluté uhlí"]] * 2
