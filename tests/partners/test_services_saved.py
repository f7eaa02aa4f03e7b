"""Saved views of the directory: kept, renamed, shared, counted, deleted and taken back; nobody changes another's."""

from datetime import timedelta

import pytest

from permea.foundation.refusals import RefusedError
from permea.partners import queries, rules, services
from permea.partners.models import DirectoryView
from permea.partners.views.saved import filters_of
from permea.people.models import Membership
from permea.people.services import erase_person
from tests.cast import AT

GIVEN = {"q": " wear\x00 ", "kind": "university", "country": "", "order": "-last", "page": "3"}


@pytest.fixture
def keep(organisation, member):
    """Return a function that saves a view of the directory, the member's unless told otherwise."""

    def save(name="Wear", **said):
        ours = {"organisation": organisation, "actor": member, "given": GIVEN, "is_shared": False}
        return services.save_view(**{**ours, "name": name, "at": AT, **said})

    return save


def names(person, organisation, at=AT):
    """Return the names of a person's own views, of those others share, and of those just deleted."""
    found = queries.directory_views(person, organisation, at)
    return tuple([view.name for view in rows] for rows in (found.own, found.shared, found.deleted))


def refused_with(action, *said, **told):
    with pytest.raises(RefusedError) as refused:
        action(*said, **told)
    return refused.value.refusal.code


def test_a_view_keeps_what_narrows_and_orders_and_counts_whom_it_finds(keep, partner, owner, organisation, at):
    view = keep(" Wear ")
    services.archive(partner_id=partner.pk, actor=owner, at=at)
    asked = [{}, {"stage": "archived"}, {"stage": "archived", "kind": "firm"}, {"q": "hochschule", "stage": "archived"}]

    assert (view.name, str(view), view.query) == (
        "Wear", "Wear", {"q": "wear", "kind": "university", "order": "-last"},
    )  # fmt: skip
    assert queries.counts_of(organisation, [filters_of(one) for one in asked]) == [0, 1, 0, 1]
    assert queries.counts_of(organisation, []) == []


def test_names_are_there_and_new_and_thirty_are_enough(keep, stranger):
    keep()
    codes = [refused_with(keep, name) for name in ("  ", "WEAR")]
    for number in range(rules.MAX_VIEWS - 1):
        keep(f"View {number}")

    assert codes == ["view.no_name", "view.name_taken"]
    assert (refused_with(keep, "More"), refused_with(keep, "Mine", actor=stranger)) == (
        "view.too_many", "partners.not_inside",
    )  # fmt: skip


def test_what_is_shared_is_found_by_colleagues_as_long_as_its_owner_is_one(keep, organisation, member, owner):
    view = keep()
    alone = names(owner, organisation)
    services.rename_view(view_id=view.pk, actor=member, name="For all", is_shared=True)
    together = names(owner, organisation)
    Membership.objects.filter(person=member).update(ended_at=AT)

    assert (alone, together, names(owner, organisation)) == (([], [], []), ([], ["For all"], []), ([], [], []))


def test_deleting_is_taken_back_within_a_day(keep, organisation, member, owner):
    view = keep(is_shared=True)
    services.delete_view(view_id=view.pk, actor=member, at=AT)
    deleted = names(member, organisation), names(owner, organisation)
    keep()
    taken = refused_with(services.restore_view, view_id=view.pk, actor=member)
    services.delete_view(view_id=DirectoryView.objects.get(deleted_at=None).pk, actor=member, at=AT - timedelta(days=1))
    services.drop_views(at=AT)
    services.restore_view(view_id=view.pk, actor=member)

    assert (deleted, taken) == ((([], [], ["Wear"]), ([], [], [])), "view.name_taken")
    assert (names(member, organisation), DirectoryView.objects.count()) == ((["Wear"], [], []), 1)


def test_others_change_nothing(keep, owner):
    view = keep(is_shared=True)
    changes = (
        lambda: services.rename_view(view_id=view.pk, actor=owner, name="Mine", is_shared=False),
        lambda: services.delete_view(view_id=view.pk, actor=owner, at=AT),
        lambda: services.restore_view(view_id=view.pk, actor=owner),
    )

    assert {refused_with(change) for change in changes} == {"view.not_yours"}


def test_views_are_in_the_download_and_go_with_their_person(keep, member):
    keep()
    told = [line for line in queries.erasure_lines(member).goes if "views" in line]
    data = queries.personal_data(member)["directory_views"]
    erase_person(person=member, actor=member, at=AT)

    assert (len(told), [row["name"] for row in data], DirectoryView.objects.count()) == (1, ["Wear"], 0)
