"""The first reading of an entry by somebody of the firm is kept, on every page and channel that shows all of it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from permea.ideas import queries, services
from permea.ideas.models import EntryReading, Idea
from permea.people import services as people
from permea.people.queries import erasure_lines_of, personal_data_of
from permea.surface.testing import assert_page_ok
from tests.cast import AT

HOUR = timedelta(hours=1)


@pytest.fixture
def idea(make_challenge, make_idea, make_attachment, solver):
    """Return Sam's entry with a file, in a closed challenge that members read."""
    steps = [{"name": "discuss", "days": 7, "circle": "members", "options": {}}]
    draft = make_idea(challenge=make_challenge(closed=True, steps=steps), author=solver, submitted=False)
    make_attachment(draft)
    return services.submit_idea(idea_id=draft.pk, actor=solver, at=draft.saved_at)


def kept():
    rows = EntryReading.objects.select_related("person", "idea").order_by("pk")
    return [(row.person.name, row.idea.key, row.first_at) for row in rows]


def test_every_page_that_shows_all_of_an_entry_keeps_its_first_reading(idea, client_of, owner, make_idea, clock):
    other = make_idea(challenge=idea.challenge, title="Another")
    client, file = client_of(owner), idea.attachments.get()
    addresses = [
        reverse("ideas:detail", args=[idea.key]),
        reverse("ideas:history", args=[idea.key]),
        reverse("ideas:file", args=[file.key]),
        reverse("ideas:pair", args=[idea.challenge.key, idea.key, other.key]),
        reverse("ideas:shown_entry", args=[idea.challenge.key, idea.key]),
        f"/api/ideas/{idea.key}",
    ]

    for address in addresses:
        EntryReading.objects.all().delete()
        for _again in range(2):
            shown = client.get(address)
            assert (shown.status_code, len(shown.getvalue()) > 0) == (200, True), address
            clock.at += HOUR
        assert (owner.name, idea.key, clock.at - 2 * HOUR) in kept(), address

    assert {key for _name, key, _at in kept()} == {idea.key}
    client.get(addresses[3])
    assert {key for _name, key, _at in kept()} == {idea.key, other.key}
    clock.at = AT


def test_what_was_read_before_costs_one_look_and_no_write(idea, owner):
    told = {"organisation_id": idea.organisation_id, "keys": [idea.key], "reader": owner, "at": AT}
    services.keep_readings(**told)

    with CaptureQueriesContext(connection) as captured:
        services.keep_readings(**told)

    assert [query["sql"].split()[0] for query in captured] == ["SELECT"]


def test_lists_authors_outsiders_and_guests_leave_nothing(idea, client_of, owner, solver, stranger, other_owner):
    client = client_of(owner)
    assert_page_ok(client.get(reverse("ideas:list", args=[idea.challenge.key])))
    assert_page_ok(client_of(solver).get(reverse("ideas:detail", args=[idea.key])))
    for somebody in (stranger, other_owner):
        assert client_of(somebody).get(reverse("ideas:detail", args=[idea.key])).status_code == 404
    Client().get(reverse("ideas:detail", args=[idea.key]))
    told = {"organisation_id": idea.organisation_id, "at": AT}
    for reader, keys in ((AnonymousUser(), [idea.key]), (solver, [idea.key]), (owner, [])):
        services.keep_readings(**told, reader=reader, keys=keys)

    assert kept() == []


def test_who_wrote_an_entry_of_their_own_firm_is_no_reader_of_it(make_challenge, make_idea, member, owner, client_of):
    own = make_idea(challenge=make_challenge(closed=True), author=member)
    told = {"organisation_id": own.organisation_id, "keys": [own.key], "at": AT}
    services.keep_readings(**told, reader=member)
    services.keep_readings(**told, reader=owner)

    assert [name for name, _key, _at in kept()] == [owner.name]


def test_a_text_that_is_gone_cannot_be_read(idea, owner):
    Idea.objects.filter(pk=idea.pk).update(text_removed_at=AT)

    services.keep_readings(organisation_id=idea.organisation_id, keys=[idea.key], reader=owner, at=AT)

    assert kept() == []


def test_the_entries_merged_into_one_are_read_with_it(idea, make_idea, owner, client_of):
    other = make_idea(challenge=idea.challenge, title="Another")
    services.merge_ideas(
        idea_id=other.pk, lead_id=idea.pk, actor=owner, reason="The same thought in other words.", at=AT
    )

    assert_page_ok(client_of(owner).get(reverse("ideas:detail", args=[idea.key])))

    assert {key for _name, key, _at in kept()} == {idea.key, other.key}


def test_a_reader_is_told_and_what_they_read_stays_without_their_name(idea, member):
    untold = erasure_lines_of(member).stays
    services.keep_readings(organisation_id=idea.organisation_id, keys=[idea.key], reader=member, at=AT)
    held, told = personal_data_of(member)["entries_read"], erasure_lines_of(member).stays

    people.erase_person(person=member, actor=member, at=AT)

    assert [one["entry"] for one in held] == [idea.key]
    assert [any("read certain entries" in line for line in lines) for lines in (untold, told)] == [False, True]
    assert [(key, at) for _name, key, at in kept()] == [(idea.key, AT)]


def test_only_what_was_asked_about_and_says_something_alike_is_found(make_challenge, make_idea, solver):
    first, second = make_challenge(closed=True, title="Pears"), make_challenge(closed=True, title="Doors")
    said = {"summary": "A small hammer taps each pear.", "body": "A microphone hears whether the pear sounds dull."}
    near = make_idea(challenge=first, author=solver, title="Tap the pear", **said)
    unread = make_idea(challenge=first, title="Tap the pear", **said)
    for number in range(6):
        make_idea(challenge=first, title=f"Weigh it {number}", summary="Scales.", body=f"Cell {number} of a balance.")
    far = make_idea(challenge=second, author=solver, title="Hinges", summary="Oil them.", body="A drop a day.")
    words = "We tap every pear with a hammer and listen by a microphone whether it sounds dull."

    for _again in range(2):
        found = queries.alike_among([near, far], "Pear tapper", words)

        assert set(found) == {near.pk}
        assert {"hammer", "microphone", "dull"} <= set(found[near.pk].words)
    assert unread.pk not in found
    assert queries.alike_among([far], "Pear tapper", words) == {}
