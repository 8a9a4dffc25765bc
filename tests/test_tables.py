from iipnlp.tables import Table, escape, lay_out, mark_up, one_line

TABLE = Table(
    "Counts", ("", "n"), [("mining", "7"), ("a name of forty letters, which is shortened", "12")]
)


def test_lay_out_aligns_and_shortens_names():
    assert lay_out(TABLE).splitlines() == [
        "Counts",
        "                                         n",
        "  mining                                 7",
        "  a name of forty letters, which is s…  12",
    ]


def test_mark_up_puts_numbers_on_the_right():
    table = Table("", ("name", "n"), [("a|b", "7")])
    assert mark_up(table) == "| name | n |\n| :-- | --: |\n| a\\|b | 7 |"
    assert mark_up(table, numbers=False).splitlines()[1] == "| :-- | :-- |"


def test_words_from_outside_are_made_harmless():
    assert one_line("a\x1b[31m\n b\u202e") == "a [31m b"
    assert escape("<b> [x](y)\n|") == "\\<b\\> \\[x\\](y) \\|"
