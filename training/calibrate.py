"""Fit the confidence of a trained pipeline on releases that it did not learn from.

python training/calibrate.py TRAINED OUTPUT --dev corpus/releases/dev
"""

from __future__ import annotations

from pathlib import Path

import spacy
import typer
from spacy.language import Language

from iipnlp import __version__
from iipnlp.pipeline.relation_model import cast_weights
from iipnlp.training import RELATIONS, calibrate


def strip(nlp: Language, name: str) -> Language:
    """Return the pipeline without the words of its training among its strings, or where it was."""
    config = nlp.config.copy()
    # Where it was trained from is nobody else's business.
    config["paths"] = dict.fromkeys(config["paths"], "")
    stripped = spacy.util.load_model_from_config(config, auto_fill=True)
    for component, pipe in nlp.pipeline:
        if hasattr(pipe, "to_bytes"):
            stripped.get_pipe(component).from_bytes(
                pipe.to_bytes(exclude=["vocab"]), exclude=["vocab"]
            )
    cast_weights(stripped.get_pipe(RELATIONS).model, "float16")
    stripped.meta.update(name=name, version=__version__, license="MIT")
    return stripped


def main(
    trained: Path, output: Path, dev: Path = Path("corpus/releases/dev"), name: str = "iipnlp"
) -> None:
    """Write a pipeline whose confidence is calibrated."""
    nlp = spacy.load(trained)
    calibration = calibrate(nlp, dev)
    strip(nlp, name).to_disk(output)
    size = sum(file.stat().st_size for file in output.rglob("*") if file.is_file())
    typer.echo(f"{output}: calibration {calibration}, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    typer.run(main)
