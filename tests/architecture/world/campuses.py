"""Equipment shared with a partner, under an agreement that binds one of its people alone, with a booking."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from permea.agreements.models import Agreement, AgreementParty
from permea.campus import services
from permea.campus.models import Equipment
from permea.campus.rules import Asked
from permea.notifications.models import Mail
from permea.partners.models import Partner
from permea.people.models import Person
from tests.cast import AT

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def share(stage: SimpleNamespace, partner_key: str, guest: Person, name: str) -> Equipment:
    """Enter equipment that is open at any time, and share it with the partner of a guest."""
    said = services.EquipmentInput(
        name=name, about="It sees.", place="Hall 2", rate=4000, weekdays=tuple(range(7)), needs_introduction=True
    )
    told = {"actor": stage.owner, "at": AT}
    made = services.enter_equipment(organisation=stage.organisation, owner=stage.organisation, content=said, **told)
    agreement = Agreement.objects.create(
        organisation=stage.organisation, kind="equipment", title=f"Visits to the {name}", status="signed",
        purposes=["evaluate"], valid_from=AT, created_by=stage.owner, created_at=AT,
    )  # fmt: skip
    AgreementParty.objects.create(agreement=agreement, person=guest)
    partner = Partner.objects.get(key=partner_key).party
    services.share_equipment(equipment_id=made.pk, partner=partner, agreement=agreement, **told)
    return made


def book(stage: SimpleNamespace, made: Equipment, guest: Person, number: int) -> str:
    """Have a guest introduced, ask for a time and be confirmed; return the key of the booking."""
    partner, told = made.sharings.get().partner, {"actor": stage.owner, "at": AT}
    introduced = {"organisation": partner, "name": f"Ada {number}", "on": AT.date()}
    services.introduce(equipment_id=made.pk, **introduced, **told)
    asked = Asked(
        AT + 2 * DAY + number * HOUR, AT + 2 * DAY + (number + 1) * HOUR, f"Sample {number}", (f"Ada {number}",)
    )
    booking = services.ask_booking(equipment_id=made.pk, asked=asked, actor=guest, at=AT)
    services.answer_booking(booking_id=booking.pk, is_yes=True, reason="", **told)
    return booking.key


def let_use(stage: SimpleNamespace, partner_key: str, guest: Person) -> dict[str, str]:
    """Share equipment that is booked, and return the keys by what stands before them in addresses."""
    mailed = Mail.objects.latest("pk").pk
    made = share(stage, partner_key, guest, "Microscope")
    key = book(stage, made, guest, 0)
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
    return {"equipment": made.key, "bookings": key}


def use_one_more(stage: SimpleNamespace, partner_key: str, guest: Person, number: int) -> None:
    """Book the first equipment once more, and share one more."""
    mailed = Mail.objects.latest("pk").pk
    book(stage, Equipment.objects.earliest("pk"), guest, 1 + number % 6)
    share(stage, partner_key, guest, f"Microscope {number}")
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
