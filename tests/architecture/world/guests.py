"""Two people of a partner: one under a live agreement about what is kept in rooms, one whose agreement is over."""

from __future__ import annotations

from types import SimpleNamespace

from permea.agreements.models import Terms
from permea.agreements.services import agree_by_click, end_click
from permea.challenges.models import Challenge
from permea.challenges.services import agree_to_confidentiality
from permea.disclosures import services as disclosures
from permea.disclosures.models import Item
from permea.notifications.models import Mail
from permea.partners.models import Partner
from permea.people import services as people
from permea.people.models import Membership, Person
from permea.people.rules import PRIVACY_VERSION
from permea.people.services.memberships import seat
from tests.cast import AT


def guests_of(stage: SimpleNamespace, partner_key: str, item_key: str, challenge: Challenge) -> dict[str, Person]:
    """Return both by the names they walk under; they share organisation, item and challenge, not the agreement."""
    mailed = Mail.objects.latest("pk").pk
    item, partner = Item.objects.get(key=item_key), Partner.objects.get(key=partner_key)
    found = {name: _guest(stage, name, partner, item) for name in ("partner", "former_partner")}
    terms = Terms.objects.get(organisation=stage.organisation, kind="nda", language="en")
    for name, guest in found.items():
        made = [
            agree_by_click(terms=terms, person=guest, subject_key=item.key, at=AT),
            agree_to_confidentiality(challenge_key=challenge.key, person=guest, at=AT),
        ]
        for agreement, subject_key in zip(made, (item.key, challenge.key), strict=True):
            if name == "former_partner":
                end_click(
                    organisation=stage.organisation, subject_key=subject_key, agreement_key=agreement.key,
                    actor=stage.owner, at=AT,
                )  # fmt: skip
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
    return found


def _guest(stage: SimpleNamespace, name: str, partner: Partner, item: Item) -> Person:
    """Return a new person of the partner, with whom the item is shared as far as its room."""
    email = f"{name}{stage.mark}@campus.example"
    guest = people.register_person(email=email, name=name, language="en", at=AT)
    people.confirm_address(person=guest)
    people.give_consent(person=guest, purpose="privacy", version=PRIVACY_VERSION, at=AT)
    seat(person=guest, organisation=partner.party, role=Membership.Role.MEMBER, at=AT)
    content = disclosures.ShareInput(email=email, depth="room", purpose="evaluate")
    disclosures.share_item(item_id=item.pk, content=content, actor=stage.owner, at=AT)
    return guest
