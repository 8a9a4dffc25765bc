"""The words of names of industries: what they say, and a name cut into them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Words that join the parts of a name, that turn it round, and that begin what it leaves out, what
# it takes in, or what it only gives as examples.
_JOINING = frozenset({"and", "or", "plus", "&", ",", ";", "/", "also"})
OF = frozenset({"of", "from", "for", "in", "by", "on", "with", "to", "using"})
_LEAVING_OUT = frozenset(
    "except excepting excluding exclusive excl exc ex without apart than".split()
)
TAKING_IN = frozenset({"including", "incl", "include", "inc"})
FOR_EXAMPLE = frozenset({"mainly", "especially", "particularly", "namely", "notably"})
_MARKS = _LEAVING_OUT | TAKING_IN | FOR_EXAMPLE

# Words that say no more than "industry": skipped at the end of a name and before "of".
GENERIC = frozenset(
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
SERVING = _TAIL | frozenset("service trade operation provision sale work export".split())
# Forms that are of the industry of their material, and those that are metal products of metal.
_FORMS = frozenset(
    """plate sheet bar rod tube pipe foil wire strip film block slab board profile section ingot
    billet powder roll coil""".split()
)
WARES = frozenset(
    """bottle box can cup bag container vessel packaging ware tray crate drum barrel panel frame
    fitting sack tank jar lid door window structure""".split()
)
SHAPES = _FORMS | WARES
# Parts that are of the industry of the vehicle they are of, whatever they are alone.
VEHICLE_PARTS = frozenset(
    """engine motor body seat chassis brake wheel axle gearbox transmission bumper airbag radiator
    clutch exhaust suspension carburettor gear steering belt harness interior door""".split()
)
FILLERS = frozenset("the a an ten other its their certain various type kind".split())
_THINGS = frozenset(
    "product good article material part component equipment accessory item preparation".split()
)
PARTS = GENERIC | VEHICLE_PARTS | {"&"}
SOLD = _THINGS | frozenset("apparatus device system supplies".split())
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
    ("nowhere else classified", "nec"),
    ("not included in other groups", "nec"),
)
_MARKED_ASIDE = ("exc", "ex ", "inc", "without", "mainly", "other than")
_SIBILANT = ("sses", "ches", "shes", "oxes", "buses", "gases")

# Heads that say that what stands before them is mined, refined, or made by or into machines.
MINING = frozenset({"mining", "extraction", "quarrying", "mine", "ore"})
REFINING = frozenset({"refining", "refinery", "refiner"})
MACHINES = frozenset({"machinery", "machine"})

# Activities that decide the code of all that they are of, with those that mean the same.
ACTIVITIES = {
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

# The endings of what is done to things, and things that end so.
VERBAL = ("ing", "tion", "ment", "sal")
_NOT_DONE = frozenset("clothing bedding lighting packaging roofing flooring".split())


def singular(token: str) -> str:
    """Take the plural's ending off a lower-case word: "inventories", "boxes", but not "gross"."""
    if token[-1] != "s" or token[-2:] in ("ss", "us", "is") or len(token) < 4:
        return token
    if token[-3:] == "ies":
        return token[:-3] + "y"
    return token[:-2] if token.endswith(_SIBILANT) else token[:-1]


def normalise(name: str) -> list[str]:
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
        elif token in _THINGS or (token not in GENERIC and token != "&"):
            break
    return tokens[start:]


def find_mark(tokens: list[str]) -> int:
    """Find the word that begins what a name leaves out or takes in; else its end."""
    if _MARKS.isdisjoint(tokens):
        return len(tokens)
    found = (at for at, token in enumerate(tokens) if at and token in _MARKS)
    return next(found, len(tokens))


def find_ends(tokens: list[str]) -> Iterator[int]:
    """Yield where a name may end: after all of it, and before generic words at its end."""
    end = len(tokens)
    while end:
        yield end
        end -= 1
        if tokens[end] not in GENERIC or is_machine(tokens[end], tokens[end - 1]):
            return


def is_machine(thing: str, before: str) -> bool:
    """Say whether a thing is for doing something: "spinning equipment" is no spinning."""
    return thing == "equipment" and is_doing(before)


def is_doing(word: str) -> bool:
    """Say whether a word is for doing something: "spinning", unlike "clothing"."""
    return word.endswith("ing") and word not in _NOT_DONE


def without_tail(tokens: list[str]) -> list[str]:
    """Drop generic words at the end: "textile" of "textile industry"."""
    end = len(tokens)
    while end and tokens[end - 1] in GENERIC:
        end -= 1
    return tokens[:end]


def split_parts(tokens: list[str]) -> list[list[str]]:
    """Split tokens at what joins them."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token == "&":
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def is_generic(tokens: list[str]) -> bool:
    """Say whether tokens say no more than "industry"."""
    return GENERIC.issuperset(tokens)


def is_manufacturing(part: list[str]) -> bool:
    """Say whether a part says no more than "manufacturing"."""
    return is_generic(part) and not _MANUFACTURING.isdisjoint(part)


def turn_round(part: list[str]) -> list[str]:
    """Turn "products of wood" into "wood products", so that the head stands last."""
    if OF.isdisjoint(part):
        return part
    chunks: list[list[str]] = [[]]
    for token in part:
        if token in OF:
            chunks.append([])
        elif token not in FILLERS:
            chunks[-1].append(token)
    return [token for chunk in reversed(chunks) for token in chunk]
