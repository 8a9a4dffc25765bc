"""A pipeline without a model: percentages by a pattern, so that the whole way is walked in no time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import spacy
from hypothesis import settings
from spacy.language import Language
from spacy.tokens import Doc

import iipnlp.pipeline.statements  # noqa: F401
from iipnlp import Statement, assembly

# No clock and no chance: the same examples every time, however slow the machine is.
settings.register_profile("iipnlp", deadline=None, derandomize=True)
settings.load_profile("iipnlp")

_PERCENT = re.compile(r"(?<![\d.,])[+-]?\d{1,3}(?:\.\d{1,3})?%", re.ASCII)


def make_statement(**changes: object) -> Statement:
    """Return the first statement of STATEMENTS.md, changed as told."""
    text = "In the first 11 months of 2025 the mining industry increased by 0.9%"
    keys = {
        "indicator": "industrial_production",
        "industry": "mining industry",
        "industry_code": "B",
        "product": None,
        "country": "VN",
        "area": None,
        "ownership": None,
        "value": 0.9,
        "value_low": None,
        "value_high": None,
        "unit": "percent",
        "measure": "change",
        "direction": "increase",
        "period_start": date(2025, 1, 1),
        "period_end": date(2025, 11, 30),
        "baseline": "year_on_year",
        "baseline_start": date(2024, 1, 1),
        "baseline_end": date(2024, 11, 30),
        "status": "actual",
        "annualized": False,
        "adjustment": None,
        "approximate": False,
        "text": text,
        "start": 0,
        "end": len(text),
        "spans": {"value": (64, 68), "industry": (35, 50), "trend": (51, 60), "period": (7, 30)},
        "inherited": ("indicator",),
        "confidence": 0.95,
    }
    return Statement(**{**keys, **changes})  # type: ignore[arg-type]


def read_percentages(doc: Doc) -> list[Statement]:
    """Stand in for `assemble`: every percentage is a statement, its line (cut at 200 characters) the clause."""
    found, text = [], doc.text
    for match in _PERCENT.finditer(text):
        near = max(0, match.start() - 200)
        start = max([near - 1, *(text.rfind(end, near, match.start()) for end in "\r\n")]) + 1
        value = float(match[0].rstrip("%"))
        day = date.fromisoformat(doc._.published) if doc._.published else None
        found.append(
            make_statement(
                country=doc._.country,
                value=value,
                direction="increase" if value > 0 else "decrease" if value < 0 else "unchanged",
                period_start=day,
                period_end=day,
                text=text[start : match.end()],
                start=start,
                end=match.end(),
                spans={"value": match.span()},
            )
        )
    return found


@pytest.fixture
def nlp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Language]:
    monkeypatch.setattr(assembly, "assemble", read_percentages)
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer", name="iip_entities")
    pipeline.add_pipe("sentencizer", name="iip_relations")
    pipeline.add_pipe("iip_statements")
    yield pipeline


@pytest.fixture
def model_path(nlp: Language, tmp_path: Path) -> Path:
    path = tmp_path / "pipeline"
    nlp.to_disk(path)
    return path
