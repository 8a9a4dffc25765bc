"""Reads what was measured ("the number of workers employed") into an indicator id."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iipnlp.industries import singular

# Words that name an indicator when they are the head of the phrase, in the singular.
_HEADS = {
    "industrial_production": """production output iip ipi iop ip ici mpi vopi vapi imai
        industry industrial activity manufacture manufactured produced producing
        extraction generation generated throughput
        manufacturing processing assembled assembly made turned mined smelted refined yield run""",
    "employment": """employment employed employee worker workforce headcount staff staffing job
        payroll personnel hiring manpower labor labour labourer laborer workplace employ jobholder
        recruitment engaged""",
    "consumption": """consumption consumed consume registration registered sold usage offtake
        spending""",
    "inventory": """inventory stock stockpile stockpiling stockholding unsold destocking
        stockbuilding""",
    "shipments": "shipment shipped shipping delivery delivered dispatch despatch dispatched ship",
    "new_orders": "orderbook backlog booking ordered ordering",
    "turnover": "turnover vonsi vansi revenue receipt sale takings proceed selling",
    "capacity_utilization": "utilization utilisation utilized utilised utilizing",
    "prices": "price ppi cpi wpi rpi ippi rmpi ipri inflation deflator pricing hicp rent",
    "exports": "export exported exporting exporter outbound overseas",
    "imports": "import imported importing importer inbound",
    "retail_sales": "retail retailer retailing shop supermarket store hypermarket ecommerce",
    "investment": """investment invested investing capex fdi disbursement disbursed gfcf investor
        outlay fai""",
    "gdp": "gdp grdp gnp gni economy gva economic",
    "construction": "construction building homebuilding housebuilding permit completion start",
    "productivity": "productivity tfp efficiency",
    "wages": "wage salary earning pay remuneration compensation emolument paycheck bonus",
    "other": """capacity profit profitability loss enterprise business company firm unemployment
        vacancy opening bankruptcy insolvency credit lending loan deposit cost expense expenditure
        confidence sentiment pmi optimism expectation budget tax debt deficit surplus trade balance
        tourism tourist visitor arrival passenger freight transport traffic cargo population
        dividend income agriculture agricultural farm farming crop harvest livestock fishery
        forestry aquaculture service share remittance project hour layoff redundancy strike
        emission waste mileage pax benefit margin sensex future
        mortgage saving import-export establishment subsidy penetration demand""",
}

# Words that together name an indicator, in any order; the first rule that fits decides.
# Each group needs one of its words; a group with "!" bars its words. A rule with one group looks
# at the head of the phrase first: "employment | in export industries".
_COMBINATIONS = (
    (
        "productivity",
        "output production turnover value added",
        "per",
        "hour worker employee person head man labor labour employed",
    ),
    ("other", "value", "added", "tax"),
    ("other", "tax fiscal budget", "revenue receipt"),
    ("other", "import", "export", "!price order"),
    ("other", "share stock equity bond", "price market exchange"),
    ("other", "stock", "index", "!inventory good finished"),
    ("other", "exchange interest mortgage", "rate"),
    ("other", "unemployment jobless unemployed"),
    ("other", "job", "opening vacancy cut loss"),
    ("other", "trade external", "balance surplus deficit gap"),
    ("other", "unit", "labor labour wage", "cost"),
    ("other", "leading coincident lagging", "index indicator"),
    ("other", "money monetary", "stock supply aggregate"),
    ("other", "purchasing", "manager"),
    ("new_orders", "stock", "order"),
    ("other", "stock inventory", "ratio"),
    ("shipments", "export", "shipment shipped"),
    ("other", "government public", "spending", "!investment consumption"),
    ("gdp", "value", "added", "economy"),
    ("wages", "labor labour employment payroll staff", "cost expense bill"),
    ("wages", "wage salary remuneration"),
    (
        "wages",
        "earning pay compensation income bonus",
        "hourly worker employee weekly monthly average staff labor labour capita",
    ),
    (
        "prices",
        "price deflator ppi cpi wpi rpi hicp inflation",
        "!constant comparable current fixed",
    ),
    ("prices", "cost", "input living material producer"),
    ("prices", "unit", "value", "index export import"),
    ("capacity_utilization", "utilization utilisation utilized utilised utilizing"),
    (
        "capacity_utilization",
        "capacity plant factory",
        "use usage used using operating operation running ran",
        "!number",
    ),
    ("capacity_utilization", "operating operation use usage", "rate ratio"),
    ("capacity_utilization", "capacity", "rate ratio"),
    ("new_orders", "order orderbook backlog booking", "!in"),
    ("inventory", "inventory stockpile"),
    ("retail_sales", "retail street", "sale sold turnover taking revenue volume", "!price"),
    ("retail_sales", "retail retailer supermarket hypermarket shopping ecommerce"),
    (
        "retail_sales",
        "shop store online consumer commerce",
        "sale turnover takings revenue",
        "!price",
    ),
    ("investment", "investment capex fdi gfcf invested investing", "!output production good"),
    ("investment", "capital", "!good stock productivity employed"),
    ("investment", "capital equipment plant", "spending expenditure outlay formation"),
    (
        "investment",
        "capital",
        "registered register disbursed realized realised implemented contributed additional "
        "new newly inflow pledged committed raised injected",
    ),
    ("investment", "fixed", "asset capital"),
    ("gdp", "gross national", "product income"),
    ("gdp", "domestic regional material", "product", "!price"),
    ("gdp", "gdp grdp gnp gni"),
    ("gdp", "economic", "growth output activity expansion performance"),
    (
        "industrial_production",
        "value gross",
        "added gva",
        "industry industrial manufacturing mining factory processing enterprise above-scale",
    ),
    ("gdp", "gross", "value", "added"),
    ("industrial_production", "value", "added adding"),
    (
        "consumption",
        "household personal private consumer public final government",
        "consumption spending expenditure",
    ),
    ("turnover", "wholesale wholesaler"),
    ("turnover", "net", "sale"),
    ("other", "home house housing property land", "sale sold"),
    (
        "construction",
        "housing house home building dwelling apartment construction",
        "start permit completion completed started permitted approval",
    ),
    (
        "consumption",
        "car auto automobile vehicle motorcycle motorbike truck",
        "sale sold registration registered",
    ),
    ("consumption", "sale sold", "index", "!retail turnover"),
    ("consumption", "consumption consumed"),
    (
        "consumption",
        "use used",
        "crude oil coal gas fuel energy electricity power water steel metal",
    ),
    (
        "employment",
        "number index total",
        "worker employee job employed labor labour labourer people person staff",
        "!hour productivity",
    ),
    ("employment", "work labor labour", "force"),
    ("employment", "head", "count"),
    ("employment", "person people", "employed engaged working work"),
    ("employment", "production", "worker employee staff"),
    ("other", "hour", "worked working work"),
    ("exports", "export exported", "!oriented"),
    ("exports", "overseas foreign abroad outbound", "sale shipment delivery"),
    ("imports", "import imported"),
    ("imports", "overseas foreign abroad inbound", "purchase bought shipment delivery"),
    (
        "other",
        "agricultural agriculture farm farming crop service fishery livestock forestry "
        "aquaculture rice grain",
        "production output value index activity growth yield",
        "!export import price order",
    ),
    (
        "construction",
        "construction building",
        "output production activity spending work volume index sector value expenditure put",
        "!material materials product",
    ),
    ("construction", "civil", "engineering"),
)

# Words that end the head of a phrase: "sales | of manufacturing businesses".
_PREPOSITIONS = frozenset("of in by at for from to on among within across with".split())
# What is left out says nothing of what is measured: "production (excluding construction)".
_LEFT_OUT = re.compile(
    r"(?:[(,]\s*(?:ex|without)|\b(?:excluding|except))\b(?![-–])[^(),]*\)?", re.IGNORECASE
)
_TOKEN = re.compile(r"[a-z]+")


def read_indicator(text: str) -> str | None:
    """Read the indicator that a phrase names; None where it names none that we know.

    "other" is a real indicator without an id of its own: profits, capacity, unemployment.
    """
    tokens = [singular(token) for token in _TOKEN.findall(_LEFT_OUT.sub(" ", text).lower())]
    phrase = frozenset(tokens)
    if phrase.isdisjoint(_KNOWN):
        return None
    head = _head(tokens)
    return (
        _combined(phrase, _PAIRED)
        or _combined(frozenset(head), _SINGLE)
        or _last_head(head)
        or _combined(phrase, _SINGLE)
        or _last_head(tokens)
    )


@dataclass(frozen=True, slots=True)
class _Rule:
    indicator: str
    groups: tuple[frozenset[str], ...]
    barred: frozenset[str]


def _head(tokens: list[str]) -> list[str]:
    for index, token in enumerate(tokens):
        if token in _PREPOSITIONS:
            return tokens[:index]
    return tokens


def _combined(phrase: frozenset[str], rules: list[_Rule]) -> str | None:
    for rule in rules:
        if not phrase.isdisjoint(rule.groups[0]) and _fits(rule, phrase):
            return rule.indicator
    return None


def _fits(rule: _Rule, phrase: frozenset[str]) -> bool:
    if not phrase.isdisjoint(rule.barred):
        return False
    return not any(phrase.isdisjoint(group) for group in rule.groups)


def _last_head(tokens: list[str]) -> str | None:
    for token in reversed(tokens):
        if token in _BY_HEAD:
            return _BY_HEAD[token]
    return None


def _words(group: str) -> frozenset[str]:
    return frozenset(singular(word) for word in group.lstrip("!").split())


def _rule(indicator: str, *groups: str) -> _Rule:
    required = tuple(_words(group) for group in groups if group[0] != "!")
    barred = frozenset[str]().union(*(_words(group) for group in groups if group[0] == "!"))
    return _Rule(indicator, required, barred)


_RULES = [_rule(*combination) for combination in _COMBINATIONS]
_PAIRED = [rule for rule in _RULES if len(rule.groups) > 1]
_SINGLE = [rule for rule in _RULES if len(rule.groups) == 1]
_BY_HEAD = {word: indicator for indicator, words in _HEADS.items() for word in _words(words)}
_KNOWN = frozenset(_BY_HEAD).union(*(group for rule in _RULES for group in rule.groups))
