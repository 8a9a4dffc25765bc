"""Training: a corpus in, a spaCy pipeline out, from nothing or going on from a trained one."""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import reduce
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from iipnlp.corpus import check_each, read_all
from iipnlp.extraction import DEFAULT, FAST, SHIPPED, load
from iipnlp.statement import IipnlpError
from iipnlp.tables import Table, lay_out

if TYPE_CHECKING:  # these import spaCy, which takes seconds; the command does so when it runs
    from spacy.language import Language
    from spacy.training import Example
    from thinc.api import Config

    from iipnlp.releases import Release

LEAST = 10  # releases, from which there is something to learn and to measure
HELD_OUT = 5  # one release in so many is held out where the corpus has no dev part
ENCODER, RELATIONS = "encoder", "iip_relations"
# What stands in the place of the network of the shipped pipeline, which can't be trained.
NETWORK = {
    "@misc": "iipnlp.TorchNetwork.v1",
    "width": 384,
    "source": "sentence-transformers/all-MiniLM-L6-v2",
    "learn_rate_factor": 0.2,
}
# The shipped pipelines whose config a training from nothing takes over.
BEGUN_FROM = {"cnn": FAST, "transformer": DEFAULT}
FIRST_STEPS, FIRST_RATE = 1500, 0.001
# Going on needs fewer steps than beginning.
FURTHER_STEPS, FURTHER_RATE, EVALUATED_EVERY = 300, 0.002, 50
CURVE = (4, 2, 1)  # a quarter of the releases, a half, all

_PACKED = Path(__file__).parent / "data" / "releases"
_CHECKOUT = Path(__file__).parents[1] / "corpus" / "releases" / "train"


class TrainingError(IipnlpError, ValueError):
    """A corpus that nothing can be learned from, or options that don't fit together."""


# --- The corpus -----------------------------------------------------------------------------------


def read_parts(path: Path) -> tuple[list[Release], list[Release]]:
    """Return the releases to train on and those to choose by; raise where they are unfit.

    A folder may hold them as `train` and `dev`; else one in five, by a hash of its id, is held out.
    """
    problems = list(chain.from_iterable(check_each(path)))
    if problems:
        remedy = f"iipnlp corpus check {path} names all {len(problems)}"
        raise TrainingError(f"the corpus is unfit: {problems[0]}; {remedy}")
    parts = {name: list(path.glob(f"{name}*")) for name in ("train", "dev")}
    if all(len(found) == 1 for found in parts.values()):
        train, dev = (read_all(found[0]) for found in parts.values())
    else:
        ordered = _shuffle(read_all(path))
        size = len(ordered) // HELD_OUT
        dev, train = ordered[:size], ordered[size:]
    if len(train) + len(dev) < LEAST:
        raise TrainingError(f"{path}: {len(train) + len(dev)} releases; annotate at least {LEAST}")
    for name, part in (("train", train), ("dev", dev)):
        if not any(release.figures for release in part):
            raise TrainingError(f"{path}: no figure in the part to {name}; annotate some")
    return train, dev


def _shuffle(releases: list[Release]) -> list[Release]:
    """Return releases in an order that is the same whatever order they come in."""
    return sorted(releases, key=lambda one: hashlib.sha256(one.id.encode()).digest())


def find_own_corpus() -> Path:
    """Return the training part of our corpus: inside the package, or in the checkout beside it."""
    return _PACKED if _PACKED.is_dir() else _CHECKOUT


def make_replay_reader(
    path: str | Path, augmenter: Callable[[Language, Example], Iterator[Example]] | None = None
) -> Callable[[Language], Iterator[Example]]:
    """Return a reader of a corpus with as many releases of ours, others in every round.

    What a pipeline has learned before is not forgotten while it goes on learning.
    """
    from iipnlp.releases import make_examples, read_releases

    given, ours = read_releases(Path(path)), read_releases(find_own_corpus())

    def read(nlp: Language) -> Iterator[Example]:
        releases = given + random.sample(ours, min(len(given), len(ours)))
        random.shuffle(releases)
        yield from make_examples(nlp, releases, augmenter)

    return read


# --- The config -----------------------------------------------------------------------------------


def make_config(kind: str) -> Config:
    """Return the config of a shipped pipeline, to begin anew, or that of a file."""
    from spacy.util import load_config

    if kind not in BEGUN_FROM:
        if not Path(kind).is_file():
            known = ", ".join(BEGUN_FROM)
            raise TrainingError(f"--config {kind}: there is no such file; give one, or {known}")
        return load_config(kind)
    config = load_config(SHIPPED[BEGUN_FROM[kind]] / "config.cfg").interpolate()
    if kind == "transformer":
        config["components"][ENCODER]["model"]["network"] = NETWORK
    config["training"] |= {
        "frozen_components": [],
        "annotating_components": [],
        "max_steps": FIRST_STEPS,
        "eval_frequency": FIRST_STEPS // 5,
    }
    config["training"]["optimizer"]["learn_rate"]["initial_rate"] = FIRST_RATE
    return config


def make_further_config(model: str) -> Config:
    """Return the config with which a pipeline goes on learning, our corpus being replayed.

    What can't learn, as the encoder of the shipped pipeline, is frozen.
    """
    nlp = load(model)
    config = _copy_config(nlp)
    source = str(nlp.path)
    frozen = [name for name, part in config["components"].items() if _is_fixed(part)]
    config["components"] = {name: {"source": source} for name in config["components"]}
    training = config["training"]
    training |= {
        "frozen_components": frozen,
        "annotating_components": frozen,
        "max_steps": FURTHER_STEPS,
        "eval_frequency": EVALUATED_EVERY,
    }
    training["optimizer"]["learn_rate"]["initial_rate"] = FURTHER_RATE
    config["corpora"]["train"]["@readers"] = "iipnlp.Replay.v1"
    return config


def _copy_config(nlp: Language) -> Config:
    return deepcopy(nlp.config.interpolate())


def _is_fixed(part: Mapping[str, Any]) -> bool:
    return "iipnlp.OnnxNetwork.v1" in json.dumps(part)


def _complete(config: Config, overrides: Mapping[str, Any], folder: Path) -> Config:
    """Fill in paths and overrides; the learn rate falls until the last step, which is scored."""
    config["paths"] = {
        **config.get("paths", {}),
        "train": str(folder / "train.jsonl"),
        "dev": str(folder / "dev.jsonl"),
    }
    for name in ("train", "dev"):
        config["corpora"][name]["path"] = config["paths"][name]
    for name in overrides:
        *sections, key = name.split(".")
        if key not in reduce(lambda part, section: part.get(section, {}), sections, config):
            raise TrainingError(f"--{name}: the config has no such value; see its config.cfg")
    config = config.from_str(config.to_str(), overrides=dict(overrides))
    training = config["training"]
    steps, rate = training["max_steps"], training["optimizer"]["learn_rate"]
    if "training.eval_frequency" not in overrides and steps:
        training["eval_frequency"] = min(training["eval_frequency"], steps)
    if "training.optimizer.learn_rate.total_steps" not in overrides and "total_steps" in rate:
        rate |= {"total_steps": steps, "warmup_steps": min(rate["warmup_steps"], steps // 10)}
    return config


# --- Training -------------------------------------------------------------------------------------


def train(
    releases: tuple[list[Release], list[Release]],
    output: Path,
    config: Config,
    *,
    gpu_id: int = -1,
    overrides: Mapping[str, Any] | None = None,
) -> Path:
    """Train as `spacy train` does, printing the scores, and return the folder of the best pipeline.

    Its confidence is fitted on the held-out releases. The releases are kept beside it, as
    `train.jsonl` and `dev.jsonl`. `gpu_id` is the GPU on which a network in PyTorch computes, -1
    for none; what stands on the network stays on the CPU.
    """
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train as train_nlp

    from iipnlp.converters.spans import write_lines
    from iipnlp.releases import to_json

    _check_gpu(gpu_id)
    output.mkdir(parents=True, exist_ok=True)
    for name, part in zip(("train", "dev"), releases, strict=True):
        write_lines(output / f"{name}.jsonl", map(to_json, part))
    complete = _complete(config, overrides or {}, output)
    try:
        nlp = init_nlp(complete)
    except (ImportError, ValueError, OSError) as error:
        reason = " ".join(str(error).split())[:300]
        raise TrainingError(f"the config can't be trained: {reason}") from error
    if gpu_id >= 0:
        _move(nlp, gpu_id)
    train_nlp(nlp, output, stdout=sys.stdout, stderr=sys.stderr)
    best = output / "model-best"
    trained = load(best)
    if RELATIONS in trained.pipe_names:  # a config of one's own may be that of a tagger alone
        calibrate(trained, output / "dev.jsonl")
        trained.to_disk(best)
    return best


def calibrate(nlp: Language, corpus: Path) -> tuple[float, float]:
    """Fit the confidence of a pipeline on a corpus that it did not learn from.

    Returns slope and intercept over the log-odds of the product of all choices.
    """
    from iipnlp.confidence import fit_logistic
    from iipnlp.evaluation import evaluate

    settings: dict[str, Any] = nlp.get_pipe(RELATIONS).cfg  # type: ignore[attr-defined]
    settings["calibration"] = (1.0, 0.0)  # what went on from a calibrated one has its own
    calibration = settings["calibration"] = fit_logistic(evaluate(nlp, corpus).judge())
    return calibration


def draw_curve(
    releases: tuple[list[Release], list[Release]], output: Path, train_on: Callable[..., Path]
) -> Table:
    """Train on growing parts of the releases, each in a folder of its own, and score them all."""
    from iipnlp.evaluation import evaluate

    rows = []
    given, dev = _shuffle(releases[0]), releases[1]
    for part in CURVE:
        some = given[: -(-len(given) // part)]
        best = train_on((some, dev), output / f"{len(some)}-releases")
        levels = evaluate(load(best), best.parent / "dev.jsonl").add_up("statements")
        rows.append((str(len(some)), *(f"{score.fscore:.3f}" for score in levels.values())))
    return Table("F1 of statements in dev", ("releases", *levels), rows)


def read_overrides(arguments: list[str]) -> dict[str, Any]:
    """Read what spaCy takes as overrides of a config: `--training.max_steps 500`."""
    from click import ClickException
    from spacy.cli._util import parse_config_overrides

    try:
        overrides: dict[str, Any] = parse_config_overrides(arguments)
    except ClickException as error:
        raise TrainingError(f"{error.format_message()}; see: iipnlp train --help") from error
    return overrides


def _check_gpu(gpu_id: int) -> None:
    if gpu_id < 0:
        return
    try:
        import torch
    except ImportError as error:
        remedy = "pip install 'iipnlp[transformer]', or leave it out for the CPU"
        raise TrainingError(f"--gpu-id {gpu_id}: needs PyTorch: {remedy}") from error
    if gpu_id >= torch.cuda.device_count():
        raise TrainingError(f"--gpu-id {gpu_id}: PyTorch sees none such; leave it out for the CPU")


def _move(nlp: Language, gpu_id: int) -> None:
    from iipnlp.pipeline.encoder import TorchNetwork

    models = [pipe.model for _, pipe in nlp.pipeline if hasattr(pipe, "model")]
    shims = [shim for model in models for layer in model.walk() for shim in layer.shims]
    networks = [shim for shim in shims if isinstance(shim, TorchNetwork)]
    if not networks:
        reason = "only a network in PyTorch runs on a GPU, and this pipeline has none"
        raise TrainingError(f"--gpu-id {gpu_id}: {reason}; begin with --config transformer")
    for network in networks:
        network.move(f"cuda:{gpu_id}")


def train_cli(
    context: typer.Context,
    corpus: Annotated[
        Path,
        typer.Argument(help="Annotated releases; a folder may hold them as train and dev."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write model-best in.")],
    config: Annotated[
        str | None,
        typer.Option(metavar="cnn|transformer|FILE", help="Begin from nothing, with this config."),
    ] = None,
    source: Annotated[
        str,
        typer.Option("--from", help="Pipeline to go on from, such as 'fast'; not with --config."),
    ] = DEFAULT,
    gpu_id: Annotated[
        int, typer.Option("--gpu-id", "-g", help="GPU for a network in PyTorch, -1 for none.")
    ] = -1,
    curve: Annotated[
        bool, typer.Option("--curve", help="Train on a quarter, a half and all; compare.")
    ] = False,
) -> None:
    """Train a pipeline on annotated releases.

    Without --config the default pipeline goes on learning, our own corpus being replayed; its
    encoder stays as it is, that of 'fast' learns as well. Any value of the config may be
    overridden: --training.max_steps 500.
    """
    overrides = read_overrides(context.args)
    if config and source != DEFAULT:
        raise TrainingError(f"--from {source} goes on, --config {config} begins; give one of them")
    releases = read_parts(corpus)

    def train_on(some: tuple[list[Release], list[Release]], folder: Path) -> Path:
        made = make_config(config) if config else make_further_config(source)
        return train(some, folder, made, gpu_id=gpu_id, overrides=overrides)

    typer.echo(f"{len(releases[0])} releases to train on, {len(releases[1])} held out")
    if curve:
        typer.echo(lay_out(draw_curve(releases, output, train_on)))
    else:
        typer.echo(f"{train_on(releases, output)}: the pipeline, for spacy.load and --model")
