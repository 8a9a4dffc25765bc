"""The relation model: what an amount is, which candidates it takes, and which way it points.

Six small networks stand on the rows of the encoder and on geometry:

- `items` reads mentions and amounts in order of the text, in both directions, and gives each a
  state: what the text is about where it stands.
- `names` says of each name whether it is an industry or a product.
- `kinds` says of each amount whether it is no statement, a change or a contribution, and whether it
  is told beside another figure, as its comparative.
- `links` scores every candidate row of every figure (`candidates.propose`), `baselines` those of
  the second round, when the periods are known (`dating.Dates`).
- `heads` gives status and direction once links are known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import spacy
from spacy.tokens import Doc
from thinc.api import LSTM, Dropout, Linear, Model, Relu, chain, with_padded
from thinc.types import Floats2d

from iipnlp.pipeline.candidates import FEATURES, UNSAID
from iipnlp.pipeline.dating import DATED, OWN
from iipnlp.pipeline.reading import AMOUNT_FEATURES, ITEM_FEATURES
from iipnlp.statement import STATUSES

Array = npt.NDArray[Any]

MEASURES = ("none", "change", "contribution")
KINDS = len(MEASURES) + 2  # and whether it is told beside another figure
SIGNS = (-1, 0, 1)


@spacy.registry.architectures("iipnlp.RelationModel.v1")
def build_relation_model(
    tok2vec: Model[list[Doc], list[Floats2d]], hidden_width: int, dropout: float
) -> Model[Any, Any]:
    """Build the model; the component calls its parts by name.

    tok2vec: one row per token. hidden_width: of each of the three networks.
    """
    width = tok2vec.get_dim("nO")
    amount = 3 * width + AMOUNT_FEATURES + hidden_width
    state = width + hidden_width
    target = state + len(UNSAID)
    layers: dict[str, Model[Any, Any]] = {
        "tok2vec": tok2vec,
        "items": _build_items(width + ITEM_FEATURES, hidden_width, dropout),
        "names": chain(Relu(hidden_width, state, dropout=dropout), Linear(2, hidden_width)),
        "kinds": chain(Relu(hidden_width, amount, dropout=dropout), Linear(KINDS, hidden_width)),
        "links": _build_links(amount, target, FEATURES, hidden_width, dropout),
        "baselines": _build_links(amount + OWN, target, FEATURES + DATED, hidden_width, dropout),
        "heads": chain(
            Relu(hidden_width, amount + width, dropout=dropout),
            Linear(len(STATUSES) + len(SIGNS), hidden_width),
        ),
    }
    return Model(
        "relations",
        _forward,
        init=initialize_layers,
        layers=list(layers.values()),
        refs=dict(layers),
    )


def initialize_layers(model: Model[Any, Any], X: Any = None, Y: Any = None) -> None:  # noqa: N803
    """Initialize the layers of a model one by one; their shapes are known from the config."""
    for layer in model.layers:
        layer.initialize()


def cast_weights(model: Model[Any, Any], dtype: str) -> None:
    """Turn all weights of a model into another type: "float16" to store, "float32" to compute."""
    for layer in model.walk():
        for name in filter(layer.has_param, layer.param_names):
            weights: Any = layer.get_param(name)
            layer.set_param(name, weights.astype(dtype))


def _forward(model: Model[Any, Any], docs: list[Doc], is_train: bool) -> tuple[Any, Any]:
    return model.get_ref("tok2vec")(docs, is_train)


def _build_items(width: int, hidden: int, dropout: float) -> Model[Array, Array]:
    first: Model[Any, Any] = Relu(hidden, width, dropout=dropout)
    sequence: Model[Any, Any] = with_padded(LSTM(hidden, hidden, bi=True))
    return Model("items", _read_items, layers=[first, sequence], init=initialize_layers)


def _read_items(
    model: Model[Array, Array], rows: Array, is_train: bool
) -> tuple[Array, Callable[[Array], Array]]:
    first, sequence = model.layers
    hidden, backprop_hidden = first(rows, is_train)
    (states,), backprop_states = sequence([hidden], is_train)

    def backprop(gradient: Array) -> Array:
        (d_hidden,) = backprop_states([gradient])
        d_rows: Array = backprop_hidden(d_hidden)
        return d_rows

    return states, backprop


def _build_links(
    figure: int, target: int, geometry: int, hidden: int, dropout: float
) -> Model[Any, Any]:
    scorer: Model[Any, Any] = chain(
        Dropout(dropout), Relu(hidden, hidden, dropout=dropout), Linear(1, hidden)
    )
    return Model(
        "links",
        _score_links,
        layers=[
            Linear(2 * hidden, figure),
            Linear(2 * hidden, target),
            Linear(hidden, geometry),
            scorer,
        ],
        init=initialize_layers,
    )


def _score_links(
    model: Model[Any, Any], inputs: tuple[Array, ...], is_train: bool
) -> tuple[Array, Callable[[Array], tuple[Array, Array]]]:
    """Score rows: (R,).

    inputs: figures (F, figure), targets (T, target), geometry (R, geometry) and, for each row, its
    figure (R,) and its target (R,), which is -1 where there is none. Figure, target, geometry and
    the product of figure and target are added up.
    """
    figures, targets, geometry, of_figure, of_target = inputs
    figure_layer, target_layer, geometry_layer, scorer = model.layers
    a, backprop_a = figure_layer(figures, is_train)
    c, backprop_c = target_layer(targets, is_train)
    g, backprop_g = geometry_layer(geometry, is_train)
    half = a.shape[1] // 2
    own = a[of_figure]
    theirs = np.concatenate([c, np.zeros((1, c.shape[1]), dtype="f")])[of_target]
    mixed = own[:, :half] + theirs[:, :half] + g + own[:, half:] * theirs[:, half:]
    active = mixed > 0
    scores, backprop_s = scorer(mixed * active, is_train)

    def backprop(gradient: Array) -> tuple[Array, Array]:
        d_mixed = backprop_s(np.ascontiguousarray(gradient[:, None])) * active
        d_a, d_c = np.zeros_like(a), np.zeros((len(c) + 1, c.shape[1]), dtype="f")
        np.add.at(d_a, of_figure, np.concatenate([d_mixed, d_mixed * theirs[:, half:]], axis=1))
        np.add.at(d_c, of_target, np.concatenate([d_mixed, d_mixed * own[:, half:]], axis=1))
        backprop_g(d_mixed)
        return backprop_a(d_a), backprop_c(np.ascontiguousarray(d_c[:-1]))

    return scores[:, 0], backprop


class SpanRows:
    """Rows of spans, from rows of tokens: means, and the token before and the token after."""

    def __init__(self, tokens: Array) -> None:
        self.tokens = tokens
        self.gradient = np.zeros_like(tokens)

    def mean(self, spans: Array) -> tuple[Array, Callable[[Array], None]]:
        """Mean the tokens of each span: (spans, width)."""
        if not len(spans):
            return np.zeros((0, self.tokens.shape[1]), dtype="f"), lambda gradient: None
        means = np.stack([self.tokens[start:end].mean(axis=0) for start, end in spans])

        def backprop(gradient: Array) -> None:
            for (start, end), row in zip(spans, gradient, strict=True):
                self.gradient[start:end] += row / (end - start)

        return means, backprop

    def around(self, spans: Array, features: Array) -> tuple[Array, Callable[[Array], None]]:
        """Join mean, token before, token after and features: (spans, 3 * width + features)."""
        means, backprop_means = self.mean(spans)
        width = self.tokens.shape[1]
        padded = np.concatenate([self.tokens, np.zeros((1, width), dtype="f")])
        before = np.where(spans[:, 0] > 0, spans[:, 0] - 1, len(self.tokens))
        after = np.minimum(spans[:, 1], len(self.tokens))
        rows = np.concatenate([means, padded[before], padded[after], features], axis=1, dtype="f")

        def backprop(gradient: Array) -> None:
            backprop_means(gradient[:, :width])
            d_padded = np.zeros_like(padded)
            np.add.at(d_padded, before, gradient[:, width : 2 * width])
            np.add.at(d_padded, after, gradient[:, 2 * width : 3 * width])
            self.gradient += d_padded[:-1]

        return rows, backprop


def softmax(scores: Array) -> Array:
    """Return probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: Array = shifted / shifted.sum(axis=-1, keepdims=True)
    return probabilities


def softmax_groups(scores: Array, groups: Array) -> Array:
    """Return probabilities within each group of rows; `groups` counts up from 0 without gaps."""
    if not len(scores):
        return scores
    starts = np.concatenate([[0], np.flatnonzero(np.diff(groups)) + 1])
    shifted = np.exp(scores - np.maximum.reduceat(scores, starts)[groups])
    probabilities: Array = shifted / np.add.reduceat(shifted, starts)[groups]
    return probabilities
