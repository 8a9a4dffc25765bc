"""Finds and reads the amounts of a release: "2.3 per cent", "(-)0.2%", "halved", "a third"."""

from __future__ import annotations

import re
import warnings
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
    "fourth": 1 / 4,
    "fifth": 1 / 5,
    "sixth": 1 / 6,
    "seventh": 1 / 7,
    "eighth": 1 / 8,
    "ninth": 1 / 9,
    "tenth": 1 / 10,
    "twelfth": 1 / 12,
    "twentieth": 1 / 20,
    "fiftieth": 1 / 50,
    "hundredth": 1 / 100,
}
_FRACTION_SIGNS = {
    "½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅕": 1 / 5, "⅖": 2 / 5, "⅗": 3 / 5,
    "⅘": 4 / 5, "⅙": 1 / 6, "⅚": 5 / 6, "⅛": 1 / 8, "⅜": 3 / 8, "⅝": 5 / 8, "⅞": 7 / 8,
}  # fmt: skip
_MINUS = "−–‑‐﹣－\\-"  # escaped for use in character classes
_PLUS = "+＋"
_TRIANGLE = "△"  # a minus in Japan

# Words that are the amount themselves
_NO_CHANGE = (
    r"unchanged|flat(?![- ](?:products?|steel|glass|rolled|panels?|screens?|rate|tax|irons?))"
    r"|flat-?lin(?:ed|ing)|stagnat(?:ed|es|ing|e|ion)|stagnant|stood\sstill|stand(?:ing)?[ -]?still"
    r"|(?:did|does|do|has|have|had)(?:\snot|n['’]t)\schanged?|(?:little|barely|hardly|scarcely)\schanged"
    r"|level(?:l)?ed\s(?:off|out)|unch(?:gd?|d)?|marked\stime|moved\ssideways"
    r"|stall(?:ed|s|ing)(?!\s(?:projects?|talks|construction|investments?|works?|plants?|reforms?))"
    r"|(?:remain(?:ed|s)|stay(?:ed|s)|stood|held|kept|was|were)\sat\sthe\ssame\slevel"
    r"|(?<=went\s)nowhere|(?<=gone\s)nowhere|(?<=going\s)nowhere"
    r"|(?:no|zero|nil)\s(?:change|growth|increase|rise|gain|movement)(?:\sat\sall)?"
    r"|(?<!\ba\s)(?<!\bthe\s)(?<!\bmore\s)(?:stable|steady|static)"
    r"(?!\s(?:growth|rise|increase|decline|pace|demand|recovery|expansion|fall|rate|stream|supply"
    r"|economy|market|prices|exchange|state|operation|improvement|progress|trend))"
    r"|(?<=,\s)level(?=\s?[;.,)])|(?<=was\s)level|(?<=were\s)level|(?<=held\s)level|(?<=stayed\s)level|(?<=remained\s)level"
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
_ORDINALS = frozenset({"first", "last", "next", "past", "all", "every"})
_ONE_WORDS = frozenset({"a", "an", "full", "whole", "single"})
_ZEROS = frozenset({"zero", "nil", "nought"})
_LABELS = frozenset(
    "page pages table tables figure figures fig chart charts graph annex appendix section chapter "
    "part article note notes footnote no nos number phase stage nace isic rev sitc vsic nic cpa "
    "release version volume issue vol group week day quarter covid first last next past top all "
    "every base weight room floor street box issue q h group rs usd eur gbp vnd jpy cny "
    "comment comments rank ranked aged age".split()
)
_NO_AMOUNT_LEFT = (
    _LABELS
    | _MONTHS
    | frozenset(
        "the a of but only other these those this that another each either for in at which than as "
        "since with latter same second half or among these except any previous "
        "big raw bar old new near net".split()
    )
)


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
    r"|(?P<percent>[%％﹪٪]|(?:per[\s-]{0,3}cent(?:age)?|pct|pc|p\.\s?c\.?)(?!\w)"
    r"(?:(?<=[tc])\.(?=[,;)]|\s{1,2}(?-i:[a-z])))?)"
)
_SKIPPED = (
    r"(?P<skipped>(?:https?://|www\.)\S{1,500}"
    r"|\d{4}-\d\d-\d\d(?!\d)|\d{1,2}([/.-])\d{1,2}\2\d{2,4}(?!\d)|\d{1,2}:\d\d(?::\d\d)?"
    r"|(?<!\d)(?:1[89]|20)\d\d\s?[-–/]\s?\d{2,4}(?![\d]|[.,]\d|\s{0,2}(?:%|per|pct|pc))"
    r"|(?<!\d)(?:19|20)\d\d\s{0,2}=\s{0,2}100(?:\.0)?"
    r"|\+\d{1,3}(?:[ -]\(?\d{1,4}\)?){3,6}(?![\d.,%])|\(?\d{3}\)?[ -]\d{3}[ -]\d{4}(?!\d))"
)
_QUANTITY = (
    rf"(?P<sign>{_TRIANGLE}\s?(?=[\d.])|(?<![\w%).])[{_PLUS}{_MINUS}](?=[\d.½¼¾⅓⅔])|(?<=\()[{_PLUS}{_MINUS}]\s(?=\d)|[−{_PLUS}]\s(?=\d)"
    rf"|\b(?:plus|minus|negative(?=\s{{1,3}}\d))\s{{1,3}}"
    rf"|\([{_PLUS}{_MINUS}]\)\s?(?=[\d.])|(?:±|\+/?[{_MINUS}])\s?(?=0(?:[.,]0{{1,3}})?(?![\d.,]\d)))?"
    rf"(?:(?P<numeral>{_numeral()})|(?P<words>{_number_words()}))"
    rf"(?:(?:\s{{0,12}}|[-‑])(?:of\s(?:an?|one|1)\s|an?\s)?(?:{_UNIT}))?"
)
# Skips most words.
_FIRST = rf"(?=[\d.{_PLUS}±({_TRIANGLE}{_MINUS}{''.join(_FRACTION_SIGNS)}]|\b[aefhmnopstwz])"
_SCAN = re.compile(rf"{_FIRST}(?:{_SKIPPED}|{_QUANTITY})", re.IGNORECASE)
_WORD = re.compile(rf"\b(?:{_NO_CHANGE}|{_MULTIPLE})(?!\w)", re.IGNORECASE)
_ROUGHLY = "broadly|essentially|virtually|practically|largely|basically|almost|nearly|about"
_WORD_ALONE = re.compile(
    rf"(?:(?:remained|stayed|went|was|were|{_ROUGHLY})\s+)?"
    rf"(?:{_NO_CHANGE}|(?:stable|steady|static|level|the\ssame|not\schanged?|nowhere))"
    rf"|(?P<multiple>{_MULTIPLE})",
    re.IGNORECASE,
)
_LOOSE_SIGN = re.compile(rf"^([{_PLUS}{_TRIANGLE}{_MINUS}])\s+(?=\d)")
_ABBREVIATED = re.compile(r"(?<=p[cpt])\.$|(?<=p[cpt][ts])\.$|(?<=cent|unch)\.$", re.IGNORECASE)
_ODD = re.compile(
    rf"(?:(?:an?|{'|'.join(_CARDINALS)}|hundred|thousand|and)[\s-]){{2,9}}(?:per\s?cent|pct)",
    re.IGNORECASE,
)
_RANGE_GAP = re.compile(r"\s?[-–—‑~]\s?|\s+(?P<word>to|and|or)\s+", re.IGNORECASE)
_RANGING = re.compile(r"rang|\bran\b|\brun|vary|varied|casts\b|mates\b|where\b")
_CLOSED_LEFT = re.compile(rf"(?:[\w#/@=&'’.:^*]|[$€£¥₫₹]\s?|(?:^|\w)[{_MINUS}])\Z")
_CLOSED_RIGHT = re.compile(r"[\w/°=@'’$€£^*]|:(?!\s)|[-–]\w")
_GLUED = re.compile(r"[a-z]{4}\Z")
_TIME_LEFT = re.compile(r"\b(?:in|for|every|each|once|per|first|second|last|next)\s$", re.I)
_TIME_RIGHT = re.compile(
    r"\s+(?:earlier|ago|before|later|of|year(?!-)|an?|the|consecutive|straight)\b", re.I
)
_BEFORE = re.compile(r"([^\W\d_]+)\.?[\s(]{0,2}$")
_AFTER = re.compile(r"(?!\n\s)[\s-]{0,2}([^\W\d_]+(?:\.m)?)")
_BY = re.compile(
    r"\b(?:by|up|down|off|in)\s(?:(?:about|nearly|almost|around|over|some|roughly|more\sthan)\s)?$",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"\b(?:los(?:t|es?|ing)|g[ai]v(?:e|en|ing)\sup|shed(?:ding|s)?|gain(?:ed|s|ing)?|add(?:ed|s|ing)?"
    r"|cut(?:ting|s)?|f[ae]ll(?:s|en|ing)?|r[io]se[ns]?|rising|gr[eo]w(?:n|s|ing)?|drop(?:ped|s|ping)?"
    r"|plung(?:ed?|es|ing)|tumbl(?:ed?|es|ing)|slump(?:ed|s|ing)?|shr[aiu]nk(?:s|ing)?|jump(?:ed|s|ing)?"
    r"|surg(?:ed?|es|ing)|climb(?:ed|s|ing)?|declin(?:ed?|es|ing)|(?:de|in)creas(?:ed?|es|ing)"
    rf"|slid(?:es?)?|soar(?:ed|s|ing)?)\s(?:(?:{_ROUGHLY}|around|over|some|roughly|more\sthan|even)\s)?\Z",
    re.IGNORECASE,
)
_WHOLE_RIGHT = re.compile(
    r"\s(?:(?:of\s)?(?:its|their)|the(?!\s(?:time|year|month|period|quarter|day|week)))\s",
    re.IGNORECASE,
)
_COMPARED_RIGHT = re.compile(
    r"\s(?:up|down|more|less|fewer|smaller|larger|bigger|higher|lower|weaker|stronger|short(?:er)?"
    r"(?=\sof|\W)|below|above|off)\b(?!\s(?:year|month|quarter|to\b|time))",
    re.IGNORECASE,
)
_FRACTION_RIGHT = re.compile(
    r"\s*(?:$|[.,;:)\n]|(?:from|in|over|on|to|since|compared|more|less|higher|lower|below|above"
    r"|against|during|between|and|apiece|each|or\s(?:so|more|less)|year[- ](?:on|over))\b)",
    re.IGNORECASE,
)
_NUMBER_RIGHT = re.compile(
    rf"(?:,\s|,?\s(?:and|or|to)\s)(?:[{_PLUS}{_MINUS}]|(?:plus|minus)\s)?(?:{_numeral()}|{_number_words()})",
    re.IGNORECASE,
)
_ZERO_LEFT = re.compile(
    r"\b(?:net|near|sub|absolute|ground|below|above|the|a)[\s-]\Z", re.IGNORECASE
)
_ZERO_RIGHT = re.compile(
    r"\s*(?:\Z|[.,;:()\n]|(?:from|in|and|but|for|after|on|over|growth)\b)", re.IGNORECASE
)
_CLAUSE_END = re.compile(r"\)|\s?(?:[,;](?!\d)|\.(?!\w)|\Z)")
_SENTENCE_END = re.compile(r"[.!?]\W{0,3}\s+(?-i:[A-Z])|\n[^\S\n]*\n")
_SENTENCE = 300
_REACH = 8


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


def read_percentage(text: str) -> Percentage | None:
    """Read the words of one amount; None where they are none, or several."""
    text = text.strip()
    if text[-1:] == ".":
        text = _ABBREVIATED.sub("", text)
    if text[:7].lower() == "between":
        text = text[7:].lstrip()
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
        elif first["words"] and _is_bare_words(matches, index, text):
            kind: Kind = "word" if _is_fraction(first["words"]) else "number"
            yield Amount(first.start(), first.end(), kind)
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
    if word == "to" and before.endswith("from") and not _RANGING.search(before):
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
    if _is_count(match) or _is_item(match, text):
        return False
    return _is_open_left(match, text) and _is_open_right(match, text)


def _is_item(match: re.Match[str], text: str) -> bool:
    """Say whether a number at the start of a line numbers an item of a list: "2. Industry"."""
    start, end = match.span()
    if not match.group().isdecimal() or text[start - 1 : start] not in ("", "\n"):
        return False
    is_wrapped = end - start == 2 and text[max(0, start - 2) : start].strip().isalpha()
    return (
        text[end : end + 1] in (".", ")") and text[end + 1 : end + 2].isspace() and not is_wrapped
    )


def _is_open_left(match: re.Match[str], text: str) -> bool:
    start, numeral = match.start(), match["numeral"] or ""
    if _CLOSED_LEFT.search(text, max(0, start - 4), start):
        return not numeral.isdecimal() and bool(_GLUED.search(text, max(0, start - 4), start))
    word = _BEFORE.search(text, max(0, start - 16), start)
    if match["sign"] or word is None:
        return True
    label = word[1].lower()
    if not numeral.isdecimal():
        return label not in _LABELS - _ORDINALS
    return label not in _LABELS and label not in _MONTHS


def _is_open_right(match: re.Match[str], text: str) -> bool:
    end, numeral = match.end(), match["numeral"] or ""
    if _CLOSED_RIGHT.match(text, end) or (numeral.isdecimal() and text[end : end + 1] == ":"):
        return False
    word = _AFTER.match(text, end)
    if word is None:
        return True
    is_part = word[1].lower() == "of" and numeral.isdecimal()
    return word[1].lower() not in _COUNTED and not is_part


def _is_bare_words(matches: list[re.Match[str]], index: int, text: str) -> bool:
    """Say whether a number or fraction in words without unit is an amount where it stands."""
    match = matches[index]
    is_amount = _is_fraction_amount if _is_fraction(match["words"]) else _is_worded_amount
    return is_amount(match, text) or (
        _is_alone(match, text) and _is_among_amounts(matches, index, text)
    )


def _is_worded_amount(match: re.Match[str], text: str) -> bool:
    """Say whether a number in words without unit is an amount by the words beside it."""
    start, end = match.span()
    if match["words"].lower() in _ZEROS and not match["sign"]:
        is_named = _ZERO_LEFT.search(text, max(0, start - 12), start)
        return not is_named and _ZERO_RIGHT.match(text, end) is not None
    if match["sign"] or _NUMBER_RIGHT.match(text, end):
        return True
    return bool(_BY.search(text, max(0, start - 24), start)) and _is_open_right(match, text)


def _is_fraction_amount(match: re.Match[str], text: str) -> bool:
    """Say whether a fraction is one of a change: "lost half its volume", "a fifth up"."""
    start, end = match.span()
    by = _BY.search(text, max(0, start - 24), start)
    moved = by or _MOVED.search(text, max(0, start - 32), start)
    if _COMPARED_RIGHT.match(text, end) or moved and _WHOLE_RIGHT.match(text, end):
        return True
    if _TIME_RIGHT.match(text, end):
        return False
    return bool(by or moved and _FRACTION_RIGHT.match(text, end) or _is_free_fraction(match, text))


def _is_alone(match: re.Match[str], text: str) -> bool:
    """Say whether number words fill brackets or end a clause: "(eight)", "tobacco lost one."."""
    words = match["words"].lower()
    if "quarter" in words or not _CLAUSE_END.match(text, match.end()):
        return False
    before = _BEFORE.search(text, max(0, match.start() - 16), match.start())
    return before is None or before[1].lower() not in _NO_AMOUNT_LEFT


def _is_among_amounts(matches: list[re.Match[str]], index: int, text: str) -> bool:
    """Say whether a number stands in one sentence with an amount that has its unit."""
    for step in (-1, 1):
        here = index
        for there in range(index + step, index + _REACH * step, step):
            if not 0 <= there < len(matches) or _is_apart(matches[here], matches[there], text):
                break
            if _unit(matches[there]):
                return True
            here = there
    return False


def _is_apart(one: re.Match[str], other: re.Match[str], text: str) -> bool:
    """Say whether a sentence ends between two numbers."""
    start, end = min(one.end(), other.end()), max(one.start(), other.start())
    return end - start > _SENTENCE or _SENTENCE_END.search(text, start, end + 1) is not None


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
    if gap is None or _is_year(first["numeral"]):
        return None
    is_bare = gap["word"] and _unit(first) is _unit(second) is None and not _is_count(second)
    if not is_bare and not _units_join(first, second):
        return None
    low, high = _read_number(first), _read_number(second)
    sign = _sign(first)
    if low < 0 and not second["sign"] and (sign.isalpha() or not gap["word"]):
        high = -high
    low, high = sorted((low, high))
    signed = bool(first["sign"] or second["sign"])
    return Percentage(round((low + high) / 2, 6), low, high, _unit(second), signed)


def _sign(match: re.Match[str]) -> str:
    return re.sub(r"[\s()]", "", match["sign"] or "").lower()


def _read_number(match: re.Match[str]) -> float:
    sign = _sign(match)
    value = _read_numeral(match["numeral"]) if match["numeral"] else _read_words(match["words"])
    is_negative = sign and (sign in _MINUS or sign in (_TRIANGLE, "minus", "negative"))
    return -value if value and is_negative else value


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


def _read_odd(text: str) -> Percentage | None:
    """Read number words beyond ours ("twelve hundred percent") with quantulum3, which is slow."""
    quantities = load_quantulum().parse(text)
    if len(quantities) != 1 or quantities[0].uncertainty:
        return None
    return Percentage(float(quantities[0].value), None, None, "percent", False)


@lru_cache(maxsize=1)
def load_quantulum() -> Any:
    """Import quantulum3 (4 s) without its pickled classifier."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that what the classifier needs is not installed
        classifier: Any = import_module("quantulum3.classifier")
    classifier.USE_CLF = False
    return import_module("quantulum3.parser")
