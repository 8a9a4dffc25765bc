"""Reads the amounts of a release ("2.3 per cent", "halved") and the words that qualify them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Literal

Unit = Literal["percent", "percentage_points"]
Kind = Literal["unit", "number", "word"]

# Numbers in words
_CARDINALS = (
    {
        w: float(n)
        for n, w in enumerate(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen".split()
        )
    }
    | {
        w: 10.0 * n
        for n, w in enumerate(
            "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
        )
    }
    | {"nought": 0.0, "nil": 0.0}
)
_FRACTIONS = {
    "half": 1 / 2,
    "third": 1 / 3,
    "quarter": 1 / 4,
    "fifth": 1 / 5,
    "sixth": 1 / 6,
    "seventh": 1 / 7,
    "eighth": 1 / 8,
    "ninth": 1 / 9,
    "tenth": 1 / 10,
    "hundredth": 1 / 100,
}
_FRACTION_SIGNS = {
    "½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅕": 1 / 5, "⅖": 2 / 5, "⅗": 3 / 5,
    "⅘": 4 / 5, "⅙": 1 / 6, "⅚": 5 / 6, "⅛": 1 / 8, "⅜": 3 / 8, "⅝": 5 / 8, "⅞": 7 / 8,
}  # fmt: skip
_MINUS = "−–‑‐﹣－\\-"  # escaped for use in character classes

# Words that are the amount themselves
_NO_CHANGE = (
    r"unchanged|flat(?![- ](?:products?|steel|glass|rolled|panels?|screens?|rate|tax|irons?))"
    r"|flat-?lin(?:ed|ing)|stagnat(?:ed|es|ing|e|ion)|stagnant|stood\sstill|stand(?:ing)?[ -]?still"
    r"|(?:did|does|do|has|have|had)(?:\snot|n['’]t)\schanged?|little\schanged|level(?:l)?ed\s(?:off|out)"
    r"|(?:no|zero|nil)\s(?:change|growth|increase|rise|gain|movement)(?:\sat\sall)?"
    r"|(?<!\ba\s)(?<!\bthe\s)(?<!\bmore\s)(?:stable|steady|static)"
    r"(?!\s(?:growth|rise|increase|decline|pace|demand|recovery|expansion|fall|rate|stream|supply"
    r"|economy|market|prices|exchange|state|operation|improvement|progress|trend))"
    r"|(?<=was\s)level|(?<=were\s)level|(?<=held\s)level|(?<=stayed\s)level|(?<=remained\s)level"
    r"|(?<=remained\s)the\ssame|(?<=stayed\s)the\ssame|(?<=was\s)the\ssame(?=\sas\b)"
)
_MULTIPLES = {"doubl": 100.0, "halv": -50.0, "trebl": 200.0, "tripl": 200.0, "quadrupl": 300.0,
              "quintupl": 400.0}  # fmt: skip
_MULTIPLE = (
    r"(?:(?:doubl|halv|trebl|tripl|quadrupl|quintupl)(?:ed|ing|e|es)(?![ -]digit|-)"
    r"|(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,3}(?:\.\d)?)[- ]?fold"
    r"|\d{1,3}(?:[.,]\d{1,2})?\stimes)(?!\w)"
)

# What follows or precedes a numeral that is no amount
_COUNTED = frozenset(
    "million millions billion billions trillion thousand hundred mln bln bn mn tn m k crore lakh "
    "tonnes tonne tons ton kg kilograms grams litres liters barrels bpd gallons bushels ounces "
    "dollars dollar yen yuan euros euro won dong rupees rupiah ringgit baht pounds marks francs "
    "lira usd eur gbp vnd jpy cny inr cents cent months month years year days day weeks week "
    "quarters quarter halves hours hour minutes seconds decades decade times time provinces "
    "province cities localities states countries members groups group industries industry sectors "
    "sector branches branch divisions sections categories items products companies firms "
    "enterprises businesses factories plants establishments projects workers people persons "
    "employees jobs units vehicles cars sets pieces pairs economists analysts respondents "
    "households km kilometres metres meters square cubic mw gw kwh gwh twh hectares degrees "
    "basis bps am pm a.m p.m gmt edt est cet utc consecutive straight working largest major "
    "main key core core-industries january february march april may june july august september "
    "october november december jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_ONE_WORDS = frozenset({"a", "an", "full", "whole", "single"})
_LABELS = frozenset(
    "page pages table tables figure figures fig chart charts graph annex appendix section chapter "
    "part article note notes footnote no nos number phase stage nace isic rev sitc vsic nic cpa "
    "release version volume issue vol group week day quarter covid first last next past top all "
    "every base weight room floor building street box issue q h group rs usd eur gbp vnd jpy cny "
    "comment comments rank ranked aged age".split()
)

# Words of adjustment, of annual rates, and hedges
_SEASON = r"season(?:al(?:ly|ity)?|s)?"
_CALENDAR = r"calendar|(?:work(?:ing)?|trading|business)[- ]?days?|holidays?|leap[- ]year"
_FACTOR_WORD = (
    rf"(?:{_SEASON}|{_CALENDAR}|the|a|an|any|both|for|number|of|in|and|or|as|well|normal|usual|typical"
    r"|prices?|inflation|effects?|variations?|variability|factors?|influences?|fluctuations?"
    r"|differences?|changes|swings|patterns?|different|moving|irregular)"
)
_FACTORS = rf"{_FACTOR_WORD}(?:[\s,/&-]{{1,3}}{_FACTOR_WORD}){{0,14}}"
_ADJUSTMENT = re.compile(
    r"\b(?:(?:not|non|never|before|without|no|prior\sto|only)[\s-]{1,2}(?:been\s|yet\s|any\s|being\s)?)?(?:"
    rf"(?:{_SEASON}|{_CALENDAR})(?:[\s,/&-]{{1,3}}(?:and\s|or\s|as\swell\sas\s)?(?:{_SEASON}|{_CALENDAR}"
    r"|effects?|variations?|factors?|price)){0,4}[\s-]{1,3}"
    r"(?:(?:un)?adjust(?:ed|ment|ments)|correct(?:ed|ion))"
    rf"|(?:(?:un)?adjust(?:ed|ing|ment|ments)|correct(?:ed|ing|ion)|allowing|accounting|controlling)"
    rf"\sfor\s{_FACTORS}"
    rf"|(?:excluding|stripping\sout|removing|eliminating|net\sof|taking\s(?:into\s)?account(?:\sof)?)"
    rf"\s{_FACTORS}"
    rf"|(?:prices?|inflation|{_SEASON}|{_CALENDAR})(?:[\s,/&-]{{1,3}}{_FACTOR_WORD}){{0,14}}\s(?:(?:are|were|is|being|have\sbeen|had\sbeen)\s)?"
    r"(?:removed|eliminated|excluded|stripped\sout|taken\sout|filtered\sout|taken\sinto\saccount)"
    r"|de-?seasonali[sz]ed"
    r"|unadjusted|(?:not|un)[\s-]?adjusted"
    r"|(?:in\s)?(?:raw|original)\s(?:terms|data|series|figures|numbers|basis|index|form)"
    r")\b"
    r"|\b(?:swda|wda|nsa)\b|(?-i:\bSA\b)|(?<=\()sa(?=\))|(?-i:\b(?:n\.)?s\.a\.)",
    re.IGNORECASE,
)
_SEASON_WORD = re.compile(_SEASON, re.IGNORECASE)
_CALENDAR_WORD = re.compile(_CALENDAR, re.IGNORECASE)
_UNADJUSTED_WORD = re.compile(
    r"^(?:not|non|never|before|without|no\b|prior)|unadjusted|\braw\b|\boriginal\b|^n\.?s",
    re.IGNORECASE,
)
_ABBREVIATIONS = {
    "swda": "seasonally_and_calendar_adjusted",
    "wda": "calendar_adjusted",
    "sa": "seasonally_adjusted",
    "s.a.": "seasonally_adjusted",
}
_ANNUAL_RATE = re.compile(
    r"\b(?:(?:at|on|to|in)\s)?(?:an?\s|the\s)?"
    r"(?:seasonally[- ]adjusted\s|compound(?:ed)?\s|average\s)?"
    r"(?:annual|yearly)\s(?:rates?|pace|clip)\b"
    r"|\b(?:(?:at|on)\s)?(?:an?\s|the\s)?(?:seasonally[- ]adjusted\s)?"
    r"annuali[sz]ed(?:\s(?:rates?|pace|basis|terms))?\b"
    r"|\bsaar\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"(?:\b(?:nearly|almost|about|around|some|roughly|approximately|approx\.?|circa|ca?\.|virtually"
    r"|practically|broadly|essentially|largely|basically|(?:more|less|fewer)\sthan|over|under|above|below"
    r"|close\s(?:to|on)|nigh\son|at\s(?:least|most)|as\s(?:much|little)\sas|upwards?\sof|in\sexcess\sof"
    r"|in\sthe\s(?:region|order)\sof|(?:on|of)\sthe\sorder\sof|something\slike|more\sor\sless"
    r"|(?<!edged\s)(?<!moved\s)(?<!went\s)(?<!picked\s)(?<!ticked\s)up\sto)"
    r"|[~≈<>≥≤])\s{0,2}(?:an?\s)?$",
    re.IGNORECASE,
)
_HEDGE_REACH = 40


def _numeral() -> str:
    signs = "".join(_FRACTION_SIGNS)
    return (
        r"(?<!\d)(?<!\d[.,])(?:[1-9]\d{0,2}(?:,\d{3})+(?!\d)(?:\.\d{1,9})?"
        r"|[1-9]\d{0,2}(?:\.\d{3})+,\d{1,9}"
        "|[1-9]\\d{0,2}(?:[\u00a0\u202f]\\d{3})+(?!\\d)(?:[.,]\\d{1,9})?"
        r"|\d{1,2}/[1-9]\d?(?![\d/])"
        rf"|\d{{1,12}}(?:[- ]\d{{1,2}}/[1-9]\d?(?![\d/])|\s?[{signs}]"
        r"|[.,]\d{1,9}(?!\d|[.,]\d)|(?!\d|[.,/]\d))"
        rf"|(?<![\w.])\.\d{{1,9}}(?!\d)|[{signs}])"
    )


def _number_words() -> str:
    small, tens = list(_CARDINALS)[:20], list(_CARDINALS)[20:28]
    below_hundred = (
        rf"(?:(?:{'|'.join(tens)})(?:[\s-](?:{'|'.join(small[1:10])}))?"
        rf"|{'|'.join(small)}|nought|nil)"
    )
    cardinal = (
        rf"(?:(?:an?|{'|'.join(small[1:10])})[\s-]hundred(?:(?:\sand)?[\s-]{below_hundred})?"
        rf"|{below_hundred}(?:\spoint(?:\s(?:{'|'.join(small[:10])})){{1,3}})?)"
    )
    part = rf"(?:{'|'.join(_FRACTIONS)})s?"
    fraction = rf"(?:(?:an?|{'|'.join(small[1:10])})[\s-]{part}|half)"
    one = r"(?:\s(?:full|whole|single))?(?=\s(?:per\s?cent|pct|percentage[\s-]points?)\b)"
    return (
        rf"\b(?:one(?=\s(?:full|whole|single)\s){one}|{cardinal}[\s-]and[\s-]{fraction}|{fraction}|{cardinal}"
        rf"|an?{one})(?!\w)"
    )


_UNIT = (
    r"(?P<points>(?:(?:[%％]|per[\s-]{0,3}cent(?:age)?|pct\.?|pc)[\s-]{1,12}(?:points?|pts?)"
    r"|percentagepoints?|%-?(?:points?|pts?|p)|ppts?|pps?|p\.\s?p(?:ts?)?\.?|pts?|points?|p\.\s?pts?)(?!\w))"
    r"|(?P<percent>[%％﹪٪]|(?:per[\s-]{0,3}cent(?:age)?|pct|pc|p\.\s?c\.?)(?!\w))"
)
_SKIPPED = (
    r"(?P<skipped>(?:https?://|www\.)\S{1,500}"
    r"|\d{4}-\d\d-\d\d(?!\d)|\d{1,2}([/.-])\d{1,2}\2\d{2,4}(?!\d)|\d{1,2}:\d\d(?::\d\d)?"
    r"|(?<!\d)(?:1[89]|20)\d\d\s?[-–/]\s?\d{2,4}(?![\d]|[.,]\d|\s{0,2}(?:%|per|pct|pc))"
    r"|(?<!\d)(?:19|20)\d\d\s{0,2}=\s{0,2}100(?:\.0)?"
    r"|\+\d{1,3}(?:[ -]\(?\d{1,4}\)?){3,6}(?![\d.,%])|\(?\d{3}\)?[ -]\d{3}[ -]\d{4}(?!\d))"
)
_QUANTITY = (
    rf"(?P<sign>(?<![\w%).])[+{_MINUS}](?=[\d.½¼¾⅓⅔])|(?<=\()[+{_MINUS}]\s|[−+]\s(?=\d)|\b(?:plus|minus)\s{{1,3}})?"
    rf"(?:(?P<numeral>{_numeral()})|(?P<words>{_number_words()}))"
    rf"(?:(?:\s{{0,12}}|[-‑])(?:of\s(?:an?|one|1)\s|an?\s)?(?:{_UNIT}))?"
)
_FIRST = rf"(?=[\d.+({_MINUS}{''.join(_FRACTION_SIGNS)}]|\b[aefhmnopstwz])"  # skips most words
_SCAN = re.compile(rf"{_FIRST}(?:{_SKIPPED}|{_QUANTITY})", re.IGNORECASE)
_WORD = re.compile(rf"\b(?:{_NO_CHANGE}|{_MULTIPLE})(?!\w)", re.IGNORECASE)
_WORD_ALONE = re.compile(
    rf"(?:{_NO_CHANGE}|(?:stable|steady|static|level|the\ssame)|(?P<multiple>{_MULTIPLE}))",
    re.IGNORECASE,
)
_LOOSE_SIGN = re.compile(rf"^([+{_MINUS}])\s+(?=\d)")
_ODD = re.compile(
    rf"(?:(?:an?|{'|'.join(_CARDINALS)}|hundred|thousand|and)[\s-]){{2,9}}(?:per\s?cent|pct)",
    re.IGNORECASE,
)
_RANGE_GAP = re.compile(r"\s?[-–—‑~]\s?|\s+(?P<word>to|and|or)\s+", re.IGNORECASE)
_CLOSED_LEFT = re.compile(rf"(?:[\w#/@=&'’.:^*]|[$€£¥₫₹]\s?|(?:^|\w)[{_MINUS}])$")
_CLOSED_RIGHT = re.compile(r"[\w/:°=@'’$€£^*]|[-–]\w")
_TIME_LEFT = re.compile(r"\b(?:in|for|every|each|once|per|first|second|last|next)\s$", re.I)
_TIME_RIGHT = re.compile(
    r"\s+(?:earlier|ago|before|later|of|year(?!-)|an?|the|consecutive|straight)\b", re.I
)
_BEFORE = re.compile(r"([^\W\d_]+)\.?[\s(]{0,2}$")
_AFTER = re.compile(r"[\s-]{0,2}([^\W\d_]+(?:\.m)?)")
_BY = re.compile(
    r"\b(?:by|up|down|off|in)\s(?:(?:about|nearly|almost|around|over|some|roughly|more\sthan)\s)?$",
    re.IGNORECASE,
)
_FRACTION_RIGHT = re.compile(
    r"\s*(?:$|[.,;:)\n]|(?:from|in|over|on|to|since|compared|more|less|higher|lower|below|above"
    r"|against|during|between|and|year[- ](?:on|over))\b)",
    re.IGNORECASE,
)
_NUMBER_RIGHT = re.compile(rf"(?:,\s|,?\s(?:and|or|to)\s)(?:{_numeral()}|{_number_words()})", re.I)


@dataclass(frozen=True, slots=True)
class Percentage:
    """What an amount's words say: `value` is the middle of a range and signed where they are."""

    value: float
    low: float | None
    high: float | None
    unit: Unit | None
    signed: bool


@dataclass(frozen=True, slots=True)
class Amount:
    """A span that may be an amount: with its unit, a bare number, or a word that is the amount."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Cue:
    """A span that qualifies amounts, and what it says."""

    start: int
    end: int
    value: str


def read_percentage(text: str) -> Percentage | None:
    """Read the words of one amount; None where they are none, or several."""
    text = text.strip()
    if text[1:2].isspace():
        text = _LOOSE_SIGN.sub(r"\1", text)
    word = _WORD_ALONE.fullmatch(text)
    if word:
        return _read_word(word)
    found = [m for m in _SCAN.finditer(text) if not m["skipped"]]
    if len(found) == 1 and found[0].span() == (0, len(text)):
        return _read_quantity(found[0])
    if len(found) == 2 and found[0].start() == 0 and found[1].end() == len(text):
        return _read_range(found[0], found[1], text)
    return _read_odd(text) if _ODD.fullmatch(text) else None


def find_amounts(text: str) -> list[Amount]:
    """Propose every span of a text that may be an amount, left to right, non-overlapping.

    Wide on purpose: shares, levels and plans are proposed too, since only their context tells.
    """
    numbers = _find_numbers(text)
    words = (Amount(m.start(), m.end(), "word") for m in _WORD.finditer(text))
    merged: list[Amount] = []
    for amount in sorted([*numbers, *words], key=lambda a: (a.start, -a.end)):
        if not merged or merged[-1].end <= amount.start:
            merged.append(amount)
    return merged


def read_adjustment(text: str) -> str | None:
    """Read the kind of adjustment that a phrase names; None where it names none."""
    found = find_adjustments(text)
    return found[0].value if found else None


def find_adjustments(text: str) -> list[Cue]:
    """Find the phrases that say how figures are adjusted, each with its `adjustment`."""
    cues = []
    for match in _ADJUSTMENT.finditer(text):
        value = _adjustment_value(match)
        if value:
            cues.append(Cue(match.start(), match.end(), value))
    return cues


def find_annual_rates(text: str) -> list[Cue]:
    """Find the phrases that may say a change is at an annual rate.

    In Europe "the annual rate" means year on year: the caller decides.
    """
    return [Cue(m.start(), m.end(), "annualized") for m in _ANNUAL_RATE.finditer(text)]


def is_approximate(text: str, start: int) -> bool:
    """Say whether the words directly before the amount at `start` hedge it."""
    return _HEDGE.search(text[max(0, start - _HEDGE_REACH) : start]) is not None


def _find_numbers(text: str) -> Iterator[Amount]:
    """Yield ranges, amounts with their unit, and bare numbers that may be amounts."""
    matches = [m for m in _SCAN.finditer(text) if not m["skipped"]]
    index = 0
    while index < len(matches):
        first = matches[index]
        second = matches[index + 1] if index + 1 < len(matches) else None
        if second and _is_range(first, second, text):
            yield Amount(first.start(), second.end(), "unit" if _unit(second) else "number")
            index += 1
        elif _unit(first):
            yield Amount(first.start(), first.end(), "unit")
        elif first["numeral"] and _is_bare_number(first, text):
            yield Amount(first.start(), first.end(), "number")
        elif first["words"]:
            yield from _bare_words(first, text)
        index += 1


def _unit(match: re.Match[str]) -> Unit | None:
    if match["percent"]:
        return "percent"
    return "percentage_points" if match["points"] else None


def _is_range(first: re.Match[str], second: re.Match[str], text: str) -> bool:
    gap = _RANGE_GAP.fullmatch(text, first.end(), second.start())
    if gap is None or not _units_join(first, second) or _is_year(first["numeral"]):
        return False
    word = (gap["word"] or "").lower()
    before = text[max(0, first.start() - 14) : first.start()].lower().rstrip()
    if word == "and":
        return before.endswith("between")
    if word == "to" and before.endswith("from") and "rang" not in before:
        return False
    if word == "to" or _unit(first) and " " in gap.group():
        low, high = _read_number(first), _read_number(second)
        return before.endswith("between") or low < high <= 3 * abs(low) + 2
    return True


def _units_join(first: re.Match[str], second: re.Match[str]) -> bool:
    """Ranges share one unit, which the first end may leave out; bare ones need decimals."""
    if _unit(second) is None:
        return _unit(first) is None and all("." in (m["numeral"] or "") for m in (first, second))
    return _unit(first) in (None, _unit(second))


def _is_year(numeral: str | None) -> bool:
    return bool(numeral and numeral.isdecimal() and len(numeral) == 4)


def _is_bare_number(match: re.Match[str], text: str) -> bool:
    """Say whether a numeral without unit may be an amount: no year, date, count, label or price."""
    return not _is_count(match) and _is_open_left(match, text) and _is_open_right(match, text)


def _is_open_left(match: re.Match[str], text: str) -> bool:
    start = match.start()
    if _CLOSED_LEFT.search(text, max(0, start - 4), start):
        return False
    word = _BEFORE.search(text, max(0, start - 16), start)
    if match["sign"] or word is None:
        return True
    label = word[1].lower()
    return label not in _LABELS and not (label in _MONTHS and (match["numeral"] or "").isdecimal())


def _is_open_right(match: re.Match[str], text: str) -> bool:
    end = match.end()
    if _CLOSED_RIGHT.match(text, end):
        return False
    word = _AFTER.match(text, end)
    if word is None:
        return True
    is_part = word[1].lower() == "of" and (match["numeral"] or "").isdecimal()
    return word[1].lower() not in _COUNTED and not is_part


def _bare_words(match: re.Match[str], text: str) -> Iterator[Amount]:
    """Yield a number or fraction in words without unit, where its context makes it an amount."""
    start, end = match.span()
    by = _BY.search(text, max(0, start - 24), start) is not None
    if _is_fraction(match["words"]):
        if not _TIME_RIGHT.match(text, end) and (by or _is_free_fraction(match, text)):
            yield Amount(start, end, "word")
    elif match["sign"] or (by and _is_open_right(match, text)) or _NUMBER_RIGHT.match(text, end):
        yield Amount(start, end, "number")


def _is_fraction(words: str) -> bool:
    *numerator, part = re.split(r"[\s-]", words.lower())
    return part.removesuffix("s") in _FRACTIONS and len(numerator) < 2


def _is_free_fraction(match: re.Match[str], text: str) -> bool:
    """Say whether a fraction without "by" is one: "a third higher", never "for three quarters"."""
    words = match["words"].lower()
    if words in ("half", "one quarter") or (words.endswith("quarters") and "-" not in words):
        return False
    if _TIME_LEFT.search(text, max(0, match.start() - 10), match.start()):
        return False
    return _FRACTION_RIGHT.match(text, match.end()) is not None


def _read_word(match: re.Match[str]) -> Percentage:
    """Read "unchanged" as 0, "halved" as -50, "threefold" as 200."""
    word = match[0].lower()
    value = 0.0
    if match["multiple"]:
        stem = re.sub(r"(?:ed|ing|es|e)$", "", word)
        value = _MULTIPLES[stem] if stem in _MULTIPLES else _read_times(word)
    return Percentage(value, None, None, "percent", True)


def _read_times(word: str) -> float:
    number = re.split(r"[ -]?fold|\s", word)[0].replace(",", ".")
    return round(100 * (_CARDINALS.get(number) or float(number)) - 100, 6)


def _read_quantity(match: re.Match[str]) -> Percentage | None:
    value, unit = _read_number(match), _unit(match)
    if unit is None:
        if _is_count(match):
            return None
        if _is_standing_fraction(match):
            return Percentage(round(100 * value, 1), None, None, "percent", bool(match["sign"]))
    value = round(value, 2 if match["words"] else 9)
    return Percentage(value, None, None, unit, bool(match["sign"]))


def _is_standing_fraction(match: re.Match[str]) -> bool:
    """Say whether a fraction stands for its percentage: "a third", not "a third of a point"."""
    if match["words"]:
        return _is_fraction(match["words"])
    return re.fullmatch(r"\d/\d", match["numeral"]) is not None


def _is_count(match: re.Match[str]) -> bool:
    """Say whether a numeral without unit is a year, a thousand or a number of a label."""
    numeral = match["numeral"] or ""
    if numeral.isdecimal():
        return len(numeral) > 3 or (numeral[0] == "0" and numeral != "0")
    return len(numeral) > 4 and numeral[-4] == "," and numeral[0] != "0"


def _read_range(first: re.Match[str], second: re.Match[str], text: str) -> Percentage | None:
    """Read two ends; a sign before the first of "minus 2 to 3" or "-2.6-5.4" is that of both."""
    gap = _RANGE_GAP.fullmatch(text, first.end(), second.start())
    if gap is None or not _units_join(first, second) or _is_year(first["numeral"]):
        return None
    low, high = _read_number(first), _read_number(second)
    sign = (first["sign"] or "").strip()
    if low < 0 and not second["sign"] and (sign.isalpha() or not gap["word"]):
        high = -high
    low, high = sorted((low, high))
    signed = bool(first["sign"] or second["sign"])
    return Percentage(round((low + high) / 2, 6), low, high, _unit(second), signed)


def _read_number(match: re.Match[str]) -> float:
    sign = (match["sign"] or "").strip().lower()
    value = _read_numeral(match["numeral"]) if match["numeral"] else _read_words(match["words"])
    return -value if value and sign and (sign in _MINUS or sign == "minus") else value


def _read_numeral(numeral: str) -> float:
    """Read digits with a decimal point or comma, thousands, or a fraction ("2-3/4", "5½")."""
    numeral = re.sub("[\u00a0\u202f]", "", numeral)
    if numeral.isdecimal():
        return float(numeral)
    if "/" in numeral or numeral[-1] in _FRACTION_SIGNS:
        return _read_fraction(numeral)
    last = "." if numeral.rfind(".") > numeral.rfind(",") else ","
    whole, point, decimals = numeral.rpartition(last)
    if point == "," and len(decimals) == 3 and whole[:1] != "0":
        whole, decimals = whole + decimals, "0"
    return float(re.sub(r"\D", "", whole or "0") + "." + decimals)


def _read_fraction(numeral: str) -> float:
    if numeral[-1] in _FRACTION_SIGNS:
        return float(numeral[:-1].strip() or 0) + _FRACTION_SIGNS[numeral[-1]]
    *whole, upper, lower = re.split(r"[ /-]", numeral)
    return sum(map(float, whole)) + float(upper) / float(lower)


def _read_words(words: str) -> float:
    """Read a number in words; "a" and "a full" before a unit are one."""
    total, current, decimals = 0.0, 0.0, ""
    tokens = re.split(r"[\s-]+", words.lower())
    for token in tokens:
        part = token.removesuffix("s")
        if decimals:
            decimals += str(int(_CARDINALS[token]))
        elif token == "point":
            decimals = "0."
        elif token == "hundred":
            current = 100 * (current or 1)
        elif token == "and":
            total, current = total + current, 0.0
        elif part in _FRACTIONS and token != "six":
            current = (current or 1) * _FRACTIONS[part]
        else:
            current += _CARDINALS.get(token, 0.0)
    if set(tokens) <= _ONE_WORDS:
        return 1.0
    return total + current + float(decimals or 0)


def _adjustment_value(match: re.Match[str]) -> str | None:
    """Combine the words of an adjustment; None for one of prices alone."""
    phrase = match[0].lower()
    if phrase in _ABBREVIATIONS:
        return _ABBREVIATIONS[phrase]
    kinds = (
        "seasonally" if _SEASON_WORD.search(phrase) else "",
        "calendar" if _CALENDAR_WORD.search(phrase) else "",
    )
    named = "_and_".join(filter(None, kinds))
    if _UNADJUSTED_WORD.search(phrase):
        return "unadjusted" if named or " for " not in phrase else None
    return f"{named}_adjusted" if named else None


def _read_odd(text: str) -> Percentage | None:
    """Read number words beyond ours ("twelve hundred percent") with quantulum3, which is slow."""
    quantities = _load_quantulum().parse(text)
    if len(quantities) != 1 or quantities[0].uncertainty:
        return None
    return Percentage(float(quantities[0].value), None, None, "percent", False)


@lru_cache(maxsize=1)
def _load_quantulum() -> Any:
    """Import quantulum3 (4 s) without its pickled classifier."""
    classifier: Any = import_module("quantulum3.classifier")
    classifier.USE_CLF = False
    return import_module("quantulum3.parser")
