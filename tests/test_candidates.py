import numpy as np
import pytest
from markup import mark

from iipnlp.annotations import AMOUNT, get_figures, get_mentions
from iipnlp.pipeline.candidates import (
    ACTION,
    ACTIONS,
    COPIES,
    FEATURES,
    HOSTS,
    LEFT,
    LINKED,
    NAMES,
    RIGHT,
    ROLE,
    ROLES,
    SUBJECTS,
    VIRTUAL,
    Rows,
    Scene,
    measure,
    propose,
    stands_aside,
)
from iipnlp.pipeline.layout import read_layout
from iipnlp.pipeline.traits import read_traits
from iipnlp.timeline import Source

TEXT = (
    "In [May](p1) [A](i1), [B](i2) and [C](i3) of [Hue](a1) [rose](t1) [2%](+ i1 i2 i3 a1 t1 p1 yy) [on year](b1) "
    "([April](p2): [-3 %](- ^ p2)), [output](k1) of the [FDI sector](o1) and [steel](g1) [4%](+ k1 g1 o1 p1 yy).\n"
)


def spans(found):
    return np.array([(ent.start, ent.end) for ent in found], dtype="i").reshape(len(found), 2)


def make_scene(marked):
    doc = mark(marked)
    mentions = [ent for ent in doc.ents if ent.label_ != AMOUNT]
    figures = [ent for ent in doc.ents if ent.label_ == AMOUNT]
    labels = np.array([ROLE[NAMES.get(ent.label_, ent.label_)] for ent in mentions], dtype="i")
    beside = np.array([figure.host is not None for figure in get_figures(doc)], dtype=bool)
    traits = read_traits(Source(doc.text, None, "VN"), get_mentions(doc))
    return doc, Scene(read_layout(doc), spans(figures), beside, spans(mentions), labels, traits)


def repeat(times):
    """Return the text so many times, with figures and mentions named anew each time."""
    bare = TEXT
    for name in ("p1", "p2", "i1", "i2", "i3", "a1", "t1", "b1", "k1", "o1", "g1"):
        bare = bare.replace(f"({name})", f"({name[0]})")
    for roles in (" i1 i2 i3 a1 t1 p1 yy", " k1 g1 o1 p1 yy"):
        bare = bare.replace(roles, " yy")
    return bare.replace("^ p2", "yy") * times


FAR = 4
PER_ROLE = 1 + LEFT + RIGHT + FAR + 1 + COPIES + 1 + 1
BOUND = (
    len(LINKED) * PER_ROLE
    + sum(len(actions) for actions in VIRTUAL.values())
    + len(SUBJECTS) * 2 * (LEFT + RIGHT + FAR)
    + 1
    + HOSTS
)


@pytest.mark.parametrize("times", [1, 2, 5, 40])
def test_rows_are_bounded_for_each_figure(times):
    _, scene = make_scene(repeat(times))
    rows = propose(scene)
    assert len(scene.figures) == 3 * times
    assert np.bincount(rows.figure).max() <= BOUND


def test_rows_are_linear_in_the_length_of_the_text():
    counts = [len(propose(make_scene(repeat(times))[1]).figure) for times in (10, 20, 30, 40)]
    assert len(set(np.diff(counts))) == 1


def test_rows_of_a_group_stand_together_and_start_with_none():
    _, scene = make_scene(TEXT)
    rows = propose(scene)
    group = np.array(rows.group)
    assert set(np.diff(group)) == {0, 1}
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    assert [rows.action[start] for start in starts] == [ACTION["NONE"]] * len(rows.heads)
    assert [rows.figure[start] for start in starts] == [figure for figure, _, _ in rows.heads]
    assert [ROLES[rows.role[start]] for start in starts] == [role for _, role, _ in rows.heads]


def test_every_figure_has_a_group_for_each_role_and_its_host():
    _, scene = make_scene(TEXT)
    heads = [(figure, role) for figure, role, _ in propose(scene).heads if role != "ALSO"]
    assert heads == [(figure, role) for figure in range(3) for role in (*LINKED, "HOST")]


def proposed(marked, figure, role):
    """Return the words of the mentions proposed, and the other actions."""
    doc, scene = make_scene(marked)
    rows = propose(scene)
    found = []
    for number, target in enumerate(rows.target):
        if rows.figure[number] != figure or ROLES[rows.role[number]] != role:
            continue
        action = ACTIONS[rows.action[number]]
        found.append(doc[slice(*scene.mentions[target])].text if action == "MENTION" else action)
    return found


@pytest.mark.parametrize(
    ("figure", "role", "wanted"),
    [
        (0, "NAME", ["NONE", "C", "B", "A", "steel"]),
        (0, "PERIOD", ["NONE", "May", "April", "YEAR_BEFORE", "PERIOD_BEFORE"]),
        (0, "BASELINE", ["NONE", "on year", "YEAR_ON_YEAR", "PERIOD_ON_PERIOD", "FIXED_PERIOD"]),
        (0, "HOST", ["NONE"]),
        (0, "OWNERSHIP", ["NONE", "FDI sector"]),
        (1, "TREND", ["NONE", "rose", "COPY"]),
        (1, "HOST", ["NONE", "COPY"]),
        (2, "HOST", ["NONE"]),
        (2, "INDICATOR", ["NONE", "output", "COPY", "COPY"]),
    ],
)
def test_candidates_of_a_role(figure, role, wanted):
    assert proposed(TEXT, figure, role) == wanted


def test_far_candidates_are_first_of_paragraph_last_of_heading_and_first_of_text():
    marked = (
        "[I0](i) [I1](i)\n"
        + "x [I2](i) "
        + " ".join(f"[I{n}](i)" for n in range(3, 9))
        + " [4%](+ yy).\n"
    )
    assert proposed(marked, 0, "NAME") == ["NONE", "I8", "I7", "I6", "I5", "I2", "I1", "I0"]


def copied(marked, figure):
    """Return the figures whose name a figure may copy."""
    rows = propose(make_scene(marked)[1])
    return [
        target
        for number, target in enumerate(rows.target)
        if (rows.figure[number], ROLES[rows.role[number]]) == (figure, "NAME")
        and rows.action[number] == ACTION["COPY"]
    ]


def test_copies_are_the_figure_before_the_last_that_are_no_comparatives_and_the_first():
    marked = "[1%](+ yy) [2%](+ yy) [3%](+ yy) [4%](+ yy) [5%](+ ^) [6%](+ ^) [7%](+ yy)"
    assert copied(marked, 6) == [5, 3, 2, 1, 0]


FIVE = [f"[I{number}](i) [{number}%](+ yy)" for number in range(1, 6)]
IN_ORDER = "[7%](+ yy), [8%](+ yy), [9%](+ yy), [6%](+ yy) and [5%](+ yy)"


@pytest.mark.parametrize(
    ("marked", "figure", "parallel"),
    [
        (f"X [9%](+ yy). {', '.join(FIVE)}. In the EU {IN_ORDER}, in that order.", 6, 1),
        (f"X [9%](+ yy). {', '.join(FIVE)}. In the EU {IN_ORDER}, in that order.", 10, 5),
        (f"X [9%](+ yy). {', '.join(FIVE)}.", 5, None),
        (f"{IN_ORDER}.", 2, None),
    ],
    ids=["first", "last", "not of a run", "no list before"],
)
def test_a_figure_of_a_run_may_copy_the_one_at_its_place_in_the_list_before(
    marked, figure, parallel
):
    nearer = set(range(figure - 1 - COPIES, figure)) | {0}
    assert set(copied(marked, figure)) - nearer == ({parallel} - {None})


def test_hosts_are_proposed_to_comparatives_alone():
    marked = "[1%](+ yy) [2%](+ yy) ([3%](+ ^), [4%](+ ^)), [5%](+ yy)"
    found = [proposed(marked, figure, "HOST")[1:] for figure in range(5)]
    assert found == [[], [], ["COPY"] * 2, ["COPY"] * 3, []]


def test_mentions_beside_a_comparative_stand_aside():
    doc, scene = make_scene(
        "[A](i) [rose](t) [2%](+ yy) ([3%](+ ^) in [May](p)); [B](i) [4%](+ yy)"
    )
    aside = [doc[start:end].text for start, end in scene.mentions[stands_aside(scene)]]
    assert aside == ["May"]


def test_last_name_on_the_main_thread_is_a_candidate():
    aside = " ".join(f"[I{number}](i)" for number in range(1, 6))
    marked = f"[A](i) [1%](+ yy), [M](i) [2%](+ yy), [3%](+ ^) {aside} {'x ' * 9} [4%](+ yy)"
    assert proposed(marked, 3, "NAME") == ["NONE", "I5", "I4", "I3", "I2", "M", "A", *["COPY"] * 3]


@pytest.mark.parametrize("marked", ["", "[4%](+ yy)", "[A](i)"])
def test_nothing_stands_aside_where_mentions_or_figures_are_missing(marked):
    _, scene = make_scene(marked)
    assert not stands_aside(scene).any()


def test_sharing_links_a_name_to_the_one_before_it():
    _, scene = make_scene("[A](i) and [B](i) [2%](+ yy), [C](i) [3%](+ yy)")
    rows = propose(scene)
    pairs = {
        (rows.heads[group][2], rows.target[number])
        for number, group in enumerate(rows.group)
        if rows.heads[group][1] == "ALSO" and rows.target[number] >= 0
    }
    assert pairs == {(1, 0)}


@pytest.mark.parametrize(
    "marked",
    [
        TEXT,
        repeat(3),
        "[4%](+ yy)",
        "[4%](+ yy) [A](i)",
        "[A](i)\n\n[4%](+ yy) ([5%](+ yy)",
        "([4%](+ yy)",
    ],
)
def test_measure_has_one_row_of_features_for_each_candidate(marked):
    _, scene = make_scene(marked)
    rows = propose(scene)
    table = measure(scene, rows)
    assert table.shape == (len(rows.figure), FEATURES)
    assert table.dtype == np.float32
    assert set(np.unique(table)) <= {0.0, 1.0}


def test_measure_tells_the_candidates_of_a_group_apart():
    _, scene = make_scene(TEXT)
    rows = propose(scene)
    keys = {
        (group, row.tobytes()) for group, row in zip(rows.group, measure(scene, rows), strict=True)
    }
    assert len(keys) == len(rows.figure)


@pytest.mark.parametrize("marked", ["", "nothing here", "[A](i) [May](p)"])
def test_scene_without_figures_has_no_rows(marked):
    _, scene = make_scene(marked)
    rows = propose(scene)
    assert rows == Rows()
    assert measure(scene, rows).shape == (0, FEATURES)


def test_scene_without_mentions_has_only_copies_and_actions():
    _, scene = make_scene("[4%](+ yy) and [5%](+ yy)")
    rows = propose(scene)
    assert ACTION["MENTION"] not in rows.action
    assert measure(scene, rows).shape == (len(rows.figure), FEATURES)
