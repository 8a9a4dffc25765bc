"""Attaches mentions to amounts: reads `doc.ents`, writes `doc._.figures` and PERCENT entities.

Names are industries or products by what they are told among, so that is settled here as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc
from spacy.training import Example, validate_examples
from spacy.util import filter_spans
from spacy.vocab import Vocab
from thinc.api import Config, Model, Optimizer, set_dropout_rate

from iipnlp.annotations import AMOUNT, LABELS, Figure, Mention, get_mentions, set_figures
from iipnlp.pipeline.answers import Answers
from iipnlp.pipeline.candidates import (
    ACTION,
    FIRST_ROUND,
    NAMES,
    SECOND_ROUND,
    UNSAID,
    Rows,
    Scene,
    measure,
    propose,
)
from iipnlp.pipeline.dating import Dates
from iipnlp.pipeline.decoding import Decoder
from iipnlp.pipeline.reading import Reading, pair
from iipnlp.pipeline.relation_model import (
    MEASURES,
    STATUSES,
    SpanRows,
    cast_weights,
    softmax,
    softmax_groups,
)

Array = npt.NDArray[Any]

LEAST_SURE = 0.0005  # of a probability, and of what is left to 1, where its odds are taken

DEFAULT_MODEL = """
[model]
@architectures = "iipnlp.RelationModel.v1"
hidden_width = 128
dropout = 0.2

[model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 384
upstream = "*"
"""


@Language.factory(
    "iip_relations",
    assigns=["doc.ents", "doc._.figures"],
    requires=["doc.ents"],
    default_config={
        "model": Config().from_str(DEFAULT_MODEL)["model"],
        "mention_loss": 0.05,
        "name_loss": 0.3,
        "scorer": {"@scorers": "iipnlp.relation_scorer.v1"},
    },
    default_score_weights={"figures_f": 0.0, "roles_f": 0.5, "roles_per_type": None},
)
def make_relations(
    nlp: Language,
    name: str,
    model: Model[Any, Any],
    mention_loss: float,
    name_loss: float,
    scorer: Callable[..., Any] | None,
) -> RoleAttacher:
    """Create the component.

    mention_loss: the share of gold mentions that are hidden or cut short while training, so that
    the component learns to live with those that the tagger misses. name_loss: the share of names
    whose words are hidden from the reading of the items, so that it learns from the place.
    """
    return RoleAttacher(
        nlp.vocab, model, name, mention_loss=mention_loss, name_loss=name_loss, scorer=scorer
    )


class Attached(NamedTuple):
    """What the component finds in a text: its mentions, each with its final label, and figures."""

    mentions: list[Mention]
    figures: list[Figure]


class RoleAttacher(TrainablePipe):
    """Chooses for each amount what it is and which mentions it is told of."""

    def __init__(
        self,
        vocab: Vocab,
        model: Model[Any, Any],
        name: str = "iip_relations",
        *,
        mention_loss: float,
        name_loss: float,
        scorer: Callable[..., Any] | None,
    ) -> None:
        """Keep the parts; see `make_relations`."""
        self.vocab, self.model, self.name = vocab, model, name
        # The calibration (slope, intercept) is fitted after training; this one changes nothing.
        self.cfg: dict[str, Any] = {
            "mention_loss": mention_loss,
            "name_loss": name_loss,
            "calibration": (1.0, 0.0),
        }
        self.scorer = scorer

    def predict(self, docs: Iterable[Doc]) -> list[Attached]:
        """Return what is found in each Doc; text by text, so that none depends on another."""
        return [self._read(doc) if len(doc) else Attached([], []) for doc in docs]

    def _read(self, doc: Doc) -> Attached:
        mentions = get_mentions(doc)
        reading = Reading(doc, mentions)
        amounts = reading.amounts
        if not len(amounts.spans):
            return Attached(mentions, [])
        tokens = SpanRows(self.model.predict([doc])[0])
        items = _Items(self.model, tokens, reading)
        self._settle_names(reading, items)
        rows = np.concatenate(
            [tokens.around(amounts.spans, amounts.features)[0], items.of_amounts], axis=1
        )
        scores = self.model.get_ref("kinds").predict(rows)
        kinds = softmax(scores[:, : len(MEASURES)])
        chosen = np.flatnonzero(kinds.argmax(axis=1) > 0)
        settled = [mention for mention in reading.mentions if mention.label in LABELS]
        if not len(chosen):
            return Attached(settled, [])
        beside = scores[chosen, -1] > scores[chosen, -2]
        decoder = Decoder(reading, chosen, kinds, beside)
        targets = _Targets(tokens, items, decoder.scene, chosen)
        first, second = propose(decoder.scene, FIRST_ROUND), propose(decoder.scene, SECOND_ROUND)
        decoder.decode(first, _Links(self.model, rows[chosen], targets).predict(first))
        links = _Links(self.model, rows[chosen], targets, decoder.dates())
        decoder.decode(second, links.predict(second))
        trends, _ = _trend_rows(tokens, decoder.trends())
        heads = self.model.get_ref("heads").predict(np.concatenate([rows[chosen], trends], axis=1))
        figures = [
            figure._replace(probability=self._calibrate(figure.probability))
            for figure in decoder.figures(heads)
        ]
        return Attached(settled, figures)

    def _settle_names(self, reading: Reading, items: _Items) -> None:
        """Label each name as what it is told as."""
        places = [i for i, mention in enumerate(reading.mentions) if mention.label in NAMES]
        if places:
            scores = self.model.get_ref("names").predict(items.named(places))
            for place, column in zip(places, scores.argmax(axis=1), strict=True):
                mention = reading.mentions[place]
                reading.mentions[place] = mention._replace(label=tuple(NAMES)[column])

    def _calibrate(self, probability: float) -> float:
        slope, intercept = self.cfg["calibration"]
        odds = min(max(probability, LEAST_SURE), 1 - LEAST_SURE)
        return float(1 / (1 + np.exp(-slope * np.log(odds / (1 - odds)) - intercept)))

    def set_annotations(self, docs: Iterable[Doc], scores: list[Attached]) -> None:
        """Store the figures, and their amounts as entities; other amounts are no entities."""
        for doc, (mentions, figures) in zip(docs, scores, strict=True):
            set_figures(doc, figures)
            spans = [Mention(figure.start, figure.end, AMOUNT) for figure in figures] + mentions
            ents = [doc.char_span(*span, alignment_mode="expand") for span in spans]
            doc.ents = tuple(filter_spans([ent for ent in ents if ent is not None]))

    def initialize(
        self, get_examples: Callable[[], Iterable[Example]], *, nlp: Language | None = None
    ) -> None:
        """Initialize the weights; all shapes are known from the config."""
        self.model.initialize()

    def from_disk(self, path: Any, *, exclude: Any = ()) -> RoleAttacher:
        """Read what was saved; weights that are stored in 16 bits are computed with in 32."""
        super().from_disk(path, exclude=exclude)
        cast_weights(self.model, "float32")
        return self

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from gold figures, with the gold mentions as the tagger might have found them."""
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        examples = list(examples)
        validate_examples(examples, "RoleAttacher.update")
        set_dropout_rate(self.model, drop)
        tokvecs, backprop = self.model.begin_update([eg.predicted for eg in examples])
        readings = [Reading(eg.predicted, self._blur(eg)) for eg in examples]
        # Every amount counts alike, be it one of three in its text or one of fifty.
        amounts = np.array([len(reading.amounts.spans) for reading in readings])
        weights = amounts / max(1, amounts.sum())
        gradients = []
        for example, reading, rows, weight in zip(
            examples, readings, tokvecs, map(float, weights), strict=True
        ):
            gradient, loss = self._learn(example, reading, rows, weight)
            gradients.append(gradient)
            losses[self.name] += loss
        backprop(gradients)
        if sgd is not None:
            self.finish_update(sgd)
        return losses

    def _learn(
        self, example: Example, reading: Reading, tokvecs: Array, weight: float
    ) -> tuple[Array, float]:
        """Return the gradient of one text's token rows, and its loss."""
        tokens = SpanRows(np.asarray(tokvecs))
        if not len(reading.amounts.spans):
            return tokens.gradient, 0.0
        gold = Answers(reading, example.reference)
        items = _Items(self.model, tokens, reading, hidden=self._hide_names(reading))
        loss = self._learn_names(items, reading, weight)
        around, backprop_around = tokens.around(reading.amounts.spans, reading.amounts.features)
        rows = np.concatenate([around, items.of_amounts], axis=1)
        scores, backprop_kinds = self.model.get_ref("kinds").begin_update(rows)
        gradient = np.zeros_like(scores)
        split = len(MEASURES)
        gradient[:, :split], more = _cross_entropy(scores[:, :split], gold.kinds, weight)
        gradient[:, split:], most = _cross_entropy(scores[:, split:], gold.beside, weight)
        loss += more + most
        d_rows = backprop_kinds(gradient)
        if len(gold.chosen):
            d_chosen, more = self._learn_figures(tokens, items, gold, rows[gold.chosen], weight)
            d_rows[gold.chosen] += d_chosen
            loss += more
        backprop_around(d_rows[:, : around.shape[1]])
        items.d_amounts += d_rows[:, around.shape[1] :]
        items.backprop()
        return tokens.gradient, loss

    def _learn_names(self, items: _Items, reading: Reading, weight: float) -> float:
        places = [i for i, mention in enumerate(reading.mentions) if mention.label in NAMES]
        if not places:
            return 0.0
        right = np.array([list(NAMES).index(reading.mentions[i].label) for i in places])
        scores, backprop = self.model.get_ref("names").begin_update(items.named(places))
        gradient, loss = _cross_entropy(scores, right, weight)
        items.learn_named(places, backprop(gradient))
        return loss

    def _learn_figures(
        self, tokens: SpanRows, items: _Items, gold: Answers, rows: Array, weight: float
    ) -> tuple[Array, float]:
        beside = gold.beside[gold.chosen] == 1
        # Some are taken for what they are not, as they will be in use.
        beside ^= np.random.random_sample(len(beside)) < self.cfg["mention_loss"] / 2
        scene = gold.reading.scene(gold.chosen, beside)
        targets = _Targets(tokens, items, scene, gold.chosen)
        first, second = propose(scene, FIRST_ROUND), propose(scene, SECOND_ROUND)
        known = np.random.random_sample(len(beside)) >= self.cfg["mention_loss"] / 2
        weight_of_group = weight / (len(first.heads) + len(second.heads))
        d_rows, loss = np.zeros_like(rows), 0.0
        for candidates, dates in ((first, None), (second, gold.dates(known))):
            links = _Links(self.model, rows, targets, dates)
            gradient, more = links.learn(candidates, gold.right(candidates), weight_of_group)
            d_rows, loss = d_rows + gradient, loss + more
        targets.backprop()
        trends, backprop_trends = _trend_rows(tokens, gold.trends())
        joined = np.concatenate([rows, trends], axis=1)
        heads, backprop_heads = self.model.get_ref("heads").begin_update(joined)
        d_heads = np.zeros_like(heads)
        split = len(STATUSES)
        d_heads[:, :split], status_loss = _cross_entropy(heads[:, :split], gold.statuses(), weight)
        d_heads[:, split:], sign_loss = _cross_entropy(heads[:, split:], gold.signs(), weight)
        d_joined = backprop_heads(d_heads)
        backprop_trends(d_joined[:, rows.shape[1] :])
        return d_rows + d_joined[:, : rows.shape[1]], loss + status_loss + sign_loss

    def _hide_names(self, reading: Reading) -> Array:
        luck = np.random.random_sample(len(reading.mentions)) < self.cfg["name_loss"]
        return luck & np.array([mention.label in NAMES for mention in reading.mentions], dtype=bool)

    def _blur(self, example: Example) -> list[Mention]:
        """Return the gold mentions, some hidden, some cut short or grown by a token."""
        share = self.cfg["mention_loss"]
        blurred = []
        doc = example.predicted
        for mention in get_mentions(example.reference):
            luck = np.random.random_sample()
            if luck < share:
                continue
            if luck < 2 * share:
                mention = _jitter(doc, mention)
            blurred.append(mention)
        return blurred


def _jitter(doc: Doc, mention: Mention) -> Mention:
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    if span is None:
        return mention
    start = min(max(span.start + np.random.randint(-1, 2), 0), span.end - 1)
    return Mention(doc[start].idx, mention.end, mention.label)


class _Items:
    """The states of the items of one text, and their gradients on the way back.

    `hidden` says of which mentions the words are not to be seen.
    """

    def __init__(
        self,
        model: Model[Any, Any],
        tokens: SpanRows,
        reading: Reading,
        hidden: Array | None = None,
    ) -> None:
        self.count = len(reading.mentions)
        self.order, spans, features = reading.describe_items()
        self.means, self._backprop_means = tokens.mean(spans)
        self.seen = np.ones((len(spans), 1), dtype="f")
        if hidden is not None:
            names = self.order < self.count
            self.seen[names, 0] = ~hidden[self.order[names]]
        inputs = np.concatenate([self.means * self.seen, features], axis=1)
        states, self._backprop = model.get_ref("items")(inputs, hidden is not None)
        self.states = np.empty_like(states)
        self.states[self.order] = states
        self.gradient = np.zeros_like(states)
        self.d_means = np.zeros_like(self.means)
        self.place = np.argsort(self.order)  # of each item in the text

    @property
    def of_amounts(self) -> Array:
        """The states of the amounts."""
        return self.states[self.count :]

    @property
    def d_amounts(self) -> Array:
        """The gradients of the states of the amounts."""
        return self.gradient[self.count :]

    @d_amounts.setter
    def d_amounts(self, gradient: Array) -> None:
        self.gradient[self.count :] = gradient

    def named(self, places: list[int]) -> Array:
        """Return words and state of some mentions: (places, width + hidden)."""
        return np.concatenate([self.means[self.place[places]], self.states[places]], axis=1)

    def learn_named(self, places: list[int], gradient: Array) -> None:
        """Take back the gradient of `named`."""
        width = self.means.shape[1]
        self.d_means[self.place[places]] += gradient[:, :width]
        self.gradient[places] += gradient[:, width:]

    def backprop(self) -> None:
        """Take all gradients back to the tokens."""
        width = self.means.shape[1]
        d_inputs = self._backprop(self.gradient[self.order])
        self._backprop_means(self.d_means + d_inputs[:, :width] * self.seen)


class _Targets:
    """The rows that candidates point at: mentions, then figures, then what no phrase says.

    Words and state of each, and which of the unsaid it is.
    """

    def __init__(self, tokens: SpanRows, items: _Items, scene: Scene, chosen: Array) -> None:
        self.items, self.scene = items, scene
        self.mentions = len(scene.mentions)
        self.places = np.concatenate([np.arange(self.mentions), self.mentions + chosen])
        said = items.named(list(self.places))
        count, width = said.shape
        self.rows = np.zeros((count + len(UNSAID), width + len(UNSAID)), dtype="f")
        self.rows[:count, :width] = said
        self.rows[count:, width:] = np.eye(len(UNSAID))
        self.gradient = np.zeros_like(self.rows)

    def of(self, rows: Rows) -> Array:
        """Return which of the rows each candidate points at, -1 for none."""
        action, target = np.array(rows.action), np.array(rows.target)
        unsaid = action - ACTION[UNSAID[0]]
        target = np.where(action == ACTION["COPY"], self.mentions + target, target)
        return np.where(unsaid >= 0, len(self.places) + unsaid, target)

    def backprop(self) -> None:
        """Take back the gradient of the rows."""
        width = self.rows.shape[1] - len(UNSAID)
        self.items.learn_named(list(self.places), self.gradient[: len(self.places), :width])


class _Links:
    """Scores the candidates of the figures of one text; with dates, those of the second round.

    rows: (figures, width) of the figures; targets: what candidates point at.
    """

    def __init__(
        self, model: Model[Any, Any], rows: Array, targets: _Targets, dates: Dates | None = None
    ) -> None:
        self.targets, self.dates, self.width = targets, dates, rows.shape[1]
        self.layer = model.get_ref("baselines" if dates else "links")
        self.rows = np.concatenate([rows, dates.own], axis=1) if dates else rows

    def _describe(self, candidates: Rows) -> tuple[Array, ...]:
        geometry = measure(self.targets.scene, candidates)
        if self.dates:
            geometry = np.concatenate([geometry, self.dates.describe(candidates)], axis=1)
        of_figure, of_target = np.array(candidates.figure), self.targets.of(candidates)
        return self.rows, self.targets.rows, geometry, of_figure, of_target

    def predict(self, candidates: Rows) -> Array:
        """Return the probability of each candidate within its group."""
        scores = self.layer.predict(self._describe(candidates))
        return softmax_groups(scores, np.array(candidates.group))

    def learn(
        self, candidates: Rows, answers: tuple[Array, Array], weight_of_group: float
    ) -> tuple[Array, float]:
        """Learn the right candidates; return the gradient of the figures, and the loss."""
        scores, backprop = self.layer.begin_update(self._describe(candidates))
        groups = np.array(candidates.group)
        gradient, loss = np.zeros_like(scores), 0.0
        for right in answers:  # exact and equal ones
            part, more = _marginal(scores, groups, right, weight_of_group / 2)
            gradient, loss = gradient + part, loss + more
        d_rows, d_targets = backprop(gradient)
        self.targets.gradient += d_targets
        return d_rows[:, : self.width], loss


def _trend_rows(tokens: SpanRows, trends: list[tuple[int, int] | None]) -> tuple[Array, Any]:
    """Return for each figure the row of its cue of direction, zero where it has none."""
    present = [i for i, span in enumerate(trends) if span]
    means, backprop_means = tokens.mean(pair([span for span in trends if span]))
    rows = np.zeros((len(trends), tokens.tokens.shape[1]), dtype="f")
    rows[present] = means

    def backprop(gradient: Array) -> None:
        backprop_means(gradient[present])

    return rows, backprop


def _cross_entropy(scores: Array, right: Array, weight: float) -> tuple[Array, float]:
    """Return gradient and loss, meaned over the rows; a row whose answer is -1 does not count."""
    counted = right >= 0
    probabilities = softmax(scores)
    gradient = probabilities.copy()
    places = np.flatnonzero(counted)
    gradient[places, right[places]] -= 1
    gradient[~counted] = 0
    factor = weight / max(1, counted.sum())
    loss = -np.log(probabilities[places, right[places]] + 1e-9).sum()
    return gradient * np.float32(factor), float(loss * factor)


def _marginal(
    scores: Array, groups: Array, right: Array, weight_of_group: float
) -> tuple[Array, float]:
    """Return gradient and loss where several rows of a group may be right; where none is, none."""
    probabilities = softmax_groups(scores, groups)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(groups)) + 1])
    hit = probabilities * right
    mass = np.add.reduceat(hit, starts)
    counted = np.add.reduceat(right.astype("i"), starts) > 0
    wanted = hit / np.maximum(mass, 1e-9)[groups]
    # By figure, not by group: roles that are hard to link should not drown among empty ones.
    factor = 3 * weight_of_group
    gradient = (probabilities - wanted) * counted[groups] * factor
    loss = -np.log(mass[counted] + 1e-9).sum() * factor
    return gradient.astype("f"), float(loss)
