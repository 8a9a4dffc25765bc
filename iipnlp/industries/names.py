"""Reads a whole name: what joins its parts, and what it leaves out or takes in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iipnlp.industries.codes import (
    GROWN,
    NO_CODE,
    OF_GOODS,
    VEHICLES,
    expand_code,
    join_codes,
    leave_out,
)
from iipnlp.industries.parts import MAX_WORDS, has_machines, read_head, read_part
from iipnlp.industries.table import Table, load_table
from iipnlp.industries.words import (
    ACTIVITIES,
    FILLERS,
    FOR_EXAMPLE,
    MACHINES,
    MINING,
    OF,
    PARTS,
    REFINING,
    SERVING,
    SHAPES,
    TAKING_IN,
    VEHICLE_PARTS,
    VERBAL,
    find_ends,
    find_mark,
    is_generic,
    is_manufacturing,
    normalise,
    split_parts,
    turn_round,
    without_tail,
)

_MAX_LENGTH = 300  # a name is short; what is longer is no name
_MAX_VERBS = 4  # what a name may have of the same objects

_INDUSTRY = (
    r"(?:(?:the )?(?:whole|entire|overall|total|all)(?: of)? )?(?:the )?(?:industry|industries)"
    r"(?: (?:overall|as a whole|in general|in total|generally))?"
)
# Construction is no part of it, whether that is said or not.
_WITHOUT_CONSTRUCTION = (
    r"\(?(?:excluding|excl\.?|exclusive of|without|except|other than|not counting|net of|ex[-. ]+)"
    r" ?"
    r"(?:the )?(?:building|construction)(?: sector| activities)?"
    r"(?: and (?:public works|civil engineering|construction))?\)?"
)
_ALL_INDUSTRY = re.compile(rf"{_INDUSTRY}(?:,? {_WITHOUT_CONSTRUCTION})?")
_ALL_PRODUCTION = re.compile(rf"{_ALL_INDUSTRY.pattern}|{_WITHOUT_CONSTRUCTION}")

# What is supported -> the division of the support.
_SUPPORTED = {"A": "A01", "B": "B09", "H": "H52"}

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


def read_industry(name: str, *, country: str | None = None) -> str | None:
    """Read the ISIC Rev. 4 code that a name stands for; None for aggregates and unknown names.

    `country` (ISO 3166-1 alpha-2) settles names that mean different industries in different places.
    """
    table = load_table()
    tokens = normalise(name[:_MAX_LENGTH])
    code = _country_code(tokens, country) or _read_tokens(tokens, table)
    if code is None or code == NO_CODE:
        return None
    return None if len(code) == 1 and not _NARROWING.isdisjoint(tokens) else code


def is_all_industry(name: str, *, produced: bool = False) -> bool:
    """Say whether a name is that of industry as a whole: "industry", "the whole of industry".

    Of what is produced it may only say what is left out, "excluding construction".
    """
    pattern = _ALL_PRODUCTION if produced else _ALL_INDUSTRY
    return pattern.fullmatch(" ".join(name.lower().split())) is not None


def _country_code(tokens: list[str], country: str | None) -> str | None:
    wordings = _COUNTRY_WORDINGS.get(country or "")
    return wordings.get(" ".join(without_tail(tokens))) if wordings else None


def _read_tokens(tokens: list[str], table: Table) -> str | None:
    """Read a name as a whole wording or title, else without what it leaves out or takes in."""
    code = _read_whole(tokens, table)
    end = find_mark(tokens)
    if code or end == len(tokens):
        return code or _read_joined(tokens, table)
    code = _read_plain(tokens[:end], table)
    if code is None or code == NO_CODE or tokens[end] in FOR_EXAMPLE:
        return code
    rest = tokens[end + 1 :]
    other = _read_plain(rest[: find_mark(rest)], table)
    others = set() if other in (None, NO_CODE) else set(expand_code(other or ""))
    if tokens[end] in TAKING_IN:  # several are mostly examples of the code
        return join_codes({*expand_code(code), *others}) if len(others) == 1 else code
    return leave_out(set(expand_code(code)), others)


def _read_plain(tokens: list[str], table: Table) -> str | None:
    return _read_whole(tokens, table) or _read_joined(tokens, table)


def _is_service_to(tokens: list[str]) -> bool:
    return tokens[:1] == ["service"] and not {"to", "for"}.isdisjoint(tokens[1:4])


def _read_supported(tokens: list[str], table: Table) -> str | None:
    """Read "support services for mining and ore exploitation" by what is supported."""
    start = next((at for at, token in enumerate(tokens) if token in OF), len(tokens))
    read = _read_plain(tokens[start + 1 :], table) if start < len(tokens) else None
    if read is None or read == NO_CODE:
        return None
    sections = {code[0] for code in expand_code(read)}
    return _SUPPORTED.get(sections.pop()) if len(sections) == 1 else None


def _read_joined(tokens: list[str], table: Table) -> str | None:
    """Read a name part by part: None where one of them is unknown or an aggregate."""
    if "non" in tokens and _leaves_out_by_non(tokens):
        return None
    if tokens[:1] == ["support"] or _is_service_to(tokens):
        return _read_supported(tokens, table)
    if "for" in tokens and (head := _read_head_for(tokens, table)):
        return head
    codes: set[str] = set()
    parts = _without_twin(split_parts(_spread(tokens, table)))
    for read in _read_parts(parts, table):
        if read is None or read == NO_CODE:
            return None
        codes.update(expand_code(read))
    if _is_odd(codes):
        return None
    if not any(code[0] == "C" for code in codes) and any(map(is_manufacturing, parts)):
        codes.add("C")
    return join_codes(codes) if codes else None


def _without_twin(parts: list[list[str]]) -> list[list[str]]:
    """Drop the "maintenance" of "aircraft and ship repair and maintenance"."""
    if len(parts) < 3 or len(parts[-1]) > 1:
        return parts
    last, before = (ACTIVITIES.get(part[-1]) for part in (parts[-1], parts[-2]))
    return parts[:-1] if last and last == before else parts


def _read_head_for(tokens: list[str], table: Table) -> str | None:
    """Read "machinery for textile and leather production" by what it is, not what it is for."""
    at = tokens.index("for")
    if "&" not in tokens or is_generic(tokens[:at]):
        return None
    if PARTS.issuperset(tokens[:at]):
        of = _read_plain(tokens[at + 1 :], table)
        return of if of in VEHICLES else None
    return _read_plain(tokens[:at], table) if "&" in tokens[at:] else None


def _is_odd(codes: set[str]) -> bool:
    """Say whether services or crops are among goods, which is a misreading most often."""
    services = [code for code in codes - {"J58"} if code[0] not in OF_GOODS and code[1:]]
    if "A01" in codes:
        return any(code[0] != "A" for code in codes)
    return bool(services) and len(services) < len(codes)


def _leaves_out_by_non(tokens: list[str]) -> bool:
    return any(
        token == "non" and follower not in _NOT
        for token, follower in zip(tokens, tokens[1:], strict=False)
    )


def _spread(tokens: list[str], table: Table) -> list[str]:
    """Turn "repair and upkeep of ships and boats" into "ship repair and boat repair"."""
    end = tokens.index("of") if "of" in tokens else 0
    lead = split_parts(tokens[:end])
    verbs = [part[-1] for part in lead if not is_generic(part)]
    is_doing = all(verb.endswith(VERBAL) or verb in ACTIVITIES for verb in verbs)
    if not is_doing or not 0 < len(verbs) <= _MAX_VERBS:
        return tokens
    rest = [part for part in lead if "other" in part and is_manufacturing(part)]
    makes = any(is_manufacturing(part) and part not in rest for part in lead)
    made: list[list[str]] = [[]] if makes else []
    objects = [turn_round(part) for part in split_parts(tokens[end + 1 :])]
    # "Other manufacturing, repair of machinery": the first has no object.
    spread = [token for part in rest for token in (*part, "&")]
    for at, what in enumerate(objects, start=1):
        if at < len(objects) and len(what) == 1 and _is_modifier(what[0], table):
            continue  # "precious" of "mining of precious and rare metal ores"
        known = {ACTIVITIES.get(verb, verb): [verb] for verb in verbs if _goes(what, verb, table)}
        for verb in [*made, *known.values()] or [[]]:
            spread += [*what, *verb, "&"]
    return spread[:-1] or tokens


def _is_modifier(word: str, table: Table) -> bool:
    return word in table.rarity and word not in table.wordings and word not in table.titles


def _goes(what: list[str], verb: str, table: Table) -> bool:
    is_known = verb in ACTIVITIES or verb in table.wordings
    return is_known or " ".join([*what, verb]) in table.wordings


def _read_whole(tokens: list[str], table: Table) -> str | None:
    """Look a name up as it stands, then with ever fewer generic words at its end."""
    may_be_service = True
    for end in find_ends(tokens):
        key = " ".join(tokens[:end])
        code = table.wordings.get(key) or table.titles.get(key)
        # "information processing" is a service, but not its equipment
        may_be_service = may_be_service and (end == len(tokens) or tokens[end] in SERVING)
        if code in GROWN and "product" in tokens[end:]:
            return "C10"
        if code and (may_be_service or code == NO_CODE or code[0] in OF_GOODS):
            return code
    return None


def _read_parts(parts: list[list[str]], table: Table) -> Iterator[str | None]:
    """Yield the code of each part, of several together where a wording joins them."""
    shared = _shared_head(parts[-1], table) if len(parts) > 1 else ""
    index = 0
    code: str | None = None
    while index < len(parts):
        end, joined = _longest_wording(parts, index, table)
        if joined:
            code = joined
            yield code
        elif is_generic(parts[index]):
            if len(parts) > 1:
                yield from _read_generic(parts[index])
        elif len(parts) == 1 or not _adds_nothing(parts, index, code, table):
            is_last = index + 1 == len(parts)
            code = read_part(parts[index], "" if is_last else shared, table)
            yield code
        index = end


def _adds_nothing(parts: list[list[str]], index: int, code: str | None, table: Table) -> bool:
    """Say whether a part is only the "doors" of windows or the "engines" of cars before it."""
    part = parts[index]
    if index + 1 < len(parts) and _is_participle(part, table):
        return True
    words = set(part)
    if words <= SHAPES:
        return index > 0 or part[0] not in table.titles
    if code in VEHICLES and words <= VEHICLE_PARTS | FILLERS:
        return True
    # of "peat extraction and agglomeration", "copper smelting and refining"
    is_verb = part[0].endswith(VERBAL) and part[0] not in table.wordings
    return code is not None and len(part) == 1 and (is_verb or part[0] in REFINING)


def _is_participle(part: list[str], table: Table) -> bool:
    """Say whether a part is only "knitted" of "knitted and crocheted fabrics"."""
    return len(part) == 1 and part[0].endswith("ed") and part[0] not in table.wordings


def _read_generic(part: list[str]) -> Iterator[str | None]:
    """Yield the code of "other manufacturing" among others, and none for "industry"."""
    if "other" in part and is_manufacturing(part):
        yield "C32"
    elif part in (["industry"], ["service"]) or ("other" in part and not _REST.isdisjoint(part)):
        yield None


def _shared_head(part: list[str], table: Table) -> str:
    """Take the last part's head that earlier parts may lack: "products", "mining"."""
    content = without_tail(part)
    head = content[-1] if len(content) > 1 and OF.isdisjoint(part) else ""
    if head in ACTIVITIES or head in MINING:
        return head
    if head in MACHINES and head == part[-1]:
        of = read_head(content[:-1], table)
        return head if has_machines(of) else ""
    return part[len(content)] if len(content) < len(part) else ""


def _longest_wording(parts: list[list[str]], index: int, table: Table) -> tuple[int, str | None]:
    """Find the wording of most parts that begins here, past words such as "North Sea"."""
    part = parts[index]
    for start in range(max(0, len(part) - MAX_WORDS), len(part)):
        first = " ".join(part[start:])
        for end in range(min(len(parts), index + table.joins.get(first, 1)), index + 1, -1):
            inner = " & ".join([first, *map(" ".join, parts[index + 1 : end - 1])])
            for last in find_ends(parts[end - 1]):
                code = table.wordings.get(f"{inner} & {' '.join(parts[end - 1][:last])}")
                if code and code != NO_CODE:
                    return end, code
        if first in table.wordings:
            break
    return index + 1, None
