"""A run of the chooser from the invitation to the draft, and its pages."""

import io
import zipfile

import pytest
from django.urls import reverse

from permea.agreements import queries, services
from permea.agreements.models import ChooserAnswers, ChooserRun
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.people.models import Organisation
from permea.surface.testing import assert_page_ok
from tests.cast import AT

GUIDE = queries.guide()
SILENT = dict.fromkeys(GUIDE.questions, "no") | {"harm": "yes", "silence": "yes", "new_knowledge": "yes"}
OPEN = SILENT | {"silence": "no"}


@pytest.fixture
def run(organisation, owner, solver):
    said = services.ChooserInput(title=" Pump seals ", partner_name="Campus", contact_email=str(solver.email))
    return services.start_chooser(organisation=organisation, said=said, actor=owner, at=AT)


def answer(run, side, actor, answers, *, is_final=True):
    return services.answer_chooser(run_id=run.pk, side=side, answers=answers, is_final=is_final, actor=actor, at=AT)


def code_of(call, **said):
    with pytest.raises(RefusedError) as refused:
        call(**said)
    return refused.value.refusal.code


@pytest.mark.django_db
def test_answers_are_sealed_until_both_are_in_and_rounds_are_kept(run, organisation, owner, member, solver, stranger):
    answer(run, "partner", solver, {"harm": "yes", "made_up": "yes", "pays": "perhaps"}, is_final=True)
    draft = queries.guest_chooser(solver, run.key, "en")
    seen = queries.host_chooser(owner, organisation, run.key, "en")
    assert (draft.own, draft.is_handed_in, seen.own, seen.other_handed_in) == ({"harm": "yes"}, False, {}, False)

    answer(run, "partner", solver, OPEN)
    sealed = queries.host_chooser(owner, organisation, run.key, "en")
    assert (sealed.other_handed_in, sealed.compared, sealed.own) == (True, None, {})
    refused = [
        code_of(answer, run=run, side="partner", actor=solver, answers=SILENT),
        code_of(answer, run=run, side="partner", actor=stranger, answers=SILENT),
        code_of(answer, run=run, side="host", actor=member, answers=SILENT),
        code_of(services.answer_again, run_id=run.pk, side="partner", actor=solver),
        code_of(services.draft_from_chooser, run_id=run.pk, actor=owner, at=AT),
    ]
    assert refused == [
        "agreements.chooser_handed_in",
        "agreements.chooser_stranger",
        "people.not_manager",
        "agreements.chooser_waiting",
        "agreements.chooser_waiting",
    ]

    answer(run, "host", owner, SILENT)
    seen = [
        queries.host_chooser(owner, organisation, run.key, "en").compared,
        queries.guest_chooser(solver, run.key, "en").compared,
    ]
    assert seen[0] == seen[1]
    assert [each.question for each in seen[0].differences] == ["silence"]
    assert seen[0].outcome.options == ("1", "5")

    services.answer_again(run_id=run.pk, side="partner", actor=solver)
    answer(run, "partner", solver, SILENT)
    page = queries.host_chooser(owner, organisation, run.key, "en")
    assert (page.compared, page.own, [number for number, _one in page.earlier]) == (None, SILENT, [1])
    kinds = Crossing.objects.filter(subject_key=run.key).order_by("pk").values_list("kind", "direction")
    answered = ("chooser.answered", "in")
    assert list(kinds) == [answered, ("chooser.answered", "out"), ("chooser.compared", "out"), answered]
    assert len(queries.chooser_data(solver)["agreement_choosers"]) == 2


@pytest.mark.django_db
def test_a_draft_is_made_once_from_what_both_say(run, organisation, owner, solver):
    for side, actor in (("host", owner), ("partner", solver)):
        answer(run, side, actor, SILENT)
    made = [services.draft_from_chooser(run_id=run.pk, actor=owner, at=AT) for _time in range(2)]
    run.refresh_from_db()
    assert made[0] == made[1] == run.agreement
    assert (made[0].kind, made[0].title, made[0].status, made[0].purposes) == (
        "development",
        "Pump seals",
        "draft",
        ["evaluate", "research", "develop"],
    )
    assert "Campus" in made[0].versions.get().body
    assert (made[0].parties.get().organisation, run.options["results"]) == (run.partner, "us")
    assert list(queries.partners_of(organisation)) == [run.partner]


@pytest.mark.django_db
def test_a_known_partner_is_asked_again_and_an_own_person_is_refused(
    run, organisation, owner, member, other_organisation, other_owner
):
    known = services.ChooserInput(title="Valves", partner_key=run.partner.key)
    again = services.start_chooser(organisation=organisation, said=known, actor=owner, at=AT)
    own = services.ChooserInput(title="Valves", partner_name="We", contact_email=str(member.email))
    n_before = Organisation.objects.count()
    codes = [
        code_of(services.start_chooser, organisation=organisation, said=own, actor=owner, at=AT),
        code_of(services.start_chooser, organisation=organisation, said=known, actor=member, at=AT),
        code_of(services.start_chooser, organisation=other_organisation, said=known, actor=other_owner, at=AT),
    ]
    assert (again.partner, codes, Organisation.objects.count()) == (
        run.partner,
        ["agreements.chooser_own", "people.not_manager", "agreements.chooser_incomplete"],
        n_before,
    )


def text_in_word(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read("word/document.xml").decode()


@pytest.mark.django_db
def test_both_sides_answer_on_their_pages_and_nobody_else_sees_them(
    client_of, run, owner, member, solver, stranger, other_owner
):
    host, guest = client_of(owner), client_of(solver)
    ours, theirs = reverse("agreements:choosing_run", args=[run.key]), reverse("agreements:choose", args=[run.key])
    assert [client_of(who).get(page).status_code for who in (stranger, other_owner) for page in (ours, theirs)] == [
        404
    ] * 4
    assert (host.get(theirs).status_code, guest.get(ours).status_code) == (404, 404)
    assert_page_ok(guest.get(theirs))
    part = assert_page_ok(guest.post(theirs, {"harm": "yes", "action": "hand_in"}), status=409)
    assert "no answer yet" in part.text
    assert guest.post(theirs, {"harm": "yes", "action": "save"}).status_code == 302
    early = [
        guest.get(reverse(f"agreements:{name}", args=[run.key])).status_code for name in ("choose_sheet", "choose_file")
    ]
    assert (early, host.get(reverse("agreements:choosing_file", args=[run.key])).status_code) == ([404, 404], 404)
    guest.post(reverse("agreements:choose_again", args=[run.key]))
    assert guest.post(theirs, {**OPEN, "action": "hand_in"}).status_code == 302
    assert "An owner or a manager answers" in assert_page_ok(client_of(member).get(ours)).text
    assert "signed in with their e-mail" in assert_page_ok(host.get(ours)).text
    assert host.post(reverse("agreements:choosing_draft", args=[run.key])).status_code == 302
    assert host.post(ours, {**SILENT, "action": "hand_in"}).status_code == 302
    pages = [assert_page_ok(browser.get(page)) for browser, page in ((host, ours), (guest, theirs))]
    assert [("changes the result" in page.text, "1 / 5: balanced" in page.text) for page in pages] == [(True, True)] * 2
    sheets = [
        browser.get(reverse(name, args=[run.key])).content.decode()
        for browser, name in ((host, "agreements:choosing_sheet"), (guest, "agreements:choose_sheet"))
    ]
    assert (sheets[0] == sheets[1], "not legal advice" in sheets[0]) == (True, True)
    files = [(host, "agreements:choosing_file"), (guest, "agreements:choose_file")]
    texts = [text_in_word(browser.get(reverse(name, args=[run.key])).content) for browser, name in files]
    assert (texts[0] == texts[1], "This is no contract" in texts[0]) == (True, True)
    foreign = [
        client_of(who).get(reverse(name, args=[run.key])) for who in (stranger, other_owner) for _, name in files
    ]
    assert [answer.status_code for answer in foreign] == [404] * 4
    host.post(reverse("agreements:choosing_draft", args=[run.key]))
    assert "A draft was made" in assert_page_ok(host.get(ours)).text
    host.post(reverse("agreements:choosing_again", args=[run.key]))
    assert "Earlier rounds" in assert_page_ok(guest.get(theirs)).text
    assert ChooserAnswers.objects.count() == 2


@pytest.mark.django_db
def test_a_run_is_started_on_the_page(client_of, organisation, owner, member):
    page, browser = reverse("agreements:choosing"), client_of(owner)
    assert_page_ok(browser.get(page))
    assert_page_ok(browser.post(page, {"title": ""}), status=422)
    kept = assert_page_ok(browser.post(page, {"title": "Seals"}), status=409)
    assert "who is on the other side" in kept.text
    said = {
        "title": "Seals",
        "partner_name": "Campus",
        "partner_kind": "university",
        "contact_email": "uni@example.org",
    }
    assert browser.post(page, said).status_code == 302
    seen = assert_page_ok(client_of(member).get(page))
    assert ("Seals" in seen.text, "A new partner" in seen.text) == (True, False)


def test_a_partner_that_is_not_known_is_refused(client_of, owner, organisation, other_organisation):
    said = {"title": "Grip it", "partner_key": other_organisation.key, "partner_name": "Campus", "partner_kind": "firm",
            "contact_email": "tilda@campus.example"}  # fmt: skip
    answer = client_of(owner).post("/choosing/", said)

    assert (answer.status_code, ChooserRun.objects.filter(organisation=organisation).count()) == (422, 0)
    assert client_of(owner).post("/choosing/", said | {"partner_key": ""}).status_code == 302


@pytest.mark.django_db
def test_the_partner_is_asked_by_a_mail_once_and_who_handed_in_first_hears_of_the_comparison(
    organisation, owner, manager, solver
):
    said = services.ChooserInput(title=" Pump seals ", partner_name="Campus", contact_email=str(solver.email))
    told = {"organisation": organisation, "actor": owner, "at": AT}
    run, again = services.start_chooser(**told, said=said), services.start_chooser(**told, said=said)
    assert (again, ChooserRun.objects.count(), Organisation.objects.filter(name="Campus").count()) == (run, 1, 1)
    known = services.ChooserInput(title="Other seals", partner_key=run.partner.key)
    assert services.start_chooser(**told, said=known) == services.start_chooser(**told, said=known)
    (mail, other) = Mail.objects.filter(kind="chooser_news").order_by("pk")
    assert (mail.to, mail.subject) == (solver.email, "Lindenhof Robotics asks you: which agreement fits “Pump seals”?")
    assert (f"/choose/{run.key}/" in mail.text, other.to, ChooserRun.objects.count()) == (True, solver.email, 2)

    Mail.objects.all().delete()
    answer(run, "partner", solver, OPEN)
    answer(run, "host", owner, {"harm": "yes"}, is_final=False)
    assert not Mail.objects.exists()
    answer(run, "host", owner, SILENT)
    assert list(Mail.objects.values_list("to", "subject")) == [
        (solver.email, "Both sides have answered: “Pump seals”")
    ]  # fmt: skip
    services.answer_again(run_id=run.pk, side="host", actor=owner)
    Mail.objects.all().delete()
    answer(run, "host", owner, OPEN)
    answer(run, "partner", solver, OPEN)
    assert sorted(Mail.objects.values_list("to", flat=True)) == sorted([owner.email, manager.email])
    assert f"/choosing/{run.key}/" in Mail.objects.first().text
