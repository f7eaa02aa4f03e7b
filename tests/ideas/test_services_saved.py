"""Saved views: kept, renamed, preferred, shared, deleted and taken back; nobody changes another's."""

from datetime import timedelta

import pytest

from permea.foundation.refusals import RefusedError
from permea.ideas import queries, rules, services
from permea.ideas.models import SavedView
from permea.people.models import Membership
from permea.people.services import erase_person
from tests.cast import AT

GIVEN = {"q": " belt\x00 ", "source": "supplier", "language": "", "sort": "-money", "page": "3", "kind": "need"}


@pytest.fixture
def keep(organisation, manager):
    """Return a function that saves a view of the entries, Mara's unless told otherwise."""

    def save(name="Dearest first", **said):
        ours = {"organisation": organisation, "actor": manager, "place": "entries", "given": GIVEN, "is_shared": False}
        return services.save_view(**{**ours, "name": name, "at": AT, **said})

    return save


def names(person, organisation, at=AT, place="entries"):
    """Return the names of a person's own views, of those others share, and of those just deleted."""
    found = queries.saved_views(person, organisation, place, at)
    return tuple([view.name for view in rows] for rows in (found.own, found.shared, found.deleted))


def test_a_view_keeps_what_narrows_and_orders_its_list_and_nothing_else(keep):
    view = keep(" Dearest first ")

    assert (view.name, view.query) == ("Dearest first", {"q": "belt", "source": "supplier", "sort": "-money"})
    assert rules.view_query("inbox", {**GIVEN, "q": "x" * 200}) == {
        "q": "x" * 100,
        "kind": "need",
        "source": "supplier",
    }


@pytest.mark.parametrize(
    ("said", "code"),
    [({"name": "  "}, "view.no_name"), ({"name": "DEAREST first"}, "view.name_taken")],
)
def test_a_name_must_be_there_and_new(keep, said, code):
    keep()
    with pytest.raises(RefusedError) as refused:
        keep(**said)
    other_list = keep(place="inbox", name="Dearest first")

    assert (refused.value.refusal.code, SavedView.objects.count(), other_list.place) == (code, 2, "inbox")


def test_thirty_are_enough_and_members_save_none(keep, member):
    for number in range(rules.MAX_VIEWS):
        keep(f"View {number}")
    codes = []
    for said in ({}, {"actor": member}):
        with pytest.raises(RefusedError) as refused:
            keep("One more", **said)
        codes.append(refused.value.refusal.code)

    assert codes == ["view.too_many", "people.not_manager"]


def test_one_is_preferred_at_a_time(keep, organisation, manager):
    first, second = keep("First"), keep("Second", given={"sort": "title"})
    before = queries.saved_views(manager, organisation, "entries", AT).default
    defaults = []
    for view, is_default in ((first, True), (second, True), (second, False)):
        services.prefer_view(view_id=view.pk, actor=manager, is_default=is_default)
        defaults.append(queries.saved_views(manager, organisation, "entries", AT).default)

    assert (before, defaults) == ({}, [first.query, {"sort": "title"}, {}])


def test_what_is_shared_is_found_by_those_who_manage_as_long_as_its_owner_does(keep, organisation, manager, owner):
    view = keep()
    alone = names(owner, organisation)
    services.rename_view(view_id=view.pk, actor=manager, name="For all", is_shared=True)
    together = names(owner, organisation)
    Membership.objects.filter(person=manager).update(ended_at=AT)

    assert (alone, together) == (([], [], []), ([], ["For all"], []))
    assert (names(manager, organisation)[0], names(owner, organisation)) == (["For all"], ([], [], []))


def test_deleting_is_taken_back_within_a_day(keep, organisation, manager, owner):
    view, at = keep(is_shared=True), AT
    services.prefer_view(view_id=view.pk, actor=manager, is_default=True)
    services.delete_view(view_id=view.pk, actor=manager, at=at)
    deleted = names(manager, organisation), names(owner, organisation)
    keep()
    with pytest.raises(RefusedError) as refused:
        services.restore_view(view_id=view.pk, actor=manager)
    services.delete_view(view_id=SavedView.objects.get(deleted_at=None).pk, actor=manager, at=at - timedelta(days=1))
    services.drop_views(at=at)
    back = services.restore_view(view_id=view.pk, actor=manager)

    assert deleted == (([], [], ["Dearest first"]), ([], [], []))
    assert (refused.value.refusal.code, back.is_default) == ("view.name_taken", False)
    assert (names(manager, organisation), SavedView.objects.count()) == ((["Dearest first"], [], []), 1)


def test_others_change_nothing(keep, owner):
    view, codes = keep(is_shared=True), set()
    for change in (
        lambda: services.rename_view(view_id=view.pk, actor=owner, name="Mine", is_shared=False),
        lambda: services.prefer_view(view_id=view.pk, actor=owner, is_default=True),
        lambda: services.delete_view(view_id=view.pk, actor=owner, at=AT),
        lambda: services.restore_view(view_id=view.pk, actor=owner),
    ):
        with pytest.raises(RefusedError) as refused:
            change()
        codes.add(refused.value.refusal.code)
    view.refresh_from_db()

    assert (codes, view.name, view.is_default, view.deleted_at) == ({"view.not_yours"}, "Dearest first", False, None)


def test_views_are_in_the_download_and_go_with_their_person(keep, manager):
    keep()
    told = [line for line in queries.erasure_lines(manager).goes if "views" in line]
    data = queries.personal_data(manager)["saved_views"]
    erase_person(person=manager, actor=manager, at=AT)

    assert (len(told), [row["name"] for row in data], SavedView.objects.count()) == (1, ["Dearest first"], 0)
