"""Tags mentions: writes `doc.ents`, token by token (BILUO, decoded by Viterbi)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import spacy
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span
from spacy.training import Example, validate_examples
from spacy.vocab import Vocab
from thinc.api import Config, Dropout, Linear, Model, Optimizer, chain, set_dropout_rate
from thinc.types import Floats2d

from iipnlp.annotations import LABELS
from iipnlp.percentages import find_amounts
from iipnlp.pipeline.layout import Layout, read_layout
from iipnlp.pipeline.relation_model import initialize_layers, softmax

Array = npt.NDArray[Any]

TAGS = ("O", *(f"{place}-{label}" for label in LABELS for place in "BILU"))
_NUMBER = {tag: number for number, tag in enumerate(TAGS)}
_IMPOSSIBLE = -1e9

DEFAULT_MODEL = """
[model]
@architectures = "iipnlp.EntityModel.v1"
dropout = 0.2

[model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 384
upstream = "*"
"""


@spacy.registry.architectures("iipnlp.EntityModel.v1")
def build_entity_model(
    tok2vec: Model[list[Doc], list[Floats2d]], dropout: float
) -> Model[list[Doc], list[Floats2d]]:
    """Build the model: from Docs to a score for each token and each of `TAGS`."""
    width = tok2vec.get_dim("nO")
    output: Model[Any, Any] = chain(Dropout(dropout), Linear(len(TAGS), width))
    return Model("entities", _forward, init=initialize_layers, layers=[tok2vec, output])


def _forward(model: Model[Any, Any], docs: list[Doc], is_train: bool) -> tuple[Any, Any]:
    tok2vec, output = model.layers
    rows, backprop_rows = tok2vec(docs, is_train)
    lengths = np.array([len(row) for row in rows])
    scores, backprop_scores = output(np.concatenate(rows), is_train)
    edges = np.cumsum(lengths)[:-1]

    def backprop(gradients: list[Array]) -> Any:
        joined = backprop_scores(np.concatenate(gradients))
        return backprop_rows(np.split(joined, edges))

    return np.split(scores, edges), backprop


@Language.factory(
    "iip_entities",
    assigns=["doc.ents", "token.ent_type", "token.ent_iob"],
    default_config={
        "model": Config().from_str(DEFAULT_MODEL)["model"],
        "scorer": {"@scorers": "iipnlp.entity_scorer.v1"},
    },
    default_score_weights={"ents_f": 0.5, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def make_entities(
    nlp: Language, name: str, model: Model[Any, Any], scorer: Callable[..., Any] | None
) -> EntityTagger:
    """Create the component."""
    return EntityTagger(nlp.vocab, model, name, scorer=scorer)


class EntityTagger(TrainablePipe):
    """Tags the mentions of `LABELS`: names, indicators, periods, baselines, cues of direction."""

    def __init__(
        self,
        vocab: Vocab,
        model: Model[Any, Any],
        name: str = "iip_entities",
        *,
        scorer: Callable[..., Any] | None,
    ) -> None:
        """Keep the parts; see `make_entities`."""
        self.vocab, self.model, self.name = vocab, model, name
        self.cfg: dict[str, Any] = {}
        self.scorer = scorer

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the mentions; they are fixed by the contract."""
        return LABELS

    def predict(self, docs: Iterable[Doc]) -> list[list[tuple[int, int, str]]]:
        """Return (start, end, label) of the mentions of each Doc, in tokens; text by text."""
        return [self._tag(doc) if len(doc) else [] for doc in docs]

    def _tag(self, doc: Doc) -> list[tuple[int, int, str]]:
        scores = np.log(softmax(self.model.predict([doc])[0]) + 1e-12)
        for amount in find_amounts(doc.text):
            span = doc.char_span(amount.start, amount.end, alignment_mode="expand")
            if amount.kind == "unit" and span is not None:
                scores[span.start : span.end, 1:] = _IMPOSSIBLE
        found = [_trim(doc, *span) for span in read_tags(viterbi(scores))]
        return vote(doc, [span for span in found if span is not None], scores)

    def set_annotations(
        self, docs: Iterable[Doc], scores: list[list[tuple[int, int, str]]]
    ) -> None:
        """Write the mentions as entities."""
        for doc, found in zip(docs, scores, strict=True):
            doc.ents = tuple(Span(doc, start, end, label=label) for start, end, label in found)

    def initialize(
        self, get_examples: Callable[[], Iterable[Example]], *, nlp: Language | None = None
    ) -> None:
        """Initialize the weights; labels and shapes are fixed."""
        self.model.initialize()

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from the gold mentions; tokens that they cut through do not count."""
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        examples = list(examples)
        validate_examples(examples, "EntityTagger.update")
        set_dropout_rate(self.model, drop)
        scores, backprop = self.model.begin_update([eg.predicted for eg in examples])
        loss, gradients = self.get_loss(examples, scores)
        backprop(gradients)
        if sgd is not None:
            self.finish_update(sgd)
        losses[self.name] += loss
        return losses

    def get_loss(
        self, examples: Iterable[Example], scores: list[Array]
    ) -> tuple[float, list[Array]]:
        """Return the cross-entropy, meaned over tokens inside mentions, and its gradients."""
        rights = [_gold_tags(example) for example in examples]
        factor = np.float32(1 / max(1, sum(int((right > 0).sum()) for right in rights)))
        loss, gradients = 0.0, []
        for row, right in zip(scores, rights, strict=True):
            probabilities = softmax(row)
            gradient = probabilities.copy()
            places = np.flatnonzero(right >= 0)
            gradient[places, right[places]] -= 1
            gradient[right < 0] = 0
            loss -= float(np.log(probabilities[places, right[places]] + 1e-9).sum() * factor)
            gradients.append(gradient * factor)
        return loss, gradients


def vote(doc: Doc, found: list[tuple[int, int, str]], scores: Array) -> list[tuple[int, int, str]]:
    """Settle which names are industries and which products, each together with its siblings.

    The same word can be either; a list names one or the other, so that its names share their odds.
    """
    names = [i for i, (_, _, label) in enumerate(found) if label in ("INDUSTRY", "PRODUCT")]
    odds = [_industry_odds(scores[found[i][0] : found[i][1]]) for i in names]
    settled = list(found)
    for group in _siblings(doc, [found[i][0] for i in names]):
        total = sum(odds[place] for place in group)
        for place in group:
            others = (total - odds[place]) / max(1, len(group) - 1)
            start, end, _ = found[names[place]]
            label = "INDUSTRY" if odds[place] + others >= 0 else "PRODUCT"
            settled[names[place]] = (start, end, label)
    return settled


def _industry_odds(scores: Array) -> float:
    """Return the log-odds that the tokens of a name are an industry and no product."""
    likely = np.exp(scores)
    industry, product = (
        likely[:, [_NUMBER[f"{place}-{label}"] for place in "BILU"]].sum(axis=1) + 1e-6
        for label in ("INDUSTRY", "PRODUCT")
    )
    return float(np.log(industry / product).mean())


def _siblings(doc: Doc, starts: list[int]) -> list[list[int]]:
    """Group names that stand in one sentence, or in items of one bulleted list."""
    layout = read_layout(doc)
    groups: list[list[int]] = []
    for place, start in enumerate(starts):
        before = starts[place - 1] if place else -1
        if place and _is_sibling(layout, before, start):
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _is_sibling(layout: Layout, before: int, start: int) -> bool:
    if layout.sentence[before] == layout.sentence[start]:
        return True
    one, other = layout.paragraph[before], layout.paragraph[start]
    return bool(other - one == 1 and layout.item[one] and layout.item[other])


def _trim(doc: Doc, start: int, end: int, label: str) -> tuple[int, int, str] | None:
    """Take line breaks off the edges of a mention; one that is nothing else is none."""
    while start < end and doc[start].is_space:
        start += 1
    while start < end and doc[end - 1].is_space:
        end -= 1
    return (start, end, label) if start < end else None


def _gold_tags(example: Example) -> Array:
    """Return the number of each token's tag, -1 where gold and tokens don't fit; amounts are O."""
    tags = example.get_aligned_ner()
    numbers = [-1 if tag is None or tag == "-" else _NUMBER.get(tag, 0) for tag in tags]
    return np.array(numbers, dtype="i")


def _transitions() -> Array:
    """Return what may follow what: 0 or a score that never wins."""
    allowed = np.full((len(TAGS), len(TAGS)), _IMPOSSIBLE, dtype="f")
    for i, tag in enumerate(TAGS):
        for j, follower in enumerate(TAGS):
            if tag[0] in "OLU":
                fits = follower[0] in "OBU"
            else:
                fits = follower[0] in "IL" and tag[1:] == follower[1:]
            if fits:
                allowed[i, j] = 0
    return allowed


_TRANSITIONS = _transitions()
_STARTS = np.array([0 if tag[0] in "OBU" else _IMPOSSIBLE for tag in TAGS], dtype="f")
_ENDS = np.array([0 if tag[0] in "OLU" else _IMPOSSIBLE for tag in TAGS], dtype="f")


def viterbi(scores: Array) -> Array:
    """Return the best sequence of tags that is well formed: (tokens,) from (tokens, tags)."""
    best = scores[0] + _STARTS
    origins = np.zeros(scores.shape, dtype="i")
    columns = np.arange(len(TAGS))
    for i in range(1, len(scores)):
        paths = best[:, None] + _TRANSITIONS
        origins[i] = paths.argmax(axis=0)
        best = paths[origins[i], columns] + scores[i]
    sequence = np.zeros(len(scores), dtype="i")
    sequence[-1] = (best + _ENDS).argmax()
    for i in range(len(scores) - 1, 0, -1):
        sequence[i - 1] = origins[i, sequence[i]]
    return sequence


def read_tags(sequence: Array) -> list[tuple[int, int, str]]:
    """Return the spans that a well-formed sequence of tags describes."""
    found: list[tuple[int, int, str]] = []
    start = 0
    for i, number in enumerate(sequence):
        tag = TAGS[number]
        if tag[0] in "BU":
            start = i
        if tag[0] in "LU":
            found.append((start, i + 1, tag[2:]))
    return found
