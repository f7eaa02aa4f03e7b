"""The pulse that each side answers for itself, and matters that climb until they are solved."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.alliances import queries, services, tasks
from permea.alliances.models import Matter
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.people.queries import personal_data_of
from permea.people.services.memberships import seat
from tests.cast import AT

DAY = timedelta(days=1)


def test_a_pulse_is_kept_apart_until_all_have_answered_and_a_matter_climbs(  # noqa: PLR0915 - one story
    make_partner, make_alliance, client_of, clock, owner, member, solver, make_person
):
    campus = make_partner(solver)
    student = make_person("student@campus.example", "Stu Student")
    seat(person=student, organisation=campus, role="member", at=AT)
    alliance = make_alliance(solver, parties=[campus])
    Mail.objects.all().delete()
    pages, guest = client_of(owner), client_of(student)
    place = f"/alliances/{alliance.key}/pulse/"
    marks = {f"mark_{number}": "4" for number in range(5)}
    half = guest.post(f"{place}answer/", {"mark_0": "4"})
    guest.post(f"{place}answer/", {**marks, "words": "Meet more often."})
    guest.post(f"{place}answer/", {**marks, "mark_0": "5", "words": "Meet more often."})
    apart = pages.get(place).text
    pages.post(f"{place}answer/", {**marks, "mark_4": "2"})
    late = guest.post(f"{place}answer/", marks)
    both = pages.get(place).text
    assert [half.status_code, late.status_code] == [422, 409]
    assert ["Meet more often." in page for page in (apart, both)] == [False, True]
    assert ("Lindenhof Robotics</span>" in apart, ">4.2<" in both, ">3.6<" in both) == (True, True, True)
    wrong = [
        pages.post(f"/alliances/{alliance.key}/matters/", said).status_code for said in ({}, {"text": " ", "days": 3})
    ]
    for _twice in range(2):
        pages.post(f"/alliances/{alliance.key}/matters/", {"text": "Samples come late.", "days": "7"})
    matter = Matter.objects.get()
    for days in (6, 7, 14, 30):
        tasks.climb_the_ladder(AT + days * DAY)
        services.climb(matter_id=matter.pk, at=AT + days * DAY)
    clock.at = AT + 45 * DAY
    pages, guest = client_of(owner), client_of(student)
    climbed = guest.get(place).text
    foreign = guest.post(f"/alliances/matters/{matter.key}/solve/", {"outcome": "We drive."})
    pages.post(f"/alliances/matters/{matter.key}/solve/", {"outcome": "They drive on Mondays."})
    assert (wrong, foreign.status_code) == ([422, 422], 409)
    assert ("Step 3: the owners" in climbed, "They drive on Mondays." in guest.get(place).text) == (True, True)
    assert list(Mail.objects.order_by("pk").values_list("kind", "person__name")) == [
        ("alliance_news", "Olga Owner"), ("alliance_news", "Sam Solver"), ("alliance_news", "Stu Student"),
        ("alliance_matter", "Max Member"), ("alliance_matter", "Sam Solver"), ("alliance_matter", "Stu Student"),
        ("alliance_matter", "Sam Solver"), ("alliance_matter", "Sam Solver"),
    ]  # fmt: skip
    kinds = Crossing.objects.filter(kind__regex="pulse|matter").order_by("number").values_list("kind", "direction")
    assert list(kinds) == [
        ("alliance.pulse_answered", "in"), ("alliance.pulse_answered", "out"), ("alliance.matter_raised", "out"),
        ("alliance.matter_solved", "out"),
    ]  # fmt: skip
    known = personal_data_of(student)["pulse_answers"]
    assert [(row["marks"], row["words"]) for row in known] == [([5, 4, 4, 4, 4], "Meet more often.")]
    assert (len(queries.erasure_lines(student).stays), len(personal_data_of(owner)["matters_raised"])) == (1, 1)
    with pytest.raises(RefusedError):
        services.raise_matter(alliance_id=alliance.pk, text="x", days=3, actor=make_person(), at=AT)
    following = AT + 60 * DAY
    for actor in (owner, solver):
        services.answer_pulse(alliance_id=alliance.pk, marks=[3] * 5, words="", actor=actor, at=following)
    page = queries.pulse_page(solver, alliance.key, following)
    assert (page.is_falling, page.is_shown, page.silent, len(page.chart)) == (True, True, [], 2)
