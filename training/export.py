"""Export a pipeline trained with PyTorch to one that runs without: the encoder becomes ONNX.

The vocabulary is cut to the pieces that English releases use, and weights are stored in 8 bits.

    python training/export.py TRAINED OUTPUT --corpus corpus/releases/train --pieces 10000
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

from iipnlp.pipeline.encoder import WINDOW, OnnxNetwork, TorchNetwork, WordPieces
from iipnlp.releases import read_releases

BLOCK = 128  # inputs that share a scale
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
    """Store every large matrix in 8 bits, with a scale for each block of BLOCK inputs of an output.

    Only the weights are rounded: the runtime unfolds them once, and computes in 32 bits. That keeps
    the rows close to those of training, and the same whatever stands in the window. Embeddings
    have a scale for each piece, and are unfolded where they are looked up.
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
        blocks = matrix if node.op_type == "Gather" else matrix.reshape(-1, BLOCK, matrix.shape[1])
        scale = np.maximum(np.abs(blocks).max(axis=1, keepdims=True) / 127, 1e-6).astype("float16")
        small = np.round(blocks / scale).clip(-127, 127).astype("int8")
        graph.initializer.remove(weights.pop(name))
        graph.initializer.append(numpy_helper.from_array(small, f"{name}.small"))
        graph.initializer.append(numpy_helper.from_array(scale, f"{name}.scale"))
        if node.op_type == "Gather":
            nodes += _look_up(node, name)
            continue
        shape = numpy_helper.from_array(np.array(matrix.shape), f"{name}.shape")
        graph.initializer.append(shape)
        nodes += _unfold(node, name)
    del graph.node[:]
    graph.node.extend(nodes)
    return model


def _unfold(node: Any, name: str) -> list[Any]:
    node.input[1] = f"{name}.whole"
    return [
        *_multiply(f"{name}.small", f"{name}.scale", f"{name}.blocks"),
        helper.make_node("Reshape", [f"{name}.blocks", f"{name}.shape"], [f"{name}.whole"]),
        node,
    ]


def _look_up(node: Any, name: str) -> list[Any]:
    ids, output = node.input[1], node.output[0]
    return [
        helper.make_node("Gather", [f"{name}.small", ids], [f"{output}.rows"]),
        helper.make_node("Gather", [f"{name}.scale", ids], [f"{output}.scales"]),
        *_multiply(f"{output}.rows", f"{output}.scales", output),
    ]


def _multiply(small: str, scale: str, output: str) -> list[Any]:
    parts = [f"{output}.a", f"{output}.b"]
    return [
        helper.make_node("Cast", [small], parts[:1], to=TensorProto.FLOAT),
        helper.make_node("Cast", [scale], parts[1:], to=TensorProto.FLOAT),
        helper.make_node("Mul", parts, [output]),
    ]


def swap_network(nlp: Language, network: OnnxNetwork) -> Language:
    """Return the pipeline with another network under its encoder."""
    config = nlp.config.copy()
    config["components"]["encoder"]["model"]["network"] = {
        "@misc": "iipnlp.OnnxNetwork.v1",
        "width": network.width,
    }
    exported = spacy.util.load_model_from_config(config, auto_fill=True)
    for name, pipe in nlp.pipeline:
        if name != "encoder" and hasattr(pipe, "model"):
            exported.get_pipe(name).from_bytes(pipe.to_bytes())
    exported.get_pipe("encoder").model.shims[0].from_bytes(network.to_bytes())
    return exported


def main(
    trained: Path,
    output: Path,
    corpus: Path = Path("corpus/releases/train"),
    pieces: int = 10_000,
) -> None:
    """Export a trained pipeline."""
    nlp = spacy.load(trained)
    network = nlp.get_pipe("encoder").model.shims[0]
    kept = choose_pieces(network, corpus, nlp, pieces)
    small = OnnxNetwork(network.width)
    small.vocabulary = [network.vocabulary[number] for number in kept]
    small.cfg = {"onnx": shrink(to_onnx(cut(network, kept))).SerializeToString()}
    exported = swap_network(nlp, small)
    exported.to_disk(output)
    size = sum(file.stat().st_size for file in output.rglob("*") if file.is_file())
    typer.echo(f"{output}: {len(kept)} pieces, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    typer.run(main)
