"""The layout of a text as arrays over its tokens: sentences, paragraphs, brackets, small words.

Attachment has a geometry that carries over from publisher to publisher; this is what it is
measured on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc

Array = npt.NDArray[Any]

# Small words that say how parts of a sentence hang together; each is a class of its own.
SMALL_WORDS = (
    "and or but while whereas although however by of in for to from after against with than over "
    "at compared versus on as the a an was were is respectively both each all same that those "
    "which it its following followed led up down about nearly per"
).split()
PUNCTUATION = [",", ";", ":", ".", "(", ")", "-", "–", "−", "—", "•", "+", "%", "/", "&", "'s"]
_CLASSES = {
    word: number for number, word in enumerate([*PUNCTUATION, *dict.fromkeys(SMALL_WORDS)], 3)
}
EDGE, OTHER, BREAK = 0, 1, 2
WORD_CLASSES = len(_CLASSES) + 3

# What is counted between a figure and what it may be told of.
MARKERS: dict[str, set[str]] = {
    "comma": {","},
    "semicolon": {";"},
    "colon": {":"},
    "open": {"(", "["},
    "close": {")", "]"},
    "dash": {"–", "—", "-", "−"},
    "and": {"and", "&"},
    "contrast": {"while", "but", "whereas", "although", "though", "however", "yet"},
    "relative": {"which", "that", "those", "where", "whose"},
    "after": {"after", "following", "from", "against", "compared", "versus", "than", "vs"},
}
_RESPECTIVELY = re.compile(r"respectively|in that order|in this order", re.IGNORECASE)
_EACH = {"both", "each", "all", "alike"}
_BULLETS = set("•·*-–—▪►✓")
_HARD_WRAP = 90  # characters; longer lines are paragraphs
_HEADING = 16  # tokens


@dataclass(slots=True)
class Layout:
    """Arrays over the tokens of one Doc; `counts` has one entry more: what stands before each."""

    sentence: Array
    paragraph: Array
    bracket: Array  # number of the bracket that a token stands in, 0 for none
    word_class: Array
    counts: Array  # (markers, tokens + 1)
    heading: Array  # by paragraph
    lead_in: Array  # by paragraph: it ends with a colon
    item: Array  # by paragraph: it starts with a bullet
    respectively: Array  # by sentence
    each: Array  # by sentence


def read_layout(doc: Doc) -> Layout:
    """Measure the layout of a Doc; linear in its length."""
    words = [token.lower_ for token in doc]
    text = doc.text  # put together at every access
    breaks = _paragraph_breaks(doc, text)
    ends = _sentence_ends(doc, breaks)
    paragraph = np.cumsum([0, *breaks[:-1]]) if len(doc) else np.zeros(0, dtype="i")
    sentence = np.cumsum([0, *ends[:-1]]) if len(doc) else np.zeros(0, dtype="i")
    last_sentence = int(sentence[-1]) + 1 if len(doc) else 0
    heading, lead_in, item = _read_paragraphs(words, paragraph)
    return Layout(
        sentence=sentence,
        paragraph=paragraph,
        bracket=_brackets(words, paragraph),
        word_class=np.array([_word_class(word) for word in words], dtype="i"),
        counts=_marker_counts(words),
        heading=heading,
        lead_in=lead_in,
        item=item,
        respectively=_sentences_with(doc, text, sentence, last_sentence, _RESPECTIVELY),
        each=_sentences_having(words, sentence, last_sentence, _EACH),
    )


def _word_class(word: str) -> int:
    return BREAK if "\n" in word else _CLASSES.get(word, OTHER)


def _marker_counts(words: list[str]) -> Array:
    hits = np.array([[word in marker for word in words] for marker in MARKERS.values()], dtype="i")
    return np.concatenate([np.zeros((len(MARKERS), 1), dtype="i"), hits.cumsum(axis=1)], axis=1)


def _wrap_width(text: str) -> int:
    """Return the width at which a text is wrapped by hand, 0 where it is not."""
    lines = [len(line) for line in text.split("\n") if line.strip()]
    if len(lines) < 4 or max(lines) > _HARD_WRAP:
        return 0
    return max(lines) if sum(length > 45 for length in lines) >= len(lines) / 2 else 0


def _paragraph_breaks(doc: Doc, text: str) -> list[bool]:
    """Say of each token whether a paragraph ends with it."""
    wrap = _wrap_width(text)
    breaks = [False] * len(doc)
    line_start = 0
    for token in doc:
        if "\n" not in token.text:
            continue
        length = token.idx - line_start
        line_start = token.idx + len(token)
        breaks[token.i] = not wrap or _breaks_wrapped(doc, token.i, length, wrap)
    return breaks


def _breaks_wrapped(doc: Doc, i: int, length: int, wrap: int) -> bool:
    """Say whether a line end inside hard-wrapped text ends a paragraph."""
    space = doc[i].text
    if space.count("\n") > 1 or space.rsplit("\n", 1)[1].startswith("  "):
        return True
    if i + 1 == len(doc) or doc[i + 1].text in _BULLETS or doc[i + 1].is_space:
        return True
    return length < 0.7 * wrap and i > 0 and doc[i - 1].text in {".", ":", "!", "?", "”", '"'}


def _sentence_ends(doc: Doc, breaks: list[bool]) -> list[bool]:
    ends = list(breaks)
    for token in doc[:-1]:
        if token.text in {".", "!", "?", "...", "…"} and (
            token.whitespace_ or doc[token.i + 1].is_space
        ):
            follower = doc[token.i + 1]
            ends[token.i] = ends[token.i] or not follower.is_lower
    return ends


def _brackets(words: list[str], paragraph: Array) -> Array:
    """Number the brackets; one that is left open ends with its paragraph."""
    numbers = np.zeros(len(words), dtype="i")
    current = count = 0
    for i, word in enumerate(words):
        if i and paragraph[i] != paragraph[i - 1]:
            current = 0
        if word in ("(", "["):
            count += 1
            current = count
        numbers[i] = current
        if word in (")", "]"):
            current = 0
    return numbers


def _read_paragraphs(words: list[str], paragraph: Array) -> Array:
    """Say of each paragraph whether it is a heading, a lead-in, an item of a list: (3, paragraphs).

    A heading is short and has no full stop.
    """
    count = int(paragraph[-1]) + 1 if len(words) else 0
    heading, lead_in, item = found = np.zeros((3, count), dtype=bool)
    edges = np.searchsorted(paragraph, np.arange(count + 1))
    for number in range(count):
        part = [w for w in words[edges[number] : edges[number + 1]] if not w.isspace()]
        if not part:
            continue
        heading[number] = len(part) <= _HEADING and part[-1] not in {".", ";", ",", ":"}
        lead_in[number] = part[-1] == ":"
        item[number] = part[0] in _BULLETS
    return found


def _sentences_having(words: list[str], sentence: Array, count: int, wanted: set[str]) -> Array:
    found = np.zeros(count, dtype=bool)
    for number, word in zip(sentence, words, strict=True):
        if word in wanted:
            found[number] = True
    return found


def _sentences_with(
    doc: Doc, text: str, sentence: Array, count: int, pattern: re.Pattern[str]
) -> Array:
    found = np.zeros(count, dtype=bool)
    places = [match.start() for match in pattern.finditer(text)]
    if places:
        starts = np.array([token.idx for token in doc])
        found[sentence[np.searchsorted(starts, places, side="right") - 1]] = True
    return found
