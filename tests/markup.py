"""A marked-up sentence as an annotated Doc: `[Mining](i1) [fell](t1) by [1.2%](- i1 t1 yy)`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import spacy
from spacy.language import Language
from spacy.tokens import Doc

import iipnlp.pipeline.tokenizer  # noqa: F401
from iipnlp.releases import Release, annotate, parse_markup


def make_nlp() -> Language:
    """Return an empty pipeline with the tokenizer of the library."""
    return spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "iipnlp.Tokenizer.v1"}}})


_NLP = make_nlp()


def read(marked: str, published: str | None = None, country: str | None = None) -> Release:
    """Compile a marked-up text."""
    day = date.fromisoformat(published) if published else None
    return replace(parse_markup(marked), published=day, country=country)


def mark(
    marked: str, published: str | None = None, country: str | None = None, nlp: Language = _NLP
) -> Doc:
    """Return a marked-up text as a Doc with its mentions and figures."""
    release = read(marked, published, country)
    return annotate(nlp.make_doc(release.text), release)
