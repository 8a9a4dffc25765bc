"""The encoder: a pretrained network over word pieces that gives each token of a Doc a row.

The pieces, the windows and the pooling are the same in training (the network in PyTorch) and in
use (the network in ONNX, run without PyTorch), so that a trained pipeline reads as it learned.
"""

from __future__ import annotations

import re
import unicodedata
from abc import abstractmethod
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import spacy
import srsly
from spacy.tokens import Doc
from thinc.api import Model, Shim
from thinc.types import Floats2d

WINDOW, OVERLAP = 256, 32  # pieces
_CPU = "cpu"
UNKNOWN, START, END, NEWLINE = "[UNK]", "[CLS]", "[SEP]", "[unused0]"

Array = npt.NDArray[Any]
_WORD = re.compile(r"\w+|[^\w\s]")


class WordPieces:
    """Splits tokens into the pieces of an uncased BERT vocabulary, greedily, longest first."""

    def __init__(self, vocabulary: list[str]) -> None:
        self.ids = {piece: number for number, piece in enumerate(vocabulary)}
        self.known: dict[str, list[int]] = {}

    def __call__(self, token: str) -> list[int]:
        """Return the ids of the pieces of one token; at least one."""
        if token not in self.known:
            if len(self.known) > 50_000:
                self.known.clear()
            self.known[token] = self._split(token)
        return self.known[token]

    def _split(self, token: str) -> list[int]:
        if "\n" in token:
            return [self.ids[NEWLINE]]
        plain = unicodedata.normalize("NFKD", token[:100].lower().replace("đ", "d"))
        plain = "".join(char for char in plain if not unicodedata.combining(char))
        ids = [number for part in _WORD.findall(plain) for number in self._pieces(part)]
        return ids or [self.ids[UNKNOWN]]

    def _pieces(self, part: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(part):
            end, mark = len(part), "##" if start else ""
            while end > start and mark + part[start:end] not in self.ids:
                end -= 1
            if end == start:
                return [self.ids[UNKNOWN]]
            found.append(self.ids[mark + part[start:end]])
            start = end
        return found


class Network(Shim):
    """A pretrained network with its vocabulary: from piece ids to one row per piece."""

    def __init__(self, width: int) -> None:
        super().__init__(None)
        self.width = width
        self.vocabulary: list[str] = []

    @property
    def pieces(self) -> WordPieces:
        """The splitter of this network's vocabulary, built when first needed."""
        if "pieces" not in self.cfg:
            self.cfg["pieces"] = WordPieces(self.vocabulary)
        pieces: WordPieces = self.cfg["pieces"]
        return pieces

    @abstractmethod
    def initialize(self) -> None:
        """Load the pretrained weights; a network that is read from disk needs none."""

    @abstractmethod
    def __call__(self, inputs: list[Array], is_train: bool) -> tuple[list[Array], Any]:
        """Return the rows of each window of ids, and how to take their gradients back."""


@spacy.registry.misc("iipnlp.OnnxNetwork.v1")
class OnnxNetwork(Network):
    """A network in the ONNX format, run by onnxruntime on the CPU; it can't be trained."""

    def initialize(self) -> None:
        """Refuse: a network in this format is made by exporting a trained one."""
        raise ValueError("an ONNX network can't be trained; train a TorchNetwork and export it")

    def __call__(self, inputs: list[Array], is_train: bool) -> tuple[list[Array], Any]:
        """Run window by window: 8-bit activations are scaled by what else is in the batch."""
        if self._model is None:
            self._model = self._session()
        return [self._model.run(None, {"ids": ids[None]})[0][0] for ids in inputs], None

    def _session(self) -> Any:
        import onnxruntime  # 0.1 s, and only pipelines that have such a network need it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            self.cfg["onnx"], options, providers=["CPUExecutionProvider"]
        )

    def to_bytes(self) -> bytes:
        """Serialize the vocabulary and the network."""
        data: bytes = srsly.msgpack_dumps([self.vocabulary, self.cfg.get("onnx", b"")])
        return data

    def from_bytes(self, data: bytes) -> OnnxNetwork:
        """Read what `to_bytes` wrote; the session starts with the first text."""
        self.vocabulary, onnx = srsly.msgpack_loads(data)
        self.cfg = {"onnx": onnx}
        self._model = None
        return self

    def copy(self) -> OnnxNetwork:
        """Return another network with the same weights."""
        return OnnxNetwork(self.width).from_bytes(self.to_bytes())


@spacy.registry.misc("iipnlp.TorchNetwork.v1")
class TorchNetwork(Network):
    """A BERT in PyTorch, for training: needs the extra `transformer`.

    source: a hub id or a folder, as `transformers` takes it. learn_rate_factor: the share of the
    optimizer's learn rate that the pretrained weights get; what stands on them learns faster.
    """

    def __init__(self, width: int, source: str, learn_rate_factor: float) -> None:
        super().__init__(width)
        self.source = source
        self.learn_rate_factor = learn_rate_factor
        self.device = _CPU

    def initialize(self) -> None:
        """Load the pretrained weights and the vocabulary."""
        from transformers import AutoTokenizer, BertModel

        # Dropout of attention rules out the fused kernel, and doubles the time of a step.
        network = BertModel.from_pretrained(
            self.source, add_pooling_layer=False, attention_probs_dropout_prob=0.0
        )
        ids = AutoTokenizer.from_pretrained(self.source).get_vocab()
        self._load(network, sorted(ids, key=ids.__getitem__))

    def _load(self, network: Any, vocabulary: list[str]) -> None:
        if network.config.hidden_size != self.width:
            raise ValueError(
                f"the network {self.source!r} is {network.config.hidden_size} wide, the config "
                f"says {self.width}: set `width` of the encoder and of its listeners to that"
            )
        self._model, self.vocabulary, self.cfg = network.to(self.device), vocabulary, {}

    def move(self, device: str) -> None:
        """Compute on a device, as PyTorch names it ("cuda:0"); its rows come back to the CPU."""
        self.device = device
        if self._model is not None:
            self._model.to(device)

    def __call__(self, inputs: list[Array], is_train: bool) -> tuple[list[Array], Any]:
        """Run all windows in one padded batch."""
        import torch

        self._model.train(is_train)
        lengths = [len(ids) for ids in inputs]
        padded = torch.zeros((len(inputs), max(lengths)), dtype=torch.long)
        mask = torch.zeros_like(padded)
        for row, ids in enumerate(inputs):
            padded[row, : len(ids)] = torch.as_tensor(ids)
            mask[row, : len(ids)] = 1
        with torch.set_grad_enabled(is_train):
            hidden = self._model(
                input_ids=padded.to(self.device), attention_mask=mask.to(self.device)
            ).last_hidden_state

        def backprop(gradients: list[Array]) -> None:
            gradient = torch.zeros(hidden.shape)
            for row, values in enumerate(gradients):
                gradient[row, : len(values)] = torch.as_tensor(values)
            hidden.backward(gradient.to(self.device))

        values = hidden.detach().cpu().numpy()
        return [values[row, :length] for row, length in enumerate(lengths)], backprop

    def finish_update(self, optimizer: Any) -> None:
        """Step the optimizer, which works on the CPU, over every weight that has a gradient."""
        import torch

        for name, weights in self._model.named_parameters():
            if weights.grad is None:
                continue
            values = weights.data.cpu().numpy()  # the weights themselves where they are there
            gradient = weights.grad.cpu().numpy()
            optimizer((self.id, name), values, gradient, lr_scale=self.learn_rate_factor)
            if self.device != _CPU:
                weights.data.copy_(torch.from_numpy(values))
            weights.grad.zero_()

    @contextmanager
    def use_params(self, params: dict[Any, Any]) -> Any:
        """Use averaged weights for a while, where the optimizer keeps them."""
        import torch

        kept = {}
        for name, weights in self._model.named_parameters():
            if (self.id, name) in params:
                kept[name] = weights.data.clone()
                weights.data.copy_(torch.as_tensor(params[self.id, name]))
        yield
        for name, weights in self._model.named_parameters():
            if name in kept:
                weights.data.copy_(kept[name])

    def to_bytes(self) -> bytes:
        """Serialize config, vocabulary and weights; nothing is pickled."""
        if self._model is None:
            return b""
        from safetensors.torch import save

        state = self._model.state_dict()
        weights = {name: value.contiguous().cpu() for name, value in state.items()}
        config = self._model.config.to_dict()
        data: bytes = srsly.msgpack_dumps(
            [self.vocabulary, srsly.json_dumps(config), save(weights)]
        )
        return data

    def from_bytes(self, data: bytes) -> TorchNetwork:
        """Read what `to_bytes` wrote; without weights the network stays as it is."""
        if not data:
            return self
        from safetensors.torch import load
        from transformers import BertConfig, BertModel

        vocabulary, config, weights = srsly.msgpack_loads(data)
        network = BertModel(BertConfig(**srsly.json_loads(config)), add_pooling_layer=False)
        network.load_state_dict(load(weights))
        self._load(network, vocabulary)
        return self

    def copy(self) -> TorchNetwork:
        """Return another network with the same weights."""
        twin = TorchNetwork(self.width, self.source, self.learn_rate_factor)
        twin.device = self.device
        return twin.from_bytes(self.to_bytes()) if self._model is not None else twin


def cut_windows(length: int) -> list[tuple[int, int]]:
    """Cut a run of pieces into overlapping windows of equal size, as few as can be."""
    room = WINDOW - 2  # every window starts and ends with a mark
    if length <= room:
        return [(0, length)]
    count = -(-(length - OVERLAP) // (room - OVERLAP))
    size = -(-(length + (count - 1) * OVERLAP) // count)
    step = (length - size) / (count - 1)
    return [(round(k * step), round(k * step) + size) for k in range(count)]


def _centres(cuts: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Return the part of each window whose rows are used: up to the middle of the overlaps."""
    edges = [(end + start) // 2 for (_, end), (start, _) in zip(cuts, cuts[1:], strict=False)]
    return list(zip([0, *edges], [*edges, length], strict=True))


class _Pieces:
    """The pieces of one Doc, its windows, and which pieces belong to which token."""

    def __init__(self, doc: Doc, pieces: WordPieces) -> None:
        split = [pieces(token.text) for token in doc]
        self.counts = np.array([len(ids) for ids in split], dtype="i")
        self.starts = np.concatenate([[0], np.cumsum(self.counts)[:-1]]).astype("i")
        ids = np.array([number for part in split for number in part], dtype="int64")
        self.cuts = cut_windows(len(ids))
        self.kept = _centres(self.cuts, len(ids))
        first, last = pieces.ids[START], pieces.ids[END]
        self.windows = [np.concatenate([[first], ids[s:e], [last]]) for s, e in self.cuts]

    def gather(self, rows: list[Array]) -> Array:
        """Mean the rows of the windows to one row per token."""
        parts = [
            row[1 + start - cut[0] : 1 + end - cut[0]]
            for row, cut, (start, end) in zip(rows, self.cuts, self.kept, strict=True)
        ]
        summed = np.add.reduceat(np.concatenate(parts), self.starts, axis=0)
        tokens: Array = summed / self.counts[:, None].astype("f")
        return tokens

    def scatter(self, gradient: Array) -> list[Array]:
        """Take the gradient of the tokens back to the rows of the windows."""
        spread = np.repeat(gradient / self.counts[:, None].astype("f"), self.counts, axis=0)
        rows = []
        for ids, cut, (start, end) in zip(self.windows, self.cuts, self.kept, strict=True):
            row = np.zeros((len(ids), gradient.shape[1]), dtype="f")
            row[1 + start - cut[0] : 1 + end - cut[0]] = spread[start:end]
            rows.append(row)
        return rows


@spacy.registry.architectures("iipnlp.PieceEncoder.v1")
def build_piece_encoder(network: Network) -> Model[list[Doc], list[Floats2d]]:
    """Build a layer from Docs to one row of `network.width` per token."""
    return Model(
        "piece_encoder", _encode, init=_initialize, shims=[network], dims={"nO": network.width}
    )


def _initialize(model: Model[Any, Any], X: Any = None, Y: Any = None) -> None:  # noqa: N803
    network = model.shims[0]
    assert isinstance(network, Network)
    network.initialize()


def _encode(
    model: Model[list[Doc], list[Array]], docs: list[Doc], is_train: bool
) -> tuple[list[Array], Callable[[list[Array]], list[Doc]]]:
    network = model.shims[0]
    assert isinstance(network, Network)
    full = [_Pieces(doc, network.pieces) for doc in docs if len(doc)]
    windows = [window for pieces in full for window in pieces.windows]
    rows, backprop_network = network(windows, is_train) if windows else ([], lambda rows: None)
    remaining = iter(rows)
    gathered = iter([p.gather([next(remaining) for _ in p.windows]) for p in full])
    empty = np.zeros((0, network.width), dtype="f")
    outputs = [next(gathered) if len(doc) else empty for doc in docs]

    def backprop(gradients: list[Array]) -> list[Doc]:
        present = [gradient for gradient in gradients if len(gradient)]
        pairs = zip(full, present, strict=True)
        backprop_network([row for pieces, part in pairs for row in pieces.scatter(part)])
        return []

    return outputs, backprop
