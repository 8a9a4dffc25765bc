import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import make_nlp
from thinc.api import Adam

from iipnlp.pipeline.encoder import (
    END,
    NEWLINE,
    OVERLAP,
    START,
    UNKNOWN,
    WINDOW,
    OnnxNetwork,
    TorchNetwork,
    WordPieces,
    build_piece_encoder,
    cut_windows,
)

PIECES = [
    "[PAD]", NEWLINE, UNKNOWN, START, END, *"abcdefghijklmnopqrstuvwxyz0123456789.,%()+-",
    *["##" + char for char in "aeinorst0123"], "mining", "rose", "##ing", "steel", "per", "##cent",
]  # fmt: skip
WIDTH = 16
NLP = make_nlp()


# --- Pieces ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "pieces"),
    [
        ("mining", ["mining"]),
        ("MINING", ["mining"]),
        ("Rósé", ["rose"]),
        ("đ", ["d"]),
        ("percent", ["per", "##cent"]),
        ("roses", ["rose", "##s"]),
        ("10", ["1", "##0"]),
        ("4.2", ["4", ".", "2"]),
        ("+4", ["+", "4"]),
        ("xyz", [UNKNOWN]),
        ("a-xyz", ["a", "-", UNKNOWN]),
        ("−", [UNKNOWN]),
        (" ", [UNKNOWN]),
        ("\u0301", [UNKNOWN]),
        ("\n", [NEWLINE]),
        ("\n\n   ", [NEWLINE]),
        ("\r\n", [NEWLINE]),
    ],
)
def test_token_is_split_longest_piece_first(token, pieces):
    assert [PIECES[number] for number in WordPieces(PIECES)(token)] == pieces


@given(st.text(max_size=300))
def test_every_token_has_at_least_one_piece(token):
    found = WordPieces(PIECES)(token)
    assert found and set(found) <= set(range(len(PIECES)))


# --- Windows --------------------------------------------------------------------------------------


@given(st.integers(0, 20_000))
def test_windows_cover_the_pieces_and_overlap(length):
    cuts = cut_windows(length)
    room = WINDOW - 2
    assert cuts[0][0] == 0 and cuts[-1][1] == length
    if length <= room:
        assert cuts == [(0, length)]
        return
    (size,) = {end - start for start, end in cuts}
    assert size <= room
    overlaps = [end - start for (_, end), (start, _) in zip(cuts, cuts[1:], strict=False)]
    assert min(overlaps) >= OVERLAP
    assert (len(cuts) - 1) * (room - OVERLAP) < length - OVERLAP <= len(cuts) * (room - OVERLAP)


@pytest.mark.parametrize(
    ("length", "cuts"),
    [
        (0, [(0, 0)]),
        (254, [(0, 254)]),
        (255, [(0, 144), (111, 255)]),
        (476, [(0, 254), (222, 476)]),
        (477, [(0, 181), (148, 329), (296, 477)]),
    ],
)
def test_windows_are_as_few_as_can_be(length, cuts):
    assert cut_windows(length) == cuts


# --- The network ----------------------------------------------------------------------------------


def make_network(seed=0):
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(seed)
    config = transformers.BertConfig(
        vocab_size=len(PIECES),
        hidden_size=WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=WINDOW,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    network = TorchNetwork(WIDTH, "nowhere", 0.5)
    network._load(transformers.BertModel(config, add_pooling_layer=False), PIECES)
    return network


def run_direct(network, ids):
    import torch

    network._model.eval()
    with torch.no_grad():
        return network._model(input_ids=torch.tensor([ids])).last_hidden_state[0].numpy()


def encode(encoder, *texts):
    return encoder.predict([NLP.make_doc(text) for text in texts])


def test_row_of_a_token_is_the_mean_of_its_pieces():
    network = make_network()
    (rows,) = encode(build_piece_encoder(network), "mining rose 10")
    ids = [PIECES.index(piece) for piece in (START, "mining", "rose", "1", "##0", END)]
    hidden = run_direct(network, ids)
    np.testing.assert_allclose(rows, [hidden[1], hidden[2], hidden[3:5].mean(axis=0)], atol=1e-5)


def test_rows_do_not_depend_on_the_other_texts():
    encoder = build_piece_encoder(make_network())
    texts = ["mining rose", "", "steel " * 300, "a"]
    together = encode(encoder, *texts)
    alone = [encode(encoder, text)[0] for text in texts]
    assert [len(rows) for rows in together] == [2, 0, 300, 1]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_long_text_takes_each_row_from_the_window_that_sees_most_around_it():
    network = make_network()
    words = ["mining", "rose", "steel", "a", "b"] * 96
    (rows,) = encode(build_piece_encoder(network), " ".join(words))
    ids = [PIECES.index(word) for word in words]
    first, last = PIECES.index(START), PIECES.index(END)
    wanted = np.zeros_like(rows)
    kept = [(0, 165), (165, 314), (314, 480)]
    for (start, end), (low, high) in zip([(0, 182), (149, 331), (298, 480)], kept, strict=True):
        wanted[low:high] = run_direct(network, [first, *ids[start:end], last])[
            1 + low - start : 1 + high - start
        ]
    np.testing.assert_allclose(rows, wanted, atol=1e-5)


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_empty_texts_have_empty_rows(texts):
    rows = encode(build_piece_encoder(make_network()), *texts)
    assert [row.shape for row in rows] == [(0, WIDTH)] * len(texts)


def test_gradient_reaches_the_weights_and_the_optimizer_moves_them():
    from thinc.api import Adam

    network = make_network()
    encoder = build_piece_encoder(network)
    rows, backprop = encoder.begin_update(
        [NLP.make_doc("mining rose 10"), NLP.make_doc(""), NLP.make_doc("a")]
    )
    weights = dict(network._model.named_parameters())
    before = {name: value.detach().clone() for name, value in weights.items()}
    random = np.random.RandomState(0)
    backprop([random.normal(size=row.shape).astype("f") for row in rows])
    name = "embeddings.word_embeddings.weight"
    touched = np.flatnonzero(np.abs(weights[name].grad.numpy()).sum(axis=1))
    assert {PIECES[i] for i in touched} == {START, END, "mining", "rose", "1", "##0", "a"}
    encoder.finish_update(Adam(0.01))
    assert not np.allclose(weights[name].detach(), before[name])
    assert float(weights[name].grad.abs().sum()) == 0.0


def test_gradient_of_empty_texts_is_taken_back_to_nothing():
    rows, backprop = build_piece_encoder(make_network()).begin_update([NLP.make_doc("")])
    backprop(rows)


def test_gradient_is_that_of_finite_differences():
    network = make_network()
    encoder = build_piece_encoder(network)
    doc = NLP.make_doc("mining rose 10 " * 100)
    rows, backprop = encoder.begin_update([doc])
    target = np.random.RandomState(0).normal(size=rows[0].shape).astype("f")
    backprop([target])
    weight = network._model.embeddings.word_embeddings.weight
    place = (PIECES.index("##0"), 3)
    gradient, step = float(weight.grad[place]), 0.01
    values = []
    for sign in (1, -1):
        weight.data[place] += sign * step
        values.append(float((encoder.predict([doc])[0].astype("d") * target).sum()))
        weight.data[place] -= sign * step
    assert gradient == pytest.approx((values[0] - values[1]) / (2 * step), rel=0.05)


@pytest.mark.parametrize("way", ["bytes", "copy"])
def test_network_survives_serialization(way):
    network = make_network()
    encoder = build_piece_encoder(network)
    twin = build_piece_encoder(TorchNetwork(WIDTH, "nowhere", 0.5))
    twin = twin.from_bytes(encoder.to_bytes()) if way == "bytes" else encoder.copy()
    assert twin.shims[0] is not network
    assert twin.shims[0].vocabulary == PIECES
    np.testing.assert_array_equal(
        encode(twin, "mining rose 10")[0], encode(encoder, "mining rose 10")[0]
    )


def test_network_without_weights_serializes_to_nothing():
    network = TorchNetwork(WIDTH, "nowhere", 0.5)
    assert network.to_bytes() == b""
    assert network.copy().to_bytes() == b""


def test_network_without_weights_reads_back_what_it_wrote():
    assert TorchNetwork(WIDTH, "nowhere", 0.5).from_bytes(b"").to_bytes() == b""


def test_network_of_another_width_is_refused():
    network = make_network()
    with pytest.raises(ValueError, match="is 16 wide, the config says 32: set `width`"):
        TorchNetwork(32, "nowhere", 0.5).from_bytes(network.to_bytes())


def test_network_learns_on_a_device_as_on_the_cpu(monkeypatch):
    """Weights on a device are copied for the optimizer and back: "cpu:0" stands for a GPU here."""
    torch = pytest.importorskip("torch")
    networks = make_network(), make_network()
    networks[1].move("cpu:0")
    for network in networks:
        if network is networks[1]:  # as from a GPU, what comes to the CPU is a copy
            monkeypatch.setattr(torch.Tensor, "cpu", lambda tensor: tensor.detach().clone())
        encoder = build_piece_encoder(network)
        rows, backprop = encoder.begin_update([NLP.make_doc("mining rose 10")])
        backprop([np.ones_like(row) for row in rows])
        encoder.finish_update(Adam(0.01))
    states = [network._model.state_dict() for network in networks]
    start = make_network()._model.state_dict()
    changed = [name for name in start if not bool((states[0][name] == start[name]).all())]
    assert len(changed) > 10
    for name in start:
        np.testing.assert_array_equal(states[0][name].numpy(), states[1][name].numpy())


def test_averaged_weights_are_used_for_a_while():
    network = make_network()
    name = "encoder.layer.0.output.dense.bias"
    weights = dict(network._model.named_parameters())[name]
    before = weights.detach().clone().numpy()
    with network.use_params({(network.id, name): np.ones(WIDTH, dtype="f")}):
        assert weights.detach().numpy().tolist() == [1.0] * WIDTH
    np.testing.assert_array_equal(weights.detach().numpy(), before)


def test_onnx_network_cannot_be_initialized():
    with pytest.raises(ValueError, match="train a TorchNetwork and export it"):
        build_piece_encoder(OnnxNetwork(WIDTH)).initialize()


def test_onnx_network_survives_serialization():
    network = OnnxNetwork(WIDTH)
    network.vocabulary, network.cfg = PIECES, {"onnx": b"graph"}
    twin = OnnxNetwork(WIDTH).from_bytes(network.to_bytes())
    assert (twin.vocabulary, twin.cfg) == (PIECES, {"onnx": b"graph"})
    assert network.copy().to_bytes() == network.to_bytes()
