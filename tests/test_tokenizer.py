import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from markup import make_nlp

NLP = make_nlp()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("vehicles(+3.9%)", "vehicles ( +3.9 % )"),
        ("12.4%(same", "12.4 % ( same"),
        ("9.2-pct", "9.2 - pct"),
        ("5.2pc", "5.2 pc"),
        ("5.2pct", "5.2 pct"),
        ("5.2p.c.", "5.2 p.c ."),
        ("5.2%", "5.2 %"),
        ("5.2 %", "5.2 %"),
        ("Jan-Nov", "Jan - Nov"),
        ("January/February", "January / February"),
        ("2%;of", "2 % ; of"),
        ("5%,mining", "5 % , mining"),
        ("(5%),mining", "( 5 % ) , mining"),
        ("2022,which", "2022 , which"),
        ("7...Rubber", "7 ... Rubber"),
        ("+4%", "+ 4 %"),
        ("-4%", "- 4 %"),
        ("−4%", "− 4 %"),
        ("–4%", "– 4 %"),
        ("(-4%)", "( - 4 % )"),
        ("(−4%),", "( − 4 % ) ,"),
        ("2.6-5.4%", "2.6 - 5.4 %"),
        ("2.6–5.4%", "2.6 – 5.4 %"),
        ("2-3/4", "2 - 3 / 4"),
        ("1,234.5%", "1,234.5 %"),
        ("2,5%", "2,5 %"),
        ("(8)", "( 8 )"),
        ("y/y.", "y / y ."),
        ("m/m,", "m / m ,"),
        ("y-o-y", "y - o - y"),
        ("on-year", "on - year"),
        ("•Mining", "• Mining"),
        ("Mining:+4%", "Mining : +4 %"),
        ("textiles,paper", "textiles , paper"),
        ("grew.Mining", "grew . Mining"),
        ("year.The", "year . The"),
        ("5%.The", "5 % . The"),
        ("2020.Private", "2020 . Private"),
        ("(5%).Mining", "( 5 % ) . Mining"),
        ("7.5%", "7.5 %"),
        ("“mining”", "“ mining ”"),
        ("index=100", "index = 100"),
        ("U.S.", "U.S."),
        ("U.S. output", "U.S. output"),
        ("e.g. steel", "e.g. steel"),
        ("Germany's", "Germany 's"),
        ("Germany’s", "Germany ’s"),
        ("Q3", "Q3"),
        ("9M", "9 M"),
        ("10M2025", "10 M2025"),
        ("2025|2024", "2025 | 2024"),
        ("[note]", "[ note ]"),
        ("mid-2020", "mid - 2020"),
        ("Covid-19", "Covid - 19"),
        ("0.4p.p.", "0.4 p.p ."),
        ("gas&oil", "gas&oil"),
        ("www.gso.gov.vn", "www.gso.gov.vn"),
        ("Bắc Giang", "Bắc Giang"),
    ],
)
def test_glued_form_is_split(text, tokens):
    assert " ".join(token.text for token in NLP(text)) == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("2% YoY.", "2 % YoY ."),
        ("0.1% MoM.", "0.1 % MoM ."),
        ("grew4.8%", "grew 4.8 %"),
        ("by13.0 per cent", "by 13.0 per cent"),
    ],
)
def test_form_of_the_corpus_is_split(text, tokens):
    assert " ".join(token.text for token in NLP(text)) == tokens


@given(st.text("aZ9 .,;:%()-–−/\n“”•+'’", max_size=40))
def test_tokens_cover_the_text(text):
    assert "".join(token.text_with_ws for token in NLP(text)) == text


def test_tokenizer_survives_saving(tmp_path):
    NLP.to_disk(tmp_path / "nlp")
    text = "vehicles(+3.9%);paper 9.2-pct y/y."
    assert [t.text for t in spacy.load(tmp_path / "nlp")(text)] == [t.text for t in NLP(text)]
