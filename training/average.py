"""Take the mean of the weights of two pipelines, a training's two rounds: it reads more evenly.

    python training/average.py FIRST SECOND OUTPUT

Both must have the same layers; everything but the weights is the second one's.
"""

from __future__ import annotations

from pathlib import Path

import spacy
import typer
from spacy.language import Language
from thinc.api import Model


def average(first: Language, second: Language) -> Language:
    """Return the second pipeline with the mean of the weights of both."""
    for name, pipe in second.pipeline:
        if hasattr(pipe, "model"):
            layers = zip(first.get_pipe(name).model.walk(), pipe.model.walk(), strict=True)
            for one, other in layers:
                _average_layer(one, other)
    return second


def _average_layer(one: Model, other: Model) -> None:
    for param in filter(other.has_param, other.param_names):
        other.set_param(param, (one.get_param(param) + other.get_param(param)) / 2)
    for network, twin in zip(one.shims, other.shims, strict=True):
        weights = network._model.state_dict()
        for key, values in twin._model.state_dict().items():  # shared with the network's own
            if values.is_floating_point():
                values.add_(weights[key]).div_(2)


def main(first: Path, second: Path, output: Path) -> None:
    """Write the mean of two pipelines."""
    average(spacy.load(first), spacy.load(second)).to_disk(output)


if __name__ == "__main__":
    typer.run(main)
