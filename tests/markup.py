"""A marked-up sentence as an annotated Doc: `[Mining](i1) [fell](t1) by [1.2%](- i1 t1 yy)`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from spacy.language import Language
from spacy.tokens import Doc

from iipnlp.pipeline.tokenizer import make_blank as make_nlp
from iipnlp.releases import Release, annotate, parse_markup

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
