"""A further partner joins a running alliance: who agrees to what, and what it reads of the time before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.agreements.models import Agreement, AgreementParty, AgreementVersion
from permea.alliances import queries, rules, services, tasks
from permea.alliances.models import Joining, Party
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.ledger.verifier import canonical, digest
from permea.notifications.models import Mail
from permea.people.queries import personal_data_of
from tests.alliances.conftest import CHARTER
from tests.cast import AT

DAY = timedelta(days=1)


def refused(write, **told):
    with pytest.raises(RefusedError) as error:
        write(**told)
    return error.value.refusal.code


def terms(**said):
    usual = {"from_on": AT.date(), "reason": "They know cold.", "roles": {}, "task": "Cool it"}
    return rules.JoiningTerms(**{**usual, **said})


@pytest.fixture
def stage(make_partner, make_alliance, owner, solver, solver_two, clock):
    """Return an alliance of the firm and a university, and a mill that may join it."""
    campus, mill = make_partner(solver), make_partner(solver_two, "Mill", "supplier")
    alliance = make_alliance(solver, parties=[campus])
    clock.at = AT + DAY
    Mail.objects.all().delete()

    class Stage:
        def propose(self, at=AT + DAY, **said):
            told = {"alliance_id": alliance.pk, "organisation": mill, "actor": owner, "at": at}
            return services.propose_joining(**told, terms=terms(from_on=at.date(), **said))

        def agree(self, joining, *people, at=AT + DAY):
            for person in people:
                services.agree_to_joining(joining_id=joining.pk, seen=joining.sha256, actor=person, at=at)
            joining.refresh_from_db()
            return joining

        def join(self, at=AT + DAY, **said):
            joining = self.propose(at, **said)
            return self.agree(joining, owner, solver, solver_two, at=at)

    made = Stage()
    made.alliance, made.campus, made.mill = alliance, campus, mill
    return made


def test_a_partner_joins_once_all_parties_and_then_itself_have_agreed_and_sees_nothing_before(
    stage, owner, member, solver, solver_two, client_of
):
    first, told = stage.alliance.charter, {"at": AT + DAY}
    joining = stage.propose()
    assert (stage.propose(), Joining.objects.count()) == (joining, 1)
    place, outside = f"/alliances/joinings/{joining.key}/", client_of(solver_two)
    paths = [place, f"/alliances/{stage.alliance.key}/", f"/alliances/{stage.alliance.key}/pulse/"]
    assert [outside.get(path).status_code for path in paths] == [404, 404, 404]
    answer = {"joining_id": joining.pk, "seen": joining.sha256, **told}
    codes = [
        refused(services.agree_to_joining, **answer, actor=solver_two),
        refused(services.agree_to_joining, **answer, actor=member),
        refused(services.agree_to_joining, **{**answer, "seen": ""}, actor=solver),
        refused(services.refuse_joining, **answer, reason=" ", actor=solver),
        refused(services.write_charter, alliance_id=stage.alliance.pk, content=CHARTER, note="", actor=owner, **told),
        refused(services.withdraw_joining, joining_id=joining.pk, actor=solver, **told),
    ]
    assert codes == [
        "alliances.not_a_party", "alliances.not_binding", "alliances.joining_changed", "alliances.no_reason",
        "alliances.joining_waits", "alliances.firm_withdraws",
    ]  # fmt: skip
    stage.agree(joining, solver)
    assert refused(services.agree_to_joining, **answer, actor=solver) == "alliances.joining_answered"
    assert outside.get(place).status_code == 404
    stage.agree(joining, owner)
    read = outside.get(place).text
    assert ("A gripper for soft fruit." in read, "Cool it" in read, "Olga Owner" in read) == (True, True, False)
    assert ("Asked to join" in outside.get("/my/alliances/").text, outside.get(paths[1]).status_code) == (True, 404)
    outside.post(f"{place}agree/", {"seen": joining.sha256})
    joining.refresh_from_db()
    stage.alliance.refresh_from_db()
    party = Party.objects.get(organisation=stage.mill)
    assert (party.key, party.number, party.joined_at, party.reads_from) == (
        joining.party_key, 2, AT + DAY, AT + DAY,
    )  # fmt: skip
    charter = stage.alliance.charter
    assert (charter.number, charter.sha256, charter.acceptances.count()) == (2, joining.charter_sha256, 3)
    assert charter.content["tasks"] == [{"name": "Cool it", "roles": {party.key: "RA"}}]
    assert (first.number, [outside.get(path).status_code for path in paths]) == (1, [200, 200, 200])
    again = outside.post(f"{place}agree/", {"seen": joining.sha256})
    assert (again.status_code, refused(services.withdraw_joining, joining_id=joining.pk, actor=owner, **told)) == (
        409, "alliances.joining_over",
    )  # fmt: skip
    rows = Crossing.objects.filter(kind__contains="join").order_by("number")
    assert [(one.kind.removeprefix("alliance."), one.direction, one.counterparty_key) for one in rows] == [
        ("joining_proposed", "out", stage.campus.key), ("joining_agreed", "in", stage.campus.key),
        ("joining_agreed", "out", stage.campus.key), ("joining_shown", "out", stage.mill.key),
        ("joining_agreed", "in", stage.mill.key), ("joined", "in", stage.mill.key),
    ]  # fmt: skip
    sent = Mail.objects.order_by("pk").values_list("person__name", "subject")
    assert [(name, subject.split("“")[0]) for name, subject in sent] == [
        ("Sam Solver", "Lindenhof Robotics proposes a further partner for "),
        ("Sina Solver", "Lindenhof Robotics asks you to join "),
        ("Olga Owner", "Mill has joined "), ("Sam Solver", "Mill has joined "),
    ]  # fmt: skip
    known = personal_data_of(solver_two)["joinings_answered"] + personal_data_of(owner)["joinings_proposed"]
    assert [row["alliance"] for row in known] == ["Soft gripper", "Soft gripper"]


def test_a_refusal_or_the_firm_ends_it_and_who_would_join_sees_it_no_more(stage, owner, solver, solver_two, client_of):
    pages, outside, guest = client_of(owner), client_of(solver_two), client_of(solver)
    joining = stage.propose()
    place = f"/alliances/joinings/{joining.key}/"
    said = [guest.post(f"{place}refuse/", {"seen": joining.sha256, "reason": why}) for why in ("", "No.")]
    assert [one.status_code for one in said] == [409, 302]
    assert ("No." in pages.get(place).text, pages.post(f"{place}withdraw/").status_code) == (True, 409)
    second = stage.agree(stage.propose(AT + 2 * DAY), owner, solver, at=AT + 2 * DAY)
    place = f"/alliances/joinings/{second.key}/"
    once, twice = (outside.post(f"{place}refuse/", {"seen": second.sha256, "reason": "Too much."}) for _n in range(2))
    assert (once.url, twice.url, second.answers.filter(agrees=False).count()) == ("/my/alliances/", "/my/alliances/", 1)
    assert (outside.get(place).status_code, guest.get(place).status_code) == (404, 200)
    third = stage.agree(stage.propose(AT + 3 * DAY), owner, solver, at=AT + 3 * DAY)
    place = f"/alliances/joinings/{third.key}/"
    assert (pages.post(f"{place}withdraw/").status_code, outside.get(place).status_code) == (302, 404)
    told = list(Mail.objects.filter(person=solver_two).order_by("pk").values_list("subject", flat=True))
    assert ["no longer proposes" in subject for subject in told] == [False, False, True]
    assert Party.objects.count() == 2


def test_the_firm_alone_proposes_whom_it_knows_with_a_role_from_a_day_on(
    stage, owner, solver, stranger, client_of, make_alliance, make_partner, make_person
):
    pages = client_of(owner)
    address = f"/alliances/{stage.alliance.key}/join/"
    said = {"partner": stage.mill.key, "from_on": "2026-03-03", "reason": "Cold.", "task": ""}
    shown = pages.get(address).text
    assert ("Mill" in shown, "Campus" in shown) == (True, False)
    assert [pages.post(address, one).status_code for one in ({}, said, {**said, "task": "Cool it"})] == [422, 409, 302]
    assert [client_of(one).get(address).status_code for one in (solver, stranger)] == [404, 404]
    assert "Mill" in pages.get(f"/alliances/{stage.alliance.key}/").text
    told = {"alliance_id": stage.alliance.pk, "organisation": stage.mill, "actor": owner, "at": AT + DAY}
    wrong = [
        refused(services.propose_joining, **{**told, "actor": solver}, terms=terms()),
        refused(services.propose_joining, **{**told, "organisation": stage.campus}, terms=terms()),
        refused(services.propose_joining, **told, terms=terms(from_on=AT.date(), reason="")),
        refused(services.propose_joining, **told, terms=terms(from_on=AT.date())),
        refused(services.propose_joining, **told, terms=terms(from_on=(AT + 99 * DAY).date())),
        refused(services.propose_joining, **told, terms=terms(from_on=(AT + 2 * DAY).date())),
    ]
    assert wrong == [
        "alliances.firm_proposes", "alliances.no_partner", "alliances.no_reason", "alliances.joining_day",
        "alliances.joining_day", "alliances.joining_waits",
    ]  # fmt: skip
    parties = [make_partner(make_person(f"p{n}@x.example", f"P {n}"), f"Partner {n}") for n in range(6)]
    people = [seat.memberships.get().person for seat in parties]
    full = make_alliance(solver, *people, parties=[stage.campus, *parties], title="Full")
    assert refused(services.propose_joining, **{**told, "alliance_id": full.pk}, terms=terms()) == "alliances.too_many"
    draft = make_alliance(parties=[stage.campus], is_live=False, title="Draft")
    later = {**told, "terms": terms(from_on=(AT + DAY).date())}
    assert (draft.charter, refused(services.propose_joining, **{**later, "alliance_id": draft.pk})) == (
        None, "alliances.not_live",
    )  # fmt: skip
    assert pages.get(f"/alliances/{draft.key}/join/").status_code == 200


def test_nobody_joins_while_the_charter_changes_or_the_alliance_ends(stage, owner, solver, client_of):
    told = {"alliance_id": stage.alliance.pk, "actor": owner, "at": AT + DAY}
    newer = services.write_charter(**told, content={**CHARTER, "exit": "At once."}, note="")
    assert refused(stage.propose) == "alliances.charter_waits"
    for person in (owner, solver):
        services.accept_charter(**{**told, "actor": person}, seen=newer.sha256)
    joining = stage.propose()
    services.ask_to_close(**told, reason="It is done.", days=7)
    with pytest.raises(RefusedError) as error:
        stage.agree(joining, solver)
    assert error.value.refusal.code == "alliances.closing_waits"
    services.withdraw_joining(joining_id=joining.pk, actor=owner, at=AT + DAY)
    page = client_of(owner).get(f"/alliances/{stage.alliance.key}/").text
    assert ("While that is open, nobody joins." in page, "Propose a further partner" in page) == (True, False)


def test_it_is_a_party_from_its_day_on_and_not_before(stage, owner, solver, solver_two):
    told = {"alliance_id": stage.alliance.pk, "organisation": stage.mill, "actor": owner, "at": AT + DAY}
    joining = services.propose_joining(**told, terms=terms(from_on=(AT + 3 * DAY).date()))
    stage.agree(joining, owner, solver, solver_two)
    assert (joining.agreed_at, joining.entered_at) == (AT + DAY, None)
    services.enter(joining_id=joining.pk, at=AT + 2 * DAY)
    tasks.let_parties_in(AT + 2 * DAY)
    assert (Party.objects.count(), refused(services.withdraw_joining, joining_id=joining.pk, actor=owner, at=AT)) == (
        2, "alliances.joining_over",
    )  # fmt: skip
    services.ask_to_close(alliance_id=stage.alliance.pk, reason="Done.", days=7, actor=solver, at=AT + 2 * DAY)
    tasks.let_parties_in(AT + 3 * DAY)
    assert Party.objects.count() == 2
    services.take_back_closing(alliance_id=stage.alliance.pk, actor=solver, at=AT + 3 * DAY)
    tasks.let_parties_in(AT + 4 * DAY)
    joining.refresh_from_db()
    assert (Party.objects.count(), joining.entered_at) == (3, AT + 4 * DAY)


def test_the_charter_rests_on_an_agreement_that_covers_who_joins(stage, organisation, owner, solver, solver_two):
    def agree_on(title, **said):
        usual = {"kind": "development", "status": "signed", "was_offered": True, "valid_from": AT, "purposes": []}
        made = Agreement.objects.create(
            organisation=organisation, title=title, created_by=owner, created_at=AT, **{**usual, **said}
        )
        AgreementVersion.objects.create(agreement=made, number=1, body="x", written_by=owner, written_at=AT)
        return made

    named = agree_on("Joint development")
    AgreementParty.objects.create(agreement=named, organisation=stage.campus)
    told = {"alliance_id": stage.alliance.pk, "at": AT + DAY}
    charter = services.write_charter(**told, content={**CHARTER, "agreement": named.key}, note="", actor=owner)
    for person in (owner, solver):
        services.accept_charter(**told, seen=charter.sha256, actor=person)
    own = agree_on("With the mill", purposes=["evaluate"])
    AgreementParty.objects.create(agreement=own, organisation=stage.mill)
    assert refused(stage.propose) == "alliances.joining_not_covered"
    Agreement.objects.filter(pk=own.pk).update(purposes=["develop"])
    joining = stage.propose()
    assert [queries.joining_page(one, joining.key).agreement for one in (owner, solver)] == [own, None]
    Agreement.objects.filter(pk=own.pk).update(ended_at=AT)
    answer = {"joining_id": joining.pk, "seen": joining.sha256, "actor": solver, "at": AT + DAY}
    assert refused(services.agree_to_joining, **answer) == "alliances.joining_not_covered"
    services.withdraw_joining(joining_id=joining.pk, actor=owner, at=AT + DAY)
    Agreement.objects.filter(pk=own.pk).update(ended_at=None)
    joined = stage.join(AT + 2 * DAY)
    pages = [queries.charter_page(one, stage.alliance.key) for one in (solver, solver_two)]
    offered = queries.agreements_between(pages[0].alliance)
    assert (joined.agreement, [one.agreement for one in pages], offered) == (own, [named, None], [named])
    AgreementParty.objects.create(agreement=named, organisation=stage.mill)
    assert queries.cover_for(pages[0].alliance, stage.mill, AT) == (named, named)
    assert queries.charter_page(solver_two, stage.alliance.key).agreement == named


@pytest.mark.parametrize("reads_all", [False, True])
def test_what_came_before_stays_as_it_was_and_is_read_only_if_all_agreed_to_that(  # noqa: PLR0915 - one story
    stage, put_in, owner, solver, solver_two, client_of, clock, reads_all
):
    told = {"alliance_id": stage.alliance.pk, "actor": owner, "at": AT + DAY}
    line = put_in(stage.alliance, owner, 900, at=AT + DAY)
    services.answer_line(line_id=line.pk, kind="confirmed", actor=solver, at=AT + DAY)
    for person in (owner, solver):
        services.answer_pulse(**{**told, "actor": person}, marks=[4] * 5, words="")
    matter = services.raise_matter(**told, text="It drips.", days=7)
    halves = rules.SplitInput(way="equal")
    done, waiting = (services.name_result(**told, title=title, text="") for title in ("Old patent", "New patent"))
    splits = [
        services.propose_split(result_id=one.pk, said=halves, actor=owner, at=AT + DAY) for one in (done, waiting)
    ]  # fmt: skip
    for person in (owner, solver):
        services.accept_split(result_id=done.pk, seen=splits[0].sha256, actor=person, at=AT + DAY)
    clock.at = AT + 2 * DAY
    joining = stage.join(AT + 2 * DAY, reads_all=reads_all)
    outside, pages = client_of(solver_two), client_of(owner)
    place = f"/alliances/{stage.alliance.key}/"
    paths = [f"/alliances/contributions/{line.key}/", f"/alliances/results/{done.key}/"]
    assert [outside.get(path).status_code for path in paths] == [200 if reads_all else 404] * 2
    solved = outside.post(f"/alliances/matters/{matter.key}/solve/", {"outcome": "Tight."})
    texts = [outside.get(f"{place}{page}").text for page in ("contributions/", "results/", "pulse/", "closing/")]
    assert [solved.status_code, "Worth 900" in texts[0], "Old patent" in texts[1], "It drips." in texts[2]] == [
        409 if reads_all else 404, reads_all, reads_all, reads_all,
    ]  # fmt: skip
    assert ("New patent" in texts[1], "asked from the next one on" in texts[2] or "Every side has" in texts[2]) == (
        True, True,
    )  # fmt: skip
    rating = {"marks": [1] * 5, "words": "", "actor": solver_two, "at": AT + 2 * DAY}
    assert refused(services.answer_pulse, alliance_id=stage.alliance.pk, **rating) == "alliances.pulse_next"
    shown = queries.pulse_page(owner, stage.alliance.key, AT + 2 * DAY)
    assert (shown.is_shown, shown.means, shown.questions[0].marks) == (True, [4, 4, None], [4, 4, None])
    names = [one.name for one in queries.people_on_step(matter)]
    assert ("Sina Solver" in names) == reads_all
    balances = queries.lines_page(owner, stage.alliance.key).balances
    assert [(one.given, one.received) for one in balances] == [(900, 0), (0, 900), (0, 0)]
    agreeing = {"result_id": waiting.pk, "seen": splits[1].sha256, "actor": solver, "at": AT + 2 * DAY}
    assert refused(services.accept_split, **agreeing) == "alliances.split_outdated"
    assert "has joined since this was proposed" in pages.get(f"/alliances/results/{waiting.key}/").text
    by_book = rules.SplitInput(way="proportional", note="By the book.")
    third = services.propose_split(result_id=waiting.pk, said=by_book, actor=owner, at=AT + 2 * DAY)
    assert [row["share"] for row in third.content["shares"]] == [100000, 0, 0]
    counted = outside.get(f"/alliances/results/{waiting.key}/").text
    assert ("from before your side joined counted" in counted) == (not reads_all)
    if reads_all:
        again = {"result_id": done.pk, "said": by_book, "actor": solver_two, "at": AT + 2 * DAY}
        assert refused(services.propose_split, **again) == "alliances.not_dividing"
    clock.at = AT + 40 * DAY
    for person in (owner, solver, solver_two):
        services.answer_pulse(**{**told, "actor": person, "at": AT + 40 * DAY}, marks=[5] * 5, words="")
    rounds = [queries.pulse_page(one, stage.alliance.key, AT + 40 * DAY) for one in (owner, solver_two)]
    assert [len(one.rounds) for one in rounds] == [2, 2 if reads_all else 1]
    outside, pages = client_of(solver_two), client_of(owner)
    taken = outside.post(f"{place}alliance.json").json()
    n_before = 1 if reads_all else 0
    assert [len(taken[name]) for name in ("lines", "results", "charters", "pulse")] == [
        n_before, 1 + n_before, 1 + n_before, 1 + n_before,
    ]  # fmt: skip
    whole = pages.post(f"{place}alliance.json").json()
    for one in whole["joinings"]:
        assert one["sha256"] == digest(canonical(one["hashed"]))
        assert [row["agrees"] for row in one["answers"]] == [True] * 3
    names = ("alliance", "title", "currency")
    for one in whole["charters"]:
        said = {name: whole[name] for name in names} | {name: one[name] for name in ("parties", "number", "content")}
        assert one["sha256"] == digest(canonical(said))
    for result in whole["results"]:
        assert all(one["sha256"] == digest(canonical(one["hashed"])) for one in result["splits"])
    assert (whole["joinings"][0]["hashed"]["charter"], joining.charter_sha256) == (
        whole["charters"][-1]["sha256"], whole["charters"][-1]["sha256"],
    )  # fmt: skip
    book = outside.post(f"{place}book.csv").text
    assert ("Worth 900" in book) == reads_all


def test_lines_for_all_others_are_for_the_parties_of_then(
    make_partner, make_alliance, put_in, owner, solver, solver_two, make_person, clock
):
    third = make_person("third@mill.example", "Thea Third")
    campus, mill, late = make_partner(solver), make_partner(solver_two, "Mill", "supplier"), make_partner(third, "Late")
    alliance = make_alliance(solver, solver_two, parties=[campus, mill])
    line = put_in(alliance, owner, 600)
    told = {"at": AT + DAY}
    said = rules.JoiningTerms(from_on=(AT + DAY).date(), reason="More.", roles={}, task="Help", reads_all=True)
    joining = services.propose_joining(alliance_id=alliance.pk, organisation=late, terms=said, actor=owner, **told)
    for person in (owner, solver, solver_two, third):
        services.agree_to_joining(joining_id=joining.pk, seen=joining.sha256, actor=person, **told)
    answer = {"line_id": line.pk, "kind": "confirmed", **told}
    assert refused(services.answer_line, **answer, actor=third) == "alliances.not_concerned"
    services.answer_line(**answer, actor=solver)
    Mail.objects.all().delete()
    fixed = put_in(alliance, owner, 300, corrects=line, at=AT + 2 * DAY)
    assert "Thea Third" not in Mail.objects.values_list("person__name", flat=True)
    services.answer_line(line_id=fixed.pk, kind="confirmed", actor=solver, at=AT + 2 * DAY)
    newer = put_in(alliance, owner, 900, at=AT + 2 * DAY)
    services.answer_line(line_id=newer.pk, kind="confirmed", actor=third, at=AT + 2 * DAY)
    received = [one.received for one in queries.lines_page(owner, alliance.key).balances]
    assert received == [0, 450, 450, 300]


def test_milestones_that_were_reached_before_are_not_shown(stage, owner, solver, solver_two, client_of):
    dated = {**CHARTER, "milestones": [{"name": "First berry", "due": ""}, {"name": "Second berry", "due": ""}]}
    told = {"alliance_id": stage.alliance.pk, "at": AT + DAY}
    charter = services.write_charter(**told, content=dated, note="", actor=owner)
    for person in (owner, solver):
        services.accept_charter(**told, seen=charter.sha256, actor=person)
    reached = services.reach_milestone(**told, milestone="First berry", on=AT.date(), actor=owner)
    services.confirm_milestone(reached_id=reached.pk, seen=AT.date(), actor=solver, at=AT + DAY)
    joining = services.propose_joining(
        alliance_id=stage.alliance.pk, organisation=stage.mill, actor=owner, at=AT + 2 * DAY,
        terms=terms(from_on=(AT + 2 * DAY).date()),
    )  # fmt: skip
    stage.agree(joining, owner, solver, solver_two, at=AT + 2 * DAY)
    page = queries.charter_page(solver_two, stage.alliance.key)
    assert ([row.name for row in page.milestones], len(page.versions)) == (["Second berry"], 1)
    confirming = client_of(solver_two).post(f"/alliances/milestones/{reached.key}/confirm/", {"on": "2026-03-02"})
    assert confirming.status_code == 404


def test_a_partner_takes_a_role_in_the_tasks_that_are_there(stage, owner, solver, client_of):
    told = {"alliance_id": stage.alliance.pk, "at": AT + DAY}
    firm, campus = stage.alliance.parties.order_by("number").values_list("key", flat=True)
    tasks_of = [{"name": "Build it", "roles": {firm: "RA"}}, {"name": "Try it", "roles": {campus: "RA"}}]
    charter = services.write_charter(**told, content={**CHARTER, "tasks": tasks_of}, note="", actor=owner)
    for person in (owner, solver):
        services.accept_charter(**told, seen=charter.sha256, actor=person)
    pages, said = client_of(owner), {"partner": stage.mill.key, "from_on": "2026-03-03", "reason": "Cold."}
    address = f"/alliances/{stage.alliance.key}/join/"
    unclear = pages.post(address, {**said, "role_0": "A"})
    shown = pages.get(pages.post(address, {**said, "role_0": "C"}).url).text
    joining = Joining.objects.get()
    assert (unclear.status_code, joining.content["tasks"]) == (
        409, [{"name": "Build it", "roles": {firm: "RA", joining.party_key: "C"}}, tasks_of[1]],
    )  # fmt: skip
    assert ("is asked before" in shown, str(joining), str(joining.answers.model(joining=joining))) == (
        True, joining.key, f"{joining.pk} None",
    )  # fmt: skip
