"""The pages of shortlists and of saved views, as each role finds them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from permea.partners import queries, rules, services
from permea.partners.models import DirectoryView, LogEntry, Shortlist, ShortlistNote
from permea.surface.testing import assert_page_ok

ASKED = {"wanted": "laser welding, casting", "country": "DE", "weigh_record": "0", "weigh_capabilities": "4"}


def url(name, *args):
    return reverse(f"partners:{name}", args=args)


@pytest.fixture
def two(organisation, owner, at):
    """Return a partner that fits and one of which nothing is known."""
    made = []
    for name in ("Strong", "Unknown"):
        said = services.PartnerInput(name=name, kind="startup", country="DE", city="Kassel", owner=owner)
        made.append(services.note_partner(organisation=organisation, content=said, actor=owner, at=at))
    can = services.CapabilityInput(kind="offers", name="Laser welding", level=5)
    services.add_capability(partner_id=made[0].pk, content=can, actor=owner, at=at)
    return made


@pytest.fixture
def kept(two, client_of, owner):
    """Return a shortlist kept from the page."""
    answer = client_of(owner).post(url("keep"), {**ASKED, "title": "Welders", "length": "5"})
    shortlist = Shortlist.objects.get()
    assert answer.url == url("shortlist", shortlist.key)
    return shortlist


def test_who_fits_is_kept_and_found_again(two, client_of, owner, member):
    client = client_of(owner)
    empty = client.get(url("shortlists")).content.decode()
    asked = client.get(url("fit"), ASKED).content.decode()
    wrong = client.post(url("keep"), {**ASKED, "title": "", "length": "5"})
    odd = client.post(url("keep"), {**ASKED, "response_hours": "-1", "title": "X", "length": "5"})
    nobody = client.post(url("keep"), {**ASKED, "country": "FI", "title": "X", "length": "5"})
    kept = client.post(url("keep"), {**ASKED, "title": "Welders", "length": "5"}, follow=True)
    seen = client_of(member).get(url("fit"), ASKED).content.decode()

    assert ("No shortlist yet." in empty, "Keep as shortlist" in asked, "Keep as shortlist" in seen) == (
        True, True, False,
    )  # fmt: skip
    assert (wrong.status_code, odd.status_code, nobody.status_code) == (422, 422, 409)
    assert "there is nothing to keep" in nobody.content.decode()
    assert_page_ok(kept)
    assert [text in kept.content.decode() for text in ("Welders", "Strong", "Unknown", "laser welding: 5 of 5")] == [
        True
    ] * 4
    assert Shortlist.objects.count() == 1
    listed = client_of(member).get(url("shortlists")).content.decode()
    assert ("Welders" in listed, "2 wait" in listed) == (True, True)


def test_a_partner_is_noted_decided_and_allied_with(kept, two, client_of, owner, member, at):
    client, page = client_of(owner), url("shortlist", kept.key)
    day = at.date() + timedelta(days=3)
    said = {"partner": two[0].key, "choice": "approach", "reason": "They weld.", "next_by": owner.key}
    half = client.post(url("decide_on", kept.key), {**said, "next_step": "Call"})
    wrong = client.post(url("decide_on", kept.key), {**said, "reason": ""})
    done = client.post(url("decide_on", kept.key), {**said, "next_step": "Call", "next_on": day.isoformat()})
    empty = client.post(url("note", kept.key), {"partner": two[0].key, "text": " "})
    noted = client.post(url("note", kept.key), {"partner": two[0].key, "text": "Ask Ines."})
    shown = client.get(page).content.decode()

    assert (half.status_code, wrong.status_code, empty.status_code) == (409, 422, 422)
    assert (done.url, noted.url) == (f"{page}#{two[0].key}",) * 2
    assert [text in shown for text in ("They weld.", "Ask Ines.", "Start an alliance with the chosen")] == [True] * 3
    ally = f"/alliances/new/?partner={two[0].party.key}"
    assert ally in shown
    boxes = client.get(ally).content.decode().split('type="checkbox"')[1:]
    pairs = zip(two, boxes, strict=True)
    assert [(one.party.key in box, "checked" in box) for one, box in pairs] == [(True, True), (True, False)]
    on_page = client.get(url("partner", two[0].key)).content.decode()
    assert ("On shortlists" in on_page, "Approach" in on_page, "Call" in on_page) == (True, True, True)
    assert LogEntry.objects.get().next_on == day
    assert 'value="decision"' not in on_page
    reader = client_of(member).get(page).content.decode()
    assert ("Ask Ines." in reader, "<summary>Decide" in reader, "Start an alliance" in reader) == (True, False, False)
    gone = client.post(url("remove_note", ShortlistNote.objects.get().key))
    assert (gone.url, ShortlistNote.objects.count()) == (page, 0)
    assert client.post(url("note", kept.key), {"partner": "?", "text": "X"}).status_code == 404


def test_it_is_worked_out_anew_with_the_same_or_another_question(kept, two, client_of, owner, member, at):
    client, page = client_of(owner), url("shortlist", kept.key)
    can = services.CapabilityInput(kind="offers", name="Casting", level=5)
    services.add_capability(partner_id=two[1].pk, content=can, actor=owner, at=at)
    shown = client.get(page).content.decode()
    kept.versions.update(made_at=at - timedelta(days=1))
    again = client.post(url("work_out", kept.key), follow=True).content.decode()
    change = client.get(url("fit"), {**ASKED, "shortlist": kept.key}).content.decode()
    other = client.post(url("work_out", kept.key), {**ASKED, "wanted": "painting", "language": "de"}, follow=True)
    odd = client.post(url("work_out", kept.key), {**ASKED, "response_hours": "-1"})
    first = client.get(page, {"version": "1"}).content.decode()
    reader = client_of(member).get(url("fit"), {**ASKED, "shortlist": kept.key}).content.decode()

    assert "Change the question" in shown
    assert ("What changed since version 1" in again, "Known now: casting." in again) == (True, True)
    assert ("Keep as the next version of “Welders”" in change, "next version" in reader) == (True, False)
    asked = other.content.decode()
    assert ("painting" in asked, "Version 3" in asked, "Deutsch" in asked or "German" in asked) == (True,) * 3
    assert (odd.status_code, "This is how it came out on" in first, "<summary>Decide" in first) == (422, True, False)
    assert [client.get(page, {"version": text}).status_code for text in ("9", "x", "9" * 9)] == [404] * 3
    assert client.get(url("fit"), {**ASKED, "shortlist": "?"}).status_code == 404
    services.archive(partner_id=two[0].pk, actor=owner, at=at)
    services.archive(partner_id=two[1].pk, actor=owner, at=at)
    kept.versions.update(made_at=at - timedelta(days=1))
    assert client.post(url("work_out", kept.key)).status_code == 409


def test_nothing_changed_is_said_as_well(kept, client_of, owner, at):
    kept.versions.update(made_at=at - timedelta(days=1))
    again = client_of(owner).post(url("work_out", kept.key), follow=True).content.decode()

    assert "Nothing changed since version 1." in again


def test_it_is_renamed_put_away_and_taken_as_a_table(kept, two, client_of, owner, member, at):
    client, page = client_of(owner), url("shortlist", kept.key)
    told = {"shortlist_id": kept.pk, "partner_id": two[0].pk, "actor": owner, "at": at}
    step = {"next_step": "=Call", "next_on": at.date()}
    services.decide(content=services.DecisionInput(choice="approach", reason="+1", **step), **told)
    services.note_on_shortlist(text="@sum", **told)
    nameless = client.post(url("rename_shortlist", kept.key), {"title": ""}, follow=True).content.decode()
    client.post(url("rename_shortlist", kept.key), {"title": "Laser"})
    table = client.get(url("export_shortlist", kept.key))
    away = client.post(url("close_shortlist", kept.key), follow=True).content.decode()
    late = client.post(url("rename_shortlist", kept.key), {"title": "Late"})
    listed = client.get(url("shortlists")).content.decode()
    back = client.post(url("close_shortlist", kept.key), {"back": "1"}, follow=True).content.decode()

    assert ("Nothing is changed" in nameless, "put away" in away, late.status_code, "Put away" in listed) == (
        True, True, 409, True,
    )  # fmt: skip
    assert ("open again" in back, Shortlist.objects.get().title) == (True, "Laser")
    rows = table.content.decode().splitlines()
    assert (rows[0].startswith("place,name,name_then"), rows[1].startswith("1,Strong,Strong,"), len(rows)) == (
        True, True, 3,
    )  # fmt: skip
    assert [cell in rows[1] for cell in ("'+1", "'=Call", "'@sum", "laser welding 5", "casting")] == [True] * 5
    assert (rows[2].count(","), client_of(member).get(url("export_shortlist", kept.key)).status_code) == (
        rows[0].count(","), 404,
    )  # fmt: skip
    assert client.get(page).status_code == 200


def test_who_stood_on_it_before_is_shown_below_and_in_the_table(kept, two, client_of, owner, at):
    told = {"shortlist_id": kept.pk, "partner_id": two[1].pk, "actor": owner, "at": at}
    services.note_on_shortlist(text="Small.", **told)
    services.archive(partner_id=two[1].pk, actor=owner, at=at)
    kept.versions.update(made_at=at - timedelta(days=1))
    services.work_out(shortlist_id=kept.pk, actor=owner, at=at)
    client = client_of(owner)
    shown = client.get(url("shortlist", kept.key)).content.decode()
    rows = client.get(url("export_shortlist", kept.key)).content.decode().splitlines()

    assert ("Not among the first in this version" in shown, "Small." in shown, rows[2][:9]) == (True, True, ",Unknown,")


def test_partners_strangers_and_evaluators_find_nothing(
    partner, guest, contact, organisation, client_of, owner, solver, other_owner, at
):
    question = services.Question(wish=rules.Wish(), weights={"record": 1})
    kept = services.keep_shortlist(organisation=organisation, title="Secret", question=question, actor=owner, at=at)
    told = {"shortlist_id": kept.pk, "partner_id": partner.pk, "actor": owner, "at": at}
    note = services.note_on_shortlist(text="Slow.", **told)
    asked = [
        ("get", url("shortlist", kept.key)), ("get", url("export_shortlist", kept.key)),
        ("post", url("decide_on", kept.key)), ("post", url("note", kept.key)), ("post", url("work_out", kept.key)),
        ("post", url("close_shortlist", kept.key)), ("post", url("remove_note", note.key)),
    ]  # fmt: skip
    for person in (guest, solver, other_owner):
        client = client_of(person)
        assert {getattr(client, method)(page).status_code for method, page in asked} == {404}
    own = client_of(guest).get(url("own")).content.decode()

    assert ("Secret" in own, "Slow" in own, client_of(guest).get(url("shortlists")).status_code) == (False, False, 404)
    assert [line.notes for line in queries.shortlist_page(owner, kept.key).lines] == [[note]]


def test_views_stand_above_the_directory_with_their_count(two, client_of, owner, member):
    client = client_of(member)
    given = {"q": "strong", "order": "-last"}
    offered = client.get(url("list"), given).content.decode()
    page = client.get(url("views"), given).content.decode()
    saved = client.post(url("views"), {**given, "name": "Strong ones", "is_shared": "on"}, follow=True)
    [view] = DirectoryView.objects.all()
    again = client.post(url("views"), {**given, "name": "strong ONES"})
    nameless = client.post(url("views"), {**given, "name": ""})
    others = client_of(owner).get(url("list")).content.decode()

    assert ("Save this view" in offered, "“strong” · last talked with first" in page) == (True, True)
    assert [text in saved.content.decode() for text in ("Saved as “Strong ones”", 'aria-current="true"')] == [True] * 2
    assert (again.status_code, nameless.status_code) == (409, 422)
    assert [text in others for text in ("Strong ones", 'view-count num">1<', f"by {member.display_name}")] == [True] * 3
    renamed = client.post(url("rename_view", view.key), {"name": "Mine"})
    wrong = client.post(url("rename_view", view.key), {"name": ""}, follow=True).content.decode()
    gone = client.post(url("delete_view", view.key), follow=True).content.decode()
    client.post(url("views"), {"q": "x", "name": "Mine"})
    taken = client.post(url("restore_view", view.key), follow=True).content.decode()
    assert (renamed.url, "at most 60 characters" in wrong, "“Mine” is deleted." in gone) == (url("views"), True, True)
    assert "You have a view of this name already." in taken
    assert client_of(owner).post(url("delete_view", view.key)).status_code == 404
