"""Indicators: one id, many phrasings; look-alikes that read as nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iipnlp.indicators import read_indicator
from iipnlp.statement import INDICATORS

PHRASES = {
    "industrial_production": """output|IIP|industrial production index|production|the index of industrial production|IPI|value added of industry|industrial output|factory output|manufacturing production|industrial value added|industry|industrial activity|power generation|gross value added of manufacturing|production of export goods|electricity output|industrial growth|investment goods production|manufacturing|volume of production|output of passenger cars|production at constant prices|investment goods output|VoPI|the ICI|products made|cars turned out|MPI|assemblies""",
    "employment": """the number of workers employed|employment|number of employees|jobs|payrolls|workforce|number of workers working in industrial enterprises|labor index|headcount|persons employed|the number of employees|manufacturing employment|employment in export industries|staff numbers|the labour force employed|industrial employment|job numbers|people employed|production workers|labor force|hiring|nonfarm payrolls""",
    "consumption": """consumption index|consumption|car sales|sales index|household consumption|vehicle registrations|consumption of electricity|private consumption|consumer spending|sales of cars|new car registrations|domestic consumption|auto sales|electricity consumption|final consumption expenditure|industrial consumption index|index of consumption of the processing industry""",
    "inventory": """inventory index|stocks|inventories|stocks of finished goods|stockpiles|finished goods inventories|unsold goods|stocks of imported cars|inventory level|goods in stock|manufacturers' inventories|the inventory|business inventories|stockpiling|steel stocks|index of inventories""",
    "shipments": """shipments|deliveries|goods shipped|producers' shipments|dispatches|index of shipments|manufacturers' shipments|shipments of capital goods|factory shipments|domestic deliveries|despatches|steel deliveries|goods dispatched|cement dispatches|delivery volumes|shipment index""",
    "new_orders": """new orders|orders|factory orders|order books|order intake|incoming orders|export orders|durable goods orders|unfilled orders|orders received|backlog|bookings|machinery orders|orders from abroad|new export orders|construction orders|the orderbook""",
    "turnover": """turnover|sales of manufacturing businesses|sales|revenue|industrial turnover|manufacturing sales|receipts|business sales|industrial sales|proceeds|revenues of industrial enterprises|net sales|business revenue|wholesale sales|turnover in industry|domestic sales|net sales|Volume of Net Sales Index|VoNSI|value of net sales index""",
    "capacity_utilization": """capacity utilization rate|capacity utilisation|utilization rate|operating rate|operating ratio|utilization of capacity|capacity use|factory operating rate|plant utilization|the rate of capacity use|use of capacity|capacity usage|industrial capacity utilization|utilisation|operation ratio|the use rate|the rate at which capacity was used|capacity rate""",
    "prices": """prices|producer prices|consumer price index|PPI|inflation|export prices|factory-gate prices|import prices|the deflator|input costs|cost of living|wholesale prices|output prices|CPI|retail prices|house prices|price index|asking rents|IPPI|unit value index of exports""",
    "exports": """exports|export turnover|export value|overseas shipments|exports of goods|sales abroad|value of exports|merchandise exports|foreign sales|export sales|exported goods|value of farm exports|goods exported|export earnings|outbound shipments|export volume|car exports""",
    "imports": """imports|import value|imports of goods|import turnover|imported goods|inbound shipments|value of imports|import volume|oil imports|merchandise imports|imported volume|import bill|purchases from abroad|crude imports|imports of machinery|goods imported""",
    "retail_sales": """retail sales|retail trade|shop sales|sales of shops|retail turnover|store sales|supermarket sales|online sales|department store sales|retail spending|retail trade volume|consumer goods sales|retail sales of consumer goods|e-commerce sales|retailers' sales|volume of retail sales|sales in retail|sales on the high street|high-street sales""",
    "investment": """investment|capital registered|foreign direct investment|FDI|fixed-asset investment|capital expenditure|capex|registered capital|disbursed capital|business investment|capital formation|plant and equipment spending|gross fixed capital formation|public investment|investment in construction|newly registered capital""",
    "gdp": """GDP|gross domestic product|GRDP|the economy|economic growth|gross national product|economic output|economic activity|GNP|national income|gross value added|regional product|gross regional domestic product|growth of the economy|real GDP|gross national income""",
    "construction": """construction|construction output|housing starts|building permits|production in construction|construction spending|building activity|civil engineering|construction activity|home building|construction work|construction volume|building output|dwelling approvals|construction starts|dwellings completed|output of the construction sector""",
    "productivity": """productivity|labour productivity|output per hour|output per worker|labor productivity index|value added per employee|total factor productivity|productivity of labour|output per person|production per employee|efficiency|output per hour worked|TFP|manufacturing productivity|hourly productivity|output per man hour""",
    "wages": """wages|salaries|average earnings|pay|hourly earnings|labour costs|wage bill|compensation of employees|average monthly income of workers|average wage|remuneration|hourly wages|real wages|weekly earnings|labor cost index|payroll costs|average salary""",
    "other": """capacity|profits|number of enterprises|unemployment rate|trade surplus|stock prices|business confidence|production capacity|industrial profits|unit labour costs|new home sales|hours worked|agricultural output|imports and exports|tax revenue|crop production|job openings|services output""",
    None: """mining|textiles|the|consumer goods|capital goods|August|Bac Giang|5%||rose|in order to|steel|motor vehicles""",
}
ROWS = [
    (phrase, indicator) for indicator, phrases in PHRASES.items() for phrase in phrases.split("|")
]


@pytest.mark.parametrize(("phrase", "indicator"), ROWS)
def test_read_indicator(phrase, indicator):
    assert read_indicator(phrase) == indicator


@pytest.mark.parametrize("indicator", INDICATORS)
def test_read_indicator_knows_fifteen_wordings(indicator):
    assert len(PHRASES[indicator].split("|")) >= 15


@pytest.mark.parametrize(
    ("phrase", "indicator"),
    [
        ("employment in export industries", "employment"),
        ("stocks of imported cars", "inventory"),
        ("export prices", "prices"),
        ("production of export goods", "industrial_production"),
        ("output per hour", "productivity"),
        ("production workers", "employment"),
        ("construction orders", "new_orders"),
        ("production capacity", "other"),
        ("value added tax", "other"),
        ("use of crude", "consumption"),
        ("use of labour", "employment"),
        ("use of capacity", "capacity_utilization"),
        ("retail prices", "prices"),
        ("orders made", "new_orders"),
        ("the sales index", "consumption"),
        ("net material product", "gdp"),
        ("domestic product prices", "prices"),
        ("stock prices", "other"),
        ("the stock of orders", "new_orders"),
        ("the money stock", "other"),
        ("inventory ratio", "other"),
        ("wholesale inventories", "inventory"),
        ("the purchasing managers' index", "other"),
        ("production of total industry (excluding construction)", "industrial_production"),
        ("production excluding construction", "industrial_production"),
        ("industrial ex-factory prices", "prices"),
        ("producers' ex-works prices", "prices"),
        ("the volume, excluding price effects, of retail sales", "retail_sales"),
        ("export shipments", "shipments"),
        ("index of leading indicators", "other"),
        ("the coincident index", "other"),
        ("unit wage costs", "other"),
        ("government spending", "other"),
        ("total added value of the economy", "gdp"),
        ("value added of industry", "industrial_production"),
    ],
)
def test_read_indicator_look_alikes(phrase, indicator):
    assert read_indicator(phrase) == indicator


@pytest.mark.parametrize("phrase", ["Output", "OUTPUT", "the output", "its output,", "output  "])
def test_read_indicator_ignores_case_and_punctuation(phrase):
    assert read_indicator(phrase) == "industrial_production"


@given(st.text(max_size=60))
def test_read_indicator_never_raises(text):
    assert read_indicator(text) in {*INDICATORS, None}
