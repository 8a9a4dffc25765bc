"""The statement, one observation of a change read from a release, and the sequence of them."""

from __future__ import annotations

import html
import math
import re
import reprlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from importlib import import_module
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, overload
from typing import get_args as _args
from typing import get_origin as _origin
from typing import get_type_hints as _hints

INDICATORS = (
    "industrial_production",
    "employment",
    "consumption",
    "inventory",
    "shipments",
    "new_orders",
    "turnover",
    "capacity_utilization",
    "prices",
    "exports",
    "imports",
    "retail_sales",
    "investment",
    "gdp",
    "construction",
    "productivity",
    "wages",
    "other",
)
UNITS = ("percent", "percentage_points")
MEASURES = ("change", "contribution")
DIRECTIONS = ("increase", "decrease", "unchanged")
BASELINES = ("year_on_year", "period_on_period", "fixed_period")
STATUSES = ("actual", "expected", "superseded")
ADJUSTMENTS = (
    "seasonally_adjusted",
    "calendar_adjusted",
    "seasonally_and_calendar_adjusted",
    "unadjusted",
)
DIMENSIONS = ("industry", "product", "area", "ownership")
FOUND_ROLES = ("indicator", *DIMENSIONS, "period", "baseline", "trend")
ROLES = ("value", *FOUND_ROLES)

_ISIC = r"[A-U]([0-9][0-9])?(-[A-U]([0-9][0-9])?)?"


class IipnlpError(Exception):
    """The base of every error that this library raises on purpose."""


class StatementError(IipnlpError, ValueError):
    """A statement that breaks the contract; the message names the key, the value and the remedy."""

    def __init__(self, key: str, value: object, remedy: str) -> None:
        super().__init__(key, value, remedy)

    def __str__(self) -> str:
        key, value, remedy = self.args
        return f"{key} is {reprlib.repr(value)}: {remedy}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Spans(Mapping[str, tuple[int, int]]):
    """Role -> (start, end) in the text; unlike a dict it can't be changed, and has a hash."""

    items_: tuple[tuple[str, tuple[int, int]], ...]

    def __getitem__(self, role: str) -> tuple[int, int]:
        for name, span in self.items_:
            if name == role:
                return span
        raise KeyError(role)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.items_)

    def __len__(self) -> int:
        return len(self.items_)

    def __hash__(self) -> int:
        return hash(frozenset(self.items_))

    def __repr__(self) -> str:
        return f"Spans({dict(self)!r})"


def _key(meaning: str, **limits: Any) -> dict[str, Any]:
    """Describe a key in the words of JSON schema; its type comes from the annotation."""
    return {"description": meaning, **limits}


_SPAN = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One observation of a change: what was measured, when, by how much, against what.

    The annotations are the one definition of the keys: types, `schema`, `to_dict`, `from_dict` and
    the checks all follow them. A statement that breaks them can't be made (`StatementError`).
    """

    indicator: Annotated[str, _key("what was measured", enum=INDICATORS)]
    industry: Annotated[
        str | None, _key("the economic activity, as named in the text", minLength=1)
    ]
    industry_code: Annotated[
        str | None, _key("its code in ISIC Rev. 4", pattern=f"^{_ISIC}(,{_ISIC})*$")
    ]
    product: Annotated[str | None, _key("the good, as named in the text", minLength=1)]
    country: Annotated[
        str | None,
        _key("the release's own country, ISO 3166-1 alpha-2, as given", pattern="^[A-Z]{2}$"),
    ]
    area: Annotated[str | None, _key("the province, state, member country…", minLength=1)]
    ownership: Annotated[str | None, _key("the kind of enterprise", minLength=1)]
    value: Annotated[float, _key("signed; the middle of a range")]
    value_low: Annotated[float | None, _key("the lower end of a range, signed")]
    value_high: Annotated[float | None, _key("the upper end of a range, signed")]
    unit: Annotated[str, _key("the unit of the value", enum=UNITS)]
    measure: Annotated[str, _key("what the value is", enum=MEASURES)]
    direction: Annotated[str, _key("the sign of the value, in a word", enum=DIRECTIONS)]
    period_start: Annotated[date | None, _key("the reference period's first day")]
    period_end: Annotated[date | None, _key("the reference period's last day")]
    baseline: Annotated[str | None, _key("the kind of period compared with", enum=BASELINES)]
    baseline_start: Annotated[date | None, _key("the first day of the period compared with")]
    baseline_end: Annotated[date | None, _key("the last day of the period compared with")]
    status: Annotated[str, _key("a fact, a forecast, or what a revision replaced", enum=STATUSES)]
    annualized: Annotated[bool, _key("stated at an annual rate")]
    adjustment: Annotated[str | None, _key("where the text says so", enum=ADJUSTMENTS)]
    approximate: Annotated[bool, _key('"nearly", "about", "more than"…')]
    text: Annotated[str, _key("the clause it was read from", minLength=1)]
    start: Annotated[int, _key("where `text` starts in the input", minimum=0)]
    end: Annotated[int, _key("where `text` ends in the input", minimum=1)]
    spans: Annotated[
        Mapping[str, tuple[int, int]],
        _key(
            "role -> [start, end] in the input",
            propertyNames={"enum": list(ROLES)},
            additionalProperties=_SPAN,
            required=["value"],
        ),
    ]
    inherited: Annotated[
        tuple[str, ...],
        _key(
            "the roles taken over from outside the clause",
            items={"enum": list(FOUND_ROLES)},
            uniqueItems=True,
        ),
    ]
    confidence: Annotated[float, _key("three decimals", minimum=0, maximum=1)]

    def __post_init__(self) -> None:
        for key in _FIELDS.values():
            object.__setattr__(self, key.name, key.read(getattr(self, key.name)))
        for name, remedy in _conflicts(self):
            raise StatementError(name, getattr(self, name), remedy)

    def to_dict(self) -> dict[str, Any]:
        """Return the keys of the contract, in its order, as JSON has them; all objects are new."""
        return {name: _to_json(getattr(self, name)) for name in _FIELDS}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Statement:
        """Make a statement from what `to_dict` gave, or from the same keys read from JSON."""
        if not isinstance(data, Mapping):
            raise StatementError("statement", data, "must be a mapping of the contract's keys")
        for name in data:
            if name not in _FIELDS:
                raise StatementError(str(name), data[name], "no such key; leave it out")
        for name in _FIELDS:
            if name not in data:
                raise StatementError(name, "missing", "give it, null where nothing is known")
        return cls(**{name: _from_json(key, data[name]) for name, key in _FIELDS.items()})

    @staticmethod
    def schema() -> dict[str, Any]:
        """Return the JSON schema (draft 2020-12) of one statement."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Statement",
            "description": "One observation of a change, read from a statistical release.",
            "type": "object",
            "properties": {name: key.schema() for name, key in _FIELDS.items()},
            "required": list(_FIELDS),
            "additionalProperties": False,
        }

    def shift(self, offset: int) -> Statement:
        """Return the statement as it stands in a text that has so many characters before."""
        spans = {role: (start + offset, end + offset) for role, (start, end) in self.spans.items()}
        return replace(self, start=self.start + offset, end=self.end + offset, spans=spans)


_JSON_TYPES = {
    str: "string",
    date: "string",
    float: "number",
    int: "integer",
    bool: "boolean",
    Mapping: "object",
    tuple: "array",
}


class _Field(NamedTuple):
    """A key of the statement: its Python type, whether it may be null, and its limits."""

    name: str
    kind: type
    optional: bool
    limits: dict[str, Any]

    def read(self, value: Any) -> Any:
        """Check a value and return it in its plain, unchangeable form."""
        if value is None and self.optional:
            return None
        if self.kind is float and isinstance(value, (int, float)) and type(value) is not bool:
            value = _plain_float(value)
        # A bool is an int to Python and a datetime is a date: neither is one here.
        exact = self.kind in (int, date)
        if not (type(value) is self.kind if exact else isinstance(value, self.kind)):
            null = ", or None" if self.optional else ""
            raise StatementError(self.name, value, f"must be of type {self.kind.__name__}{null}")
        for remedy in self._broken(value):
            raise StatementError(self.name, value, remedy)
        if self.kind is Mapping:
            return value if isinstance(value, Spans) else Spans(_span_items(value))
        return _role_names(value) if self.kind is tuple else value

    def _broken(self, value: Any) -> Iterator[str]:
        limits = self.limits
        if self.kind is float and not math.isfinite(value):
            yield "must be a finite number"
        if "enum" in limits and value not in limits["enum"]:
            yield f"must be one of {', '.join(limits['enum'])}"
        if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
            yield f"must match {limits['pattern']}"
        if "minLength" in limits and len(value) < limits["minLength"]:
            yield "must not be empty"
        if "minimum" in limits and value < limits["minimum"]:
            yield f"must be at least {limits['minimum']}"
        if "maximum" in limits and value > limits["maximum"]:
            yield f"must be at most {limits['maximum']}"

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of the key."""
        kind: Any = _JSON_TYPES[self.kind]
        schema = {"type": [kind, "null"] if self.optional else kind, **self.limits}
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], *([None] if self.optional else [])]
        if self.kind is date:
            schema["format"] = "date"
        return schema


def _read_fields() -> dict[str, _Field]:
    hints = _hints(Statement, include_extras=True)
    found = {}
    for field in fields(Statement):
        hint, limits = _args(hints[field.name])
        kinds = _args(hint) if isinstance(hint, UnionType) else (hint,)
        kind = _origin(kinds[0]) or kinds[0]
        found[field.name] = _Field(field.name, kind, NoneType in kinds, limits)
    return found


_FIELDS = _read_fields()
KEYS = tuple(_FIELDS)


def _plain_float(value: float) -> float:
    """Return a float of Python's own, without a minus before zero."""
    try:
        return float(value) + 0.0
    except OverflowError:  # an int of more than 308 digits
        return math.inf


def _span_items(spans: Mapping[Any, Any]) -> tuple[tuple[str, tuple[int, int]], ...]:
    for role, span in spans.items():
        if role not in ROLES:
            raise StatementError("spans", dict(spans), f"no role {role!r}; leave it out")
        pair = isinstance(span, tuple) and len(span) == 2 and all(type(at) is int for at in span)
        if not pair or not 0 <= span[0] < span[1]:
            raise StatementError(
                "spans", dict(spans), f"{role} needs two offsets, the first the smaller"
            )
    if "value" not in spans:
        raise StatementError("spans", dict(spans), "needs the role value")
    return tuple((role, spans[role]) for role in ROLES if role in spans)


def _role_names(roles: tuple[Any, ...]) -> tuple[str, ...]:
    for role in roles:
        if role not in FOUND_ROLES or roles.count(role) > 1:
            raise StatementError("inherited", roles, f"{role!r} is no role, or is there twice")
    return roles


def _conflicts(statement: Statement) -> Iterator[tuple[str, str]]:
    """Yield a key that goes against another one, and what it should be."""
    value, low, high = statement.value, statement.value_low, statement.value_high
    direction = DIRECTIONS[0 if value > 0 else 1 if value < 0 else 2]
    if statement.direction != direction:
        yield "direction", f"must be {direction} where the value is {value}"
    if (low is None) != (high is None):
        yield "value_low", f"must be given together with value_high ({high})"
    if low is not None and high is not None and not low <= value <= high:
        yield "value", f"must lie between value_low ({low}) and value_high ({high})"
    for name in ("period", "baseline"):
        start, end = getattr(statement, f"{name}_start"), getattr(statement, f"{name}_end")
        if (start is None) != (end is None):
            yield f"{name}_start", f"must be given together with {name}_end ({end})"
        elif start is not None and start > end:
            yield f"{name}_start", f"must not come after {name}_end ({end})"
    if statement.end - statement.start != len(statement.text):
        yield "text", f"must be as long as end - start ({statement.end} - {statement.start})"
    if round(statement.confidence, 3) != statement.confidence:
        yield "confidence", "must be rounded to three decimals"


def _to_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Spans):
        return {role: list(span) for role, span in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _from_json(key: _Field, value: Any) -> Any:
    if key.kind is date and isinstance(value, str):
        return _read_day(key.name, value)
    if key.kind is Mapping and isinstance(value, Mapping):
        return {
            role: tuple(span) if isinstance(span, list) else span for role, span in value.items()
        }
    return tuple(value) if key.kind is tuple and isinstance(value, list) else value


def _read_day(key: str, value: str) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            return date.fromisoformat(value)
    except ValueError as error:  # a month 13
        raise StatementError(key, value, f"is no date: {error}") from error
    raise StatementError(key, value, "must be an ISO date such as 2025-11-30, or null")


# --- For people -----------------------------------------------------------------------------------

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


def describe(statement: Statement) -> dict[str, str]:
    """Return the statement in a few short words: the columns of a table for people."""
    names = [getattr(statement, dimension) for dimension in DIMENSIONS]
    return {
        "value": _describe_value(statement),
        "subject": _one_line(", ".join(name for name in names if name) or "total"),
        "indicator": statement.indicator.replace("_", " "),
        "period": describe_period(statement.period_start, statement.period_end),
        "baseline": _describe_baseline(statement),
        "notes": _describe_notes(statement),
        "text": _one_line(statement.text),
    }


def describe_period(start: date | None, end: date | None) -> str:
    """Return a period as people write it ("Jan-Nov 2025", "Q3 2025"), nothing for none."""
    if start is None or end is None:
        return ""
    month_end = (end.toordinal() == date.max.toordinal()) or (
        date.fromordinal(end.toordinal() + 1).day == 1
    )
    if start == end or start.day != 1 or not month_end:
        return start.isoformat() if start == end else f"{start}..{end}"
    first, last = _MONTHS[start.month - 1], f"{_MONTHS[end.month - 1]} {end.year}"
    if start.year != end.year:
        return f"{first} {start.year}-{last}"
    length = end.month - start.month + 1
    if length == 12:
        return str(end.year)
    if length == 3 and end.month % 3 == 0:
        return f"Q{end.month // 3} {end.year}"
    return last if length == 1 else f"{first}-{last}"


def _describe_value(statement: Statement) -> str:
    unit = "%" if statement.unit == "percent" else " pp"
    low, high = statement.value_low, statement.value_high
    number = _signed(statement.value)
    if low is not None and high is not None:
        number = f"{_signed(low)} to {_signed(high)}"
    return f"{'~' if statement.approximate else ''}{number}{unit}"


def _signed(number: float) -> str:
    return f"{number:+.10g}" if number else "0"


def _describe_baseline(statement: Statement) -> str:
    start, end = statement.period_start, statement.period_end
    if statement.baseline == "period_on_period":
        days = (end - start).days + 1 if start and end else 0
        return "m/m" if 28 <= days <= 31 else "q/q" if 90 <= days <= 92 else "p/p"
    if statement.baseline == "fixed_period":
        return f"vs {describe_period(statement.baseline_start, statement.baseline_end) or 'fixed'}"
    return "y/y" if statement.baseline else ""


def _describe_notes(statement: Statement) -> str:
    notes = [
        statement.status if statement.status != "actual" else "",
        statement.measure if statement.measure != "change" else "",
        "annualized" if statement.annualized else "",
        (statement.adjustment or "").replace("_", " "),
    ]
    return ", ".join(note for note in notes if note)


def _one_line(text: str) -> str:
    """Put words from outside on one line, without what would steer a terminal."""
    return _UNPRINTABLE.sub(" ", text).strip()


class Statements(Sequence[Statement]):
    """The statements of one text, in its order; like a tuple of them, with ways to show them."""

    __slots__ = ("_statements",)
    _SHOWN = 100

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        self._statements = tuple(statements)

    @overload
    def __getitem__(self, index: int) -> Statement: ...
    @overload
    def __getitem__(self, index: slice) -> Statements: ...
    def __getitem__(self, index: int | slice) -> Statement | Statements:
        found = self._statements[index]
        return Statements(found) if isinstance(found, tuple) else found

    def __len__(self) -> int:
        return len(self._statements)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Statements):
            return NotImplemented
        return self._statements == other._statements

    def __hash__(self) -> int:
        return hash(self._statements)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return each statement as `Statement.to_dict` does."""
        return [statement.to_dict() for statement in self]

    def to_frame(self) -> Any:
        """Return a pandas DataFrame with a row per statement and the contract's keys as columns."""
        try:
            pandas = import_module("pandas")
        except ImportError as error:
            remedy = "to_frame needs pandas: pip install 'iipnlp[frames]'"
            raise ImportError(remedy) from error
        frame = pandas.DataFrame(self.to_dicts(), columns=list(KEYS))
        for key in _FIELDS.values():
            if key.kind is date:
                frame[key.name] = frame[key.name].astype("datetime64[s]")
            if key.kind is float:
                frame[key.name] = frame[key.name].astype("float64")
        return frame

    def __repr__(self) -> str:
        rows = [describe(statement) for statement in self._statements[: self._SHOWN]]
        lines = ["  ".join(row[key] for key in row if key != "text" and row[key]) for row in rows]
        head = f"<{len(self)} statement{'' if len(self) == 1 else 's'}>"
        return "\n  ".join([head, *lines, *self._rest()])

    def _repr_html_(self) -> str:
        rows = [describe(statement) for statement in self._statements[: self._SHOWN]]
        names = ("value", "subject", "indicator", "period", "baseline", "notes", "text")
        head = "".join(f"<th>{name}</th>" for name in names)
        cells = ["".join(f"<td>{html.escape(row[name])}</td>" for name in names) for row in rows]
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return "".join([table, *(f"<p>{line}</p>" for line in self._rest())])

    def _rest(self) -> list[str]:
        more = len(self) - self._SHOWN
        return [f"… and {more} more"] if more > 0 else []
