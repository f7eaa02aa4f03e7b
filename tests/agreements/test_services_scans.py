"""Signing by hand: a scan counts once the other side has accepted it, for exactly the version it shows."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from permea.agreements import queries, services
from permea.agreements.models import AgreementSignature, SignedScan
from permea.foundation.files import intake, storage
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing, Receipt
from permea.notifications.models import Mail
from permea.people.models import Membership, Organisation
from tests.cast import AT

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Keep files in a folder of the test."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def offered(organisation, owner, solver):
    """Return an agreement that Sam's university can sign."""
    told = services.AgreementInput(
        kind="nda_mutual", title="Pumps", language="en", law="DE", partner_name="Campus", partner_kind="university",
        contact_email=solver.email,
    )  # fmt: skip
    made = services.draft_agreement(organisation=organisation, said=told, actor=owner, at=AT)
    services.offer_agreement(agreement_id=made.pk, actor=owner, at=AT)
    made.refresh_from_db()
    Mail.objects.all().delete()
    return made


def refused(act, **told):
    with pytest.raises(RefusedError) as error:
        act(**told)
    return error.value.refusal.code


def send(agreement, actor, at=AT, *, name="paper.pdf", content=PDF, signer="Prof. Ada Head", day=AT, act=None):
    said = services.ScanInput(
        signer_name=signer, signed_on=day.date(), file=intake.SentFile(name=name, chunks=[content])
    )
    told = {"version_id": queries.newest_version(agreement).pk, "said": said, "actor": actor, "at": at}
    return act(services.send_scan, **told) if act else services.send_scan(**told)


def kept():
    return sum(one.is_file() for one in storage.root().rglob("*")) if storage.root().exists() else 0


def news():
    rows = Mail.objects.filter(kind="agreement_news").order_by("pk")
    found = [(mail.subject, mail.to) for mail in rows]
    rows.delete()
    return found


def test_a_scan_counts_as_a_signature_once_the_other_side_has_accepted_it(offered, owner, member, solver, stranger):
    scan = send(offered, solver)
    again = send(offered, solver, AT + DAY)
    version = queries.newest_version(offered)
    assert (again, kept(), queries.has_signed(version, scan.party)) == (scan, 1, False)
    assert (intake.is_named_anywhere(scan.path), news()) == (True, [("Signed by hand: “Pumps”", owner.email)])
    for person, code in ((solver, "own_scan"), (member, "may_not_bind"), (stranger, "may_not_bind")):
        assert refused(services.accept_scan, scan_id=scan.pk, actor=person, at=AT) == f"agreements.{code}"

    signature = services.accept_scan(scan_id=scan.pk, actor=owner, at=AT + DAY)
    assert (signature.typed_name, signature.method, signature.scan, signature.person) == (
        "Prof. Ada Head", "by_hand", scan, solver,
    )  # fmt: skip
    assert refused(services.accept_scan, scan_id=scan.pk, actor=owner, at=AT) == "agreements.scan_answered"
    paper = queries.paper_of(version)
    other = send(offered, owner, content=PDF + b"%", signer="Olga Owner")
    assert news() == [("Signed by hand: “Pumps”", solver.email)]
    services.accept_scan(scan_id=other.pk, actor=solver, at=AT + 2 * DAY)
    offered.refresh_from_db()

    assert (offered.status, offered.valid_from) == ("signed", AT + 2 * DAY)
    told = list(Crossing.objects.filter(subject_key=offered.key).order_by("number").values_list("kind", "direction"))
    assert told[1:] == [
        ("agreement.scan_sent", "in"),
        ("agreement.scan_accepted", "out"),
        ("agreement.side_signed", "in"),
        ("agreement.scan_sent", "out"),
        ("agreement.scan_accepted", "in"),
        ("agreement.side_signed", "out"),
        ("agreement.signed", "in"),
    ]
    assert Receipt.objects.filter(person=solver).count() == 1
    assert (paper[:5], queries.paper_of(version) == paper) == (b"%PDF-", False)


def test_what_is_no_scan_or_cannot_have_been_signed_is_refused_and_nothing_is_kept(offered, owner, solver, stranger):
    def no(actor, **said):
        return send(offered, actor, act=refused, **said)

    assert [
        no(stranger),
        no(solver, name="paper.txt", content=b"I sign."),
        no(solver, name="paper.png"),
        no(solver, signer=" "),
        no(solver, day=AT - 9 * DAY),
        no(solver, day=AT + 9 * DAY),
    ] == [
        "agreements.may_not_bind",
        "agreements.scan_type",
        "ideas.file_content",
        "agreements.no_name",
        "agreements.scan_day",
        "agreements.scan_day",
    ]
    assert (kept(), SignedScan.objects.count()) == (0, 0)
    send(offered, solver)
    assert no(solver, content=PDF + b"%") == "agreements.scan_waits"
    assert kept() == 1


def test_a_scan_that_is_turned_down_leaves_its_reason_and_room_for_another(offered, owner, solver):
    scan = send(offered, solver)
    news()
    told = {"scan_id": scan.pk, "actor": owner, "at": AT}
    assert refused(services.turn_scan_down, reason=" ", **told) == "agreements.scan_reason"
    services.turn_scan_down(reason=" Page 3 is missing. ", **told)
    assert refused(services.turn_scan_down, reason="Again", **told) == "agreements.scan_answered"
    assert news() == [("The scan was not accepted: “Pumps”", solver.email)]

    standing = queries.agreement_for(solver, offered.key)[1]
    part = queries.scans_part(offered, queries.newest_version(offered), standing, may_sign=True)
    assert [(line.side, line.is_own, line.may_answer, line.scan.reason) for line in part.lines] == [
        ("Campus", True, False, "Page 3 is missing.")
    ]
    assert part.may_send
    send(offered, solver, content=PDF + b"%")
    assert not queries.scans_part(offered, queries.newest_version(offered), standing, may_sign=True).may_send


def test_a_newer_version_or_another_signature_makes_a_scan_void(offered, owner, solver):
    scan = send(offered, solver)
    version = queries.newest_version(offered)
    AgreementSignature.objects.create(version=version, party=scan.party, person=solver, typed_name="Sam", signed_at=AT)
    assert refused(services.accept_scan, scan_id=scan.pk, actor=owner, at=AT) == "agreements.signed"
    AgreementSignature.objects.all().delete()
    services.propose_version(
        agreement_id=offered.pk, body="Another text.", note="", options=version.options, actor=owner, at=AT
    )
    assert refused(services.accept_scan, scan_id=scan.pk, actor=owner, at=AT) == "agreements.old_version"
    assert not AgreementSignature.objects.exists()


def test_a_scan_is_in_what_its_sender_may_take_along_and_goes_with_an_unsigned_agreement(
    offered, solver, django_capture_on_commit_callbacks
):
    assert queries.scan_erasure_lines(solver).stays == []
    send(offered, solver)
    assert [one["signer_name"] for one in queries.scan_data(solver)["signed_scans"]] == ["Prof. Ada Head"]
    assert len(queries.scan_erasure_lines(solver).stays) == 1
    offered.parties.update(person=solver, organisation=None)
    with django_capture_on_commit_callbacks(execute=True):
        services.forget_party(person_id=solver.pk)
    assert (SignedScan.objects.count(), kept()) == (0, 0)


def test_both_sides_use_the_pages(offered, client, owner, solver, stranger, make_person):
    guest = make_person("gina@campus.example", "Gina")
    campus = Organisation.objects.get(name="Campus")
    Membership.objects.create(person=guest, organisation=campus, role="manager", since=AT)
    version = queries.newest_version(offered)
    page = reverse("agreements:guest", args=[offered.key])
    send_to = reverse("agreements:send_scan", args=[offered.key, version.key])
    said = {"signer_name": "Ada", "signed_on": AT.date().isoformat()}

    client.force_login(guest)
    assert "Signed on paper?" in client.get(page).content.decode()
    assert client.post(send_to, said).status_code == 422
    with (storage.root().parent / "text.txt").open("wb+") as file:
        file.write(b"words")
        file.seek(0)
        assert client.post(send_to, {**said, "file": file}).status_code == 409
    with (storage.root().parent / "scan.pdf").open("wb+") as file:
        file.write(PDF)
        file.seek(0)
        assert client.post(send_to, {**said, "file": file}).status_code == 302
    scan = SignedScan.objects.get()
    assert "waits for the other side" in client.get(page).content.decode()

    urls = {name: reverse(f"agreements:{name}", args=[offered.key, scan.key]) for name in (
        "scan_file", "accept_scan", "turn_scan_down",
    )}  # fmt: skip
    client.force_login(stranger)
    answers = [client.get(urls["scan_file"]), client.post(urls["accept_scan"]), client.post(urls["turn_scan_down"])]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    client.force_login(owner)
    answer = client.get(urls["scan_file"])
    assert (b"".join(answer.streaming_content), answer["Content-Type"]) == (PDF, "application/pdf")
    assert client.post(urls["turn_scan_down"]).status_code == 409
    assert client.post(urls["turn_scan_down"], {"reason": "Blurred"}).status_code == 302
    assert client.post(urls["accept_scan"]).status_code == 409
    assert "Blurred" in client.get(reverse("agreements:agreement", args=[offered.key])).content.decode()
    SignedScan.objects.update(answered_at=None, answered_by=None, reason="")
    assert client.post(urls["accept_scan"]).status_code == 302
    assert "by hand, on paper" in client.get(reverse("agreements:agreement", args=[offered.key])).content.decode()
    with pytest.raises(Http404):
        queries.scan_for(stranger, offered.key, scan.key)
