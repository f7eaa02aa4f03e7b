"""What the demo's firm agrees with partners: secrecy and research that live, and a development under negotiation."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.agreements import services
from permea.agreements.models import Agreement
from permea.agreements.queries import newest_version
from permea.config.demo.keeping import Signed, keep
from permea.notifications.models import Mail
from permea.people.queries import person_by_email

if TYPE_CHECKING:
    from permea.config.demo.story import Story
    from permea.people.models import Person


def agree(story: Story) -> None:
    """Let the firm sign with a supplier and a university, and offer an institute what comes back changed."""
    for name, plan in story.content.plan["agreements"].items():
        signed: Signed = {}
        story.on(plan["day"], partial(_offer, story, name, plan, signed))
        keep(story, signed, plan, story.content.words["agreements"][name])


def _offer(story: Story, name: str, plan: dict[str, Any], signed: Signed, at: datetime) -> None:
    """Draft and offer an agreement; the other side signs it, or changes it."""
    words = story.content.words["agreements"][name]
    email = story.content.email(plan["contact"])
    said = services.AgreementInput(
        kind=plan["kind"],
        title=words["title"],
        language=story.content.language,
        law="DE",
        partner_name=words["partner"],
        partner_kind=plan["partner_kind"],
        contact_email=email,
        contact_name=words["contact"],
        options={**plan["options"], "subject": words["subject"], "amount": words.get("amount", "")},
    )
    made = services.draft_agreement(organisation=story.host, said=said, actor=story.owner, at=at)
    services.offer_agreement(agreement_id=made.pk, actor=story.owner, at=at)
    contact = person_by_email(email)
    assert contact is not None  # noqa: S101 - drafting registers them
    if "changed" in words:
        _change(made, words, contact, at)
        return
    for person in (story.owner, contact):
        _sign(made, person, at)
    signed["agreement"], signed["contact"] = made, contact


def _change(made: Agreement, words: dict[str, Any], contact: Person, at: datetime) -> None:
    """Let the other side propose a text of its own."""
    before, after = words["changed"]
    body = newest_version(made).body.replace(before, after)
    services.propose_version(agreement_id=made.pk, body=body, options={}, note=words["note"], actor=contact, at=at)


def _sign(made: Agreement, person: Person, at: datetime) -> None:
    """Sign the newest version with the code that was mailed."""
    version = newest_version(made)
    services.send_signing_code(version_id=version.pk, actor=person, at=at)
    mail = Mail.objects.filter(kind="agreement_code", person=person).latest("pk")
    code = re.findall(r"\b\d{6}\b", mail.text)[-1]
    services.sign_version(version_id=version.pk, actor=person, typed_name=person.display_name, code=code, at=at)
