"""Planned publications: the days run from the hand-in, the firm answers in time or not at all, both read the same."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from permea.agreements import queries, services
from permea.agreements.models import AgreementParty, Obligation, Publication
from permea.agreements.tasks import watch_obligations
from permea.foundation.files import intake, storage
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.people.models import Membership, Organisation
from tests.cast import AT

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Keep files in a folder of the test."""
    settings.DATA_DIR = tmp_path


def refused(act, **told):
    with pytest.raises(RefusedError) as error:
        act(**told)
    return error.value.refusal.code


def hand_in(agreement, actor, at=AT, *, file=None, **said):
    content = {"title": "Soft  fingers", "note": "We measured.", "planned_on": date(2026, 6, 1), **said}
    sent = intake.SentFile(*file) if file else None
    told = services.PublicationInput(**content, file=sent)
    return services.submit_publication(agreement_id=agreement.pk, said=told, actor=actor, at=at)


def answer(publication, actor, what="free", text="", days=0, at=AT):
    said = {"answer": what, "text": text, "days": days}
    return services.answer_publication(publication_id=publication.pk, **said, actor=actor, at=at)


def told():
    rows = Mail.objects.filter(kind="publication_news").order_by("pk")
    found = [(mail.subject, mail.to) for mail in rows]
    rows.delete()
    return found


def state(publication, actor, at):
    return queries.publication_page(actor, publication.agreement.key, publication.key, at).state


def test_without_a_file_the_same_sent_twice_comes_in_once_too(make_signed, make_person):
    agreement = make_signed(options={"review_days": "60"})
    guest = make_person("gina@campus.example", "Gina")
    Membership.objects.create(
        person=guest, organisation=Organisation.objects.get(name="Campus"), role="member", since=AT
    )

    made = [hand_in(agreement, guest, at=AT + seconds * timedelta(seconds=1)) for seconds in (0, 9, 900)]

    assert (made[0] == made[1], made[0] == made[2]) == (True, False)


def test_an_answer_in_time_settles_the_clock_and_both_crossings_are_recorded(
    make_signed, owner, member, solver, stranger, make_person
):
    agreement = make_signed(options={"review_days": "60"})
    campus = Organisation.objects.get(name="Campus")
    guest = make_person("gina@campus.example", "Gina")
    Membership.objects.create(person=guest, organisation=campus, role="member", since=AT)
    made = hand_in(agreement, guest, file=("paper.txt", [b"We measured."]))
    again = hand_in(agreement, guest, file=("paper.txt", [b"We measured."]), at=AT + timedelta(seconds=9))
    kept = [one.name for one in storage.root().rglob("*") if one.is_file()]
    assert (again, Obligation.objects.filter(kind="review").count(), len(kept)) == (made, 1, 1)
    review = made.review
    assert (review.side, review.clause, review.due_on, made.title) == (
        "firm",
        "publication",
        date(2026, 5, 1),
        "Soft fingers",
    )
    assert (made.name, made.size, intake.is_named_anywhere(made.path)) == ("paper.txt", 12, True)
    assert told() == [("Planned publication: “Soft fingers”, answer by May 1, 2026", owner.email)]
    for person in (member, solver, stranger):
        assert refused(answer, publication=made, actor=person) == "agreements.may_not_bind"
    said = answer(made, owner, "remove", text=" Table 2 ", at=AT + 59 * DAY)
    assert (said.answer, said.answer_text, state(made, guest, AT + 99 * DAY)) == ("remove", "Table 2", "remove")
    review.refresh_from_db()
    assert (review.state, list(review.steps.order_by("pk").values_list("what", flat=True))) == (
        "done",
        ["laid", "answered"],
    )
    assert sorted(to for _subject, to in told()) == sorted([solver.email, guest.email])
    crossed = Crossing.objects.filter(subject_key=made.key).order_by("number").values_list("kind", "direction", "depth")
    assert list(crossed) == [("publication.submitted", "in", "room"), ("publication.answered", "out", "room")]
    assert "Soft" not in "".join(Crossing.objects.values_list("body", flat=True))
    assert refused(answer, publication=made, actor=owner) == "agreements.publication_answered"
    assert queries.publication_data(guest)["planned_publications"][0]["answer_text"] == "Table 2"
    assert [queries.publication_erasure_lines(one).stays != [] for one in (guest, owner)] == [True, False]
    assert (
        refused(services.say_done, obligation_id=review.pk, note="", actor=owner, at=AT)
        == "agreements.obligation_settled"
    )
    AgreementParty.objects.create(agreement=agreement, person=stranger)
    assert queries.publications_page(stranger, agreement.key, AT).rows == []
    with pytest.raises(Http404):
        queries.publication_for(stranger, agreement.key, made.key)


def test_silence_frees_a_publication_at_the_end_of_the_last_day_and_both_sides_are_told_once(
    make_signed, owner, solver
):
    agreement = make_signed(options={"review_days": "30"})
    made = hand_in(agreement, solver, link="https://campus.example/paper")
    told()
    last = datetime(2026, 4, 1, 21, 59, 59, tzinfo=UTC)
    over = datetime(2026, 4, 1, 22, tzinfo=UTC)
    assert [state(made, solver, at) for at in (last, over)] == ["waiting", "silent"]
    assert refused(answer, publication=made, actor=owner, at=over) == "agreements.publication_too_late"
    for at in (over, over + DAY, over + DAY):
        watch_obligations(at)
    assert told() == [
        ("Free to publish: “Soft fingers”", owner.email),
        ("Free to publish: “Soft fingers”", solver.email),
    ]
    review = {"obligation_id": made.review_id, "note": "x", "actor": solver, "at": AT}
    assert refused(services.waive_obligation, **review) == "agreements.obligation_settled"
    assert Obligation.objects.get(pk=made.review_id).state == "passed"


def test_a_delay_lasts_as_long_as_the_clause_allows_and_its_end_is_a_day_both_know(make_signed, owner, solver):
    made = hand_in(make_signed(), solver)
    for what, text, days, code in (
        ("delay", "We file first.", 0, "delay"),
        ("delay", "We file first.", 91, "delay"),
        ("delay", " ", 30, "no_reason"),
        ("", "", 0, "no_answer"),
        ("remove", "", 0, "no_parts"),
    ):
        said = {"what": what, "text": text, "days": days}
        assert refused(answer, publication=made, actor=owner, **said) == f"agreements.publication_{code}"
    answer(made, owner, "delay", text="We file first.", days=90)
    made.refresh_from_db()
    hold = Obligation.objects.get(kind="hold")
    assert (made.delay_until, hold.due_on, hold.side) == (date(2026, 5, 31), date(2026, 5, 31), "both")
    assert [state(made, owner, AT + n * DAY) for n in (1, 90, 91)] == ["held", "held", "released"]
    assert queries.obligation_label(hold) == "A publication may go out: Soft fingers"
    assert queries.publication_page(owner, made.agreement.key, made.key, AT).is_too_early is False
    early = hand_in(made.agreement, solver, planned_on=date(2026, 3, 20))
    assert queries.publication_page(owner, made.agreement.key, early.key, AT).is_too_early is True


def test_what_is_not_whole_or_not_asked_for_keeps_nothing(make_signed, owner, solver):
    agreement, secrets = make_signed(), make_signed(kind="nda_mutual", title="Talks")
    paper = ("paper.txt", [b"We measured."])
    asked = [(owner, agreement, {}), (solver, secrets, {}), (solver, agreement, {"title": " "}),
             (solver, agreement, {"note": " "})]  # fmt: skip
    codes = [refused(hand_in, agreement=one, actor=who, **more) for who, one, more in asked]
    assert codes == [f"agreements.publication_{code}" for code in ("not_partner", "no_clause", "no_title", "empty")]
    for file in (paper, None):
        with pytest.raises(ValidationError):
            hand_in(agreement, solver, file=file, planned_on="soon")
    assert (Publication.objects.count(), [one for one in storage.root().rglob("*") if one.is_file()]) == (0, [])
    with pytest.raises(Http404):
        queries.publications_page(solver, secrets.key, AT)
