"""An agreement that all have signed: what is owed under it, what is to be published, and the calendar of who owes."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from permea.agreements import services
from permea.agreements.models import Agreement, Obligation
from permea.foundation.files.intake import SentFile
from permea.notifications.models import Mail
from permea.people.models import Person
from tests.cast import AT, put_in_force


def promised(stage: SimpleNamespace, person: Person) -> dict[str, str]:
    """Let a firm sign with a person, and return what stands for what in addresses."""
    mailed = Mail.objects.latest("pk").pk
    said = services.AgreementInput(
        kind="research", title="Promises", language="en", law="DE", contact_email=str(person.email)
    )
    made = services.draft_agreement(organisation=stage.organisation, said=said, actor=stage.owner, at=AT)
    services.offer_agreement(agreement_id=made.pk, actor=stage.owner, at=AT)
    put_in_force(made, months=24)
    owed = owe(stage, made, "Report")
    plan(made, person, "A paper")
    token = services.make_calendar_link(person=person, at=AT)
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
    publication = made.publications.get()
    return {
        "agreement": made.key,
        "deadlines": owed.key,
        "publications": publication.key,
        "calendar/deadlines": token,
    }


def owe(stage: SimpleNamespace, agreement: Agreement, title: str) -> Obligation:
    """Write down what the partner owes in five days."""
    said = services.ObligationInput(kind="report", side="party", title=title, on=AT.date() + timedelta(days=5))
    return services.add_obligation(agreement_id=agreement.pk, said=said, actor=stage.owner, at=AT)


def plan(agreement: Agreement, person: Person, title: str) -> None:
    """Hand in what the partner wants to publish, with its file."""
    file = SentFile(f"{title}.txt", [title.encode()])
    said = services.PublicationInput(title=title, file=file)
    services.submit_publication(agreement_id=agreement.pk, said=said, actor=person, at=AT)


def promise_one_more(stage: SimpleNamespace, number: int) -> None:
    """Owe and plan one more thing under the first signed agreement."""
    mailed = Mail.objects.latest("pk").pk
    agreement = Agreement.objects.get(organisation=stage.organisation, title="Promises")
    owe(stage, agreement, f"Report {number}")
    plan(agreement, agreement.parties.get().person, f"Paper {number}")
    Mail.objects.filter(pk__gt=mailed).delete()  # as above
