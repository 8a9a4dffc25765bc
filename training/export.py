"""Export a pipeline trained with PyTorch to one that runs without: the encoder becomes ONNX.

The vocabulary is cut to the pieces that English releases use, and weights are stored in 8 bits.

    python training/export.py TRAINED OUTPUT --corpus corpus/releases/train --pieces 7000
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import spacy
import torch
import typer
from onnx import TensorProto, helper, numpy_helper
from spacy.language import Language
from transformers import BertConfig, BertModel

from iipnlp import __version__
from iipnlp.evaluation import assemble_gold
from iipnlp.pipeline.encoder import WINDOW, OnnxNetwork, TorchNetwork, WordPieces
from iipnlp.releases import make_doc, read_releases
from iipnlp.scoring import score_statements

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[unused0]")


class _Rows(torch.nn.Module):
    """The network with one input and one output, as it is exported."""

    def __init__(self, network: BertModel) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the last layer's rows: (1, pieces, width)."""
        return self.network(input_ids=ids).last_hidden_state


def choose_pieces(network: TorchNetwork, corpus: Path, nlp: Language, count: int) -> list[int]:
    """Return the ids of the pieces to keep: special ones, those of the corpus, frequent ones.

    BERT's vocabulary is ordered by frequency, so low ids stand for frequent pieces.
    """
    pieces = WordPieces(network.vocabulary)
    kept = {pieces.ids[piece] for piece in SPECIAL}
    for release in read_releases(corpus):
        for token in nlp.make_doc(release.text):
            kept.update(pieces(token.text))
    for number, piece in enumerate(network.vocabulary):
        if len(kept) >= count:
            break
        if piece.isascii() and not piece.startswith("[unused"):
            kept.add(number)
    return sorted(kept)


def cut(network: TorchNetwork, kept: list[int]) -> BertModel:
    """Return the network with the embeddings of the kept pieces and positions only."""
    config = BertConfig(**network._model.config.to_dict())
    config.vocab_size, config.max_position_embeddings = len(kept), WINDOW
    config._attn_implementation = "eager"
    weights = dict(network._model.state_dict())
    words, places = "embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight"
    weights[words], weights[places] = weights[words][kept], weights[places][:WINDOW]
    small = BertModel(config, add_pooling_layer=False)
    small.load_state_dict(weights, strict=False)
    return small.eval()


def to_onnx(network: BertModel) -> onnx.ModelProto:
    """Trace the network."""
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Rows(network),
            (torch.zeros((1, 16), dtype=torch.long),),
            stream,
            input_names=["ids"],
            output_names=["rows"],
            dynamic_axes={"ids": {1: "pieces"}, "rows": {1: "pieces"}},
            opset_version=17,
            dynamo=False,
        )
    return onnx.load_model_from_string(stream.getvalue())


def shrink(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store every large matrix in 8 bits, with a scale for each output (each piece, of embeddings).

    Only the weights are rounded: the runtime unfolds them once, and computes in 32 bits. That keeps
    the rows close to those of training, and the same whatever stands in the window.
    """
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    nodes: list[Any] = []
    for node in graph.node:
        place = 0 if node.op_type == "Gather" else 1
        name = node.input[place] if len(node.input) > place else ""
        matrix = numpy_helper.to_array(weights[name]) if name in weights else np.zeros(0)
        if node.op_type not in ("MatMul", "Gather") or matrix.ndim != 2 or matrix.size < 10_000:
            nodes.append(node)
            continue
        axis = 1 if node.op_type == "Gather" else 0
        scale = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True) / 127, 1e-12)
        small = np.round(matrix / scale).astype(np.int8)
        graph.initializer.extend(
            [
                numpy_helper.from_array(small, f"{name}.small"),
                numpy_helper.from_array(scale.astype(np.float32), f"{name}.scale"),
            ]
        )
        graph.initializer.remove(weights.pop(name))
        nodes += _unfold(node, name) if node.op_type == "MatMul" else _look_up(node, name)
    del graph.node[:]
    graph.node.extend(nodes)
    return model


def _unfold(node: Any, name: str) -> list[Any]:
    wide, whole = f"{name}.wide", f"{name}.whole"
    node.input[1] = whole
    return [
        helper.make_node("Cast", [f"{name}.small"], [wide], to=TensorProto.FLOAT),
        helper.make_node("Mul", [wide, f"{name}.scale"], [whole]),
        node,
    ]


def _look_up(node: Any, name: str) -> list[Any]:
    ids, output = node.input[1], node.output[0]
    rows, wide, scales = (f"{output}.{part}" for part in ("rows", "wide", "scales"))
    return [
        helper.make_node("Gather", [f"{name}.small", ids], [rows]),
        helper.make_node("Gather", [f"{name}.scale", ids], [scales]),
        helper.make_node("Cast", [rows], [wide], to=TensorProto.FLOAT),
        helper.make_node("Mul", [wide, scales], [output]),
    ]


def calibrate(nlp: Language, dev: Path) -> None:
    """Fit the confidence to how often statements are strictly right on releases not trained on.

    A logistic curve over the log-odds of the product of all choices: two numbers.
    """
    sure, right = [], []
    for release in read_releases(dev):
        doc = nlp(make_doc(nlp, release))
        predicted = [statement.to_dict() for statement in doc._.statements]
        scores = score_statements(assemble_gold(nlp, release), predicted, release.country)
        wrong = [mistake.predicted for mistake in scores.mistakes]
        sure += [row["confidence"] for row in predicted]
        right += [row not in wrong for row in predicted]
    nlp.get_pipe("iip_relations").cfg["calibration"] = fit_logistic(np.array(sure), np.array(right))


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


def swap_network(nlp: Language, network: OnnxNetwork) -> Language:
    """Return the pipeline with another network under its encoder."""
    config = nlp.config.copy()
    config["components"]["encoder"]["model"]["network"] = {
        "@misc": "iipnlp.OnnxNetwork.v1",
        "width": network.width,
    }
    # Where it was trained from is nobody else's business.
    config["paths"] = dict.fromkeys(config["paths"], "")
    exported = spacy.util.load_model_from_config(config, auto_fill=True)
    for name, pipe in nlp.pipeline:
        if name != "encoder" and hasattr(pipe, "model"):
            exported.get_pipe(name).from_bytes(pipe.to_bytes())
    exported.get_pipe("encoder").model.shims[0].from_bytes(network.to_bytes())
    exported.meta.update(name="iipnlp", version=__version__, license="MIT")
    return exported


def main(
    trained: Path,
    output: Path,
    corpus: Path = Path("corpus/releases/train"),
    dev: Path = Path("corpus/releases/dev"),
    pieces: int = 7_000,
) -> None:
    """Export a trained pipeline."""
    nlp = spacy.load(trained)
    network = nlp.get_pipe("encoder").model.shims[0]
    kept = choose_pieces(network, corpus, nlp, pieces)
    small = OnnxNetwork(network.width)
    small.vocabulary = [network.vocabulary[number] for number in kept]
    small.cfg = {"onnx": shrink(to_onnx(cut(network, kept))).SerializeToString()}
    exported = swap_network(nlp, small)
    calibrate(exported, dev)
    exported.to_disk(output)
    size = sum(file.stat().st_size for file in output.rglob("*") if file.is_file())
    typer.echo(f"{output}: {len(kept)} pieces, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    typer.run(main)
