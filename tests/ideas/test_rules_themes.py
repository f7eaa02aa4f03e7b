"""The map of themes: discs as large as their themes, none over another, and typical entries in the middle."""

import math

from permea.ideas import rules
from permea.ideas.models import Theme


def themes(*places):
    """Return themes at these places, None for one that stands nowhere."""
    return [
        Theme(pk=number, name=f"A long name of theme {number}", x=place and place[0], y=place and place[1])
        for number, place in enumerate(places)
    ]


def dots(*sizes):
    """Return so many entries for each theme, each fitting less than the one before; the last of each is moved."""
    return [
        rules.Dot(100 * theme + one, theme, None if one == size - 1 else 1 - one / size, float(one))
        for theme, size in enumerate(sizes)
        for one in range(size)
    ]


def test_no_disc_lies_over_another_and_its_area_tells_its_size():
    drawn = rules.theme_map(themes((0.1, 0), (0.1, 0), (0.11, 0.01), None), dots(40, 20, 9, 3))
    pairs = [(one, other) for one in drawn.discs for other in drawn.discs if one.number < other.number]

    assert all(math.hypot(a.x - b.x, a.y - b.y) >= a.radius + b.radius for a, b in pairs)
    assert math.isclose(drawn.discs[0].radius ** 2, 2 * drawn.discs[1].radius ** 2, rel_tol=0.01)
    assert all(
        drawn.left < d.x - d.radius and d.x + d.radius < drawn.left + drawn.width and d.y - d.radius > drawn.top
        for d in drawn.discs
    )
    assert drawn == rules.theme_map(themes((0.1, 0), (0.1, 0), (0.11, 0.01), None), dots(40, 20, 9, 3))


def test_the_entry_that_fits_best_is_in_the_middle_and_a_moved_one_at_the_rim():
    (disc,) = rules.theme_map(themes((0, 0)), dots(5)).discs
    away = [round(math.hypot(x - disc.x, y - disc.y)) for _id, x, y in disc.dots]

    assert ([idea_id for idea_id, _x, _y in disc.dots], away) == ([0, 1, 2, 3, 4], sorted(away))
    assert (disc.label, disc.radius > away[-1]) == ("A long name of…", True)


def test_of_many_entries_an_even_share_is_drawn_and_of_none_an_empty_map():
    many = rules.theme_map(themes((0, 0), (1, 0)), dots(900, 300))

    assert [len(disc.dots) for disc in many.discs] == [450, 150]
    assert rules.theme_map(themes((0, 0)), []).discs == []


def test_many_themes_in_one_place_stay_on_the_page():
    drawn = rules.theme_map(themes(*[(0, 0)] * 40), dots(*[3] * 40))

    assert drawn.width < 4_000
    assert len(drawn.discs) == 40


def test_a_theme_is_called_by_its_first_words():
    assert (rules.name_of_words(["a", "b", "c", "d"]), rules.name_of_words([])) == ("a, b, c", "")
