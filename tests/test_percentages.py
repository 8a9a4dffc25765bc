"""Percentages: one value, many phrasings; look-alikes that read as nothing; properties."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iipnlp.percentages import Percentage, find_amounts, read_percentage

PERCENT, POINTS = "percent", "percentage_points"

# (value, unit, signed) and its wordings
VALUES = [
    (4.0, PERCENT, False, "4%|4 %|4.0%|4 percent|4 per cent|4 pct|4pct|4 pc|4pc|4 p.c.|4-percent|4-pct|4-per-cent"),
    (4.0, PERCENT, False, "four percent|four per cent|four pct|4 Percent|4 PCT|4\xa0%|4\n    percent|4％|four-percent"),
    (4.0, PERCENT, False, "4 pct.|4 pc.|4 per cent.|four pct."),
    (-4.5, PERCENT, True, "(-) 4.5 per cent|(-)4.5%|(–)4.5%|(−) 4.5 pct|(-)\n4.5%"),
    (4.5, PERCENT, True, "(+)4.5%|(+) 4.5 per cent"),
    (0.0, PERCENT, True, "±0%|± 0.0 %|+/-0%|+/−0.0%|+-0%"),
    (0.4, PERCENT, False, "0.4%|.4%|.4 percent|0,4 %|0.40%|0.4 of a percent|0.4 of one percent|zero point four percent"),
    (0.4, PERCENT, True, "+0.4%|＋0.4%|＋ 0.4 pct|+0.4 %"),
    (-0.4, PERCENT, True, "-0.4%|−0.4%|–0.4%|‑0.4 %|-0,4 %|- 0.4%|minus 0.4%|minus 0.4 per cent|Minus 0.4 pct|negative 0.4%|△0.4%|△ 0.4%"),
    (35.2, PERCENT, True, "+35.2%|plus 35.2 per cent|+35.2 pct|+35,2 %|plus 35.2%"),
    (0.5, PERCENT, False, "half a percent|half percent|half of one percent|a half percent|half-percent|one-half percent"),
    (0.5, PERCENT, False, "1/2 percent|½ percent|½%|half of a percent|0.5%|half a per cent"),
    (2.75, PERCENT, False, "2-3/4 percent|2 3/4 percent|2¾%|2 ¾ pct|two and three-quarters percent|2.75%"),
    (1.5, PERCENT, False, "1-1/2 pct|1½%|one and a half percent|one and one-half percent|one-and-a-half percent"),
    (1.5, PERCENT, False, "one point five percent|1.5 percentage|1,5%"),
    (0.3, PERCENT, False, "three-tenths of a percent|three tenths of one percent|0.3 percent"),
    (1.0, PERCENT, False, "one pct|a percent|one percent|a full percent|1 per-cent"),
    (25.0, PERCENT, False, "twenty-five percent|twenty five per cent|25%|25.0 pct"),
    (100.0, PERCENT, False, "a hundred percent|one hundred per cent|100%|one-hundred percent"),
    (105.0, PERCENT, False, "one hundred and five percent|one hundred five percent"),
    (1234.5, PERCENT, False, "1,234.5%|1.234,5%|1234.5 percent|1\xa0234.5%|1\u202f234,5 %"),
    (12300.0, PERCENT, False, "12,300%|12300%"),
    (0.0, PERCENT, False, "0%|0.0%|zero percent|zero per cent|nil percent"),
    (0.3, POINTS, False, "0.3 percentage points|0.3 percentage point|0.3 points|0.3 point|0.3 pp|0.3pp|0.3 p.p."),
    (0.3, POINTS, False, "0.3 ppts|0.3 ppt|0.3 pp.|0.3 pts.|0.3 pt.|0.3 pct pts|0.3 pct. points|0.3 percent points|0.3 per cent points|0.3%p"),
    (0.3, POINTS, False, "0.3 %-points|0.3 % points|0.3 pts|0.3-percentage-point|0.3-point|0.3 pct pt|0,3 pp"),
    (0.2, POINTS, False, "0.2 of a percentage point|two-tenths of a percentage point|two tenths of a point"),
    (0.5, POINTS, False, "half a percentage point|half a point|half-point|a half percentage point|half point"),
    (1.0, POINTS, False, "a percentage point|a full percentage point|one percentage point|one full percentage point"),
    (-2.1, POINTS, True, "-2.1 pp|−2.1 percentage points|minus 2.1 points|negative 2.1 points"),
    (7.0, None, False, "7|seven|7.0"),
    (-6.9, None, True, "minus 6.9|-6.9|−6.9|–6.9"),
    (6.5, None, True, "plus 6.5|+6.5"),
    (33.3, PERCENT, False, "a third|one third|one-third|1/3"),
    (66.7, PERCENT, False, "two-thirds|two thirds|2/3"),
    (25.0, PERCENT, False, "a quarter|one quarter|one-quarter|1/4"),
    (75.0, PERCENT, False, "three-quarters|three quarters|3/4"),
    (20.0, PERCENT, False, "a fifth|one-fifth"),
    (2.0, PERCENT, False, "a fiftieth"),
    (25.0, PERCENT, False, "a fourth|one fourth|one-fourth"),
    (8.3, PERCENT, False, "a twelfth|one twelfth"),
    (0.0, None, False, "zero|nil|nought|Zero"),
    (-13.3, None, True, "(-)13.3|(-) 13.3"),
    (50.0, PERCENT, False, "half|a half|one half"),
    (0.0, PERCENT, True, "unchanged|Unchanged|flat|stagnated|stagnant|stable|steady|stood still|standstill|level"),
    (0.0, PERCENT, True, "no change|did not change|didn't change|zero growth|no growth|little changed|the same"),
    (0.0, PERCENT, True, "not change|not changed|has not changed|barely changed|unch|unch.|unchd|stalled|nowhere|went nowhere"),
    (0.0, PERCENT, True, "remained at the same level|stayed at the same level|remained stable|broadly\nflat"),
    (0.0, PERCENT, True, "essentially unchanged|remained the same|nil growth|zero growth|moved sideways"),
    (100.0, PERCENT, True, "doubled|doubling|double|Doubles|twofold|two-fold|2-fold|2 times"),
    (-50.0, PERCENT, True, "halved|halving|halves"),
    (200.0, PERCENT, True, "trebled|tripled|threefold|three-fold|tripling|3 times"),
    (300.0, PERCENT, True, "quadrupled|fourfold"),
    (130.0, PERCENT, True, "2.3 times|2,3 times"),
]  # fmt: skip
ROWS = [(w, v, unit, signed) for v, unit, signed, words in VALUES for w in words.split("|")]

RANGES = [
    ("2.6-5.4 per cent", 4.0, 2.6, 5.4, PERCENT),
    ("2.6 and 5.4 per cent", 4.0, 2.6, 5.4, PERCENT),
    ("between 2.6 and 5.4 per cent", 4.0, 2.6, 5.4, PERCENT),
    ("Between 3% and 5%", 4.0, 3.0, 5.0, PERCENT),
    ("between\n  two and 2.5 pct", 2.25, 2.0, 2.5, PERCENT),
    ("(-)3 to (-)1%", -2.0, -3.0, -1.0, PERCENT),
    ("13 to 15", 14.0, 13.0, 15.0, None),
    ("2–3%", 2.5, 2.0, 3.0, PERCENT),
    ("2%-3%", 2.5, 2.0, 3.0, PERCENT),
    ("two to three pct", 2.5, 2.0, 3.0, PERCENT),
    ("3.5 to 4.0%", 3.75, 3.5, 4.0, PERCENT),
    ("5 percent to 6 percent", 5.5, 5.0, 6.0, PERCENT),
    ("2 or 3 percent", 2.5, 2.0, 3.0, PERCENT),
    ("0.1-0.2 percentage points", 0.15, 0.1, 0.2, POINTS),
    ("-1 to 2%", 0.5, -1.0, 2.0, PERCENT),
    ("-2.6-5.4%", -4.0, -5.4, -2.6, PERCENT),
    ("minus 2 to 3 percent", -2.5, -3.0, -2.0, PERCENT),
    ("−0.3% to −0.1%", -0.2, -0.3, -0.1, PERCENT),
    ("6-1/2 to 7 pct", 6.75, 6.5, 7.0, PERCENT),
]

NOTHING = """|percent|%|the|2023|1987|12,300|page 2.3|$12|5 million|July 5|31.12.2023|10:30|Q3|third
    quarter of 2023|2016-17|rose 5%|5% 6%|a percentage|double-digit|percentile|3.2.1|++5%
    |nearly 5%|07""".replace("\n    ", "|").split("|")


@pytest.mark.parametrize(("words", "value", "unit", "signed"), ROWS)
def test_read_percentage_value(words, value, unit, signed):
    assert read_percentage(words) == Percentage(value, None, None, unit, signed)


@pytest.mark.parametrize(("words", "value", "low", "high", "unit"), RANGES)
def test_read_percentage_range(words, value, low, high, unit):
    read = read_percentage(words)
    assert (read.value, read.low, read.high, read.unit) == (value, low, high, unit)


@pytest.mark.parametrize("words", NOTHING)
def test_read_percentage_look_alikes(words):
    assert read_percentage(words) is None


def test_read_percentage_odd_number_words():
    assert read_percentage("twelve hundred percent") == Percentage(1200, None, None, PERCENT, False)


AMOUNTS = [
    ("by 3 and 2 per cent", "3:number|2 per cent:unit"),
    ("falls in cars (9%), beer (7)", "9%:unit|7:number"),
    ("rose between 2.6 and 5.4 per cent", "2.6 and 5.4 per cent:unit"),
    ("rose 0.1% to 4.7%", "0.1%:unit|4.7%:unit"),
    ("fell from 7% to 5%", "7%:unit|5%:unit"),
    ("slowed from 3 to 5 percent", "3:number|5 percent:unit"),
    ("ranging from 3 to 5 percent", "3 to 5 percent:unit"),
    ("growth of 3% to 4%", "3% to 4%:unit"),
    ("grew a third in 2023", "a third:word"),
    ("cut by a third", "a third:word"),
    ("was cut in half", "half:word"),
    ("fell by about a fiftieth", "a fiftieth:word"),
    ("manufacturing (negative 0.6%) drove", "negative 0.6%:unit"),
    ("9.4, plus 6.5 and plus 4.4 per cent", "9.4:number|plus 6.5:number|plus 4.4 per cent:unit"),
    ("remained stable and was level with", "stable:word|level:word"),
    ("nine, eight and seven pct", "nine:number|eight:number|seven pct:unit"),
    ("(10.4% vs 9.1% in October)", "10.4%:unit|9.1%:unit"),
    ("increased7.2%(same period up6%)", "7.2%:unit|6%:unit"),
    ("0.1 back after 0.4 points", "0.1:number|0.4 points:unit"),
    ("nearly doubled, no growth, stood still", "doubled:word|no growth:word|stood still:word"),
    ("textiles (-4%), metals –0.4%", "-4%:unit|–0.4%:unit"),
    ("metals △6.8%, wood (△ 0.3), index△0.4%", "△6.8%:unit|△ 0.3:number|△0.4%:unit"),
    ("a 9.2-pct rise", "9.2-pct:unit"),
    ("mining -3.2 -1.1 0.8", "-3.2:number|-1.1:number|0.8:number"),
    ("fell 2 per\n  cent", "2 per\n  cent:unit"),
    ("A grew 5%, B 3 and C 1%", "5%:unit|3:number|1%:unit"),
    ("about half a percent", "half a percent:unit"),
    ("unchanged (+0.0%)", "unchanged:word|+0.0%:unit"),
    ("output halved, then trebled", "halved:word|trebled:word"),
    (
        "moved by (-)0.2%, (-) 4.5 per cent and ((-)16.0)",
        "(-)0.2%:unit|(-) 4.5 per cent:unit|(-)16.0:number",
    ),
    (
        "fell 16.4 pct. from May, down 3.1 pct., up 2 pct. Oil",
        "16.4 pct.:unit|3.1 pct.:unit|2 pct:unit",
    ),
    ("prices ±0%, +/-0.0%", "±0%:unit|+/-0.0%:unit"),
    ("the summer's end, down\n1.3. Oil and gas", "1.3:number"),
    ("compared with\n3.1 in April, in September\n3.1", "3.1:number|3.1:number"),
    ("Hungarian 16.5, Czechoslovak\n14. In Poland", "16.5:number|14:number"),
    ("  Vietnam   11.2\n\nSeptember 2017", "11.2:number"),
    ("9.8: the percentage; of which cars57.6", "9.8:number|57.6:number"),
    ("by 5 pct, chemicals (eight) and food lost one.", "5 pct:unit|eight:number|one:number"),
    ("metals 3 pct, textiles two,\nwhile cars nine.", "3 pct:unit|two:number|nine:number"),
    ("gave up a quarter of its output, lost half their volume", "a quarter:word|half:word"),
    ("a tenth smaller, a fifth up, half below its peak", "a tenth:word|a fifth:word|half:word"),
    ("shrank by a fourth and lost a twelfth apiece", "a fourth:word|a twelfth:word"),
    ("a tenth short of its level; even one fourth.", "a tenth:word|one fourth:word"),
    ("steel rose 5%, garments about half.", "5%:unit|half:word"),
    ("tumbled 8.3% and a quarter or so", "8.3%:unit|a quarter:word"),
    ("and managed zero. Netherlands  nil (Dec)", "zero:number|nil:number"),
    ("a change to zero from 0.1 percent", "zero:number|0.1 percent:unit"),
    ("at state companies zero and minus 0.3", "zero:number|minus 0.3:number"),
    ("zero growth; previously unch; total unch.", "zero growth:word|unch:word|unch:word"),
    ("stalled, went nowhere, tiles, level;", "stalled:word|nowhere:word|level:word"),
    ("remained at the same level as in May", "remained at the same level:word"),
    ("forecasts from 0.1% to 0.6%", "0.1% to 0.6%:unit"),
]


@pytest.mark.parametrize(("text", "expected"), AMOUNTS)
def test_find_amounts(text, expected):
    found = [f"{text[a.start : a.end]}:{a.kind}" for a in find_amounts(text)]
    assert found == expected.split("|")


@pytest.mark.parametrize(
    "text",
    [
        "in the third quarter of 2023",
        "in the first half",
        "a fiftieth anniversary, negative 12 months",
        "the second half of the year",
        "a quarter earlier",
        "for three quarters in a row",
        "$12, US$3.4, €5 and £ 7",
        "5 million tonnes, 1.2 billion dollars, 12,300 units",
        "31 December, June 5, 2023 at 10:30",
        "2023-06-05, 05/06/2023, 31.12.2023",
        "tel. +84 24 7304 6666 or (202) 452-2955",
        "https://example.org/2.3/7%20a",
        "2015 = 100",
        "2016-17 and 1987",
        "50 basis points",
        "14 of 23 groups, 61 of 63 provinces, six more working days",
        "the first 11 months, the last 3 days",
        "page 2, Table 3, NACE 29, G.17, COVID-19",
        "a 5-year plan over a 9-month period",
        "a steady rise, flat glass, stable prices, its year-earlier level, double-digit growth",
        "one of the two countries",
        "the fourth quarter, a fourth straight month, a fifth plant, a quarter earlier",
        "in the second half, lost half the year, for half a year",
        "net zero, zero tolerance, near zero, zero-emission cars",
        "all but one, the other three.",
        "1. Industry\n2. Exports\n3) Prices",
        "stalled projects, 57: cities",
    ],
)
def test_find_amounts_look_alikes(text):
    assert find_amounts(text) == []


@given(st.text(max_size=80))
def test_readers_never_raise(text):
    read_percentage(text)
    find_amounts(text)


@given(
    st.lists(
        st.sampled_from(
            "2.6 5 -3 1/2 ½ third half a the by to and between from - – % percent points pct . , ( ) "
            "flat level zero nil (-) ± lost fourth unch between plus minus 2023 June million hundred two twenty of one times fold".split()
        ),
        max_size=14,
    ),
    st.sampled_from([" ", ""]),
)
def test_found_amounts_read_and_do_not_overlap(words, joint):
    text = joint.join(words)
    end = 0
    for amount in find_amounts(text):
        assert end <= amount.start < amount.end <= len(text)
        assert read_percentage(text[amount.start : amount.end]) is not None
        end = amount.end


@given(
    st.decimals(-999, 999, places=1),
    st.sampled_from(["%", " %", " percent", " per cent", " pct", " percentage points", " pp", ""]),
)
def test_written_percentage_reads_back(value, unit):
    read = read_percentage(f"{value}{unit}")
    assert read.value == float(value)
    assert read.signed == str(value).startswith("-")


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1.",
        "1 to ",
        "+1 ",
        "half a ",
        "between ",
        "1 - ",
        "half, ",
        "(-)",
        "zero ",
        "one. 1% ",
    ],
)
def test_time_is_linear(unit):
    def seconds(size):
        text = unit * (size // len(unit))
        start = time.process_time()
        find_amounts(text), read_percentage(text)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(160_000) < 40 * max(seconds(20_000), 0.005)
