"""Annotates new releases with a pipeline, as a start for annotators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from iipnlp.annotations import Figure, Mention, get_figures, get_mentions
from iipnlp.extraction import DEFAULT, load
from iipnlp.releases import Release, make_doc


def prelabel(releases: Iterable[Release], model: str | Path = DEFAULT) -> Iterator[Release]:
    """Yield the releases with the mentions and figures that a pipeline finds."""
    nlp = load(model)
    for release in releases:
        doc = nlp(make_doc(nlp, release))
        figures = get_figures(doc)
        # Marks must not overlap: what a figure has marked is no mention.
        mentions = tuple(one for one in get_mentions(doc) if not _is_marked(one, figures))
        found = tuple(_keep(figure, mentions) for figure in figures)
        yield replace(release, mentions=mentions, figures=found)


def _is_marked(mention: Mention, figures: Iterable[Figure]) -> bool:
    return any(one.start < mention.end and mention.start < one.end for one in figures)


def _keep(figure: Figure, mentions: tuple[Mention, ...]) -> Figure:
    """Return a figure as annotators have it: certain, and told of the mentions alone."""
    roles = tuple(role for role in figure.roles if role in mentions)
    return figure._replace(roles=roles, probability=1.0)
