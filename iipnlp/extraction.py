"""The front door: a text goes in, its statements come out."""

from __future__ import annotations

import re
import reprlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from iipnlp.statement import IipnlpError, Statement, Statements

if TYPE_CHECKING:  # importing spaCy takes seconds, and only `load` needs it
    from spacy.language import Language
    from spacy.tokens import Doc

Context = TypeVar("Context")

COMPONENTS = ("iip_entities", "iip_relations", "iip_statements")
# The pipelines that the package carries: the one that reads most right, and one for bulk work.
DEFAULT, FAST = "default", "fast"
SHIPPED = {name: Path(__file__).parent / "models" / name for name in (DEFAULT, FAST)}
BATCH_SIZE = 8
LONGEST_PART = 20_000  # characters; a longer text is read in parts, which bounds the memory
LONGEST_RUN = 2_000  # characters without a blank, which take spaCy the square of their number

# ISO 3166-1 alpha-2, officially assigned, and EU, which it reserves for the European Union
COUNTRIES = frozenset(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO "
    "BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ "
    "DK DM DO DZ EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN "
    "GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE "
    "KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA "
    "PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK "
    "SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG "
    "UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW".split()
)

_SURROGATE = re.compile("[\ud800-\udfff]")
_ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}[\d:.,Z+-]*)?", re.ASCII)
# Where a long text is cut, the best place first: after a blank line, a line, a blank.
_LINE_END = r"(?:\r\n|\n|\r(?!\n))"
_CUTS = (
    re.compile(rf"{_LINE_END}(?:[ \t]*{_LINE_END})+"),
    re.compile(_LINE_END),
    re.compile(r"\s"),
)
_LONG_RUN = re.compile(rf"\S{{{LONGEST_RUN}}}")
_LONG_RUN_STARTS = re.compile(rf"(?<!\S){_LONG_RUN.pattern}")


class TextError(IipnlpError, TypeError):
    """What was given as a text is none."""


class ContextError(IipnlpError, ValueError):
    """A date of publication or a country that can't be read."""


class ModelError(IipnlpError, ValueError):
    """A model that can't be loaded, or is no pipeline of ours."""


def load(model: str | Path = DEFAULT) -> Language:
    """Return a spaCy pipeline: a shipped one by its name, "default" or "fast", or another's.

    A pipeline is loaded once per process, and again only when it changed on disk; do not change it.

    Args:
        model: the name of a shipped pipeline, the path of a pipeline or the name of its package; a
            folder called "fast" is "./fast".
    """
    if not isinstance(model, (str, Path)):
        raise _no_model(model)
    shipped = SHIPPED.get(model) if isinstance(model, str) else None
    meta = Path(shipped or model, "meta.json")
    if meta.is_file():
        return _load(str(meta.parent.resolve()), meta.stat().st_mtime_ns)
    if shipped:
        raise ModelError(f"no model in {shipped}; reinstall iipnlp, or give a model")
    return _load(str(model), 0)


@lru_cache(maxsize=4)
def _load(model: str, changed: int) -> Language:
    import spacy

    try:
        nlp = spacy.load(model)
    except Exception as error:  # a folder from elsewhere can be wrong in any way
        reason = " ".join(str(error).split())[:200]
        remedy = "give the folder of a trained pipeline, or the name of an installed one"
        raise ModelError(f"{model} can't be loaded; {remedy} ({reason})") from error
    return _check_components(nlp, model)


def _check_components(nlp: Language, model: str) -> Language:
    missing = [name for name in COMPONENTS if name not in nlp.pipe_names]
    if missing:
        remedy = "give one trained with iipnlp's configs"
        raise ModelError(f"{model} has no {', '.join(missing)}; {remedy}")
    return nlp


def _pipeline(model: str | Path | Language) -> Language:
    if isinstance(model, (str, Path)):
        return load(model)
    if not hasattr(model, "pipe_names"):
        raise _no_model(model)
    return _check_components(model, "the model given")


def _no_model(given: object) -> ModelError:
    remedy = "give 'default', 'fast', a path or the name of a package"
    return ModelError(f"{reprlib.repr(given)} is no model; {remedy}")


def extract(
    text: str,
    *,
    published: date | str | None = None,
    country: str | None = None,
    model: str | Path | Language = DEFAULT,
) -> Statements:
    """Return the statements of a release.

    Args:
        text: the release as plain text.
        published: the day it was published, which dates "in August"; a date or an ISO string.
            Without it the dateline of the text counts, where there is one (`dateline`).
        country: the country it speaks of, ISO 3166-1 alpha-2; fiscal years and `area` depend on it.
        model: a pipeline, or see `load`; "fast" reads several times as fast, and less right.
    """
    job = _Job(_check_text(text), *check_context(published, country))
    (done,) = _run(_pipeline(model), [job], batch_size=1, n_process=1, progress=None)
    return done.result()


@overload
def extract_many(
    texts: Iterable[str],
    *,
    published: date | str | None = None,
    country: str | None = None,
    model: str | Path | Language = DEFAULT,
    batch_size: int = BATCH_SIZE,
    n_process: int = 1,
    as_tuples: Literal[False] = False,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Statements]: ...
@overload
def extract_many(
    texts: Iterable[tuple[str, Context]],
    *,
    published: date | str | None = None,
    country: str | None = None,
    model: str | Path | Language = DEFAULT,
    batch_size: int = BATCH_SIZE,
    n_process: int = 1,
    as_tuples: Literal[True],
    progress: Callable[[int], object] | None = None,
) -> Iterator[tuple[Statements, Context]]: ...
def extract_many(
    texts: Iterable[Any],
    *,
    published: date | str | None = None,
    country: str | None = None,
    model: str | Path | Language = DEFAULT,
    batch_size: int = BATCH_SIZE,
    n_process: int = 1,
    as_tuples: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Any]:
    """Read texts as a stream: yield the statements of each, in the order of the texts.

    The pipeline is loaded, and the arguments are checked, before the first text is asked for.

    Args:
        texts: the releases; with `as_tuples`, pairs of a release and any context.
        published: see `extract`; holds for every text whose context does not say otherwise.
        country: likewise.
        model: see `extract`.
        batch_size: how many texts, or parts of long texts, go through the pipeline together.
        n_process: how many processes read; the statements are the same with any number.
        as_tuples: yield pairs of statements and context, as `Language.pipe` does. Where a context
            is a mapping, its `published` and `country` hold for its text.
        progress: called with the number of characters read, now and then.
    """
    if isinstance(texts, (str, bytes)):
        raise TextError("extract_many takes several texts; give a list, or call extract for one")
    default = check_context(published, country)
    nlp = _pipeline(model)
    pairs = texts if as_tuples else ((text, None) for text in texts)
    jobs = (_make_job(pair, default) for pair in pairs)
    done = _run(nlp, jobs, batch_size=batch_size, n_process=n_process, progress=progress)
    if as_tuples:
        return ((job.result(), job.context) for job in done)
    return (job.result() for job in done)


@dataclass(slots=True)
class _Job:
    """A text on its way through the pipeline, in parts; so many characters have been read."""

    text: str
    published: str | None
    country: str | None
    context: Any = None
    statements: list[Statement] = field(default_factory=list)
    length: int = 0

    def docs(self, nlp: Language) -> Iterator[Doc]:
        """Make the Docs of the parts, unread."""
        from iipnlp.dateline import read_dateline  # reads periods, which `import iipnlp` need not

        told = None if self.published else read_dateline(self.text)
        for part in cut(self.text):
            doc = nlp.make_doc(part)
            doc._.published = told.isoformat() if told else self.published
            doc._.country = self.country
            yield doc

    def add(self, doc: Doc) -> None:
        """Take the next part, read."""
        found = doc._.statements
        self.statements += [one.shift(self.length) for one in found] if self.length else found
        self.length += len(doc.text)

    def result(self) -> Statements:
        """Return the statements of the parts that were read."""
        return Statements(self.statements)


def _make_job(pair: Any, default: tuple[str | None, str | None]) -> _Job:
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise TextError(f"{reprlib.repr(pair)} is not the pair (text, context) as_tuples asks for")
    text, context = pair
    published, country = default
    if isinstance(context, Mapping):
        own = check_context(context.get("published"), context.get("country"))
        published, country = own[0] or published, own[1] or country
    return _Job(_check_text(text), published, country, context)


def _run(
    nlp: Language,
    jobs: Iterable[_Job],
    *,
    batch_size: int,
    n_process: int,
    progress: Callable[[int], object] | None,
) -> Iterator[_Job]:
    """Send the parts of all jobs through the pipeline and yield the jobs as they are done."""
    waiting: deque[_Job] = deque()

    def docs() -> Iterator[Doc]:
        for job in jobs:
            waiting.append(job)
            yield from job.docs(nlp)

    for doc in nlp.pipe(docs(), batch_size=batch_size, n_process=n_process):
        waiting[0].add(doc)
        if progress is not None:
            progress(len(doc.text))
        if waiting[0].length == len(waiting[0].text):
            yield waiting.popleft()


def cut(text: str) -> Iterator[str]:
    """Cut a long text into parts, at ends of paragraphs where there are any; one part at least."""
    start = 0
    while start < len(text):
        end = _find_cut(text, start, min(start + LONGEST_PART, len(text)))
        yield text[start:end]
        start = end
    if not text:
        yield text


def _find_cut(text: str, start: int, stop: int) -> int:
    if _LONG_RUN.match(text, start, stop):
        return start + LONGEST_RUN
    run = _LONG_RUN_STARTS.search(text, start, stop)
    if run or stop == len(text):
        return run.start() if run else stop
    for pattern in _CUTS:
        end = max((match.end() for match in pattern.finditer(text, start, stop)), default=start)
        if end > start:
            return end
    return stop


def _check_text(text: object) -> str:
    """Return the text with lone surrogates, which UTF-8 does not have, replaced one for one."""
    if isinstance(text, (bytes, bytearray)):
        raise TextError("text is bytes; decode it first, as in data.decode('utf-8')")
    if not isinstance(text, str):
        raise TextError(f"text is {reprlib.repr(text)}, not a str; give the release as plain text")
    return _SURROGATE.sub("\ufffd", text)


def check_context(published: object, country: object) -> tuple[str | None, str | None]:
    """Return the ISO date and the code of a country; raise where they are none."""
    return _read_published(published), _read_country(country)


def _read_published(published: object) -> str | None:
    if published is None:
        return None
    from iipnlp.periods import YEARS  # its lexicon takes time, which `import iipnlp` need not

    day = published.isoformat() if isinstance(published, date) else published
    match = _ISO_DAY.fullmatch(day.strip()) if isinstance(day, str) else None
    remedy = "give a date, or an ISO string such as '2025-12-06'"
    try:
        if match:
            read = date.fromisoformat(match[1])
            if read.year in YEARS:
                return read.isoformat()
            remedy = f"give a day from {YEARS[0]} to {YEARS[-1]}"
    except ValueError as error:
        remedy = f"there is no such day: {error}"
    raise ContextError(f"published is {reprlib.repr(published)}; {remedy}")


def _read_country(country: object) -> str | None:
    if country is None:
        return None
    # "ß" in upper case is "SS", but it is not South Sudan.
    if isinstance(country, str) and country.isascii() and country.strip().upper() in COUNTRIES:
        return country.strip().upper()
    raise ContextError(
        f"country is {reprlib.repr(country)}; give two letters of ISO 3166-1, such as 'VN'"
    )
