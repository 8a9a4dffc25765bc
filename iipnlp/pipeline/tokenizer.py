"""The tokenizer: spaCy's English one, which also splits what releases glue together."""

from __future__ import annotations

import re
from collections.abc import Callable

import spacy
from spacy.lang.en import English
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

# "vehicles(+3.9", "12.4%(same", "9.2-pct", "5.2pc", "5%,mining", "5%.The", "7...Rubber"
INFIXES = [
    r"[()\[\]{}%;:/…–—−‑|•=<>“”\"]",
    r"(?<=[0-9])(?=[A-Za-z])",
    r"(?<=[a-z])(?=[0-9])",
    r"(?<=[A-Za-z])-(?=[0-9])",
    r"(?<=[0-9])-(?=[A-Za-z])",
    r"(?<=[a-z0-9%)]),(?=[A-Za-z])",
    r"(?<=[a-z])\.{2,}",
    r"(?<=[A-Za-z0-9%)])\.(?=[A-Z][a-z])",
]
PREFIXES = [r"[−–‑+\-](?=[0-9])", r"\.{2,}", r"[•·|/<>]", r"−"]
SUFFIXES = [r"[•·|/<>]", r"[–—−]", r"(?<=[a-z][A-Z])\."]


# Of spaCy's exceptions only abbreviations are kept: "(8)" is no emoticon, "y/y." ends a sentence.
_ABBREVIATION = re.compile(r"(?=.*[A-Za-z].*[A-Za-z])[A-Za-z.'’]+$")


@spacy.registry.tokenizers("iipnlp.Tokenizer.v1")
def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """Return a function that builds the tokenizer for a pipeline."""

    def build(nlp: Language) -> Tokenizer:
        defaults = English.Defaults
        exceptions = defaults.tokenizer_exceptions
        rules = {key: value for key, value in exceptions.items() if _ABBREVIATION.match(key)}
        return Tokenizer(
            nlp.vocab,
            rules=rules,
            prefix_search=compile_prefix_regex([*PREFIXES, *(defaults.prefixes or ())]).search,
            suffix_search=compile_suffix_regex([*(defaults.suffixes or ()), *SUFFIXES]).search,
            infix_finditer=compile_infix_regex([*INFIXES, *(defaults.infixes or ())]).finditer,
            url_match=defaults.url_match,
        )

    return build


def make_blank() -> Language:
    """Return a pipeline that only tokenizes, as texts are annotated and assembled on."""
    return spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "iipnlp.Tokenizer.v1"}}})
