import itertools
from importlib.metadata import entry_points

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from markup import make_nlp, mark
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from thinc.api import fix_random_seed

from iipnlp.annotations import LABELS
from iipnlp.pipeline.entities import TAGS, read_tags, viterbi

TOK2VEC = {
    "@architectures": "spacy.HashEmbedCNN.v2",
    "pretrained_vectors": None,
    "width": 32,
    "depth": 1,
    "embed_size": 300,
    "window_size": 1,
    "maxout_pieces": 2,
    "subword_features": True,
}
CONFIG = {"model": {"tok2vec": TOK2VEC, "dropout": 0.0}}
GOLD = (
    "In [May 2025](p1) [mining and quarrying](i1) of [Bac Giang](a1) [fell](t1) [7%](- i1 a1 t1 p1 b1 yy) [on year](b1).",
    "[Output](k1) of [rolled steel](g1) in the [FDI sector](o1) [edged up](t2) by [2.5 pct](+ k1 g1 o1 t2 yy).",
)


def make_examples(nlp):
    return [
        Example(nlp.make_doc(gold.text), gold) for gold in (mark(text, nlp=nlp) for text in GOLD)
    ]


def found(doc):
    return [(ent.text, ent.label_) for ent in doc.ents]


@pytest.fixture(scope="module")
def trained():
    """Return a pipeline that has learned the two sentences, and its losses."""
    fix_random_seed(0)
    nlp = make_nlp()
    nlp.add_pipe("iip_entities", config=CONFIG)
    examples = make_examples(nlp)
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.02
    losses = [nlp.update(examples, sgd=optimizer)["iip_entities"] for _ in range(40)]
    return nlp, losses


WANTED = [
    [
        ("May 2025", "PERIOD"),
        ("mining and quarrying", "INDUSTRY"),
        ("Bac Giang", "AREA"),
        ("fell", "TREND"),
        ("on year", "BASELINE"),
    ],
    [
        ("Output", "INDICATOR"),
        ("rolled steel", "PRODUCT"),
        ("FDI sector", "OWNERSHIP"),
        ("edged up", "TREND"),
    ],
]


# --- The component --------------------------------------------------------------------------------


@pytest.mark.parametrize("factory", ["iip_entities", "iip_relations", "iip_statements"])
def test_component_is_found_by_name_without_importing_us(factory):
    (entry,) = entry_points(group="spacy_factories", name=factory)
    assert Language.get_factory_meta(factory).factory == factory
    assert entry.load().__module__ == entry.module


def test_labels_are_fixed():
    nlp = make_nlp()
    assert nlp.add_pipe("iip_entities", config=CONFIG).labels == LABELS


def test_update_refuses_what_are_no_examples():
    nlp = make_nlp()
    tagger = nlp.add_pipe("iip_entities", config=CONFIG)
    with pytest.raises(TypeError):
        tagger.update([nlp.make_doc("Mining")])


def test_two_sentences_are_learned(trained):
    nlp, losses = trained
    assert losses[-1] < 0.05 < losses[0]
    assert [found(nlp(mark(gold).text)) for gold in GOLD] == WANTED


def test_learned_sentences_survive_saving(trained, tmp_path):
    nlp, _ = trained
    nlp.to_disk(tmp_path)
    loaded = spacy.load(tmp_path)
    assert [found(loaded(mark(gold).text)) for gold in GOLD] == WANTED


@pytest.mark.parametrize("text", ["", " ", "\n", "Mining", "4%", "."])
def test_tiny_text_is_read(trained, text):
    nlp, _ = trained
    doc = nlp(text)
    assert doc.text == text
    assert len(doc.ents) <= 1


@pytest.mark.parametrize("texts", [["", "Mining"], ["Mining"], ["Mining", "", "fell"]])
def test_tiny_texts_are_learned_from(texts):
    nlp = make_nlp()
    nlp.add_pipe("iip_entities", config=CONFIG)
    examples = [Example(nlp.make_doc(text), nlp.make_doc(text)) for text in texts]
    optimizer = nlp.initialize(lambda: examples)
    losses = nlp.update(examples, sgd=optimizer)
    assert np.isfinite(losses["iip_entities"])


def test_gold_on_other_tokenisation_counts_where_it_fits():
    nlp = make_nlp()
    tagger = nlp.add_pipe("iip_entities", config=CONFIG)
    words = ["mining-and-quarrying", "fell", "7", "%"]
    gold = mark("[mining](i1)-and-quarrying [fell](t1) [7%](- t1 yy)", nlp=nlp)
    example = Example(Doc(nlp.vocab, words=words, spaces=[True, True, False, False]), gold)
    scores = np.zeros((4, len(TAGS)), dtype="f")
    loss, (gradient,) = tagger.get_loss([example], [scores])
    # The first token is cut through by the gold; "fell" is the one token in a mention; "7", "%" are O.
    assert loss == pytest.approx(3 * np.log(len(TAGS)), rel=1e-4)
    assert gradient[0].tolist() == [0.0] * len(TAGS)
    assert gradient[1].argmin() == TAGS.index("U-TREND")
    assert [gradient[i].argmin() for i in (2, 3)] == [TAGS.index("O")] * 2


def test_gold_on_other_tokenisation_is_learned_from():
    nlp = make_nlp()
    nlp.add_pipe("iip_entities", config=CONFIG)
    gold = mark(GOLD[0], nlp=nlp)
    predicted = spacy.blank("en").make_doc(gold.text)
    examples = [
        Example(
            Doc(
                nlp.vocab,
                words=[t.text for t in predicted],
                spaces=[bool(t.whitespace_) for t in predicted],
            ),
            gold,
        )
    ]
    optimizer = nlp.initialize(lambda: examples)
    assert np.isfinite(nlp.update(examples, sgd=optimizer)["iip_entities"])


def test_amounts_are_never_part_of_a_mention(trained):
    nlp, _ = trained
    doc = nlp("mining fell 7% mining 3 per cent")
    amounts = {"7", "%", "3", "per", "cent"}
    assert [ent.text for ent in doc.ents if amounts & {token.text for token in ent}] == []


def test_scores_are_those_of_a_hand_count():
    nlp = make_nlp()
    tagger = nlp.add_pipe("iip_entities", config=CONFIG)
    examples = make_examples(nlp)
    # Of nine gold mentions two are found ("May 2025", "Output"), one has too few words, one another
    # label: 2 right, 2 wrong, 7 missed.
    first, second = (example.predicted for example in examples)
    first.ents = [Span(first, 1, 3, "PERIOD"), Span(first, 3, 4, "INDUSTRY")]
    second.ents = [Span(second, 0, 1, "INDICATOR"), Span(second, 2, 4, "INDUSTRY")]
    scores = tagger.score(examples)
    assert (scores["ents_p"], scores["ents_r"]) == (2 / 4, 2 / 9)
    assert scores["ents_f"] == pytest.approx(2 * 2 / (4 + 9))
    assert scores["ents_per_type"]["INDUSTRY"] == {"p": 0.0, "r": 0.0, "f": 0.0}
    assert scores["ents_per_type"]["PERIOD"] == {"p": 1.0, "r": 1.0, "f": 1.0}
    assert scores["ents_per_type"]["TREND"]["r"] == 0.0


def test_two_processes_give_the_same_result(trained):
    nlp, _ = trained
    texts = [mark(gold).text for gold in GOLD] + [""]
    one = [found(doc) for doc in nlp.pipe(texts)]
    two = [found(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=2)]
    assert one == two == [*WANTED, []]


def test_reading_does_not_depend_on_the_batch(trained):
    nlp, _ = trained
    texts = [mark(gold).text for gold in GOLD] * 3
    alone = [found(nlp(text)) for text in texts]
    assert [found(doc) for doc in nlp.pipe(texts, batch_size=4)] == alone


def test_component_listens_to_a_shared_encoder():
    fix_random_seed(0)
    nlp = make_nlp()
    nlp.add_pipe("tok2vec", config={"model": TOK2VEC})
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 32, "upstream": "tok2vec"}
    nlp.add_pipe("iip_entities", config={"model": {"tok2vec": listener, "dropout": 0.0}})
    examples = make_examples(nlp)
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.02
    for _ in range(40):
        nlp.update(examples, sgd=optimizer)
    assert [found(nlp(mark(gold).text)) for gold in GOLD] == WANTED


# --- Decoding -------------------------------------------------------------------------------------


def is_well_formed(tags):
    open_label = None
    for tag in tags:
        place, label = tag[0], tag[2:]
        if (
            open_label is None
            and place in "IL"
            or open_label is not None
            and (place not in "IL" or label != open_label)
        ):
            return False
        open_label = label if place in "BI" else None
    return open_label is None


SCORES = st.integers(1, 9).flatmap(
    lambda n: arrays("f4", (n, len(TAGS)), elements=st.floats(-30, 0, width=32))
)


@settings(max_examples=25)
@given(SCORES)
def test_viterbi_is_well_formed_and_read_back(scores):
    sequence = viterbi(scores)
    tags = [TAGS[number] for number in sequence]
    assert is_well_formed(tags)
    again = ["O"] * len(tags)
    for start, end, label in read_tags(sequence):
        places = "U" if end - start == 1 else "B" + "I" * (end - start - 2) + "L"
        again[start:end] = [f"{place}-{label}" for place in places]
    assert again == tags


@settings(max_examples=25)
@given(SCORES)
def test_viterbi_keeps_the_best_tags_where_they_are_well_formed(scores):
    best = scores.argmax(axis=1)
    if is_well_formed([TAGS[number] for number in best]):
        sequence = viterbi(scores)
        picked = scores[np.arange(len(scores)), sequence].sum()
        assert picked == pytest.approx(scores.max(axis=1).sum(), abs=1e-3)


def test_viterbi_finds_the_best_of_all_sequences():
    random = np.random.RandomState(0)
    scores = np.full((4, len(TAGS)), -50.0, dtype="f")
    few = [0, 1, 2, 3, 4, 5]
    scores[:, few] = random.normal(size=(4, len(few))) * 3
    sequences = [
        s for s in itertools.product(few, repeat=4) if is_well_formed([TAGS[n] for n in s])
    ]
    best = max(sequences, key=lambda s: sum(scores[i, n] for i, n in enumerate(s)))
    assert tuple(viterbi(scores)) == best


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("O O", []),
        ("U-INDUSTRY O", [(0, 1, "INDUSTRY")]),
        ("B-PERIOD I-PERIOD L-PERIOD", [(0, 3, "PERIOD")]),
        ("U-AREA U-AREA", [(0, 1, "AREA"), (1, 2, "AREA")]),
        ("B-TREND L-TREND U-PERIOD", [(0, 2, "TREND"), (2, 3, "PERIOD")]),
    ],
)
def test_tags_are_read_as_spans(tags, spans):
    assert read_tags(np.array([TAGS.index(tag) for tag in tags.split()])) == spans
