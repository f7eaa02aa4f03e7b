"""Students of a partner whom the firm places, under an agreement that binds one of the partner's people alone."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from permea.agreements.models import Agreement, AgreementParty
from permea.campus import services
from permea.campus.models import Placement
from permea.notifications.models import Mail
from permea.partners.models import Partner
from permea.people.models import Membership, Organisation, Person
from permea.people.services import register_person
from permea.people.services.memberships import seat
from tests.cast import AT

DAY = timedelta(days=1)
MOST = 20  # reports, of those that can be handed in


def head_of(partner: Organisation) -> Person:
    """Return who may bind the partner for the moment; the guests of the world are members of it."""
    head = register_person(email=f"head-{partner.key}@campus.example", name="Helene Head", at=AT)
    seat(person=head, organisation=partner, role="manager", at=AT)
    return head


def place(stage: SimpleNamespace, partner_key: str, guest: Person, email: str, title: str) -> Placement:
    """Place a student who has accepted, from today on."""
    agreement = Agreement.objects.create(
        organisation=stage.organisation, kind="internship", title=f"Students: {title}", status="signed",
        purposes=["evaluate"], valid_from=AT, created_by=stage.owner, created_at=AT,
    )  # fmt: skip
    partner = Partner.objects.get(key=partner_key).party
    head = head_of(partner)
    for person in (guest, head):
        AgreementParty.objects.create(agreement=agreement, person=person)
    said = services.PlacementInput(
        kind="master", title=title, task="You measure.", place="Hall 2", first_day=AT.date(),
        last_day=(AT + 90 * DAY).date(), weekly_hours=20, supervisor=stage.owner,
    )  # fmt: skip
    made = services.offer_placement(agreement=agreement, partner=partner, content=said, actor=stage.owner, at=AT)
    told = {"placement_id": made.pk, "at": AT}
    services.name_student(**told, name="Sofia", email=email, supervisor=guest, actor=head)
    Membership.objects.filter(person=head).delete()  # whom the other pages do not know
    made = services.answer_student(**told, is_yes=True, reason="", actor=stage.owner)
    return services.accept_placement(**told, sha256=made.statement_sha256, actor=made.student)


def report(made: Placement, actor: Person, text: str) -> str:
    """Hand a report in and have it commented on; return its key."""
    one = services.hand_in_report(placement_id=made.pk, kind="midterm", text=text, actor=made.student, at=AT)
    services.remark_on_report(report_id=one.pk, text=f"On {text}", is_accepted=False, actor=actor, at=AT)
    return one.key


def let_work(stage: SimpleNamespace, partner_key: str, guest: Person, student: Person) -> dict[str, str]:
    """Place a student who reports, and return the keys by what stands before them in addresses."""
    mailed = Mail.objects.latest("pk").pk
    made = place(stage, partner_key, guest, str(student.email), "Bruises on pears")
    key = report(made, stage.owner, "Half done")
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
    return {"placements": made.key, "reports": key}


def place_one_more(stage: SimpleNamespace, partner_key: str, guest: Person, number: int) -> None:
    """Report on the first placement once more, and place one more student, the first one's next placement included."""
    mailed = Mail.objects.latest("pk").pk
    first = Placement.objects.select_related("student").earliest("pk")
    if first.reports.count() < MOST:
        report(first, stage.owner, f"Week {number}")
    email = str(first.student.email) if first.student and number % 2 else f"student{number}@uni.example"
    place(stage, partner_key, guest, email, f"Placement {number}")
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
