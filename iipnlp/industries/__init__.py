"""Reads the name of an industry ("production of motor vehicles") into its code of ISIC Rev. 4.

A name is cut into words (`words`), read as a whole or part by part (`names`, `parts`) by a table of
wordings and titles (`table`), and what its parts come to is written as one code (`codes`).
"""

from __future__ import annotations

from iipnlp.industries.codes import Scheme, concord
from iipnlp.industries.names import is_all_industry, read_industry
from iipnlp.industries.table import read_titles
from iipnlp.industries.words import singular

__all__ = ["Scheme", "concord", "is_all_industry", "read_industry", "read_titles", "singular"]
