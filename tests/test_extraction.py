import sys
from collections.abc import Iterator
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import DocBin

import iipnlp
from iipnlp import (
    ContextError,
    IipnlpError,
    ModelError,
    Statements,
    TextError,
    extract,
    extract_many,
    extraction,
    load,
)

RELEASE = "Industry rose 7.4% in May.\r\n\r\nMining fell:\r\n\tcoal -6.7%\x07 \ud800 ore 12%"
ANY_TEXT = st.lists(
    st.sampled_from(["5%", "-1.25%", "\r", "\n", "\r\n\r\n", " ", "\x00", "\x1b", "\ud800", "\udfff", "é", "🏭", "ore", "\t\n", "\u2028"]) | st.text(),
    max_size=60,
).map("".join)  # fmt: skip
on_the_pipeline = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)


def values(statements: Statements) -> list[float]:
    return [statement.value for statement in statements]


def with_part(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(extraction, "LONGEST_PART", size)


def test_extract_reads_the_statements(nlp: Language):
    found = extract(RELEASE, model=nlp)
    assert isinstance(found, Statements)
    assert [(one.value, one.text) for one in found] == [
        (7.4, "Industry rose 7.4%"),
        (-6.7, "\tcoal -6.7%"),
        (12.0, "\tcoal -6.7%\x07 \ufffd ore 12%"),
    ]


@on_the_pipeline
@given(text=ANY_TEXT, size=st.integers(1, 40))
def test_extract_offsets_are_those_of_the_input(nlp: Language, text: str, size: int):
    with pytest.MonkeyPatch.context() as patch:
        with_part(patch, size)
        found = extract(text, model=nlp)
    for one in found:
        assert one.text == text[one.start : one.end].translate(
            dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
        )
        start, end = one.spans["value"]
        assert float(text[start:end].rstrip("%")) == one.value


@pytest.mark.parametrize(
    "text", ["", " ", "\n\r\n", "No percentage here.", "2023 45 12.5", "\ud800", "\x00"]
)
def test_extract_finds_nothing_in_nothing(nlp: Language, text: str):
    assert extract(text, model=nlp) == Statements()


@pytest.mark.parametrize(
    "text", [None, b"rose 5%", bytearray(b"5%"), 5, ["rose 5%"], Path("a.txt")]
)
def test_extract_refuses_what_is_no_text(nlp: Language, text: object):
    with pytest.raises(TextError, match="^text is ") as caught:
        extract(text, model=nlp)
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, IipnlpError)


@pytest.mark.parametrize(
    "published",
    [
        date(2025, 12, 6),
        datetime(2025, 12, 6, 23, 30, tzinfo=timezone.utc),
        "2025-12-06",
        " 2025-12-06 ",
        "2025-12-06T23:30:00Z",
        "2025-12-06 08:00",
        "2025-12-06T08:00:00.123456789+07:00",
    ],
)
def test_extract_reads_the_day_of_publication(nlp: Language, published: date | str):
    assert extract("5%", published=published, model=nlp)[0].period_start == date(2025, 12, 6)


@pytest.mark.parametrize(
    "published",
    [
        "",
        "yesterday",
        "06/12/2025",
        "2025-12",
        "2025-02-30",
        "20251206",
        "2025-12-06 noon",
        20251206,
        "२०२५-12-06",
        "0001-01-01",
        "9999-12-31",
    ],
)
def test_extract_refuses_what_is_no_day(nlp: Language, published: object):
    with pytest.raises(ContextError) as caught:
        extract("5%", published=published, model=nlp)
    assert isinstance(caught.value, ValueError)
    assert str(caught.value).startswith(f"published is {published!r}; ")


def test_extract_refuses_a_missing_time(nlp: Language):
    pandas = pytest.importorskip("pandas")
    with pytest.raises(ContextError, match="published is NaT"):
        extract("5%", published=pandas.NaT, model=nlp)


@pytest.mark.parametrize(
    ("country", "known"), [("VN", "VN"), ("vn", "VN"), (" gb ", "GB"), ("EU", "EU"), (None, None)]
)
def test_extract_reads_the_country(nlp: Language, country: str | None, known: str | None):
    assert extract("5%", country=country, model=nlp)[0].country == known


@pytest.mark.parametrize("country", ["", "UK", "XX", "VNM", "Vietnam", "ß", 84, b"VN"])
def test_extract_refuses_what_is_no_country(nlp: Language, country: object):
    with pytest.raises(
        ContextError, match="country is .*; give two letters of ISO 3166-1"
    ) as caught:
        extract("5%", country=country, model=nlp)
    assert isinstance(caught.value, ValueError)


def test_countries_are_those_of_iso_and_the_union():
    assert len(extraction.COUNTRIES) == 249 + 1


# --- Many -----------------------------------------------------------------------------------------

TEXTS = ["", "1%", "2% and 3%\n\n4%", "none", "5%"]
FOUND = [[], [1.0], [2.0, 3.0, 4.0], [], [5.0]]


@pytest.mark.parametrize("batch_size", [1, 2, 100])
@pytest.mark.parametrize("size", [1, 6, 100])
def test_extract_many_keeps_the_order(
    nlp: Language, monkeypatch: pytest.MonkeyPatch, batch_size: int, size: int
):
    with_part(monkeypatch, size + 9)
    found = extract_many(TEXTS, model=nlp, batch_size=batch_size)
    assert [values(statements) for statements in found] == FOUND


def test_extract_many_with_two_processes_is_the_same(
    nlp: Language, monkeypatch: pytest.MonkeyPatch
):
    with_part(monkeypatch, 10)
    options = {"published": "2025-12-06", "country": "VN", "model": nlp, "batch_size": 2}
    alone = list(extract_many(TEXTS, **options))
    assert list(extract_many(TEXTS, **options, n_process=2)) == alone
    assert {(one.country, one.period_end) for found in alone for one in found} == {
        ("VN", date(2025, 12, 6))
    }


def test_extract_many_is_a_stream(nlp: Language):
    taken: list[int] = []

    def texts() -> Iterator[str]:
        for number in range(100):
            taken.append(number)
            yield f"{number}%"

    found = extract_many(texts(), model=nlp, batch_size=2)
    assert taken == []
    assert values(next(found)) == [0.0]
    assert len(taken) < 20


def test_extract_many_gives_contexts_back(nlp: Language):
    contexts = [{"country": "IN", "id": 7}, "a.txt", {"published": date(2025, 1, 2)}, None]
    pairs = [("1%", context) for context in contexts]
    found = list(extract_many(pairs, as_tuples=True, country="VN", model=nlp))
    assert [context for _, context in found] == contexts
    assert [(s[0].country, s[0].period_start) for s, _ in found] == [
        ("IN", None),
        ("VN", None),
        ("VN", date(2025, 1, 2)),
        ("VN", None),
    ]


@pytest.mark.parametrize("pair", ["5%", ("5%",), ("5%", 1, 2), None])
def test_extract_many_refuses_what_is_no_pair(nlp: Language, pair: object):
    with pytest.raises(TextError, match="is not the pair"):
        list(extract_many([pair], as_tuples=True, model=nlp))


def test_extract_many_refuses_a_wrong_context(nlp: Language):
    with pytest.raises(ContextError, match="country is 'UK'"):
        list(extract_many([("5%", {"country": "UK"})], as_tuples=True, model=nlp))


@pytest.mark.parametrize("texts", ["rose 5%", b"rose 5%"])
def test_extract_many_refuses_one_text(nlp: Language, texts: object):
    with pytest.raises(TextError, match="takes several texts"):
        extract_many(texts, model=nlp)


def test_extract_many_refuses_none_among_texts(nlp: Language):
    with pytest.raises(TextError, match="text is None"):
        list(extract_many(["5%", None], model=nlp))


def test_extract_many_checks_its_arguments_at_once(nlp: Language):
    with pytest.raises(ContextError):
        extract_many([], published="soon", model=nlp)


def test_extract_many_tells_its_progress(nlp: Language, monkeypatch: pytest.MonkeyPatch):
    with_part(monkeypatch, 4)
    told: list[int] = []
    list(extract_many(["1%\n\n2%", ""], model=nlp, progress=told.append))
    assert told == [4, 2, 0]


# --- Long texts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [""]),
        ("0123456789", ["0123456789"]),
        ("one\n\ntwo\nthree", ["one\n\n", "two\nthree"]),
        ("one\r\n\r\ntwo\r\nthree", ["one\r\n\r\n", "two\r\nthree"]),
        ("a\r\nbcdef ghijkl", ["a\r\n", "bcdef ", "ghijkl"]),
        ("a\n \t\nb\nc d efgh", ["a\n \t\n", "b\nc d efgh"]),
        ("one two three", ["one two ", "three"]),
        ("0123456789abcdefghijklm", ["0123456789", "abcdefghij", "klm"]),
    ],
)
def test_cut_prefers_paragraphs_then_lines_then_blanks(
    monkeypatch: pytest.MonkeyPatch, text: str, parts: list[str]
):
    with_part(monkeypatch, 10)
    assert list(extraction.cut(text)) == parts


def test_cut_sets_long_runs_without_a_blank_apart():
    text = "rose 5% " + "(" * 5000 + " and 6%"
    assert [len(part) for part in extraction.cut(text)] == [8, 2000, 2000, 1007]


@given(text=st.text(alphabet="a \t\r\n5%"), size=st.integers(1, 9))
def test_cut_loses_nothing(text: str, size: int):
    with pytest.MonkeyPatch.context() as patch:
        with_part(patch, size)
        parts = list(extraction.cut(text))
    assert "".join(parts) == text
    assert all(0 < len(part) <= size for part in parts) or parts == [""]


@pytest.mark.parametrize("end", ["\r\n\r\n", "\n", " ", ""])
def test_extract_reads_five_megabytes(nlp: Language, end: str):
    unit = "Mining" + "-" * 10_000 + " rose 5%" + end
    text = unit * (5_000_000 // len(unit))
    found = extract(text, model=nlp)
    assert len(found) == len(text) // len(unit)
    assert text[found[-1].start : found[-1].end] == found[-1].text


# --- Models ---------------------------------------------------------------------------------------


def test_load_reads_a_path_once(model_path: Path):
    assert load(model_path) is load(str(model_path))
    assert values(extract("5%", model=model_path)) == [5.0]


def test_load_reads_a_changed_model_again(model_path: Path, nlp: Language):
    old = load(model_path)
    nlp.meta["version"] = "9.9.9"
    nlp.to_disk(model_path)
    assert load(model_path) is not old
    assert load(model_path).meta["version"] == "9.9.9"


def test_load_without_a_model_reads_the_shipped_one(
    model_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(extraction.SHIPPED, "default", model_path)
    assert load() is load(model_path)


def test_a_folder_named_as_a_shipped_pipeline_is_told_by_its_path(
    model_path: Path, nlp: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    nlp.to_disk("fast")
    monkeypatch.setitem(extraction.SHIPPED, "fast", model_path)
    assert load("fast") is load(model_path)
    assert load("./fast") is load(tmp_path / "fast") is not load("fast")


@pytest.mark.parametrize("model", [None, 3])
def test_what_is_no_model_is_refused_with_the_names_of_those_shipped(model):
    with pytest.raises(ModelError, match="is no model; give 'default', 'fast', a path or"):
        extract("5%", model=model)


def test_load_says_when_no_model_was_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(extraction.SHIPPED, "default", tmp_path)
    with pytest.raises(ModelError, match="no model in .*; reinstall iipnlp"):
        load()


@pytest.mark.parametrize("content", [None, "folder", "file", "meta", "config"])
def test_load_names_a_path_that_is_no_pipeline(tmp_path: Path, content: str | None):
    path = tmp_path / "nothing"
    if content == "file":
        path.write_text("text")
    elif content:
        path.mkdir()
    if content in ("meta", "config"):
        (path / "meta.json").write_text("{" if content == "meta" else '{"lang": "en"}')
        (path / "config.cfg").write_text("[nlp]\nlang = 5\npipeline = 3\n")
    with pytest.raises(ModelError, match="can't be loaded; give the folder") as caught:
        load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_load_names_the_missing_components(tmp_path: Path):
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer", name="iip_entities")
    blank.to_disk(tmp_path / "other")
    with pytest.raises(
        ModelError, match=r"other has no iip_relations, iip_statements; give one trained"
    ):
        load(tmp_path / "other")


@pytest.mark.parametrize("model", [5, b"model", [], spacy.blank("en")])
def test_extract_refuses_what_is_no_model(model: object):
    with pytest.raises(ModelError) as caught:
        extract("5%", model=model)
    assert isinstance(caught.value, ValueError)


# --- The component and the package ----------------------------------------------------------------


def test_pipeline_alone_gives_statements(model_path: Path):
    doc = spacy.load(model_path)("Mining rose 5%")
    assert values(doc._.statements) == [5.0]


def test_pipeline_takes_published_and_country_from_the_doc(nlp: Language):
    doc = nlp.make_doc("Mining rose 5%")
    doc._.published, doc._.country = "2025-12-06", "VN"
    (statement,) = nlp(doc)._.statements
    assert (statement.country, statement.period_start) == ("VN", date(2025, 12, 6))


def test_docs_with_statements_can_be_stored(nlp: Language):
    doc = nlp("Mining rose 5%")
    assert values(doc._.statements) == [5.0]
    data = DocBin(docs=[doc], store_user_data=True).to_bytes()
    (again,) = DocBin().from_bytes(data).get_docs(nlp.vocab)
    assert again._.statements == doc._.statements


def test_importing_the_package_does_not_import_spacy_or_pandas():
    import subprocess

    code = "import sys, iipnlp; print({'spacy', 'pandas', 'rich', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_version_is_that_of_the_distribution():
    assert iipnlp.__version__[0].isdigit()
