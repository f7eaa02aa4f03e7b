"""Boxes and what is put into them: stored whole and once, in the ledger, answered for all, forgotten when asked."""

import json
import os
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from permea.challenges.models import Challenge
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.ideas import queries, rules, services, tasks
from permea.ideas.models import Posting, PostingStep
from permea.ideas.services import storage
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.people import services as people
from permea.people.queries import hash_of, personal_data_of
from tests.cast import AT
from tests.ideas.pictures import SECRET, jpeg

DAY = timedelta(days=1)
PHOTO = services.Photo(name="belt.jpg", content=jpeg(6))


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Keep the files of each test in a folder of its own, and let mails be sent."""
    settings.DATA_DIR, settings.MAIL_IS_KEPT = tmp_path, False
    return tmp_path / "files"


def refused(service, **values):
    with pytest.raises(RefusedError) as error:
        service(**values)
    return error.value.refusal.code


def crossings(posting):
    return [(row.kind, row.direction) for row in Crossing.objects.filter(subject_key=posting.key).order_by("number")]


def on_disk(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def mails(kind):
    return list(Mail.objects.filter(kind=kind).order_by("pk"))


def answer(posting, actor, **values):
    ours = {"outcome": "taken_up", "words": "We change the belt in May.", "actor": actor, "at": AT + DAY}
    return services.answer_posting(posting_id=posting.pk, **{**ours, **values})


def merge(posting, main, actor, **values):
    ours = {"main_id": main.pk if main else None, "why": "The same belt.", "actor": actor, "at": AT + DAY}
    return services.merge_posting(posting_id=posting.pk, **{**ours, **values})


# --- boxes


def test_managers_open_change_and_close_boxes(organisation, manager):
    box = services.create_box(
        organisation=organisation, content=services.BoxInput(title=" Press 3 "), actor=manager, at=AT
    )
    changed = services.BoxInput(title="Press 4", origins=["https://WWW.example.org/"], answer_days=3)
    services.change_box(box_id=box.pk, content=changed, actor=manager)
    closed = services.set_box_open(box_id=box.pk, is_open=False, actor=manager, at=AT)
    services.set_box_open(box_id=box.pk, is_open=False, actor=manager, at=AT + DAY)
    box.refresh_from_db()

    assert (box.title, box.origins, box.answer_days, box.closed_at, closed.is_open) == (
        "Press 4", ["https://www.example.org"], 3, AT, False,
    )  # fmt: skip
    assert services.set_box_open(box_id=box.pk, is_open=True, actor=manager, at=AT).is_open


def test_others_keep_no_boxes(organisation, make_box, member, other_owner):
    box, content = make_box(), services.BoxInput(title="Mine")

    for actor in (member, other_owner):
        assert [
            refused(services.create_box, organisation=organisation, content=content, actor=actor, at=AT),
            refused(services.change_box, box_id=box.pk, content=content, actor=actor),
            refused(services.set_box_open, box_id=box.pk, is_open=False, actor=actor, at=AT),
        ] == ["people.not_manager"] * 3


def test_a_site_with_a_path_is_not_listed(make_box):
    assert refused(make_box, origins=["https://example.org/page"]) == "box.bad_origin"


# --- what is put in


def test_a_need_of_somebody_unknown_is_stored_with_its_deadline_and_its_crossing(make_box, make_posting):
    box = make_box(answer_days=5)
    posting = make_posting(
        box=box, text="The belt stops.\r\nTwice a day.", place=" press 3 ", name="Sam", seed="s", channel="qr"
    )

    assert (posting.title, posting.text, posting.place, posting.status, posting.answer_due_at - AT) == (
        "The belt stops.", "The belt stops.\nTwice a day.", "press 3", "new", 5 * DAY,
    )  # fmt: skip
    assert (posting.sender_name, posting.sender, posting.is_anonymous, posting.channel) == ("", None, True, "qr")
    assert (posting.token_hash, rules.private_token("s") in str(posting.__dict__)) == (
        hash_of(rules.private_token("s")), False,
    )  # fmt: skip
    assert [(step.what, step.person) for step in posting.steps.all()] == [("received", None)]


def test_the_ledger_keeps_a_fingerprint_and_neither_text_nor_name(make_posting, solver):
    posting = make_posting(is_anonymous=False, name="Sam Solver", sender=solver, email="sam@workshop.example")
    crossing = Crossing.objects.get(subject_key=posting.key)
    body = json.loads(crossing.body)

    assert (crossing.kind, crossing.direction, crossing.counterparty_key) == ("posting.received", "in", solver.key)
    assert body["facts"] == {
        "box": posting.box.key, "kind": "need", "source": "customer", "channel": "page",
        "sha256": rules.fingerprint({"text": posting.text, "photo": "", "salt": posting.salt}),
    }  # fmt: skip
    assert not [word for word in ("Sam", "belt", "workshop") if word in crossing.body]


def test_who_stays_unknown_stays_so_though_signed_in(make_posting, solver):
    posting = make_posting(sender=solver, name="Sam")

    assert (posting.sender, posting.sender_name, Crossing.objects.get(subject_key=posting.key).actor_key) == (
        None,
        "",
        "",
    )


def test_the_same_form_twice_is_one_posting(make_box, make_posting, folder):
    box = make_box()
    first = make_posting(box=box, seed="s", photo=PHOTO, email="a@b.example")
    again = make_posting(box=box, seed="s", photo=PHOTO, text="Something else.", email="a@b.example")

    assert (again.pk, again.text, len(crossings(first)), len(on_disk(folder)), len(mails("posting_receipt"))) == (
        first.pk, first.text, 1, 1, 1,
    )  # fmt: skip


def test_who_the_box_does_not_ask_is_of_its_usual_source(make_box, make_posting):
    posting = make_posting(box=make_box(asks_source=False, source="employee"), source="inventor")

    assert posting.source == "employee"


@pytest.mark.parametrize("photo", [PHOTO, None])
@pytest.mark.parametrize(("values", "expected"), [({"text": ""}, "box.no_text"), ({"kind": "x"}, "box.no_kind")])
def test_a_refused_posting_leaves_nothing_behind(make_posting, folder, photo, values, expected):
    assert (refused(make_posting, photo=photo, **values), on_disk(folder)) == (expected, [])
    assert (Posting.objects.count(), Crossing.objects.filter(kind="posting.received").count()) == (0, 0)


def test_a_photo_is_kept_without_what_its_camera_told(make_posting, folder):
    posting = make_posting(photo=PHOTO)
    kept = (folder / posting.photo_path).read_bytes()

    assert (SECRET in PHOTO.content, SECRET in kept, posting.photo_type, posting.photo_size) == (
        True, False, "image/jpeg", len(kept),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.jpg", b"MZ" + bytes(100), "box.photo_unreadable"),
        ("a.jpg", jpeg()[:-40], "box.photo_unreadable"),
        ("a.gif", b"GIF89a", "box.photo_kind"),
        ("a.png", bytes(rules.MAX_PHOTO + 1), "box.photo_too_big"),
    ],
)
def test_a_photo_that_is_none_is_refused(make_posting, folder, name, content, expected):
    photo = services.Photo(name=name, content=content)

    assert (refused(make_posting, photo=photo), Posting.objects.count()) == (expected, 0)
    assert not folder.exists() or not on_disk(folder)


def test_the_sweep_leaves_photos_that_a_posting_names(make_posting, folder):
    posting, orphan = make_posting(photo=PHOTO), storage.receive([b"x"], limit=1)
    for path in on_disk(folder):
        os.utime(folder / path, (time.time() - 9000,) * 2)

    assert (services.sweep_files(at=now()), on_disk(folder)) == (1, [posting.photo_path])
    assert orphan.path != posting.photo_path


def test_the_database_refuses_an_end_without_an_answer(make_posting):
    posting = make_posting()
    for values in ({"status": "declined", "reason": "over_budget"}, {"answer": "No."}, {"status": "merged"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Posting.objects.filter(pk=posting.pk).update(**values)


# --- what becomes of it


def test_considering_is_told_once(make_posting, manager):
    posting = make_posting()
    for _again in range(2):
        services.consider(posting_id=posting.pk, actor=manager, at=AT)
    posting.refresh_from_db()

    assert (posting.status, posting.steps.filter(what="considered").count()) == ("considered", 1)


def test_an_answer_reaches_everybody_whose_posting_is_merged(make_posting, manager):
    main = make_posting(email="main@a.example", language="de")
    first = make_posting(email="first@a.example")
    silent = make_posting()
    for posting in (first, silent):
        merge(posting, main, manager)
    answer(main, manager)

    assert [mail.to for mail in mails("posting_answer")] == ["main@a.example", "first@a.example"]
    assert [crossings(one) for one in (main, first, silent)] == [
        [("posting.received", "in"), ("posting.answered", "out")]
    ] * 3
    assert all("We change the belt in May." in mail.text for mail in mails("posting_answer"))
    assert "Others wrote" in mails("posting_answer")[1].text
    state = queries.posting_state(Posting.objects.select_related("merged_into", "organisation").get(pk=silent.pk), AT)
    assert (state.main.answer, state.n_similar) == ("We change the belt in May.", 2)


def test_a_declined_posting_says_why(make_posting, manager):
    posting = answer(make_posting(email="a@b.example"), manager, outcome="declined", reason="over_budget")

    assert (posting.status, posting.reason, posting.answered_by) == ("declined", "over_budget", manager)
    assert "Good, but not within the money or time there is" in mails("posting_answer")[0].text
    assert refused(answer, posting=posting, actor=manager) == "box.is_answered"


def test_merging_into_an_answered_one_tells_its_sender_at_once(make_posting, manager):
    main, late = make_posting(), make_posting(email="late@a.example")
    answer(main, manager)
    merge(late, main, manager, at=AT + 2 * DAY)

    assert (crossings(late)[-1], [mail.to for mail in mails("posting_answer")]) == (
        ("posting.answered", "out"), ["late@a.example"],
    )  # fmt: skip
    assert refused(services.unmerge_posting, posting_id=late.pk, actor=manager, at=AT) == "box.is_answered"


def test_merging_is_logged_and_can_be_undone(make_posting, manager):
    main, other = make_posting(), make_posting()
    merge(other, main, manager)
    undone = services.unmerge_posting(posting_id=other.pk, actor=manager, at=AT + DAY)

    assert (undone.status, undone.merged_into) == ("considered", None)
    assert [(step.what, step.person, step.other, step.reason) for step in other.steps.order_by("pk")] == [
        ("received", None, None, ""),
        ("merged", manager, main, "The same belt."),
        ("unmerged", manager, main, ""),
    ]


def test_only_managers_and_only_what_can_be_chosen(
    make_posting, make_box, manager, member, other_owner, other_organisation
):
    one, two = make_posting(), make_posting()
    elsewhere = make_posting(box=make_box(house=other_organisation, actor=other_owner))

    assert [
        refused(merge, posting=one, main=two, actor=member),
        refused(merge, posting=one, main=None, actor=manager),
        refused(merge, posting=one, main=elsewhere, actor=manager),
        refused(merge, posting=one, main=one, actor=manager),
        refused(answer, posting=one, actor=other_owner),
        refused(services.consider, posting_id=one.pk, actor=member, at=AT),
        refused(services.unmerge_posting, posting_id=one.pk, actor=member, at=AT),
        refused(services.draft_challenge_of, posting_id=one.pk, actor=member, at=AT),
    ] == [
        "people.not_manager", "box.no_main", "box.no_main", "box.no_main",
        "people.not_manager", "people.not_manager", "people.not_manager", "people.not_manager",
    ]  # fmt: skip


def test_a_need_becomes_a_draft_with_its_problem_and_both_know_each_other(make_posting, make_box, manager):
    box = make_box(language="de")
    main, other = make_posting(box=box, text="The belt stops."), make_posting(box=box, text="It slips.")
    merge(other, main, manager)
    challenge = services.draft_challenge_of(posting_id=main.pk, actor=manager, at=AT + DAY)
    main.refresh_from_db()

    assert (challenge.status, challenge.title, challenge.problem, challenge.language) == (
        Challenge.Status.DRAFT, "The belt stops.", "The belt stops.\n\nIt slips.", "de",
    )  # fmt: skip
    assert (main.became_challenge, main.status) == (challenge, "considered")
    assert queries.origins_of(challenge) == [("The belt stops.", f"/inbox/{main.key}/")]
    assert refused(services.draft_challenge_of, posting_id=main.pk, actor=manager, at=AT) == "box.has_challenge"


def test_an_answered_need_can_still_become_a_challenge(make_posting, manager):
    posting = answer(make_posting(), manager)
    services.draft_challenge_of(posting_id=posting.pk, actor=manager, at=AT + DAY)
    posting.refresh_from_db()

    assert posting.status == "taken_up"


# --- the sender


def test_the_receipt_brings_the_link_and_repeats_nothing(make_posting):
    make_posting(email="a@b.example", text="Buy my pills.", seed="s")
    (mail,) = mails("posting_receipt")

    assert (f"/box/p/{rules.private_token('s')}/" in mail.text, "pills" in mail.text + mail.subject) == (True, False)


def test_an_address_left_later_gets_the_link_once(make_posting):
    posting = make_posting(seed="s")
    for _again in range(2):
        services.leave_address(posting_id=posting.pk, email="a@b.example ", token=rules.private_token("s"), at=AT)

    assert [(mail.to, rules.private_token("s") in mail.text) for mail in mails("posting_receipt")] == [
        ("a@b.example", True)
    ]


def test_after_the_answer_no_address_is_taken(make_posting, manager):
    posting = answer(make_posting(), manager)

    assert (
        refused(services.leave_address, posting_id=posting.pk, email="a@b.example", token="t", at=AT)
        == "box.is_answered"
    )


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_is_gone_and_still_counted(make_posting, organisation, folder):
    posting = make_posting(photo=PHOTO, email="a@b.example", is_anonymous=False, name="Sam", place="press 3")
    services.withdraw_posting(posting_id=posting.pk, at=AT)
    posting.refresh_from_db()

    assert (posting.title, posting.text, posting.search_text, posting.salt, posting.place) == ("–", "", "", "", "")
    assert (posting.sender_name, posting.sender_email, posting.photo_path, on_disk(folder)) == ("", "", "", [])
    assert (posting.status, crossings(posting)[-1]) == ("withdrawn", ("posting.withdrawn", "out"))
    shown = queries.inbox(organisation, AT, filters=queries.InboxFilters(), page=1)
    assert [(row.n_received, row.n_answered) for row in shown.sources] == [(1, 0)]
    assert refused(services.withdraw_posting, posting_id=posting.pk, at=AT) == "box.is_withdrawn"


def test_what_was_merged_into_a_withdrawn_one_waits_on_its_own(make_posting, manager):
    main, other = make_posting(), make_posting()
    merge(other, main, manager)
    services.withdraw_posting(posting_id=main.pk, at=AT + DAY)
    other.refresh_from_db()

    assert (other.status, other.merged_into, other.steps.last().what) == ("considered", None, "unmerged")


def test_a_merged_one_is_taken_back_alone(make_posting, manager):
    main, other = make_posting(), make_posting()
    merge(other, main, manager)
    services.withdraw_posting(posting_id=other.pk, at=AT + DAY)
    for posting in (main, other):
        posting.refresh_from_db()

    assert (main.status, other.status, other.merged_into) == ("new", "withdrawn", None)


def test_after_the_answer_the_text_goes_and_the_answer_stays(make_posting, manager):
    posting = answer(make_posting(), manager)
    services.withdraw_posting(posting_id=posting.pk, at=AT + 2 * DAY)
    posting.refresh_from_db()

    assert (posting.status, posting.text, posting.answer) == ("taken_up", "", "We change the belt in May.")


# --- forgetting


def test_an_erased_person_leaves_postings_without_a_name(make_posting, solver):
    signed = make_posting(sender=solver, is_anonymous=False, name="Sam")
    by_mail = make_posting(email=solver.email.upper(), is_anonymous=False, name="Sam")
    others = make_posting(email="other@a.example")
    lines = queries.erasure_lines(solver).stays
    people.erase_person(person=solver, actor=solver, at=AT)

    for posting in (signed, by_mail, others):
        posting.refresh_from_db()
    assert [(one.sender, one.sender_name, one.sender_email, bool(one.text)) for one in (signed, by_mail, others)] == [
        (None, "", "", True), (None, "", "", True), (None, "", "other@a.example", True),
    ]  # fmt: skip
    assert lines == ["The 2 needs and ideas you put into boxes, without your name, unless their texts go as well."]


def test_an_erased_person_can_take_the_texts_along(make_posting, solver):
    posting = make_posting(sender=solver, is_anonymous=False)
    people.erase_person(person=solver, actor=solver, at=AT, with_texts=True)
    posting.refresh_from_db()

    assert (posting.status, posting.text, posting.sender) == ("withdrawn", "", None)


def test_a_person_without_an_address_owns_no_postings_by_address(make_posting, solver):
    make_posting()
    services.forget_sender(person=solver, email="", at=AT)

    assert (Posting.objects.get().text[:4], PostingStep.objects.filter(what="withdrawn").count()) == ("Need", 0)


def test_people_can_download_what_they_put_in(make_posting, solver):
    posting = make_posting(sender=solver, is_anonymous=False, photo=PHOTO)
    (told,) = personal_data_of(solver)["postings"]

    assert (told["key"], told["text"], told["has_photo"], told["status"]) == (posting.key, posting.text, True, "new")


def test_a_year_after_the_answer_names_and_addresses_go(make_posting, manager):
    told, merged, waiting = (make_posting(email=f"{n}@a.example", is_anonymous=False, name="N") for n in range(3))
    merge(merged, told, manager)
    answer(told, manager)

    assert services.forget_old_senders(at=AT + DAY + rules.KEEP_ADDRESS - timedelta(seconds=1)) == 0
    tasks.cache.delete("ideas:swept")
    tasks.sweep(AT + DAY + rules.KEEP_ADDRESS)
    assert list(Posting.objects.order_by("pk").values_list("sender_email", "sender_name")) == [
        ("", ""), ("", ""), (waiting.sender_email, "N"),
    ]  # fmt: skip


# --- reading


def test_the_inbox_counts_by_source_and_shows_what_waits_by_its_deadline(make_box, make_posting, organisation, manager):
    slow, quick = make_box(answer_days=9), make_box(answer_days=2)
    first, second = make_posting(box=slow), make_posting(box=quick, source="supplier")
    merged, told = make_posting(box=slow), make_posting(box=slow)
    answer(told, manager)
    merge(merged, told, manager)
    shown = queries.inbox(organisation, AT + 3 * DAY, filters=queries.InboxFilters(), page=1)

    assert [one.pk for one in shown.page] == [second.pk, first.pk]
    assert (shown.n_waiting, shown.n_all, shown.n_overdue) == (2, 4, 1)
    assert [(row.label, row.n_received, row.n_answered, row.n_taken_up) for row in shown.sources] == [
        ("Customer", 3, 2, 2), ("Supplier", 1, 0, 0),
    ]  # fmt: skip


def test_the_inbox_is_searched_without_case_by_every_word(make_posting, organisation):
    wanted = make_posting(text="Die GRÖSSE der Kiste am Band.")
    make_posting(text="Die Kiste.")

    def found(**filters):
        shown = queries.inbox(organisation, AT, filters=queries.InboxFilters(**filters), page=1)
        return [one.pk for one in shown.page]

    assert (found(text="kiste größe"), found(kind="idea"), len(found(state="all", box=wanted.box.key))) == (
        [wanted.pk], [], 1,
    )  # fmt: skip
    assert (found(state="declined"), len(found(source="customer"))) == ([], 2)


def test_similar_ones_are_offered_first(make_posting, manager):
    posting = make_posting(text="The conveyor belt stops twice a day.")
    other, like = make_posting(text="Coffee is cold."), make_posting(text="Conveyor belt stopped again.")
    page = queries.posting_page(manager, posting.key)

    assert [one.pk for one in page.similar] == [like.pk, other.pk]
