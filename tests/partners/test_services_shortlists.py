"""Shortlists: kept as they came out, decided on, worked out anew, merged and forgotten with their partners."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.foundation.refusals import RefusedError
from permea.partners import queries, rules, services
from permea.partners.models import (
    LogEntry,
    Partner,
    Shortlist,
    ShortlistDecision,
    ShortlistNote,
    ShortlistPlace,
    ShortlistVersion,
)
from permea.people.models import Membership
from permea.people.queries import seats_of
from permea.people.services import erase_person

WEIGHTS = {"capabilities": 2, "goals": 0, "style": 0, "stance": 0, "record": 0}
WISH = rules.Wish(wanted=("laser welding", "casting"), country="DE")
LATER = timedelta(minutes=2)


@pytest.fixture
def known(organisation, owner, at):
    """Return partners by name: one strong, one weak, one unknown, and one abroad."""
    made = {}
    for name, country, can in (
        ("Strong", "DE", [("Laser welding", 5), ("Casting", 4)]), ("Weak", "DE", [("Casting", 1)]),
        ("Unknown", "DE", []), ("Abroad", "FR", [("Laser welding", 5)]),
    ):  # fmt: skip
        said = services.PartnerInput(name=name, kind="startup", country=country, owner=owner)
        made[name] = services.note_partner(organisation=organisation, content=said, actor=owner, at=at)
        for what, level in can:
            content = services.CapabilityInput(kind="offers", name=what, level=level)
            services.add_capability(partner_id=made[name].pk, content=content, actor=owner, at=at)
    return made


@pytest.fixture
def keep(organisation, owner, at):
    """Return a function that keeps who fits."""

    def kept(title="Welders", **said):
        question = services.Question(
            wish=said.pop("wish", WISH), weights=said.pop("weights", WEIGHTS), length=said.pop("length", 5)
        )
        told = {"organisation": organisation, "actor": owner, "at": at, **said}
        return services.keep_shortlist(title=title, question=question, **told)

    return kept


@pytest.fixture
def decide(owner, at):
    """Return a function that decides about a partner of a shortlist."""

    def decided(shortlist, partner, choice="approach", reason="They weld.", *, actor=owner, on_at=at, **said):
        content = services.DecisionInput(choice=choice, reason=reason, **said)
        told = {"shortlist_id": shortlist.pk, "partner_id": partner.pk, "actor": actor, "at": on_at}
        return services.decide(content=content, **told)

    return decided


def refused_with(action, *said, **told):
    with pytest.raises(RefusedError) as refused:
        action(*said, **told)
    return refused.value.refusal.code


def placed(version):
    return list(version.places.order_by("place").values_list("name", flat=True))


def test_what_came_out_is_kept_with_its_question_and_stays_as_it_was(known, keep, owner, at):
    kept = keep(" Welders  2027 ")
    services.change_partner(
        partner_id=known["Strong"].pk, actor=owner, at=at,
        content=services.PartnerInput(name="Renamed", kind="startup", country="DE", owner=owner),
    )  # fmt: skip
    [line, *_others] = queries.shortlist_page(owner, kept.key).lines
    version = queries.newest_version(kept)

    assert (kept.title, version.number, placed(version)) == ("Welders 2027", 1, ["Strong", "Unknown", "Weak"])
    assert (rules.wish_of(version.wish), version.weights, version.n_compared, version.n_out) == (
        WISH, WEIGHTS, 3, {"country": 1},
    )  # fmt: skip
    assert (line.place.name, line.partner.party.name) == ("Strong", "Renamed")
    assert (line.place.matches, line.place.lacks, line.place.low < line.place.middle < line.place.high) == (
        [["laser welding", 5], ["casting", 4]], [], True,
    )  # fmt: skip
    assert placed(queries.newest_version(keep("Two", length=2))) == ["Renamed", "Unknown"]


def test_the_same_sent_twice_is_kept_once_and_nobody_is_kept_of_nobody(known, keep, member, stranger, at):
    first = keep()

    assert (keep(), keep(at=at + LATER) == first, Shortlist.objects.count()) == (first, False, 2)
    longer, other = keep(length=10), keep(weights={**WEIGHTS, "record": 4})
    assert ([one.versions.get().length for one in (first, longer)], other in (first, longer)) == ([5, 10], False)
    asked = services.Question(wish=WISH, weights=WEIGHTS, length=20)
    assert services.work_out(shortlist_id=longer.pk, question=asked, actor=first.made_by, at=at).number == 2
    assert refused_with(keep, "None", wish=rules.Wish(wanted=("x",), country="FI")) == "shortlist.empty"
    assert refused_with(keep, actor=member) == refused_with(keep, actor=stranger) == "people.not_manager"


def test_worked_out_anew_it_says_what_changed(known, keep, decide, organisation, owner, member, at):
    kept, told = keep(), {"actor": owner, "at": at}
    decide(kept, known["Unknown"])
    for name, what in (("Weak", "Laser welding"), ("Weak", "Casting")):
        can = services.CapabilityInput(kind="offers", name=what, level=5)
        services.add_capability(partner_id=known[name].pk, content=can, **told)
    services.archive(partner_id=known["Unknown"].pk, **told)
    said = services.PartnerInput(name="New", kind="startup", country="DE", owner=owner)
    new = services.note_partner(organisation=organisation, content=said, **told)
    again = services.work_out(shortlist_id=kept.pk, actor=owner, at=at + LATER)
    twice = services.work_out(shortlist_id=kept.pk, actor=owner, at=at + LATER)
    page, before = queries.shortlist_page(owner, kept.key), queries.shortlist_page(owner, kept.key, 1)

    assert (again.number, twice, placed(again)) == (2, again, ["Weak", "Strong", "New"])
    moved = [(one.before and one.before.place, one.now and one.now.place, one.found, one.lost) for one in page.moves]
    assert moved == [(3, 1, ["laser welding"], []), (1, 2, [], []), (None, 3, [], []), (2, None, [], [])]
    assert ([line.partner for line in page.beyond], page.beyond[0].decide_blocked.code) == (
        [known["Unknown"]], "partners.archived",
    )  # fmt: skip
    assert (page.is_newest, before.is_newest, before.moves, page.chosen) == (True, False, [], [])
    assert refused_with(services.work_out, shortlist_id=kept.pk, actor=member, at=at) == "people.not_manager"
    other = services.Question(wish=rules.Wish(wanted=("painting",)), weights=WEIGHTS, length=5)
    third = services.work_out(shortlist_id=kept.pk, question=other, **told)
    assert (third.number, third.wish["wanted"], new.pk in third.places.values_list("partner", flat=True)) == (
        3, ["painting"], True,
    )  # fmt: skip


def test_a_capability_that_is_gone_is_told(known, keep, owner, at):
    kept = keep()
    services.remove_capability(
        capability_id=known["Strong"].capabilities.get(name="Casting").pk, actor=owner, at=at + LATER
    )
    services.work_out(shortlist_id=kept.pk, actor=owner, at=at + LATER)
    [move] = [one for one in queries.shortlist_page(owner, kept.key).moves if one.lost]

    assert (move.now.partner, move.lost) == (known["Strong"], ["casting"])


def test_a_decision_brings_its_next_step_into_the_log_and_leaves_the_stage(known, keep, decide, owner, member, at):
    kept, day = keep(), at.date() + timedelta(days=7)
    first = decide(kept, known["Strong"], next_step=" Call them ", next_on=day, next_by=member)
    twice = decide(kept, known["Strong"], next_step="Call them", next_on=day, next_by=member)
    partner, [entry] = Partner.objects.get(pk=known["Strong"].pk), LogEntry.objects.all()
    due = queries.follow_ups(kept.organisation)
    [row] = queries.shortlists_of(kept.organisation, page=1)

    assert (twice, first.step, entry.next_by, entry.kind, entry.summary) == (
        first, entry, member, "decision", "Welders: They weld.",
    )  # fmt: skip
    assert (partner.stage, partner.talked_at, due, entry.next_step) == ("known", None, [entry], "Call them")
    listed = queries.partners_of(kept.organisation, at, filters=queries.Filters(text="strong"), page=1).page[0]
    assert (listed.last_on, row.n_waiting, row.n_by_choice, row.next_on) == (None, 2, {"approach": 1}, day)

    decide(kept, known["Strong"], "no", "Too dear.", on_at=at + LATER)
    entry.refresh_from_db()
    [row] = queries.shortlists_of(kept.organisation, page=1)
    [line, *_others] = queries.shortlist_page(member, kept.key).lines
    assert (entry.next_done_at, row.next_on, row.n_by_choice) == (at + LATER, None, {"no": 1})
    assert (line.decision.choice, line.n_decisions, queries.shortlists_with(known["Strong"])[0].decision.choice) == (
        "no", 2, "no",
    )  # fmt: skip
    decide(kept, known["Strong"], "later", "In a year.", on_at=at + 2 * LATER)
    assert ShortlistDecision.objects.count() == 3


def test_another_day_for_the_same_step_is_another_decision(known, keep, decide, at):
    kept, days = keep(), [at.date() + timedelta(days=number) for number in (7, 8)]
    first, second = (decide(kept, known["Weak"], next_step="Call them", next_on=day) for day in days)

    assert (first == second, second.step.next_on) == (False, days[1])
    assert [one.next_on for one in LogEntry.objects.filter(next_done_at__isnull=True)] == [days[1]]


def test_what_cannot_be_decided_is_refused_and_writes_nothing(known, keep, decide, owner, member, stranger, at):
    kept = keep()
    services.archive(partner_id=known["Weak"].pk, actor=owner, at=at)

    assert [
        refused_with(decide, kept, known["Weak"]),
        refused_with(decide, kept, known["Strong"], next_step="Call"),
        refused_with(decide, kept, known["Strong"], next_step="Call", next_on=at.date(), next_by=stranger),
        refused_with(decide, kept, known["Strong"], actor=member),
    ] == ["partners.archived", "partners.half_a_step", "partners.owner_not_inside", "people.not_manager"]
    with pytest.raises(Partner.DoesNotExist):
        decide(kept, known["Abroad"])
    services.close_shortlist(shortlist_id=kept.pk, actor=owner, at=at)
    closed = services.close_shortlist(shortlist_id=kept.pk, actor=owner, at=at + LATER).closed_at
    for act in (
        lambda: decide(kept, known["Strong"]),
        lambda: services.work_out(shortlist_id=kept.pk, actor=owner, at=at + LATER),
        lambda: services.rename_shortlist(shortlist_id=kept.pk, title="X", actor=owner),
    ):
        assert refused_with(act) == "shortlist.closed"
    assert (closed, LogEntry.objects.count(), ShortlistDecision.objects.count()) == (at, 0, 0)
    assert services.close_shortlist(shortlist_id=kept.pk, actor=owner, at=at, is_back=True).closed_at is None
    assert services.rename_shortlist(shortlist_id=kept.pk, title=" New  name ", actor=owner).title == "New name"


def test_notes_are_written_once_and_removed(known, keep, owner, member, at):
    kept = keep()
    told = {"shortlist_id": kept.pk, "partner_id": known["Strong"].pk, "text": " Ask Ines. ", "actor": owner}
    first, twice = (services.note_on_shortlist(**told, at=at) for _twice in range(2))
    later = services.note_on_shortlist(**told, at=at + LATER)
    [line, *_others] = queries.shortlist_page(member, kept.key).lines

    assert (first.text, twice, line.notes) == ("Ask Ines.", first, [later, first])
    assert refused_with(services.remove_note, note_id=first.pk, actor=member) == "people.not_manager"
    for _twice in range(2):
        services.remove_note(note_id=first.pk, actor=owner)
    assert list(ShortlistNote.objects.all()) == [later]


def test_merged_partners_keep_their_lines_and_get_them_back(known, keep, decide, owner, at):
    kept, told = keep(), {"actor": owner, "at": at}
    decide(kept, known["Weak"], "later", "Not now.")
    note = {"shortlist_id": kept.pk, "partner_id": known["Weak"].pk, "text": "Small."}
    services.note_on_shortlist(**note, **told)
    merge = services.merge_partners(gone_id=known["Weak"].pk, kept_id=known["Strong"].pk, **told)
    together = queries.shortlist_page(owner, kept.key)
    [row] = queries.shortlists_of(kept.organisation, page=1)
    services.part_partners(merge_id=merge.pk, **told)
    apart = queries.shortlist_page(owner, kept.key)

    def told_of(page):
        return [
            (line.place.name, line.partner.party.name, line.is_repeated, bool(line.decision), len(line.notes))
            for line in page.lines
        ]

    assert told_of(together) == [
        ("Strong", "Strong", False, True, 1), ("Unknown", "Unknown", False, False, 0),
        ("Weak", "Strong", True, True, 1),
    ]  # fmt: skip
    assert (row.n_waiting, [line[1] for line in told_of(apart)], told_of(apart)[2][3:]) == (
        1, ["Strong", "Unknown", "Weak"], (True, 1),
    )  # fmt: skip


def test_a_merge_from_before_there_were_shortlists_is_undone(known, keep, owner, at):
    told = {"actor": owner, "at": at}
    merge = services.merge_partners(gone_id=known["Weak"].pk, kept_id=known["Strong"].pk, **told)
    merge.moved = {name: pks for name, pks in merge.moved.items() if "Shortlist" not in name}
    merge.save()

    assert services.part_partners(merge_id=merge.pk, **told).undone_at == at


def test_a_partner_that_is_deleted_is_gone_from_every_version(known, keep, decide, owner):
    kept = keep()
    decide(kept, known["Strong"])
    known["Strong"].capabilities.all().delete()
    Partner.objects.get(pk=known["Strong"].pk).delete()

    assert (placed(queries.newest_version(kept)), ShortlistDecision.objects.count()) == (["Unknown", "Weak"], 0)
    assert [line.place.place for line in queries.shortlist_page(owner, kept.key).lines] == [2, 3]


def test_who_brought_a_partner_by_file_cannot_undo_that_once_it_is_on_a_shortlist(organisation, keep, owner, at):
    told = {"actor": owner, "at": at}
    found = services.stage_import(organisation=organisation, name="a.csv", content=b"", **told)
    coming = rules.ImportPartner(line=2, name="Brought", fields={"country": "DE"}, people=())
    services.take_over(import_id=found.pk, coming=[coming], n_left_out=0, met=services.Met(), **told)
    before = queries.in_use(found)
    keep()

    assert (before, queries.in_use(found)) == ([], ["Brought"])


def test_what_somebody_wrote_is_theirs_to_take_and_stays_without_a_name(known, keep, decide, manager, owner, at):
    kept = keep()
    decide(kept, known["Strong"], actor=manager)
    services.note_on_shortlist(
        shortlist_id=kept.pk, partner_id=known["Weak"].pk, text="Small.", actor=manager, at=at
    )  # fmt: skip
    mine, others = queries.personal_data(manager), queries.personal_data(owner)
    lines = [queries.erasure_lines(person).stays for person in (manager, owner)]
    erase_person(person=manager, actor=manager, at=at)

    assert [row["text"] for row in mine["shortlist_notes"]] == ["Small."]
    assert [row["reason"] for row in mine["shortlist_decisions"]] == ["They weld."]
    assert (others["shortlist_notes"], others["shortlist_decisions"]) == ([], [])
    assert (["shortlists" in line for line in lines[0]], lines[1]) == ([True], [])
    assert (ShortlistNote.objects.get().text, Membership.objects.filter(person=manager, ended_at=None).count()) == (
        "Small.", 0,
    )  # fmt: skip


def test_guests_are_told_nothing_of_their_place(partner, guest, keep, decide, owner, at):
    kept = keep(wish=rules.Wish(wanted=("wear",)))
    decide(kept, partner, "no", "Too slow for us.")
    services.note_on_shortlist(
        shortlist_id=kept.pk, partner_id=partner.pk, text="Slow.", actor=owner, at=at
    )  # fmt: skip
    told = str(queries.personal_data(guest))

    assert (seats_of(guest), "slow" in told.casefold(), "Welders" in told) == ([], False, False)


def test_every_row_names_itself(known, keep, decide, owner, at):
    kept = keep()
    decision = decide(kept, known["Strong"])
    note = services.note_on_shortlist(
        shortlist_id=kept.pk, partner_id=known["Strong"].pk, text="Good.", actor=owner, at=at
    )  # fmt: skip
    version, place = ShortlistVersion.objects.get(), ShortlistPlace.objects.order_by("place")[0]

    assert [str(row) for row in (kept, version, place, note, decision)] == [
        "Welders", f"{kept.pk} version 1", f"{version.pk} place 1", note.key, f"{known['Strong'].pk}: approach",
    ]  # fmt: skip
