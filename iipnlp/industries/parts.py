"""Reads one part of a name, "textile machinery", by its head and by what stands before it."""

from __future__ import annotations

from collections import defaultdict

from iipnlp.industries.codes import GROWN, NO_CODE, OF_GOODS, OF_SERVICES, OF_THINGS, VEHICLES
from iipnlp.industries.table import UNSEEN, Table
from iipnlp.industries.words import (
    ACTIVITIES,
    GENERIC,
    MACHINES,
    MINING,
    REFINING,
    SHAPES,
    SOLD,
    VEHICLE_PARTS,
    WARES,
    is_doing,
    is_machine,
    turn_round,
)

_MATERIALS = frozenset({"C13", "C15", "C16", "C17", "C22", "C23", "C24", "C25"})

MAX_WORDS = 8  # what a wording may have in one part

# Shares of a name's weight that its division must have where only the words of titles are known.
_THRESHOLD = 0.8
_HEAD_WEIGHT = 2.0

# What manufacturing makes of it -> the division that mines it.
_MINED = {"C24": "B07", "C23": "B08", "C19": "B06", "C20": "B08", "C32": "B08"}
_PROCESSORS = frozenset({"processor"})  # of food, unless nothing else is named

# Whose repair is no branch of manufacturing: vehicles, and what households have.
_REPAIRED = {"C29": "G45", "C14": "S95", "C15": "S95", "C31": "S95", "F": "F43", "F41": "F43"}

# Activities that a part lends to the goods before it, "cotton and tobacco growing", and those that
# it lends to goods of these codes only.
_LENT = frozenset({"growing", "wholesale", "retail", "rental"})
_LENT_TO = {"repair": frozenset({"C25", "C27", "C28", "C30"}), "publishing": frozenset({"J58"})}
# Metals that are named like their ores, and goods whose machinery is named together.
_ORES = frozenset("metal ferrous iron copper lead zinc tin nickel silver gold titanium".split())
_MACHINED = frozenset("C10 C11 C12 C13 C14 C15 C16 C17 C18 C22".split())

# The codes of heads that what stands before them may turn: mining, repair, refining, building.
_TURNED = frozenset({"B", "C33", "C19", "F"})
_BUILT = {"F": VEHICLES | {"C28"}}


def read_part(part: list[str], shared: str, table: Table) -> str | None:
    """Read one part as a whole, else by its head, else by the divisions its words are known from.

    `shared` is the head that a later part lends it: "mineral (products) and metal products".
    """
    phrase = turn_round(part)
    if not phrase:
        return None
    known = _read_known(" ".join(part), table)
    if shared:
        known = known or read_head(phrase, table)
        lent = _read_lent(phrase, known, shared, table)
        if lent and lent != NO_CODE:
            return lent
    return known or read_head(phrase, table) or _read_words(phrase, table)


def _read_known(key: str, table: Table) -> str | None:
    title = table.titles.get(key)
    is_of_goods = title and (title == NO_CODE or title[0] in OF_GOODS)
    return table.wordings.get(key) or (title if is_of_goods else None)


def _read_lent(phrase: list[str], known: str | None, head: str, table: Table) -> str | None:
    """Read a part with the head that a later part lends it, where that is known to go together.

    `known` is the code that the part has alone, which mostly stands: "coal and iron ore".
    """
    if phrase[-1] == head or phrase[-1] in GENERIC:
        return None
    is_goods = known is not None and known[0] in "ABC" and len(known) > 1
    if head in MINING:
        if known and (known[0] == "B" or not _ORES.issuperset(phrase)):
            return None
        code = read_head([*phrase, head], table)
        return code if code and code[0] == "B" != code else None
    if head in MACHINES:
        is_lent = len(phrase) == 1 and (is_doing(phrase[0]) or has_machines(known))
    elif head in GENERIC:
        return None if is_goods else _longest_lent(phrase, head, table)
    elif ACTIVITIES.get(head) in _LENT_TO:
        is_lent = known is None or known in _LENT_TO[ACTIVITIES[head]]
        is_lent = is_lent and not is_doing(phrase[-1])
    else:
        is_lent = ACTIVITIES.get(head) in _LENT and not is_doing(phrase[-1])
    return read_head([*phrase, head], table) if is_lent else _longest_lent(phrase, head, table)


def has_machines(code: str | None) -> bool:
    """Say whether machinery is named by what a code makes: "agricultural and textile machinery"."""
    return code is None or code in _MACHINED or code[0] in "ABF"


def _longest_lent(phrase: list[str], head: str, table: Table) -> str | None:
    wording = table.wordings.get(" ".join([*phrase, head]))
    return wording or table.wordings.get(f"{phrase[-1]} {head}")


def read_head(phrase: list[str], table: Table) -> str | None:
    """Look up the longest known wording at the end, past generic words."""
    end = len(phrase)
    passed = ""
    while end:
        for start in range(max(0, end - MAX_WORDS), end):
            code = table.wordings.get(" ".join(phrase[start:end]))
            if code and passed:
                return _of_things(code, phrase[end - 1], passed)
            if code:
                return _narrowed(code, phrase[:start], phrase[start:end], table)
        end -= 1
        word = phrase[end]
        passed = passed or (word if word in SOLD else "")
        if word in SHAPES or word in VEHICLE_PARTS:
            return _read_made(phrase[:end], word, table)
        if word not in GENERIC:
            return None
    return None


def _of_things(code: str, head: str, thing: str) -> str:
    """Read "hotel equipment", which is no hotel, and "spinning equipment", which is machinery."""
    if is_machine(thing, head):
        return "C28"
    if thing == "product" and code in GROWN:
        return "C10"
    return NO_CODE if code[0] not in OF_THINGS else code


def _read_made(phrase: list[str], head: str, table: Table) -> str | None:
    """Read a form by its material, "glass bottle", and a part by its vehicle, "bus body"."""
    of = read_head(phrase, table)
    if of in VEHICLES:
        return of if head in VEHICLE_PARTS else None
    if of not in _MATERIALS or head in VEHICLE_PARTS - WARES:
        return None
    return "C25" if of == "C24" and head in WARES else of


def _narrowed(code: str, modifiers: list[str], wording: list[str], table: Table) -> str:
    """Let what stands before the head turn its code: "lignite mining", "car engine"."""
    head = wording[-1]
    if not modifiers:
        return code
    if head == "shop" and is_doing(modifiers[-1]):  # "metalworking shops" sell nothing
        return read_head(modifiers, table) or NO_CODE
    if code[0] in OF_SERVICES and len(wording) == 1 and _is_told(modifiers, table):
        return NO_CODE  # "energy carriers" are no hauliers
    if code not in _TURNED and head not in VEHICLE_PARTS | _PROCESSORS:
        return code
    of = read_head(modifiers, table) or _read_words(modifiers, table)
    if of is None or of == NO_CODE:
        return NO_CODE if code == "B" and _is_told(modifiers, table) else code
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
        return _REPAIRED.get(of, code) if head != "installation" or is_machine else NO_CODE
    if head in _PROCESSORS and of in GROWN:
        return "C10"
    if head in REFINING | _PROCESSORS:
        return of if of[0] == "C" else code
    return of if of in _BUILT.get(code, VEHICLES) else code


def _is_told(modifiers: list[str], table: Table) -> bool:
    """Say whether modifiers are words of industries, unlike those of places and firms."""
    return any(word in table.rarity and word not in GENERIC for word in modifiers)


def _read_words(phrase: list[str], table: Table) -> str | None:
    """Take the division that the titles with these words share, where it has most of the weight."""
    words = [word for word in phrase if word not in GENERIC]
    scores: dict[str, float] = defaultdict(float)
    total = 0.0
    for position, word in enumerate(words, start=1):
        weight = table.rarity.get(word, UNSEEN) * (_HEAD_WEIGHT if position == len(words) else 1)
        total += weight
        for code, share in table.words.get(word, {}).items():
            scores[code] += weight * share
    if not scores or (len(words) == 1 and table.rarity[words[0]] > UNSEEN):
        return None  # a word that only one title has says too little alone
    best = max(scores, key=lambda code: (scores[code], code))
    return best if scores[best] >= _THRESHOLD * total else None
