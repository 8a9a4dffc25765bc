from iipnlp.plots import draw_curve


def test_a_curve_shows_points_with_their_notes():
    points = [(0.5, 0.5), (1.0, 0.9)]
    noted = draw_curve("t", ("x", "y"), points, diagonal=True, notes=["12", "1,300"])
    assert noted.count("<circle") == 2 and ">12<" in noted and ">1,300<" in noted
    assert "<circle" not in draw_curve("t", ("x", "y"), points, diagonal=False)
