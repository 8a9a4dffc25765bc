"""Fit the confidence of a trained pipeline on releases that it did not learn from.

python training/calibrate.py TRAINED OUTPUT --dev corpus/releases/dev
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import spacy
import typer
from spacy.language import Language

from iipnlp import __version__
from iipnlp.evaluation import assemble_gold
from iipnlp.pipeline.relation_model import cast_weights
from iipnlp.releases import make_doc, read_releases
from iipnlp.scoring import score_statements


def fit_confidence(nlp: Language, dev: Path) -> list[float]:
    """Fit the confidence to how often statements are strictly right on releases not trained on.

    A logistic curve over the log-odds of the product of all choices: slope and intercept.
    """
    sure, right = [], []
    for release in read_releases(dev):
        doc = nlp(make_doc(nlp, release))
        predicted = [statement.to_dict() for statement in doc._.statements]
        scores = score_statements(assemble_gold(nlp, release), predicted, release.country)
        wrong = [mistake.predicted for mistake in scores.mistakes]
        sure += [row["confidence"] for row in predicted]
        right += [row not in wrong for row in predicted]
    return fit_logistic(np.array(sure), np.array(right))


def fit_logistic(sure: np.ndarray, right: np.ndarray) -> list[float]:
    """Return slope and intercept of a logistic regression of `right` on the log-odds of `sure`."""
    odds = np.clip(sure, 0.0005, 0.9995)
    rows = np.stack([np.log(odds / (1 - odds)), np.ones(len(odds))], axis=1)
    weights = np.zeros(2)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-rows @ weights))
        spread = (rows * (chance * (1 - chance))[:, None]).T @ rows + 1e-6 * np.eye(2)
        weights += np.linalg.solve(spread, rows.T @ (right - chance))
    return [round(float(weight), 4) for weight in weights]


def strip(nlp: Language) -> Language:
    """Return the pipeline without the words of its training among its strings, or where it was."""
    config = nlp.config.copy()
    # Where it was trained from is nobody else's business.
    config["paths"] = dict.fromkeys(config["paths"], "")
    stripped = spacy.util.load_model_from_config(config, auto_fill=True)
    for name, pipe in nlp.pipeline:
        if hasattr(pipe, "to_bytes"):
            stripped.get_pipe(name).from_bytes(pipe.to_bytes(exclude=["vocab"]), exclude=["vocab"])
    cast_weights(stripped.get_pipe("iip_relations").model, "float16")
    stripped.meta.update(name="iipnlp", version=__version__, license="MIT")
    return stripped


def main(trained: Path, output: Path, dev: Path = Path("corpus/releases/dev")) -> None:
    """Write a pipeline whose confidence is calibrated."""
    nlp = spacy.load(trained)
    relations = nlp.get_pipe("iip_relations")
    relations.cfg["calibration"] = (1.0, 0.0)  # what went on from a calibrated one has its own
    calibration = relations.cfg["calibration"] = fit_confidence(nlp, dev)
    strip(nlp).to_disk(output)
    size = sum(file.stat().st_size for file in output.rglob("*") if file.is_file())
    typer.echo(f"{output}: calibration {calibration}, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    typer.run(main)
