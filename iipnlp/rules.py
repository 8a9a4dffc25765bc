"""Pipelines to compare with: they show what the learned parts of a model bring."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from iipnlp.annotations import DIMENSIONS, Figure, Mention, get_mentions, set_figures
from iipnlp.extraction import load
from iipnlp.percentages import find_amounts, load_quantulum, read_percentage
from iipnlp.pipeline.tokenizer import make_blank
from iipnlp.statement import IipnlpError

PREFIX = "baseline:"
_SUBJECT = "SUBJECT"
_PERCENT = re.compile(r"per ?cent")
_FALLING = re.compile(
    r"fall|fell|declin|decreas|drop|down|low|contract|slip|los|shr[aiu]nk|slid|plung|tumbl|eas|"
    r"weak|below|reduc|minus",
    re.IGNORECASE,
)


class BaselineError(IipnlpError, ValueError):
    """A baseline that there is not."""


def load_model(model: str | Path) -> Language:
    """Return a pipeline as `load` does, or a baseline by its name."""
    if isinstance(model, str) and model.startswith(PREFIX):
        make = BASELINES.get(model.removeprefix(PREFIX))
        if make is None:
            known = ", ".join(PREFIX + name for name in BASELINES)
            raise BaselineError(f"{model}: there is no such baseline; give one of {known}")
        return make()
    return load(model)


def _assemble_pipeline(name: str) -> Language:
    nlp = make_blank()
    nlp.meta["name"], nlp.meta["version"] = name, spacy.about.__version__
    return nlp


def make_quantulum3() -> Language:
    """Return a pipeline of numbers alone: every percentage that quantulum3 finds is a rise."""
    nlp = _assemble_pipeline("baseline_quantulum3")
    nlp.add_pipe("iip_no_entities", name="iip_entities")
    nlp.add_pipe("iip_quantulum3", name="iip_relations")
    nlp.add_pipe("iip_statements")
    return nlp


@Language.component("iip_no_entities")
def find_nothing(doc: Doc) -> Doc:
    """Mark no mention."""
    return doc


@Language.component("iip_quantulum3")
def find_percentages(doc: Doc) -> Doc:
    """Take every percentage for a change, with its own sign."""
    found = [one for one in load_quantulum().parse(doc.text) if _PERCENT.match(one.unit.name)]
    places = [(*one.span, -1 if one.value < 0 else 1) for one in found]
    set_figures(doc, (Figure(start, end, direction=sign) for start, end, sign in places))
    return doc


def make_nearest() -> Language:
    """Return the shipped tagger with a rule in the place of what is learned of relations."""
    shipped = load()
    nlp = _assemble_pipeline("baseline_nearest")
    for name in ("encoder", "iip_entities"):
        nlp.add_pipe(name, source=shipped)
    nlp.add_pipe("iip_nearest", name="iip_relations")
    nlp.add_pipe("iip_statements")
    return nlp


@Language.component("iip_nearest")
def link_nearest(doc: Doc) -> Doc:
    """Tell each amount with a unit of the nearest mentions of its line, one of each kind."""
    text, mentions = doc.text, get_mentions(doc)
    figures = []
    amounts = [amount for amount in find_amounts(text) if amount.kind == "unit"]
    for start, end in ((amount.start, amount.end) for amount in amounts):
        line = text.rfind("\n", 0, start), text.find("\n", end) % (len(text) + 1)
        near = [one for one in mentions if line[0] < one.start and one.end <= line[1]]
        roles = tuple(sorted(_choose(near, start)))
        cues = [text[role.start : role.end] for role in roles if role.label == "TREND"]
        read = read_percentage(text[start:end])
        falls = any(map(_FALLING.match, cues)) or (read is not None and read.value < 0)
        figures.append(Figure(start, end, direction=-1 if falls else 1, roles=roles))
    set_figures(doc, figures)
    return doc


def _choose(mentions: list[Mention], start: int) -> Iterator[Mention]:
    """Yield the nearest mention of each label, before rather than after; dimensions are one."""
    nearest: dict[str, Mention] = {}
    for mention in sorted(mentions, key=lambda one: (one.start > start, abs(one.start - start))):
        nearest.setdefault(_SUBJECT if mention.label in DIMENSIONS else mention.label, mention)
    yield from nearest.values()


BASELINES: dict[str, Callable[[], Language]] = {
    "quantulum3": make_quantulum3,
    "nearest": make_nearest,
}
