"""The register of own work: what its people had read before, the warning, the answers, the table, who sees it."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from permea.agreements.models import Agreement
from permea.disclosures import services as disclosures
from permea.foundation.duties import run_duties
from permea.foundation.refusals import RefusedError
from permea.ideas import services as ideas
from permea.ideas.models import Idea
from permea.ledger.models import Crossing
from permea.people import services as people
from permea.people.queries import erasure_lines_of, personal_data_of
from permea.selection import queries, services
from permea.selection.models import Award, Settlement, Work
from permea.surface.testing import assert_page_ok
from tests.cast import AT, DAY

pytestmark = pytest.mark.django_db
SAID = {"summary": "A small hammer taps each pear.", "body": "A microphone hears whether the pear sounds dull."}
WORDS = "We tap every pear with a hammer and listen by a microphone whether it sounds dull."
LATER = AT + 10 * DAY


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


@pytest.fixture
def entry(make_challenge, make_idea, solver):
    """Return Sam's entry among others; it says what the work will say."""
    challenge = make_challenge(closed=True, title="Pears")
    for number in range(5):
        make_idea(challenge=challenge, title=f"Weigh it {number}", summary="Scales.", body=f"Cell {number} of a scale.")
    return make_idea(challenge=challenge, author=solver, title="Tap the pear", **SAID)


@pytest.fixture
def work(organisation, owner):
    """Return a work that began five days after the present of all tests."""
    return services.enter_work(
        organisation=organisation, name="Pear tapper", words=WORDS, began_on=date(2026, 3, 7), actor=owner, at=LATER
    )


@pytest.fixture
def put(work, owner):
    """Return a function that puts somebody on the work."""

    def do(person, *, since=date(2026, 3, 7), at=LATER, actor=owner):
        return services.put_on_work(work_id=work.pk, person=person, since=since, actor=actor, at=at)

    return do


@pytest.fixture
def say(work, owner, member, entry):
    """Return a function that says something of what Max had read of Sam."""

    def do(kind="unrelated", words="It taps apples alone.", reference="", *, actor=owner, at=LATER, **about):
        content = services.SettlementInput(
            **{"person": member, "idea": entry, **about}, kind=kind, words=words, reference=reference
        )
        return services.settle_matter(work_id=work.pk, content=content, actor=actor, at=at)

    return do


def read(person, *entries, at=AT):
    for one in entries:
        ideas.keep_readings(organisation_id=one.organisation_id, keys=[one.key], reader=person, at=at)


def matters(work, at=LATER):
    return [
        (str(matter.state), matter.reading.subject_key, matter.reading.is_before)
        for matter in queries.matters_of(work, at)
    ]


def refused(act, **told):
    with pytest.raises(RefusedError) as error:
        act(**told)
    return error.value.refusal.code


def test_what_its_people_had_read_before_and_says_something_alike_is_a_matter(work, put, entry, member, evaluator):
    other = Idea.objects.filter(challenge=entry.challenge).exclude(pk=entry.pk)
    read(member, entry, *other)
    read(evaluator, entry, at=AT + 7 * DAY)
    put(member)
    put(evaluator)

    page = queries.work_page(work.organisation, work.key, at=LATER)

    assert matters(work) == [("open", entry.key, True), ("open", entry.key, False)]
    assert {"hammer", "microphone"} <= set(page.matters[0].words)
    assert (page.n_open, len(page.others), len(page.rooms)) == (2, 5, 0)
    work.refresh_from_db()
    assert work.n_open == 2


def test_what_was_read_after_somebody_left_the_work_is_none(work, put, entry, member, owner):
    seat = put(member)
    told = {"seat_id": seat.pk, "until": date(2026, 3, 9), "actor": owner, "at": LATER}
    services.take_off_work(**told)
    services.take_off_work(**told)
    read(member, entry, at=LATER)

    assert matters(work) == []
    assert refused(services.take_off_work, **{**told, "until": date(2026, 3, 8)}) == "work.ended"
    assert put(member).pk != seat.pk
    assert matters(work) == [("open", entry.key, False)]


def test_the_chosen_idea_that_a_work_carries_out_is_no_open_matter(answered, organisation, owner, member):
    award = Award.objects.select_related("decision__idea").first()
    read(member, award.decision.idea)
    told = {"organisation": organisation, "began_on": date(2026, 3, 7), "actor": owner, "at": LATER}
    made = services.enter_work(**told, name="Carry it out", words=WORDS, idea=award.decision.idea)

    services.put_on_work(work_id=made.pk, person=member, since=made.began_on, actor=owner, at=LATER)

    assert [state for state, _key, _before in matters(made)] == ["source"]
    assert award.decision.idea in queries.chosen_ideas(organisation)


def test_an_entry_that_may_not_be_read_any_more_has_no_title_and_is_not_compared(work, put, entry, member, say):
    read(member, entry)
    put(member)
    Idea.objects.filter(pk=entry.pk).update(status="withdrawn", withdrawn_at=LATER)

    gone = queries.work_page(work.organisation, work.key, at=LATER)
    say("open", "Somebody remembers a hammer in it.")
    linked = queries.work_page(work.organisation, work.key, at=LATER)

    assert (gone.matters, [reading.title for reading in gone.others]) == ([], [entry.key])
    assert [(matter.reading.title, matter.words, matter.is_open) for matter in linked.matters] == [
        (entry.key, (), True)
    ]


def test_an_agreement_that_was_in_force_with_the_author_is_named(work, put, entry, member, organisation, owner, solver):
    house = people.found_organisation(
        name="Campus", kind="university", country="", language="en", owner=solver, at=AT - DAY, is_host=False
    )
    read(member, entry)
    put(member)

    def agreement():
        return [matter.reading.agreement for matter in queries.matters_of(work, LATER)]

    without = agreement()
    made = Agreement.objects.create(
        organisation=organisation, kind="research", title="Research on pears", status="signed", valid_from=AT - DAY,
        is_about_everything=False, created_by=owner, created_at=AT,
    )  # fmt: skip
    made.parties.create(organisation=house)
    unnamed = agreement()
    made.subjects.create(subject_key=entry.challenge.key)
    covered = agreement()
    Agreement.objects.filter(pk=made.pk).update(ended_at=AT)

    assert (without, unnamed, covered, agreement()) == ([""], [""], ["Research on pears"], [""])
    assert len(queries.matters_of(work, LATER)[0].reading.terms) == 2


def test_an_imported_entry_was_read_under_no_terms(work, put, entry, member):
    Idea.objects.filter(pk=entry.pk).update(channel="import")
    read(member, entry)
    put(member)

    assert queries.matters_of(work, LATER)[0].reading.terms == ()


def test_rooms_of_partners_are_listed_by_their_outer_name_and_linked_by_hand(
    work, put, organisation, other_organisation, other_owner, member, say
):
    content = disclosures.ItemInput(
        title="Hammer and microphone", teaser="A way to test fruit", kind="technology", owner=other_owner
    )
    item = disclosures.create_item(organisation=other_organisation, content=content, actor=other_owner, at=AT)
    for label in ("Hammer", "Microphone"):
        part = disclosures.PartInput(label=label, text=WORDS, depth="invited")
        disclosures.save_part(item_id=item.pk, content=part, actor=other_owner, at=AT)
    shared = disclosures.ShareInput(organisation=organisation, depth="invited", purpose="evaluate")
    disclosures.share_item(item_id=item.pk, content=shared, actor=other_owner, at=AT)
    disclosures.read_item(key=item.key, reader=member, at=AT)
    put(member)

    before = queries.work_page(organisation, work.key, at=LATER)
    say("open", "The same way to test.", idea=None, item=item)
    after = queries.work_page(organisation, work.key, at=LATER)

    (room,) = before.rooms
    assert (room.title, room.house, room.agreement, before.matters) == ("A way to test fruit", "Other Works", "", [])
    assert (matters(work), after.rooms) == ([("open", item.key, True)], [])


def test_each_thing_is_written_once_however_often_it_is_sent(work, put, entry, member, say, organisation, owner):
    told = {"organisation": organisation, "actor": owner, "at": LATER + timedelta(seconds=5)}
    same = services.enter_work(**told, name=" Pear tapper", words=WORDS, began_on=work.began_on)
    other = services.enter_work(**told, name="Apple tapper", words=WORDS, began_on=work.began_on)
    read(member, entry)
    seats = [put(member), put(member)]
    said = [say(), say()]

    assert (same.pk, other.pk == work.pk, Work.objects.count()) == (work.pk, False, 2)
    assert (seats[0].pk, said[0].pk) == (seats[1].pk, said[1].pk)
    assert Crossing.objects.filter(kind="work.settled").count() == 1
    late = LATER + timedelta(minutes=5)
    told = {"work_id": work.pk, "person": member, "since": work.began_on, "actor": owner}
    assert refused(services.put_on_work, **told, at=late) == "work.on_it"
    assert say(at=late).pk != said[0].pk


def test_an_answer_stays_and_a_later_one_corrects_it(work, put, entry, member, say):
    read(member, entry)
    put(member)
    say()
    settled = matters(work)
    say("open", "On second thoughts it is the same hammer.")
    (matter,) = queries.matters_of(work, LATER)

    assert (settled, str(matter.state)) == ([("settled", entry.key, True)], "open")
    assert [one.kind for one in matter.settlements] == ["unrelated", "open"]
    crossings = Crossing.objects.filter(subject_key=work.key).order_by("number")
    assert [(one.kind, one.challenge_key, one.counterparty_key) for one in crossings] == [
        ("work.settled", "", ""),
        ("work.opened", "", ""),
    ]


def test_only_managers_write_and_only_people_of_the_firm_are_put_on_it(work, put, say, member, solver, organisation):
    told = {"organisation": organisation, "name": "Mine", "words": WORDS, "began_on": work.began_on}
    seat = put(member)
    export = {"work": work, "table": "", "n_rows": 0, "at": LATER}

    assert refused(services.enter_work, **told, actor=member, at=LATER) == "people.not_manager"
    assert refused(put, person=member, actor=member) == "people.not_manager"
    assert refused(say, actor=member) == "people.not_manager"
    assert refused(services.export_work, **export, actor=member) == "people.not_manager"
    left = {"seat_id": seat.pk, "until": date(2026, 3, 9), "actor": member, "at": LATER}
    assert refused(services.take_off_work, **left) == "people.not_manager"
    assert refused(put, person=solver) == "work.stranger"


def test_what_was_read_since_is_counted_once_a_day(work, put, entry, member):
    put(member)
    read(member, entry, at=LATER)
    run_duties(LATER + timedelta(hours=23))
    work.refresh_from_db()
    early = work.n_open

    run_duties(LATER + DAY)

    work.refresh_from_db()
    assert (early, work.n_open, work.counted_at) == (0, 1, LATER + DAY)


def test_the_words_about_people_go_with_them_and_proofs_stay(work, put, entry, member, solver, say, organisation):
    read(member, entry)
    put(member)
    say("known", "A drawing shows the same hammer.", "Drawing 4711 of 2024")
    say("credited", "Sam agreed by letter to be named.")
    told, lines = personal_data_of(member), erasure_lines_of(member)
    untouched = erasure_lines_of(solver)

    people.erase_person(person=solver, actor=solver, at=LATER)
    after_author = [one.words for one in Settlement.objects.order_by("pk")]
    people.erase_person(person=member, actor=member, at=LATER)

    assert [one["kind"] for one in told["settled_matters"]] == ["known", "credited"]
    assert ([one["work"] for one in told["works"]], told["works"][0]["until"]) == ([work.name], None)
    assert any("before you worked on something" in line for line in lines.goes)
    assert not any("worked on something" in line for line in (*untouched.goes, *untouched.stays))
    assert after_author == ["A drawing shows the same hammer.", "–"]
    assert matters(work) == [("settled", entry.key, True)]


def test_an_owner_goes_from_the_warning_to_the_table_for_the_lawyer(entry, member, owner, client_of):
    read(member, entry)
    firm = client_of(owner)
    assert "No work yet" in assert_page_ok(firm.get(reverse("selection:works"))).text
    new, began = reverse("selection:new_work"), {"name": "Pear tapper", "words": WORDS, "began_on": "2026-03-07"}
    assert_page_ok(firm.get(new))
    assert_page_ok(firm.post(new, {**began, "began_on": ""}), status=422)
    assert_page_ok(firm.post(new, {**began, "began_on": "2027-01-01"}), status=409)
    made = firm.post(new, began)
    work = Work.objects.get()
    here, join = reverse("selection:work", args=[work.key]), reverse("selection:join_work", args=[work.key])
    assert made["Location"] == here
    assert_page_ok(firm.get(here))

    asked = {"person": member.key, "since": "2026-03-07"}
    assert_page_ok(firm.get(join))
    warned = assert_page_ok(firm.get(join, asked))
    assert_page_ok(firm.get(join, {**asked, "person": owner.key}))
    assert_page_ok(firm.get(join, {**asked, "since": "then"}), status=422)
    assert_page_ok(firm.post(join, {**asked, "since": "2026-03-01"}), status=409)
    firm.post(join, asked)
    shown = assert_page_ok(firm.get(here))
    place = reverse("selection:matter", args=[work.key, member.key, entry.key])
    assert_page_ok(firm.get(place))
    assert_page_ok(firm.post(place, {"kind": "known", "words": WORDS, "reference": ""}), status=409)
    assert_page_ok(firm.post(place, {"kind": "open", "words": WORDS}), status=422)
    assert_page_ok(firm.post(place, {"kind": "known", "words": WORDS, "reference": "=Folder 7"}, follow=True))
    listed = assert_page_ok(firm.get(reverse("selection:works")))
    table = firm.post(reverse("selection:work_table", args=[work.key]))

    assert ["Look before you put them on it" in page.text for page in (warned, shown)] == [True, False]
    assert ["had read it before they began" in page.text for page in (warned, shown)] == [True, True]
    assert "copied" not in shown.text.replace("not to have copied", "")
    (row,) = csv.DictReader(io.StringIO(table.content.decode()))
    assert (row["key"], row["was_before"], row["settled"], row["reference"]) == (
        entry.key,
        "True",
        "known",
        "'=Folder 7",
    )
    assert "nothing open" in listed.text
    assert Crossing.objects.filter(kind="work.exported").count() == 1


def test_the_last_day_is_entered_on_the_page(work, put, member, owner, client_of):
    firm, seat = client_of(owner), put(member)
    end = reverse("selection:end_work", args=[work.key, seat.key])
    assert "as a date" in assert_page_ok(firm.post(end, {"until": "x"}, follow=True)).text
    assert "before the first" in assert_page_ok(firm.post(end, {"until": "2026-03-01"}, follow=True)).text
    assert_page_ok(firm.post(end, {"until": "2026-03-09"}, follow=True))
    seat.refresh_from_db()
    assert (seat.until, seat.ended_by_id) == (date(2026, 3, 9), owner.pk)


def test_something_read_is_linked_by_hand(work, put, entry, member, owner, client_of):
    other = Idea.objects.filter(challenge=entry.challenge).exclude(pk=entry.pk).first()
    read(member, entry, other)
    put(member)
    firm = client_of(owner)
    shown = assert_page_ok(firm.get(reverse("selection:work", args=[work.key])))

    picked = firm.get(reverse("selection:pick_matter", args=[work.key]), {"of": f"{member.key}/{other.key}"})
    page = assert_page_ok(firm.get(picked["Location"]))
    firm.post(picked["Location"], {"kind": "open", "words": "It weighs them before it taps them."})
    linked = assert_page_ok(firm.get(picked["Location"]))
    table = firm.post(reverse("selection:work_table", args=[work.key])).content.decode()

    assert (other.title in shown.text, "not linked" in page.text, "Linked by hand" in linked.text) == (True,) * 3
    assert {key for _state, key, _before in matters(work)} == {entry.key, other.key}
    assert len(table.splitlines()) == 3


def test_nobody_else_knows_of_the_register(
    work, put, entry, member, evaluator, solver, stranger, other_owner, other_organisation, client_of
):
    read(member, entry)
    seat = put(member)
    pages = {
        "works": [],
        "new_work": [],
        "work": [work.key],
        "join_work": [work.key],
        "pick_matter": [work.key],
        "matter": [work.key, member.key, entry.key],
    }
    posts = {
        "end_work": [work.key, seat.key],
        "work_table": [work.key],
        "matter": [work.key, member.key, entry.key],
        "join_work": [work.key],
    }
    assert other_organisation.pk
    for somebody in (member, evaluator, solver, stranger):
        client = client_of(somebody)
        answers = [client.get(reverse(f"selection:{name}", args=args)).status_code for name, args in pages.items()]
        answers += [client.post(reverse(f"selection:{name}", args=args)).status_code for name, args in posts.items()]
        assert set(answers) == {404}, somebody.name
    elsewhere = client_of(other_owner)
    foreign = [
        *(elsewhere.get(reverse(f"selection:{name}", args=args)).status_code for name, args in pages.items() if args),
        *(elsewhere.post(reverse(f"selection:{name}", args=args)).status_code for name, args in posts.items()),
    ]
    assert set(foreign) == {404}
    assert Client().get(reverse("selection:works")).status_code == 302
    assert work.name not in assert_page_ok(elsewhere.get(reverse("selection:works"))).text


def test_a_matter_that_nobody_on_the_work_read_is_not_there(work, put, entry, member, owner, client_of):
    read(owner, entry)
    put(member)
    firm = client_of(owner)

    answers = [
        firm.get(reverse("selection:matter", args=[work.key, person.key, entry.key])).status_code
        for person in (member, owner)
    ]

    assert (answers, firm.get(reverse("selection:pick_matter", args=[work.key])).status_code) == ([404, 404], 404)
