"""Reads the name of an area into the country that it is as a whole."""

from __future__ import annotations

import re
import unicodedata

# What releases call a country and what belongs to it: names, short names, adjectives. Countries
# that are no more, of which old newswire tells, have the codes that ISO 3166-3 withdrew.
_NAMES: dict[str, str] = {
    "AE": "united arab emirates, uae, emirati",
    "AR": "argentina, argentine, argentinian",
    "AT": "austria, austrian",
    "AU": "australia, australian",
    "BD": "bangladesh, bangladeshi",
    "BE": "belgium, belgian",
    "BG": "bulgaria, bulgarian",
    "BR": "brazil, brazilian",
    "CA": "canada, canadian",
    "CH": "switzerland, swiss",
    "CL": "chile, chilean",
    "CN": "china, chinese, people s republic of china, prc",
    "CO": "colombia, colombian",
    "CS": "czechoslovakia, czechoslovak",
    "CY": "cyprus, cypriot",
    "CZ": "czechia, czech republic, czech",
    "DD": "east germany, east german, gdr, german democratic republic",
    "DE": "germany, german, west germany, west german, w germany, w german",
    "DK": "denmark, danish",
    "EE": "estonia, estonian",
    "EG": "egypt, egyptian",
    "ES": "spain, spanish",
    "FI": "finland, finnish",
    "FR": "france, french",
    "GB": "united kingdom, uk, britain, british, great britain",
    "GR": "greece, greek",
    "HK": "hong kong",
    "HR": "croatia, croatian",
    "HU": "hungary, hungarian",
    "ID": "indonesia, indonesian",
    "IE": "ireland, irish, republic of ireland",
    "IL": "israel, israeli",
    "IN": "india, indian",
    "IS": "iceland, icelandic",
    "IT": "italy, italian",
    "JP": "japan, japanese",
    "KH": "cambodia, cambodian",
    "KR": "south korea, korea, republic of korea, korean, south korean",
    "KZ": "kazakhstan, kazakh",
    "LA": "laos, lao",
    "LT": "lithuania, lithuanian",
    "LU": "luxembourg, luxembourgish",
    "LV": "latvia, latvian",
    "MA": "morocco, moroccan",
    "MM": "myanmar, burma",
    "MT": "malta, maltese",
    "MX": "mexico, mexican",
    "MY": "malaysia, malaysian",
    "NG": "nigeria, nigerian",
    "NL": "netherlands, dutch, the netherlands, holland",
    "NO": "norway, norwegian",
    "NZ": "new zealand",
    "PE": "peru, peruvian",
    "PH": "philippines, philippine, filipino",
    "PK": "pakistan, pakistani",
    "PL": "poland, polish",
    "PT": "portugal, portuguese",
    "RO": "romania, romanian",
    "RS": "serbia, serbian",
    "RU": "russia, russian, russian federation",
    "SA": "saudi arabia, saudi",
    "SE": "sweden, swedish",
    "SG": "singapore, singaporean",
    "SI": "slovenia, slovenian, slovene",
    "SK": "slovakia, slovak, slovak republic",
    "SU": "soviet union, soviet, ussr, u s s r",
    "TH": "thailand, thai",
    "TR": "turkey, turkiye, turkish",
    "TW": "taiwan, taiwanese",
    "UA": "ukraine, ukrainian",
    "US": "united states, us, usa, u s, u s a, america, american, united states of america",
    "VN": "vietnam, viet nam, vietnamese",
    "YU": "yugoslavia, yugoslav",
    "ZA": "south africa, south african",
}
_WHOLE = re.compile(r"\b(?:the|whole|entire|all|of|country|nation|nationwide|s)\b")


def find_country(area: str) -> str | None:
    """Return the country (ISO 3166 alpha-2) that an area ("the U.S.", "German") is all of."""
    return _COUNTRIES.get(_fold(area))


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().replace("đ", "d"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(_WHOLE.sub(" ", re.sub(r"[^a-z0-9]+", " ", plain)).split())


_COUNTRIES = {_fold(name): code for code, names in _NAMES.items() for name in names.split(", ")}
