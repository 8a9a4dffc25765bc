import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import make_nlp

from iipnlp.pipeline.layout import BREAK, MARKERS, OTHER, WORD_CLASSES, read_layout

NLP = make_nlp()


def parts(text, field):
    """Return the text of each paragraph or sentence, blanks folded, empty ones left out."""
    doc = NLP.make_doc(text)
    numbers = getattr(read_layout(doc), field)
    found = [""] * (int(numbers[-1]) + 1 if len(doc) else 0)
    for token, number in zip(doc, numbers, strict=True):
        found[number] += token.text_with_ws
    return [" ".join(part.split()) for part in found if part.strip()]


WRAPPED = (
    "    Industrial production rose by a seasonally adjusted 2.3 pct in\n"
    "June after a 1.1 pct fall in May, the Ministry of Trade and Indus-\n"
    "try said on Tuesday, adding that output would rise further.\n"
    "    Mining fell 3 pct, the ministry's monthly report on production,\n"
    "stocks and shipments showed, and steel was off by 4 pct in June.\n"
    "Last.\n"
)
WRAPPED_PARAGRAPHS = [
    "Industrial production rose by a seasonally adjusted 2.3 pct in June after a 1.1 pct fall in May, "
    "the Ministry of Trade and Indus- try said on Tuesday, adding that output would rise further.",
    "Mining fell 3 pct, the ministry's monthly report on production, stocks and shipments showed, and "
    "steel was off by 4 pct in June. Last.",
]


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("", []),
        ("One line.", ["One line."]),
        ("One.\nTwo.", ["One.", "Two."]),
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One.\r\nTwo.", ["One.", "Two."]),
        ("Lead:\n- one\n- two\n", ["Lead:", "- one", "- two"]),
        ("\n\nOne.\n", ["One."]),
        (WRAPPED, WRAPPED_PARAGRAPHS),
    ],
    ids=[
        "empty",
        "one",
        "lines",
        "blank line",
        "carriage return",
        "list",
        "breaks around",
        "hard-wrapped",
    ],
)
def test_paragraphs(text, paragraphs):
    assert parts(text, "paragraph") == paragraphs


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Mining fell. Steel rose.", ["Mining fell.", "Steel rose."]),
        ("Mining fell by 3 pct. of output", ["Mining fell by 3 pct. of output"]),
        ("U.S. output fell. It rose.", ["U.S. output fell.", "It rose."]),
        ("Heading\nMining fell.", ["Heading", "Mining fell."]),
        ("Mining fell 2.5% in May", ["Mining fell 2.5% in May"]),
        ("Why? Because! Yes", ["Why?", "Because!", "Yes"]),
        ("", []),
    ],
)
def test_sentences(text, sentences):
    assert parts(text, "sentence") == sentences


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("Mining up", ["Mining up"]),
        ("Mining is up.", []),
        ("Of which:", []),
        ("Mining up;\nSteel up", ["Steel up"]),
        ("MINING\n\n" + "word " * 17 + "\n\nSTEEL\n", ["MINING", "STEEL"]),
        ("word " * 16, [" ".join(["word"] * 16)]),
    ],
)
def test_heading_is_a_short_paragraph_without_full_stop(text, headings):
    doc = NLP.make_doc(text)
    layout = read_layout(doc)
    found = [""] * len(layout.heading)
    for token, number in zip(doc, layout.paragraph, strict=True):
        found[number] += token.text_with_ws
    assert [" ".join(found[i].split()) for i in np.flatnonzero(layout.heading)] == headings


def test_lead_in_ends_with_a_colon():
    layout = read_layout(NLP.make_doc("Of which:\n- mining up.\nThe end: no.\n"))
    assert layout.lead_in.tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("a ( b ) c", "01110"),
        ("a ( b ) ( c ) d", "01112220"),
        ("a ( b\nc ) d", "011000"),
        ("a [ b ] c", "01110"),
        ("a ) b", "000"),
        ("a ( b ( c ) d", "0112220"),
        ("", ""),
    ],
    ids=["one", "two", "left open", "square", "never opened", "nested", "empty"],
)
def test_brackets_are_numbered(text, inside):
    doc = NLP.make_doc(text)
    found = read_layout(doc).bracket
    assert (
        "".join(str(n) for token, n in zip(doc, found, strict=True) if not token.is_space) == inside
    )


def test_words_have_classes():
    classes = read_layout(NLP.make_doc("And mining\n( and")).word_class
    assert classes[0] == classes[4] > BREAK
    assert classes[1] == OTHER
    assert classes[2] == BREAK
    assert classes[3] > BREAK
    assert classes.max() < WORD_CLASSES


def test_markers_are_counted_before_each_token():
    counts = read_layout(NLP.make_doc("a, b and c, d")).counts
    rows = dict(zip(MARKERS, counts.tolist(), strict=True))
    assert rows["comma"] == [0, 0, 1, 1, 1, 1, 2, 2]
    assert rows["and"] == [0, 0, 0, 0, 1, 1, 1, 1]
    assert rows["colon"] == [0] * 8


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("A and B rose 3% and 2% respectively. C fell.", [True, False]),
        ("C fell. A and B rose 3% and 2%, in that order.", [False, True]),
        ("Respectively yours", [True]),
        ("A rose.", [False]),
    ],
)
def test_respectively_is_known_by_sentence(text, flags):
    assert read_layout(NLP.make_doc(text)).respectively.tolist() == flags


def test_each_is_known_by_sentence():
    assert read_layout(NLP.make_doc("A and B both rose. C fell. D rose 2% each")).each.tolist() == [
        True,
        False,
        True,
    ]


@given(st.text("ab .:\n()•-", max_size=60))
def test_layout_is_monotonous_and_covers_the_tokens(text):
    doc = NLP.make_doc(text)
    layout = read_layout(doc)
    assert len(layout.sentence) == len(layout.paragraph) == len(layout.bracket) == len(doc)
    assert layout.counts.shape == (len(MARKERS), len(doc) + 1)
    for numbers in (layout.sentence, layout.paragraph):
        assert set(np.diff(numbers).tolist()) <= {0, 1}
    assert (np.diff(layout.paragraph) <= np.diff(layout.sentence)).all()
    assert len(layout.heading) == len(layout.lead_in) == len(set(layout.paragraph.tolist()))
    assert len(layout.each) == len(layout.respectively) == len(set(layout.sentence.tolist()))
