"""The relation model: what an amount is, which candidates it takes, and which way it points.

Three small networks stand on the rows of the encoder and on geometry (`candidates.measure`):
`kinds` says of each amount whether it is no statement, a change or a contribution, and whether it
is told beside another figure, as its comparative; `links` scores
every candidate row of every figure; `heads` gives status and direction once links are known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import spacy
from spacy.tokens import Doc
from thinc.api import Dropout, Linear, Model, Relu, chain
from thinc.types import Floats2d

from iipnlp.pipeline.candidates import FEATURES
from iipnlp.pipeline.layout import WORD_CLASSES
from iipnlp.statement import STATUSES

Array = npt.NDArray[Any]

MEASURES = ("none", "change", "contribution")
KINDS = len(MEASURES) + 2  # and whether it is told beside another figure
SIGNS = (-1, 0, 1)
AROUND = 3  # words on each side of an amount that it is judged by
FORMS = 6  # unit, number or word; sign; in brackets; at the start of a line
AMOUNT_FEATURES = 2 * AROUND * WORD_CLASSES + FORMS


@spacy.registry.architectures("iipnlp.RelationModel.v1")
def build_relation_model(
    tok2vec: Model[list[Doc], list[Floats2d]], hidden_width: int, dropout: float
) -> Model[Any, Any]:
    """Build the model; the component calls its parts by name.

    tok2vec: one row per token. hidden_width: of each of the three networks.
    """
    width = tok2vec.get_dim("nO")
    amount = 3 * width + AMOUNT_FEATURES
    kinds: Model[Any, Any] = chain(
        Relu(hidden_width, amount, dropout=dropout), Linear(KINDS, hidden_width)
    )
    heads: Model[Any, Any] = chain(
        Relu(hidden_width, amount + width, dropout=dropout),
        Linear(len(STATUSES) + len(SIGNS), hidden_width),
    )
    links = _build_links(amount, width, hidden_width, dropout)
    return Model(
        "relations",
        _forward,
        init=initialize_layers,
        layers=[tok2vec, kinds, links, heads],
        refs={"tok2vec": tok2vec, "kinds": kinds, "links": links, "heads": heads},
    )


def initialize_layers(model: Model[Any, Any], X: Any = None, Y: Any = None) -> None:  # noqa: N803
    """Initialize the layers of a model one by one; their shapes are known from the config."""
    for layer in model.layers:
        layer.initialize()


def _forward(model: Model[Any, Any], docs: list[Doc], is_train: bool) -> tuple[Any, Any]:
    return model.get_ref("tok2vec")(docs, is_train)


def _build_links(amount: int, width: int, hidden: int, dropout: float) -> Model[Any, Any]:
    figure, target = Linear(hidden, amount), Linear(hidden, width)
    geometry = Linear(hidden, FEATURES)
    scorer: Model[Any, Any] = chain(
        Dropout(dropout), Relu(hidden, hidden, dropout=dropout), Linear(1, hidden)
    )
    return Model(
        "links",
        _score_links,
        layers=[figure, target, geometry, scorer],
        init=initialize_layers,
    )


def _score_links(
    model: Model[Any, Any], inputs: tuple[Array, ...], is_train: bool
) -> tuple[Array, Callable[[Array], tuple[Array, Array]]]:
    """Score rows: (R,).

    inputs: figures (F, amount), targets (T, width), geometry (R, FEATURES) and, for each row, its
    figure (R,) and its target (R,), which is -1 where there is none.
    """
    figures, targets, geometry, of_figure, of_target = inputs
    figure_layer, target_layer, geometry_layer, scorer = model.layers
    a, backprop_a = figure_layer(figures, is_train)
    c, backprop_c = target_layer(targets, is_train)
    g, backprop_g = geometry_layer(geometry, is_train)
    padded = np.concatenate([c, np.zeros((1, c.shape[1]), dtype="f")])
    mixed = a[of_figure] + padded[of_target] + g
    active = mixed > 0
    scores, backprop_s = scorer(mixed * active, is_train)

    def backprop(gradient: Array) -> tuple[Array, Array]:
        d_mixed = backprop_s(np.ascontiguousarray(gradient[:, None])) * active
        d_a, d_c = np.zeros_like(a), np.zeros_like(padded)
        np.add.at(d_a, of_figure, d_mixed)
        np.add.at(d_c, of_target, d_mixed)
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
