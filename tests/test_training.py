import json
import string
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import spacy
from markup import make_nlp
from spacy.tokens import DocBin
from spacy.util import load_config
from typer.testing import CliRunner

from iipnlp import extract, load
from iipnlp.cli import app
from iipnlp.markup import write_markup
from iipnlp.releases import Release, parse_markup, read_releases, to_docs
from iipnlp.training import (
    TrainingError,
    find_own_corpus,
    make_further_config,
    make_replay_reader,
    read_parts,
)

ROOT = Path(__file__).parents[1]
RISE = parse_markup(
    "[Mining](i1) [output](k1) [rose](t1) by [2%](+ i1 k1 t1 yy) in [May](p).\n", "a"
)

# spaCy and what it trains with warn of what is theirs.
with_their_warnings = pytest.mark.filterwarnings(
    "ignore::UserWarning", "ignore::DeprecationWarning", "ignore::FutureWarning"
)


def some(count: int, publisher: str = "desk") -> list[Release]:
    return [replace(RISE, id=f"{publisher}-{n}", publisher=publisher) for n in range(count)]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_markup(tmp_path / "corpus", some(12))
    return tmp_path / "corpus"


def test_one_release_in_five_is_held_out_the_same_way_every_time(corpus):
    train, dev = read_parts(corpus)
    assert (len(train), len(dev)) == (10, 2)
    assert read_parts(corpus / "desk.md") == (train, dev)
    assert {one.id for one in train} | {one.id for one in dev} == {one.id for one in some(12)}


def test_parts_of_a_folder_are_taken_as_they_are(tmp_path):
    write_markup(tmp_path / "train", some(8))
    write_markup(tmp_path / "dev", some(3, "other"))
    assert [len(part) for part in read_parts(tmp_path)] == [8, 3]


@pytest.mark.parametrize(
    "releases, message",
    [
        (some(9), "9 releases; annotate at least 10"),
        (
            [replace(one, figures=()) for one in some(12)],
            "no figure in the part to train; annotate",
        ),
    ],
)
def test_a_corpus_to_learn_nothing_from_is_refused(releases, message, tmp_path):
    write_markup(tmp_path, releases)
    with pytest.raises(TrainingError, match=message):
        read_parts(tmp_path)


def test_a_faulty_corpus_is_refused_with_its_first_problem(tmp_path):
    (tmp_path / "a.md").write_text("=== a\n---\n[x](q)\n=== b\n---\n[x](q)\n", "utf-8")
    with pytest.raises(TrainingError, match=r"unfit: .*a.md:3:1: a: 'q' is neither .* names all 2"):
        read_parts(tmp_path)


def test_our_corpus_is_replayed_with_every_round(corpus):
    read = make_replay_reader(corpus)
    rounds = [[example.reference.text for example in read(make_nlp())] for _ in range(2)]
    ours = {release.text for release in read_releases(find_own_corpus())}
    for texts in rounds:
        assert (texts.count(RISE.text), len(texts), set(texts) <= {RISE.text} | ours) == (
            12,
            24,
            True,
        )
    assert set(rounds[0]) != set(rounds[1])


def test_going_on_freezes_the_encoder_and_takes_over_the_rest():
    config = make_further_config("default")
    assert config["training"]["frozen_components"] == ["encoder"]
    assert set(config["components"]) == {
        "encoder",
        "iip_entities",
        "iip_relations",
        "iip_statements",
    }
    assert all(set(part) == {"source"} for part in config["components"].values())


STEPS = ("--training.max_steps", "2", "--training.eval_frequency", "1")


@pytest.fixture
def run(corpus: Path, tmp_path: Path):
    def run_train(*args: str):
        arguments = ["train", str(corpus), "--output", str(tmp_path / "out"), *args]
        return CliRunner().invoke(app, arguments)

    return run_train


@with_their_warnings
@pytest.mark.parametrize("options", [(), ("--config", "cnn")], ids=["further", "cnn"])
def test_train_writes_a_pipeline(run, tmp_path, options):
    result = run(*options, *STEPS)
    assert result.exit_code == 0, result.output
    assert "10 releases to train on, 2 held out" in result.stdout
    best = tmp_path / "out" / "model-best"
    assert spacy.load(best).pipe_names[-1] == "iip_statements"
    assert isinstance(extract(RISE.text, model=best).to_dicts(), list)
    fitted, shipped = (nlp.get_pipe("iip_relations").cfg for nlp in (spacy.load(best), load()))
    assert fitted["calibration"] != shipped["calibration"]
    config = spacy.load(best).config
    assert config["training"]["max_steps"] == 2
    assert config["training"]["optimizer"]["learn_rate"]["total_steps"] == 2


@pytest.fixture
def backbone(tmp_path: Path) -> Path:
    """Write the weights and the tokenizer of a BERT of one layer."""
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("spacy_transformers")
    folder = tmp_path / "bert"
    folder.mkdir()
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *string.ascii_lowercase, *string.digits]
    (folder / "vocab.txt").write_text("\n".join([*pieces, *("##" + one for one in pieces[5:])]))
    transformers.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=2 * len(pieces) - 5,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    transformers.BertModel(config).save_pretrained(folder)
    return folder


@with_their_warnings
def test_any_transformer_can_stand_in_for_the_encoder(run, backbone, tmp_path):
    config = str(ROOT / "training/hub.cfg")
    options = ("--paths.backbone", str(backbone), "--vars.width", "16")
    result = run("--config", config, *options, *STEPS)
    assert result.exit_code == 0, result.output
    best = tmp_path / "out" / "model-best"
    assert isinstance(extract(RISE.text, model=best).to_dicts(), list)


@with_their_warnings
def test_curve_compares_growing_parts(run):
    result = run("--config", "cnn", "--curve", *STEPS)
    rows = [line.split() for line in result.stdout.splitlines()[-4:]]
    assert rows[0] == ["releases", "value", "core", "strict"]
    assert [row[0] for row in rows[1:]] == ["3", "5", "10"]


@pytest.mark.parametrize(
    "options, message",
    [
        (("--config", "none.cfg"), "--config none.cfg: there is no such file; give one, or cnn"),
        (("--config", "cnn", "--from", "x"), "--from x goes on, --config cnn begins; give one"),
        (("--from", "nowhere"), "nowhere can't be loaded; give the folder"),
        (("--bogus",), "No such option"),
        (("--training.bogus", "3"), "--training.bogus: the config has no such value"),
        (("--gpu-id", "9"), "--gpu-id 9: "),
    ],
)
def test_a_wrong_option_gives_one_line(run, options, message):
    result = run(*options)
    assert result.exit_code == 2
    assert result.stderr.startswith("iipnlp: ") and message in result.stderr
    assert result.stderr.count("\n") == 1


@with_their_warnings
def test_a_gpu_is_refused_where_nothing_runs_on_it(run, monkeypatch):
    monkeypatch.setattr("iipnlp.training._check_gpu", lambda gpu_id: None)
    result = run("--gpu-id", "0", *STEPS)
    assert result.exit_code == 2
    assert "--gpu-id 0: only a network in PyTorch runs on a GPU, and this" in result.stderr


@with_their_warnings
def test_spacy_evaluates_the_pipeline_by_what_its_config_weighs(tmp_path):
    model = load().path
    docs = to_docs(read_releases(ROOT / "corpus/releases/dev")[:2], load())
    DocBin(docs=list(docs), store_user_data=True).to_disk(tmp_path / "dev.spacy")
    arguments = ["evaluate", str(model), str(tmp_path / "dev.spacy")]
    subprocess.run(
        [sys.executable, "-m", "spacy", *arguments, "--output", str(tmp_path / "scores.json")],
        check=True,
        capture_output=True,
    )
    scores = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    for weighed in (
        load_config(ROOT / "training/minilm.cfg", interpolate=False)["training"]["score_weights"],
        load().config["training"]["score_weights"],
    ):
        assert all(scores[name] > 0.5 for name, weight in weighed.items() if weight)
