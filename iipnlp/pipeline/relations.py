"""Attaches mentions to amounts: reads `doc.ents`, writes `doc._.figures` and PERCENT entities."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span
from spacy.training import Example, validate_examples
from spacy.util import filter_spans
from spacy.vocab import Vocab
from thinc.api import Config, Model, Optimizer, set_dropout_rate

from iipnlp.annotations import (
    AMOUNT,
    Figure,
    Mention,
    get_figures,
    get_mentions,
    set_figures,
)
from iipnlp.cues import find_adjustments, find_annual_rates, is_approximate
from iipnlp.percentages import find_amounts, read_percentage
from iipnlp.pipeline.candidates import (
    ACTIONS,
    MENTIONED,
    NAMES,
    ROLE,
    SUBJECTS,
    Rows,
    Scene,
    measure,
    neighbours,
    propose,
)
from iipnlp.pipeline.layout import BREAK, Layout, read_layout
from iipnlp.pipeline.relation_model import (
    AROUND,
    FORMS,
    MEASURES,
    SIGNS,
    STATUSES,
    SpanRows,
    softmax,
    softmax_groups,
)

Array = npt.NDArray[Any]

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

IMPLIED = {
    "YEAR_ON_YEAR": "year_on_year",
    "PERIOD_ON_PERIOD": "period_on_period",
    "FIXED_PERIOD": "fixed_period",
}
_NOTHING: dict[tuple[Any, ...], float] = {(): 1.0}
_LEAST = 0.001  # of a choice that is still thought of
SHIFTS = {"YEAR_BEFORE": "year", "PERIOD_BEFORE": "period"}


@Language.factory(
    "iip_relations",
    assigns=["doc.ents", "doc._.figures"],
    requires=["doc.ents"],
    default_config={
        "model": Config().from_str(DEFAULT_MODEL)["model"],
        "mention_loss": 0.05,
        "scorer": {"@scorers": "iipnlp.relation_scorer.v1"},
    },
    default_score_weights={"figures_f": 0.0, "roles_f": 0.5, "roles_per_type": None},
)
def make_relations(
    nlp: Language,
    name: str,
    model: Model[Any, Any],
    mention_loss: float,
    scorer: Callable[..., Any] | None,
) -> RoleAttacher:
    """Create the component.

    mention_loss: the share of gold mentions that are hidden or cut short while training, so that
    the component learns to live with those that the tagger misses.
    """
    return RoleAttacher(nlp.vocab, model, name, mention_loss=mention_loss, scorer=scorer)


class _Amounts:
    """The amounts of a Doc in tokens, with what their form tells."""

    def __init__(self, doc: Doc, layout: Layout, mentions: Array) -> None:
        covered = np.zeros(len(doc) + 1, dtype=bool)
        for start, end in mentions:
            covered[start:end] = True
        found = []
        text = doc.text  # put together anew at every access
        for amount in find_amounts(text):
            span = doc.char_span(amount.start, amount.end, alignment_mode="expand")
            if span is not None and (
                amount.kind == "unit" or not covered[span.start : span.end].any()
            ):
                found.append((span.start, span.end, amount))
        self.spans = _pairs([(start, end) for start, end, _ in found])
        self.chars = [(amount.start, amount.end) for _, _, amount in found]
        self.words = [text[start:end] for start, end in self.chars]
        self.features = self._describe(layout, [amount.kind for _, _, amount in found])

    def _describe(self, layout: Layout, kinds: list[str]) -> Array:
        forms = [
            (
                kind == "unit",
                kind == "number",
                kind == "word",
                words[0] in "+-−–‑",
                layout.bracket[start] > 0,
                start == 0 or layout.word_class[start - 1] == BREAK,
            )
            for kind, words, (start, _) in zip(kinds, self.words, self.spans, strict=True)
        ]
        around = neighbours(layout, self.spans, AROUND)
        flat = np.array(forms, dtype="f").reshape(len(forms), FORMS)
        described: Array = np.concatenate([around, flat], axis=1, dtype="f")
        return described


def _pairs(spans: list[tuple[int, int]]) -> Array:
    return np.array(spans, dtype="i").reshape(len(spans), 2)


class _Reading:
    """A Doc made ready for the model: layout, mentions with cues, amounts."""

    def __init__(self, doc: Doc, mentions: list[Mention]) -> None:
        self.text = text = doc.text
        self.layout = read_layout(doc)
        self.mentions: list[Mention] = []
        self.cues: list[str] = []
        spans: list[tuple[int, int]] = []
        cues = [(cue, "ADJUSTMENT") for cue in find_adjustments(text)]
        cues += [(cue, "ANNUAL") for cue in find_annual_rates(text)]
        everything = [(mention, "") for mention in mentions]
        everything += [(Mention(cue.start, cue.end, role), cue.value) for cue, role in cues]
        for mention, value in sorted(everything):
            span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
            if span is not None:
                spans.append((span.start, span.end))
                self.mentions.append(mention)
                self.cues.append(value)
        self.spans = _pairs(spans)
        self.words = [" ".join(text[m.start : m.end].lower().split()) for m in self.mentions]
        roles = [NAMES.get(mention.label, mention.label) for mention in self.mentions]
        self.labels = np.array([ROLE[role] for role in roles], dtype="i")
        named = self.spans[self.labels < len(MENTIONED)] if spans else self.spans
        self.amounts = _Amounts(doc, self.layout, named)

    def scene(self, chosen: Array, beside: Array) -> Scene:
        """Return the scene in which the chosen amounts are figures, some beside others."""
        return Scene(self.layout, self.amounts.spans[chosen], beside, self.spans, self.labels)


class RoleAttacher(TrainablePipe):
    """Chooses for each amount what it is and which mentions it is told of."""

    def __init__(
        self,
        vocab: Vocab,
        model: Model[Any, Any],
        name: str = "iip_relations",
        *,
        mention_loss: float,
        scorer: Callable[..., Any] | None,
    ) -> None:
        """Keep the parts; see `make_relations`."""
        self.vocab, self.model, self.name = vocab, model, name
        # The calibration (slope, intercept) is fitted after training; this one changes nothing.
        self.cfg: dict[str, Any] = {"mention_loss": mention_loss, "calibration": (1.0, 0.0)}
        self.scorer = scorer
        self.random = np.random.RandomState(0)

    def predict(self, docs: Iterable[Doc]) -> list[list[Figure]]:
        """Return the figures of each Doc; text by text, so that none depends on its neighbours."""
        return [self._read(doc) if len(doc) else [] for doc in docs]

    def _read(self, doc: Doc) -> list[Figure]:
        reading = _Reading(doc, get_mentions(doc))
        amounts = reading.amounts
        if not len(amounts.spans):
            return []
        tokens = SpanRows(self.model.predict([doc])[0])
        rows, _ = tokens.around(amounts.spans, amounts.features)
        scores = self.model.get_ref("kinds").predict(rows)
        kinds = softmax(scores[:, : len(MEASURES)])
        chosen = np.flatnonzero(kinds.argmax(axis=1) > 0)
        if not len(chosen):
            return []
        beside = scores[chosen, -1] > scores[chosen, -2]
        decoder = _Decoder(reading, chosen, kinds, beside)
        geometry = measure(decoder.scene, decoder.rows)
        targets, of_target = _targets(tokens, decoder.scene, decoder.rows)[:2]
        scores = self.model.get_ref("links").predict(
            (rows[chosen], targets, geometry, np.array(decoder.rows.figure), of_target)
        )
        decoder.decode(softmax_groups(scores, np.array(decoder.rows.group)))
        trends, _ = _trend_rows(tokens, decoder.trends())
        heads = self.model.get_ref("heads").predict(np.concatenate([rows[chosen], trends], axis=1))
        return [
            figure._replace(probability=self._calibrate(figure.probability))
            for figure in decoder.figures(heads)
        ]

    def _calibrate(self, probability: float) -> float:
        slope, intercept = self.cfg["calibration"]
        odds = min(max(probability, 0.0005), 0.9995)
        return float(1 / (1 + np.exp(-slope * np.log(odds / (1 - odds)) - intercept)))

    def set_annotations(self, docs: Iterable[Doc], scores: list[list[Figure]]) -> None:
        """Store the figures, and their amounts as entities; other amounts are no entities."""
        for doc, figures in zip(docs, scores, strict=True):
            set_figures(doc, figures)
            amounts = [
                Span(doc, span.start, span.end, label=AMOUNT)
                for figure in figures
                if (span := doc.char_span(figure.start, figure.end, alignment_mode="expand"))
            ]
            names = [ent for ent in doc.ents if ent.label_ != AMOUNT]
            doc.ents = tuple(filter_spans([*amounts, *names]))

    def initialize(
        self, get_examples: Callable[[], Iterable[Example]], *, nlp: Language | None = None
    ) -> None:
        """Initialize the weights; all shapes are known from the config."""
        self.model.initialize()
        self.random = np.random.RandomState(0)

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
        gradients = []
        for example, rows in zip(examples, tokvecs, strict=True):
            gradient, loss = self._learn(example, rows, 1 / len(examples))
            gradients.append(gradient)
            losses[self.name] += loss
        backprop(gradients)
        if sgd is not None:
            self.finish_update(sgd)
        return losses

    def _learn(self, example: Example, tokvecs: Array, weight: float) -> tuple[Array, float]:
        """Return the gradient of one text's token rows, and its loss."""
        tokens = SpanRows(np.asarray(tokvecs))
        reading = _Reading(example.predicted, self._blur(example))
        gold = _Gold(reading, get_figures(example.reference))
        if not len(reading.amounts.spans):
            return tokens.gradient, 0.0
        rows, backprop_rows = tokens.around(reading.amounts.spans, reading.amounts.features)
        scores, backprop_kinds = self.model.get_ref("kinds").begin_update(rows)
        gradient = np.zeros_like(scores)
        split = len(MEASURES)
        gradient[:, :split], loss = _cross_entropy(scores[:, :split], gold.kinds, weight)
        gradient[:, split:], more = _cross_entropy(scores[:, split:], gold.beside, weight)
        loss += more
        d_rows = backprop_kinds(gradient)
        if len(gold.chosen):
            d_chosen, more = self._learn_figures(tokens, gold, rows[gold.chosen], weight)
            d_rows[gold.chosen] += d_chosen
            loss += more
        backprop_rows(d_rows)
        return tokens.gradient, loss

    def _learn_figures(
        self, tokens: SpanRows, gold: _Gold, rows: Array, weight: float
    ) -> tuple[Array, float]:
        beside = gold.beside[gold.chosen] == 1
        # Some are taken for what they are not, as they will be in use.
        beside ^= self.random.random_sample(len(beside)) < self.cfg["mention_loss"] / 2
        scene = gold.reading.scene(gold.chosen, beside)
        candidates = propose(scene)
        targets, of_target, backprop_targets = _targets(tokens, scene, candidates)
        of_figure, groups = np.array(candidates.figure), np.array(candidates.group)
        inputs = (rows, targets, measure(scene, candidates), of_figure, of_target)
        scores, backprop_links = self.model.get_ref("links").begin_update(inputs)
        gradient, loss = _marginal(scores, groups, gold.right(candidates), weight)
        d_rows, d_targets = backprop_links(gradient)
        backprop_targets(d_targets)
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

    def _blur(self, example: Example) -> list[Mention]:
        """Return the gold mentions, some hidden, some cut short or grown by a token."""
        share = self.cfg["mention_loss"]
        blurred = []
        doc = example.predicted
        for mention in get_mentions(example.reference):
            luck = self.random.random_sample()
            if luck < share:
                continue
            if luck < 2 * share:
                mention = _jitter(doc, mention, self.random)
            blurred.append(mention)
        return blurred


def _jitter(doc: Doc, mention: Mention, random: np.random.RandomState) -> Mention:
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    if span is None:
        return mention
    start = min(max(span.start + random.randint(-1, 2), 0), span.end - 1)
    return Mention(doc[start].idx, mention.end, mention.label)


def _targets(
    tokens: SpanRows, scene: Scene, rows: Rows
) -> tuple[Array, Array, Callable[[Array], None]]:
    """Return the rows of mentions and figures as targets, and which of them each row means."""
    means, backprop = tokens.mean(np.concatenate([scene.mentions, scene.figures]))
    shift = np.array([len(scene.mentions) if ACTIONS[a] == "COPY" else 0 for a in rows.action])
    target = np.array(rows.target)
    return means, np.where(target < 0, -1, target + shift), backprop


def _trend_rows(tokens: SpanRows, trends: list[tuple[int, int] | None]) -> tuple[Array, Any]:
    """Return for each figure the row of its cue of direction, zero where it has none."""
    present = [i for i, span in enumerate(trends) if span]
    means, backprop_means = tokens.mean(_pairs([span for span in trends if span]))
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


def _marginal(scores: Array, groups: Array, right: Array, weight: float) -> tuple[Array, float]:
    """Return gradient and loss where several rows of a group may be right; where none is, none."""
    probabilities = softmax_groups(scores, groups)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(groups)) + 1])
    hit = probabilities * right
    mass = np.add.reduceat(hit, starts)
    counted = np.add.reduceat(right.astype("i"), starts) > 0
    wanted = hit / np.maximum(mass, 1e-9)[groups]
    # By figure, not by group: roles that are hard to link should not drown among empty ones.
    factor = 3 * weight / max(1, counted.sum())
    gradient = (probabilities - wanted) * counted[groups] * factor
    loss = -np.log(mass[counted] + 1e-9).sum() * factor
    return gradient.astype("f"), float(loss)


class _Gold:
    """The right answers for a reading of an annotated text."""

    def __init__(self, reading: _Reading, figures: list[Figure]) -> None:
        self.reading = reading
        self.by_amount = _match(reading.amounts.chars, figures)
        marked = [figures[i] if i is not None else None for i in self.by_amount]
        self.kinds = np.array([_kind(figure) for figure in marked], dtype="i")
        self.beside = np.array([_beside(figure) for figure in marked], dtype="i")
        self.chosen = np.flatnonzero([figure is not None for figure in marked])
        self.figures = [figure for figure in marked if figure is not None]
        self.places = {
            i: place for place, i in enumerate(i for i in self.by_amount if i is not None)
        }
        self.found = [self._find(figure) for figure in self.figures]
        self.keys = [
            {role: self._key(number, role) for role in MENTIONED}
            for number in range(len(self.figures))
        ]

    def _find(self, figure: Figure) -> dict[str, list[int] | None]:
        """Return for each role the mentions that the gold ones became; None where one was lost."""
        found: dict[str, list[int] | None] = {}
        for role in MENTIONED:
            named = [m for m in figure.roles if NAMES.get(m.label, m.label) == role]
            matches = [self._mention(mention) for mention in named]
            found[role] = None if None in matches else [m for m in matches if m is not None]
        return found

    def _mention(self, gold: Mention) -> int | None:
        for number, mention in enumerate(self.reading.mentions):
            overlap = mention.start < gold.end and gold.start < mention.end
            if overlap and mention.label == gold.label:
                return number
        return None

    def statuses(self) -> Array:
        """Return the status of each figure by number."""
        return np.array([STATUSES.index(figure.status) for figure in self.figures])

    def signs(self) -> Array:
        """Return the direction of each figure by number."""
        return np.array([SIGNS.index(figure.direction) for figure in self.figures])

    def trends(self) -> list[tuple[int, int] | None]:
        """Return the token span of each figure's cue of direction."""
        named = [found["TREND"] for found in self.found]
        return [tuple(self.reading.spans[m[-1]]) if m else None for m in named]

    def right(self, rows: Rows) -> Array:
        """Say of each candidate row whether it is right."""
        answers = np.zeros(len(rows.figure), dtype=bool)
        for number, (group, action, target) in enumerate(
            zip(rows.group, rows.action, rows.target, strict=True)
        ):
            figure, role, mention = rows.heads[group]
            answers[number] = self._is_right(figure, role, mention, ACTIONS[action], target)
        return answers

    def _is_right(self, figure: int, role: str, mention: int, action: str, target: int) -> bool:
        if role == "HOST":
            return self._is_host(figure, target)
        if role == "ALSO":
            return self._is_shared(figure, mention, action, target)
        if role in ("ADJUSTMENT", "ANNUAL"):
            return self._is_cue(figure, role, action, target)
        if self.found[figure][role] is None:
            return False
        if action == "COPY":
            return self.keys[figure][role] == self.keys[target][role]
        if action == "MENTION":
            return self._is_named(figure, role, target)
        return self.keys[figure][role] == (action,)

    def _is_host(self, figure: int, target: int) -> bool:
        host = self.figures[figure].host
        return target == (-1 if host is None else self.places.get(host, -2))

    def _is_shared(self, figure: int, mention: int, action: str, target: int) -> bool:
        named = self.found[figure][MENTIONED[self.reading.labels[mention]]] or []
        return mention in named and (action == "MENTION") == (
            (target if action == "MENTION" else self._before(mention)) in named
        )

    def _before(self, mention: int) -> int:
        label = self.reading.labels[mention]
        earlier = np.flatnonzero(self.reading.labels[:mention] == label)
        return int(earlier[-1]) if len(earlier) else -1

    def _is_cue(self, figure: int, role: str, action: str, target: int) -> bool:
        value = self._cue(figure, role)
        if action == "COPY":
            return self._cue(target, role) == value
        if action == "MENTION":
            cue = self.reading.cues[target]
            return bool(value) and (role == "ANNUAL" or cue == value)
        return not value

    def _cue(self, figure: int, role: str) -> str | bool | None:
        gold = self.figures[figure]
        return gold.adjustment if role == "ADJUSTMENT" else gold.annualized

    def _is_named(self, figure: int, role: str, target: int) -> bool:
        named = self.found[figure][role]
        if not named:
            return False
        words = self.reading.words
        equal = role != "TREND" and words[target] == words[named[-1]]
        return target == named[-1] or (equal and len(named) == 1)

    def _key(self, figure: int, role: str) -> tuple[str, ...]:
        """Return what tells a figure's choice from another's: the words, or the action."""
        gold = self.figures[figure]
        if role == "PERIOD" and gold.shift:
            return ("YEAR_BEFORE" if gold.shift == "year" else "PERIOD_BEFORE",)
        named = self.found[figure][role]
        if named:
            words = tuple(self.reading.words[m] for m in named)
            return (gold.baseline or "", *words) if role == "BASELINE" else words
        if role == "BASELINE" and gold.baseline:
            return (gold.baseline.upper(),)
        return ("NONE",)


def _match(amounts: list[tuple[int, int]], figures: list[Figure]) -> list[int | None]:
    """Return for each amount the gold figure that it overlaps."""
    matched: list[int | None] = [None] * len(amounts)
    for number, figure in enumerate(figures):
        for place, (start, end) in enumerate(amounts):
            if start < figure.end and figure.start < end and matched[place] is None:
                matched[place] = number
                break
    return matched


def _kind(figure: Figure | None) -> int:
    if figure is None:
        return 0
    return -1 if figure.optional else MEASURES.index(figure.measure)


def _beside(figure: Figure | None) -> int:
    return -1 if figure is None else int(figure.host is not None)


class _Decoder:
    """Turns probabilities into figures, left to right, since copies refer to what is chosen."""

    def __init__(self, reading: _Reading, chosen: Array, kinds: Array, beside: Array) -> None:
        self.reading, self.chosen, self.kinds = reading, chosen, kinds
        self.scene = reading.scene(chosen, beside)
        self.rows = propose(self.scene)
        self.brackets = set(self.scene.layout.bracket[self.scene.figures[:, 0]].tolist()) - {0}
        # By figure and role: the action or the mentions chosen, and how sure that is.
        self.choice: list[dict[str, tuple[Any, ...]]] = [{} for _ in chosen]
        self.sure: list[dict[str, float]] = [{} for _ in chosen]
        self.mass: list[dict[str, dict[tuple[Any, ...], float]]] = [{} for _ in chosen]
        self.host: list[int | None] = [None for _ in chosen]
        self.also: dict[tuple[int, int], tuple[int, float]] = {}

    def decode(self, probabilities: Array) -> None:
        """Choose for every figure and role what has the greatest mass."""
        groups: dict[int, list[int]] = {}
        for row, group in enumerate(self.rows.group):
            groups.setdefault(group, []).append(row)
        linked = []
        for group, members in groups.items():
            figure, role, mention = self.rows.heads[group]
            if role == "ALSO":
                self.also[figure, mention] = (
                    self.rows.target[members[1]],
                    float(probabilities[members[1]]),
                )
            elif role in ("PERIOD", "BASELINE"):
                linked.append((figure, role, [row for row in members if self._is_open(row)]))
            elif role == "HOST":
                best = members[int(probabilities[members].argmax())]
                self.host[figure] = self.rows.target[best] if self.rows.target[best] >= 0 else None
            else:
                linked.append((figure, role, members))
        for figure, role, members in linked:
            self._choose(figure, role, members, probabilities)

    def _choose(self, figure: int, role: str, members: list[int], probabilities: Array) -> None:
        mass: dict[tuple[Any, ...], float] = {}
        for row in members:
            probability = float(probabilities[row])
            action, target = ACTIONS[self.rows.action[row]], self.rows.target[row]
            if action == "COPY":
                # All that the other figure may have chosen, so that one slip is not copied on.
                for answer, share in self.mass[target].get(role, _NOTHING).items():
                    mass[answer] = mass.get(answer, 0.0) + probability * share
            else:
                answer = self._answer(figure, role, action, target)
                mass[answer] = mass.get(answer, 0.0) + probability
        best = max(mass, key=mass.__getitem__)
        self.choice[figure][role], self.sure[figure][role] = best, mass[best]
        self.mass[figure][role] = {key: share for key, share in mass.items() if share > _LEAST}

    def _is_open(self, row: int) -> bool:
        """Say whether a period or baseline can be told of a figure: not out of another's bracket.

        After "7.7% (June: 5.2%)" the text goes on with what was told before the bracket.
        """
        bracket = self.scene.layout.bracket
        starts = self.scene.figures[:, 0]
        target = self.rows.target[row]
        if target < 0 or bracket[starts[self.rows.figure[row]]]:
            return True
        if ACTIONS[self.rows.action[row]] == "COPY":
            return not bracket[starts[target]]
        place = bracket[self.scene.mentions[target, 0]]
        return not place or place not in self.brackets

    def _answer(self, figure: int, role: str, action: str, target: int) -> tuple[Any, ...]:
        if action != "MENTION":
            return () if action == "NONE" else (action,)
        named = [target]
        while role in SUBJECTS and (figure, named[-1]) in self.also:
            neighbour, probability = self.also[figure, named[-1]]
            if probability <= 0.5:
                break
            named.append(neighbour)
        return tuple(named[::-1])

    def _mentions(self, figure: int, role: str) -> list[int]:
        return [m for m in self.choice[figure][role] if isinstance(m, int)]

    def trends(self) -> list[tuple[int, int] | None]:
        """Return the token span of each figure's cue of direction."""
        named = [self._mentions(figure, "TREND") for figure in range(len(self.chosen))]
        return [tuple(self.reading.spans[m[-1]]) if m else None for m in named]

    def figures(self, heads: Array) -> list[Figure]:
        """Return the figures that were chosen, with status and direction."""
        split = len(STATUSES)
        statuses, signs = softmax(heads[:, :split]), softmax(heads[:, split:])
        return [
            self._figure(number, statuses[number], signs[number])
            for number in range(len(self.chosen))
        ]

    def _figure(self, number: int, statuses: Array, signs: Array) -> Figure:
        amount = int(self.chosen[number])
        start, end = self.reading.amounts.chars[amount]
        shift = next((SHIFTS[a] for a in self.choice[number]["PERIOD"] if a in SHIFTS), None)
        sure = list(self.sure[number].values())
        sure += [self.kinds[amount].max(), statuses.max()]
        percentage = read_percentage(self.reading.amounts.words[amount])
        direction, certainty = SIGNS[int(signs.argmax())], float(signs.max())
        if percentage is not None and percentage.signed:
            direction, certainty = int(np.sign(percentage.value)), 1.0
        return Figure(
            start,
            end,
            measure=MEASURES[int(self.kinds[amount].argmax())],
            direction=direction,
            status=STATUSES[int(statuses.argmax())],
            baseline=self._implied_baseline(number),
            host=self._host(number, shift),
            shift=shift,
            adjustment=self._cue(number, "ADJUSTMENT"),
            annualized=self._cue(number, "ANNUAL") is not None,
            approximate=is_approximate(self.reading.text, start),
            probability=float(np.prod([*sure, certainty])),
            roles=self._roles(number),
        )

    def _host(self, number: int, shift: str | None) -> int | None:
        """Return the host; a figure that leans on one without having it leans on the one before."""
        host = self.host[number]
        return number - 1 if shift and host is None and number else host

    def _implied_baseline(self, number: int) -> str | None:
        return next((IMPLIED[a] for a in self.choice[number]["BASELINE"] if a in IMPLIED), None)

    def _cue(self, number: int, role: str) -> str | None:
        named = self._mentions(number, role)
        return self.reading.cues[named[-1]] if named else None

    def _roles(self, number: int) -> tuple[Mention, ...]:
        named = [m for role in MENTIONED for m in self._mentions(number, role)]
        return tuple(sorted(self.reading.mentions[m] for m in named))
