import pytest

from iipnlp.areas import find_country


@pytest.mark.parametrize(
    ("area", "country"),
    [
        ("Vietnam", "VN"),
        ("VIET NAM", "VN"),
        ("Việt Nam", "VN"),
        ("Vietnamese", "VN"),
        ("the whole of Vietnam", "VN"),
        ("all Vietnam", "VN"),
        ("Vietnam's", "VN"),
        ("Vietnam’s", "VN"),
        ("U.S.", "US"),
        ("the U.S.", "US"),
        ("US", "US"),
        ("U.S.A.", "US"),
        ("the United States of America", "US"),
        ("the Netherlands", "NL"),
        ("Dutch", "NL"),
        ("Türkiye", "TR"),
        ("West German", "DE"),
        ("UK", "GB"),
        ("Great Britain", "GB"),
        ("Czech Republic", "CZ"),
        ("People's Republic of China", "CN"),
        ("South Korea", "KR"),
        ("SOUTH AFRICA", "ZA"),
    ],
)
def test_area_is_all_of_a_country(area, country):
    assert find_country(area) == country


@pytest.mark.parametrize(
    "area",
    [
        "Bac Giang",
        "northern Vietnam",
        "euro area",
        "EU",
        "North Korea",
        "Northern Ireland",
        "Inner Mongolia",
        "New South Wales",
        "South",
        "the whole country",
        "",
        "the",
        "s",
    ],
)
def test_other_area_is_all_of_no_country(area):
    assert find_country(area) is None


def test_abbreviated_west_germany_is_germany():
    assert find_country("W. German") == "DE"
