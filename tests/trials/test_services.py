"""Panels and concept tests: who agreed is asked once, who leaves is nobody's, and answers say no more than they can."""

import pytest
from django.db import IntegrityError, transaction

from permea.foundation.refusals import RefusedError
from permea.foundation.scanning import TEST_FILE
from permea.ideas import services as ideas
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.people import services as people
from permea.people.queries import erasure_lines_of, personal_data_of
from permea.trials import queries, rules, services, tasks
from permea.trials.models import Choice, PanelMember, Respondent, Variant
from tests import clamd
from tests.cast import AT
from tests.ideas.pictures import SECRET, jpeg
from tests.trials.conftest import DAY

PHOTO = ideas.Photo(name="cart.jpg", content=jpeg(6))


def refused(service, **values):
    with pytest.raises(RefusedError) as error:
        service(**values)
    return error.value.refusal.code


def crossings(*kinds):
    rows = Crossing.objects.filter(kind__in=kinds).order_by("number")
    return [(row.kind, row.direction, row.depth) for row in rows]


def mails(kind):
    return sorted(Mail.objects.filter(kind=kind).exclude(to="").values_list("to", flat=True))


# --- panels


def test_who_agrees_is_recorded_with_version_and_time(panel, join, at):
    waiting = join("Ada Able", agrees=False)
    agreed = join("Cora Customer")
    services.agree(member_id=agreed.pk, version=1, at=at + DAY)

    agreed.refresh_from_db()
    assert (waiting.status, waiting.consent, agreed.status, agreed.consent.version, agreed.consented_at) == (
        "invited", None, "joined", 1, at,
    )  # fmt: skip
    assert crossings("consent.given") == [("consent.given", "in", "invited")]
    assert mails("customer_panel_invitation") == ["ada@customer.example", "cora@customer.example"]
    assert [member.pk for member in queries.joined_members(panel)] == [agreed.pk]


def test_a_new_wording_is_a_new_version_and_the_old_one_stays_agreed(panel, join, owner, at):
    member = join()
    said = services.PanelInput(title="Users", purpose="Six questions a year.", keep_months=12)
    for _twice in range(2):
        services.change_panel(panel_id=panel.pk, content=said, actor=owner, at=at)

    assert refused(services.agree, member_id=member.pk, version=1, at=at) == "trials.text_changed"
    assert [text.version for text in queries.panel_page(owner, panel.key).texts] == [2, 1]
    assert (member.consent.version, services.agree(member_id=member.pk, version=2, at=at).consent.version) == (1, 2)


def test_people_are_invited_once_and_never_after_they_left(panel, owner, join, at):
    gone = join("Gone Guest")
    services.leave(member_id=gone.pk, at=at)
    lines = ["Ada Example <ada@customer.example>", "ADA@customer.example", "", "gone@customer.example"]
    told = {"panel_id": panel.pk, "actor": owner, "at": at}

    assert services.invite(**told, lines=lines) == (1, 1)
    assert services.invite(**told, lines=lines) == (0, 2)
    assert refused(services.invite, **told, lines=["no address"]) == "trials.no_address"
    assert mails("customer_panel_invitation") == ["ada@customer.example"]


def test_the_same_form_and_the_same_address_join_once(panel, join, owner, at):
    first = join("Cora Customer", agrees=False)
    again = services.ask_to_join(panel_id=panel.pk, name="C", email="CORA@customer.example", seed="other", at=at)

    assert (join("Cora Customer", agrees=False).pk, again.pk, PanelMember.objects.count()) == (first.pk, first.pk, 1)
    assert len(mails("customer_panel_invitation")) == 2
    unnamed = [services.ask_to_join(panel_id=panel.pk, name="", email="", seed=seed, at=at) for seed in "ab"]
    assert unnamed[0].pk != unnamed[1].pk
    closed = services.PanelInput(title="Users", purpose="Ask.", is_joinable=False)
    services.change_panel(panel_id=panel.pk, content=closed, actor=owner, at=at)
    told = {"panel_id": panel.pk, "name": "", "email": "", "at": at}
    assert refused(services.ask_to_join, **told, seed="new") == "trials.not_joinable"


def test_who_leaves_is_asked_nothing_more_and_the_result_stays_the_same(panel, join, make_test, pick, owner, at):
    test = make_test(panel=panel, is_open=False)
    members = [join(f"{name} Customer") for name in ("Ann", "Ben", "Cem", "Dan", "Eve", "Flo")]
    test = services.open_test(test_id=test.pk, actor=owner, at=at)
    for place in Respondent.objects.filter(member__in=members[:5]):
        for _twice in range(2):
            services.begin_place(respondent_id=place.pk, at=at)
        services.answer_step(respondent_id=place.pk, said=services.StepInput(step=0, choice="left"), at=at)
    before, counts = queries.measures_of(test), queries.counts_of(test)
    assert len(mails("concept_test")) == 6
    for member in members:
        services.leave(member_id=member.pk, at=at + DAY / 2, with_texts=True)

    places = list(Respondent.objects.filter(test=test).values_list("member", "cut_off_at").distinct())
    gone = PanelMember.objects.get(pk=members[0].pk)
    assert (queries.measures_of(test), queries.counts_of(test), places) == (before, counts, [(None, at + DAY / 2)])
    assert (gone.name, gone.email, gone.status, mails("concept_test"), mails("customer_panel_invitation")) == (
        "", "", "left", [], [],
    )  # fmt: skip
    assert refused(services.leave, member_id=gone.pk, at=at) == "trials.has_left"
    assert refused(services.agree, member_id=gone.pk, version=1, at=at) == "trials.has_left"
    left = Respondent.objects.filter(finished_at__isnull=True).get()
    assert refused(services.begin_place, respondent_id=left.pk, at=at) == "trials.has_left"
    assert queries.member_data(gone)["tests"] == []
    assert crossings("consent.withdrawn") == [("consent.withdrawn", "in", "invited")] * 6


def test_who_agrees_later_is_asked_what_is_open(panel, make_test, join, at):
    make_test(panel=panel)
    make_test(panel=panel, is_open=False)
    member = join()

    own = queries.membership(member, at)
    assert ([place.test.title for place in own.respondents], own.is_agreed, mails("concept_test")) == (
        ["Which cart?"], True, ["cora@customer.example"],
    )  # fmt: skip


def test_time_ends_and_the_firm_lets_people_go(panel, join, owner, member, at):
    slow, agreed, third = join("Slow Guest", agrees=False), join(), join("Third Guest")
    assert refused(services.remove_member, member_id=third.pk, actor=member, at=at) == "people.not_manager"
    services.remove_member(member_id=third.pk, actor=owner, at=at)
    counts = [services.end_overdue(at=at + days * DAY) for days in (29, 30, 700, 731)]
    tasks.end_overdue(at + 800 * DAY)

    assert counts == [0, 1, 0, 1]
    states = PanelMember.objects.order_by("pk").values_list("status", "email")
    assert (list(states), slow.pk < agreed.pk) == ([("ended", "")] * 3, True)
    # whom the firm or the time let go may be invited again
    told = {"panel_id": panel.pk, "actor": owner, "at": at, "lines": ["third@customer.example"]}
    assert services.invite(**told) == (1, 0)


def test_a_person_downloads_and_erases_what_panels_hold(panel, make_person, at):
    person = make_person("cora@customer.example", "Cora")
    unasked = erasure_lines_of(make_person("other@customer.example"))
    member = services.ask_to_join(panel_id=panel.pk, name="Cora", email="Cora@customer.example", seed="s", at=at)
    services.agree(member_id=member.pk, version=1, at=at)

    held = personal_data_of(person)["customer_panels"]
    assert [(row["panel"], row["agreed_to_version"]) for row in held] == [("Warehouse users", 1)]
    said = "Your place on customer panels, with the name and address that stand there."
    assert (said in erasure_lines_of(person).goes, said in unasked.goes) == (True, False)
    people.erase_person(person=person, actor=person, at=at, with_texts=True)
    member.refresh_from_db()
    assert (member.status, member.email, list(queries.participants_at(""))) == ("left", "", [])


def test_what_no_panel_may_be(organisation, owner, member, panel, at):
    said = services.PanelInput(title="T", purpose=" ")
    told = {"organisation": organisation, "at": at}
    assert refused(services.create_panel, **told, content=said, actor=owner) == "trials.no_purpose"
    said = services.PanelInput(title="T", purpose="P", keep_months=61)
    assert refused(services.create_panel, **told, content=said, actor=owner) == "trials.no_end"
    assert refused(services.create_panel, **told, content=said, actor=member) == "people.not_manager"
    with pytest.raises(IntegrityError), transaction.atomic():
        PanelMember.objects.create(panel=panel, status="joined", invited_at=at)


# --- concept tests


def test_drafts_change_and_what_was_asked_does_not(make_test, owner, member, organisation, at, folder):
    test = make_test("A", "B", "C", is_open=False, kind="scales")
    first = test.variants.get(position=0)
    with_photo = services.VariantInput(title="A", picture=PHOTO)
    services.change_variant(variant_id=first.pk, content=with_photo, actor=owner)
    first.refresh_from_db()
    assert SECRET not in (ideas.storage.root() / first.picture_path).read_bytes()
    assert queries.is_named_picture(first.picture_path)
    services.remove_variant(variant_id=test.variants.get(position=1).pk, actor=owner)
    assert list(test.variants.order_by("position").values_list("title", "position")) == [("A", 0), ("C", 1)]
    without = services.VariantInput(title="A", drops_picture=True)
    services.change_variant(variant_id=first.pk, content=without, actor=owner)
    too_long = services.VariantInput(title="A", text="x" * 1201, picture=PHOTO)
    assert refused(services.change_variant, variant_id=first.pk, content=too_long, actor=owner) == (
        "trials.variant_too_long"
    )
    services.change_variant(variant_id=first.pk, content=services.VariantInput(title="A", text="New."), actor=owner)
    no_title = services.VariantInput(title=" ")
    assert refused(services.add_variant, test_id=test.pk, content=no_title, actor=owner) == "trials.no_title"
    assert refused(services.open_test, test_id=test.pk, actor=member, at=at) == "people.not_manager"

    services.open_test(test_id=test.pk, actor=owner, at=at)
    fresh = services.VariantInput(title="D")
    assert {
        refused(services.add_variant, test_id=test.pk, content=fresh, actor=owner),
        refused(services.change_variant, variant_id=first.pk, content=fresh, actor=owner),
        refused(services.remove_variant, variant_id=first.pk, actor=owner),
        refused(services.discard_test, test_id=test.pk, actor=owner),
    } == {"trials.was_asked"}
    assert refused(services.open_test, test_id=test.pk, actor=owner, at=at) == "trials.is_open"
    assert crossings("concept.shown") == [("concept.shown", "out", "public")]


def test_a_picture_goes_the_way_of_every_upload(make_test, owner, settings, folder):
    test = make_test(is_open=False)
    with clamd.running() as (_daemon, settings.CLAMAV):
        codes = [
            refused(
                services.add_variant,
                test_id=test.pk,
                content=services.VariantInput(title="C", picture=ideas.Photo(name=name, content=content)),
                actor=owner,
            )
            for name, content in (("c.jpg", jpeg(6) + TEST_FILE), ("c.jpg", b"no picture"), ("c.svg", b"<svg/>"))
        ]
        services.add_variant(test_id=test.pk, content=services.VariantInput(title="C", picture=PHOTO), actor=owner)

    kept = [path for path in (folder / "files").rglob("*") if path.is_file()]
    assert codes == ["file.infected", "box.photo_unreadable", "box.photo_kind"]
    assert len(kept) == 1


@pytest.mark.django_db(transaction=True)
def test_pictures_go_with_a_draft(make_test, owner):
    test = make_test("A", is_open=False)
    services.add_variant(
        test_id=test.pk, content=services.VariantInput(title="B", picture=PHOTO), actor=owner
    )  # fmt: skip
    path = ideas.storage.root() / Variant.objects.get(title="B").picture_path
    assert path.exists()
    services.discard_test(test_id=test.pk, actor=owner)

    assert (path.exists(), Variant.objects.count()) == (False, 0)


@pytest.mark.parametrize(
    ("said", "titles", "code"),
    [
        ({}, ("A",), "trials.too_few_variants"),
        ({"kind": "scales", "questions": ()}, ("A", "B"), "trials.no_questions"),
        ({"takes_anyone": False}, ("A", "B"), "trials.nobody_asked"),
        ({"closes_at": AT}, ("A", "B"), "trials.no_closing"),
        ({"panel": "other"}, ("A", "B"), "DoesNotExist"),
    ],
)
def test_what_is_not_whole_does_not_open(make_test, owner, other_organisation, other_owner, at, said, titles, code):
    if said.get("panel"):
        theirs = services.PanelInput(title="Theirs", purpose="Ask.")
        panel = services.create_panel(organisation=other_organisation, content=theirs, actor=other_owner, at=at)
        with pytest.raises(type(panel).DoesNotExist):
            make_test(*titles, panel=panel)
        return
    test = make_test(*titles, is_open=False, **said)
    assert refused(services.open_test, test_id=test.pk, actor=owner, at=at) == code


def test_one_form_answers_once_and_the_better_variant_is_told(make_test, pick, owner, at):
    test = make_test("A", "B", "C", n_pairs=3)
    for number in range(12):
        pick(test, f"seed {number}", "B")
    same = services.begin(test_id=test.pk, seed="seed 0", at=at)
    assert refused(services.answer_step, respondent_id=same.pk, said=services.StepInput(step=0), at=at) == (
        "trials.finished"
    )
    unfinished = services.begin(test_id=test.pk, seed="unfinished", at=at)
    services.answer_step(respondent_id=unfinished.pk, said=services.StepInput(step=0, choice="right"), at=at)
    told = {"respondent_id": unfinished.pk, "at": at}
    assert refused(services.answer_step, **told, said=services.StepInput(step=0, choice="left")) == "trials.other_step"
    assert refused(services.answer_step, **told, said=services.StepInput(step=1, choice="?")) == "trials.no_answer"
    assert queries.results_page(owner, test.key, at).code == "trials.not_closed"
    services.close_test(test_id=test.pk, actor=owner, at=at + DAY / 2)
    assert refused(services.close_test, test_id=test.pk, actor=owner, at=at + DAY) == "trials.not_open"

    shown = queries.results_page(owner, test.key, at + DAY)
    measure = shown.measures[0]
    assert (measure.lines[0].label, measure.is_clear, measure.n, shown.counts.n_finished, shown.counts.n_begun) == (
        "B", True, 12, 12, 13,
    )  # fmt: skip
    assert measure.verdict.startswith("“B” is ahead of all others. “B” is preferred to “A” by 100 % [")
    assert crossings("concept.answered") == [("concept.answered", "in", "invited")] * 12
    assert refused(services.begin, test_id=test.pk, seed="late", at=at + DAY) == "trials.closed"
    with pytest.raises(IntegrityError), transaction.atomic():
        Choice.objects.create(respondent=same, first_id=1, second_id=1, outcome=0)


def test_who_stops_counts_and_who_takes_back_does_not(make_test, at):
    test = make_test("A", "B", "C")
    places = [services.begin(test_id=test.pk, seed=seed, at=at) for seed in "abc"]
    told = {"respondent_id": places[0].pk, "at": at}
    assert refused(services.stop_here, **told) == "trials.no_answer"
    for place in places[:2]:
        services.answer_step(respondent_id=place.pk, said=services.StepInput(step=0, choice="even"), at=at)
        services.stop_here(respondent_id=place.pk, at=at)
    services.take_back(respondent_id=places[1].pk, at=at)
    services.take_back(respondent_id=places[2].pk, at=at)

    assert refused(services.take_back, respondent_id=places[1].pk, at=at) == "trials.taken_back"
    assert refused(services.take_back, respondent_id=places[0].pk, at=at + DAY) == "trials.counted"
    counts = queries.counts_of(test)
    assert (counts.n_finished, counts.n_taken_back, Choice.objects.count()) == (1, 2, 1)
    assert len(crossings("concept.taken_back")) == 1


@pytest.mark.parametrize(
    ("kind", "answer", "bad"),
    [
        ("one", {"is_wanted": True, "fit": 4}, {"is_wanted": True, "fit": 6}),
        ("scales", {"points": 5}, {"points": 0}),
    ],
)
def test_variants_are_judged_one_by_one(make_test, owner, at, kind, answer, bad):
    test = make_test(kind=kind)
    questions = list(test.questions.values_list("pk", flat=True))

    def said(step, values):
        points = dict.fromkeys(questions, values["points"]) if "points" in values else {}
        return services.StepInput(step=step, **{**values, **({"points": points} if points else {})})

    for number in range(6):
        place = services.begin(test_id=test.pk, seed=f"s{number}", at=at)
        assert refused(services.answer_step, respondent_id=place.pk, said=said(0, bad), at=at) == "trials.no_answer"
        for step in range(len(place.plan)):
            services.answer_step(respondent_id=place.pk, said=said(step, answer), at=at)
    measures = queries.measures_of(test)

    assert [(one.kind, one.n, {line.n for line in one.lines}) for one in measures] == {
        "one": [("wanted", 6, {3}), ("fit", 6, {3})],
        "scales": [("scale", 6, {6}), ("scale", 6, {6})],
    }[kind]  # fmt: skip
    assert len(queries.place_data(place)["answers"]) == {"one": 1, "scales": 4}[kind]
    assert not any(one.is_clear for one in measures)


def test_the_result_line_is_shown_once_it_is_closed_and_allowed(make_test, owner, at):
    test = make_test()
    show = {"test_id": test.pk, "is_public": True, "actor": owner}
    assert refused(services.set_result_public, **show, at=at) == "trials.not_closed"
    hidden = queries.public_verdict(test, at + DAY)
    shown = services.set_result_public(**show, at=at + DAY)

    assert (hidden, queries.public_verdict(shown, at + DAY)) == ("", "Too few to tell: 0 answers.")


def test_a_member_cannot_answer_by_the_link_of_a_closed_panel(panel, make_test, at):
    test = make_test(panel=panel, takes_anyone=False)

    assert refused(services.begin, test_id=test.pk, seed="s", at=at) == "trials.invited_only"
    assert rules.why_not_begin(test, at=at).code == "trials.invited_only"
