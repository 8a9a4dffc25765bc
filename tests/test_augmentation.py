import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import make_nlp, read
from spacy.training import Example

from iipnlp.annotations import get_figures, get_mentions
from iipnlp.augmentation import PERCENT_FORMS, Augmenter, make_augmenter, rewrite
from iipnlp.industries import read_titles
from iipnlp.releases import Release, annotate

TEXT = (
    "[Industrial production](k1) in [Vietnam](a1) [rose](t1) by [10.4%](#1 + k1 a1 t1 p1 yy) in [May](p1). "
    "[Mining](i1) [fell](t2) [7.05%](- & i1 t2) and [steel](g1) [2 %](+ & g1), while [mining](i2) "
    "[added](t3) [0.4 percentage point](c- & i2 t3); shares: 20% and 3%-points of the [FDI sector](o1)."
)
NOTHING = {"names": 0.0, "titles": 0.0, "numbers": 0.0, "forms": 0.0, "case": 0.0, "breaks": 0.0}
NLP = make_nlp()


@pytest.fixture(autouse=True)
def same_luck():
    random.seed(0)


def words(release):
    """Return what the offsets of a release slice: mentions, then figures with their roles."""
    text = release.text
    return (
        [(text[m.start : m.end], m.label) for m in release.mentions],
        [
            (text[f.start : f.end], [text[m.start : m.end] for m in f.roles])
            for f in release.figures
        ],
    )


def augment(augmenter, release):
    gold = annotate(NLP.make_doc(release.text), release)
    (example,) = augmenter(NLP, Example(NLP.make_doc(gold.text), gold))
    doc = example.reference
    assert example.predicted.text == doc.text
    return Release("", doc.text, tuple(get_mentions(doc)), tuple(get_figures(doc)))


# --- rewrite --------------------------------------------------------------------------------------


def test_rewrite_replaces_and_moves_what_follows():
    release = read("[Mining](i1) [fell](t1) by [7%](- i1 t1 yy).")
    changed = rewrite(release, {(0, 6): "Coal and lignite", (15, 17): "12.5 per cent"})
    assert changed.text == "Coal and lignite fell by 12.5 per cent."
    assert words(changed) == (
        [("Coal and lignite", "INDUSTRY"), ("fell", "TREND")],
        [("12.5 per cent", ["Coal and lignite", "fell"])],
    )


def test_rewrite_inside_a_figure_grows_it():
    release = read("[fell](t1) [7%](- t1 yy), [8%](- &)")
    changed = rewrite(release, {(6, 7): " per cent", (10, 11): " pct"})
    assert words(changed)[1] == [("7 per cent", ["fell"]), ("8 pct", ["fell"])]


@pytest.mark.parametrize("edits", [{}, {(0, 0): ""}, {(0, 4): "fell"}])
def test_rewrite_without_change_returns_an_equal_release(edits):
    release = read("[fell](t1) [7%](- t1 yy)")
    assert rewrite(release, edits) == release


@st.composite
def marked_pieces(draw):
    """Draw pieces of text, some marked, and for some of them other words."""
    text = st.text("ab \n%", min_size=1, max_size=5)
    pieces = draw(st.lists(st.tuples(text, st.sampled_from("-if"), st.none() | text), max_size=12))
    marked = ""
    for number, (words_, kind, _) in enumerate(pieces):
        marks = {"-": words_, "i": f"[{words_}](i{number})", "f": f"[{words_}](+ yy)"}
        marked += marks[kind]
    release = read(marked)
    figures = tuple(f._replace(roles=release.mentions[:2]) for f in release.figures)
    return pieces, replace(release, figures=figures)


@given(marked_pieces())
def test_rewrite_slices_the_same_words_or_their_replacement(drawn):
    pieces, release = drawn
    edits, place, wanted = {}, 0, {"i": [], "f": [], "-": []}
    for old, kind, new in pieces:
        if new is not None:
            edits[place, place + len(old)] = new
        wanted[kind].append(old if new is None else new)
        place += len(old)
    changed = rewrite(release, edits)
    assert changed.text == "".join(old if new is None else new for old, _, new in pieces)
    mentions, figures = words(changed)
    assert [name for name, _ in mentions] == wanted["i"]
    assert figures == [(amount, wanted["i"][:2]) for amount in wanted["f"]]
    back = {}
    place = 0
    for old, _, new in pieces:
        if new is not None:
            back[place, place + len(new)] = old
        place += len(old if new is None else new)
    assert rewrite(changed, back) == release


# --- The augmenter --------------------------------------------------------------------------------


def test_augmenter_without_shares_changes_nothing():
    release = read(TEXT)
    assert words(augment(make_augmenter(**NOTHING), release)) == words(release)


@pytest.mark.parametrize("seed", range(6))
def test_augmenter_keeps_figures_and_roles_on_their_words(seed):
    augmenter = Augmenter(names=0.5, titles=0.0, numbers=0.5, forms=0.5, case=0.3, breaks=0.5)
    random.seed(seed)
    release = read(TEXT)
    augment(
        augmenter,
        read("[Cement](i1) of [Ha Noi](a1), [rolled steel](g1) of the [State sector](o1)"),
    )
    changed = augment(augmenter, release)
    assert [label for _, label in words(changed)[0]] == [label for _, label in words(release)[0]]
    moved = dict(zip(release.mentions, changed.mentions, strict=True))
    for old, new in zip(release.figures, changed.figures, strict=True):
        assert new.roles == tuple(moved[mention] for mention in old.roles)
        assert old._replace(start=0, end=0, roles=()) == new._replace(start=0, end=0, roles=())
    known = "industrial production vietnam ha noi rose may mining cement fell steel rolled added fdi state sector".split()
    names = " ".join(name for name, _ in words(changed)[0]).lower().split()
    assert set(names) <= set(known)


def test_augmenter_puts_in_official_titles():
    augmenter = make_augmenter(**{**NOTHING, "names": 1.0, "titles": 1.0})
    changed = augment(augmenter, read("[Mining](i1) and [steel](g1) rose [4%](+ i1 yy)"))
    (industry, _), (product, _) = words(changed)[0][:2]
    assert industry.lower() in read_titles() and industry[0].isupper()
    assert product == "steel"


def test_augmenter_gives_a_name_the_same_other_name_wherever_it_stands():
    augmenter = make_augmenter(**{**NOTHING, "names": 1.0})
    augment(augmenter, read("[cement](i1), [food](i2), [gas](i3), [oil](i4), [coal](i5)"))
    changed = augment(augmenter, read("[Mining](i1), [mining](i2), [MINING](i3) [4%](- i2 yy)"))
    first, second, third = (name for name, _ in words(changed)[0])
    assert first[0].isupper() and second == first.lower() or second == first == "Mining"
    assert third == first


def test_augmenter_keeps_capitals_at_the_head():
    augmenter = make_augmenter(**{**NOTHING, "names": 1.0})
    augmenter._remember = lambda release: None
    augmenter.pool["INDUSTRY"] = {"cement": None}
    changed = augment(augmenter, read("[Mining](i1) and [paper](i2), [MINING](i3)"))
    assert changed.text == "Cement and cement, Cement"


def test_augmenter_leaves_names_while_it_knows_none_in_small_letters():
    augmenter = make_augmenter(**{**NOTHING, "names": 1.0})
    release = read("[JAPAN](a1): [output](k1) [2%](+ k1 a1 yy)")
    assert augment(augmenter, release).text == release.text


def test_augmenter_leaves_periods_trends_and_indicators():
    augmenter = make_augmenter(**{**NOTHING, "names": 1.0})
    release = read("[Output](k1) [rose](t1) in [May](p1) on [April](b1)")
    assert augment(augmenter, release).text == release.text


def test_augmenter_replaces_digits_but_no_zeros():
    augmenter = make_augmenter(**{**NOTHING, "numbers": 1.0})
    release = read("[rose](t1) [10.05%](+ t1 yy) of 23 groups")
    changed = augment(augmenter, release)
    old, new = words(release)[1][0][0], words(changed)[1][0][0]
    assert len(new) == len(old) and new.endswith("%")
    assert [i for i, char in enumerate(new) if char == "0"] == [1, 3]
    assert changed.text.endswith(" of 23 groups")


@pytest.mark.parametrize("form", PERCENT_FORMS)
def test_augmenter_writes_percent_otherwise_all_through_the_text(form, monkeypatch):
    augmenter = make_augmenter(**{**NOTHING, "forms": 1.0})
    monkeypatch.setattr(random, "choice", lambda forms: form)
    changed = augment(
        augmenter, read("[4%](+ yy), [5 per cent](+ &) and 6 pct, 0.4 percentage point")
    )
    assert changed.text == f"4{form}, 5{form} and 6{form}, 0.4 percentage point"
    assert [amount for amount, _ in words(changed)[1]] == [f"4{form}", f"5{form}"]


def test_augmenter_leaves_points():
    augmenter = make_augmenter(**{**NOTHING, "forms": 1.0})
    text = "[0.4 percentage points](c+ yy), [3%-points](c+ yy), [2 per cent points](c+ yy)"
    release = read(text)
    assert augment(augmenter, release).text == release.text


def test_augmenter_breaks_long_lines_at_blanks():
    augmenter = make_augmenter(**{**NOTHING, "breaks": 1.0})
    release = read(TEXT)
    changed = augment(augmenter, release)
    assert changed.text.replace("\n", " ") == release.text
    assert max(len(line) for line in changed.text.split("\n")) <= 73
    assert changed.mentions == release.mentions


def test_augmenter_changes_the_case_of_the_whole_text():
    augmenter = make_augmenter(**{**NOTHING, "case": 1.0})
    release = read(TEXT)
    found = {augment(augmenter, release).text for _ in range(30)}
    assert found == {release.text.lower(), release.text.upper()}


def test_augmenter_leaves_text_that_changes_its_length_in_capitals(monkeypatch):
    augmenter = make_augmenter(**{**NOTHING, "case": 1.0})
    monkeypatch.setattr(random, "random", lambda: 0.9)
    release = read("[Gießerei](i1) [fell](t1)")
    assert augment(augmenter, release).text == "Gießerei fell"


def test_augmenter_of_an_empty_text_yields_it():
    augmenter = make_augmenter(names=1.0, titles=1.0, numbers=1.0, forms=1.0, case=1.0, breaks=1.0)
    assert augment(augmenter, read("")).text == ""
