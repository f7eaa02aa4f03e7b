"""Something handed over to a partner, under an agreement that binds one of its people and names nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

from permea.agreements.models import Terms
from permea.agreements.services import agree_by_click, end_click
from permea.notifications.models import Mail
from permea.partners.models import Partner
from permea.people.models import Person
from permea.projects import services
from permea.projects.models import Transfer
from tests.cast import AT

EVALUATE = "evaluate"


def hand_over(stage: SimpleNamespace, partner_key: str, guests: Mapping[str, Person], title: str = "Seal") -> str:
    """Begin to hand a seal over, and return its key; the former partner's agreement about it is over."""
    mailed, told = Mail.objects.latest("pk").pk, {"actor": stage.owner, "at": AT}
    said = services.TransferInput(
        title=title, about="A seal that is cold.", partner=Partner.objects.get(key=partner_key).party,
        direction="out", kind="prototype", level=5, purpose=EVALUATE,
    )  # fmt: skip
    made = services.begin_transfer(organisation=stage.organisation, content=said, **told)
    terms = Terms.objects.get(organisation=stage.organisation, kind="nda", language="en")
    for name, guest in guests.items():
        agreement = agree_by_click(terms=terms, person=guest, subject_key=made.key, at=AT)
        if name == "former_partner":
            end_click(
                organisation=stage.organisation, subject_key=made.key, agreement_key=agreement.key, **told
            )  # fmt: skip
        else:
            content = services.ChangeInput(title=title, about=made.about, purpose=EVALUATE, agreement=agreement)
            services.change_transfer(transfer_id=made.pk, content=content, **told)
    services.show_transfer(transfer_id=made.pk, **told)
    services.move(transfer_id=made.pk, to="handing", **told)
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
    return made.key


def fill_one_more(stage: SimpleNamespace, guest: Person, number: int) -> None:
    """Put one more of everything into the first transfer."""
    told = {"transfer_id": Transfer.objects.earliest("pk").pk, "at": AT}
    services.add_item(**told, name=f"Item {number}", actor=stage.owner)
    services.plan_session(**told, on=AT.date(), topic=f"Topic {number}", actor=stage.owner)
    services.add_criterion(**told, name=f"Criterion {number}", target="1", actor=guest)
    services.add_point(**told, name=f"Point {number}", actor=guest)
