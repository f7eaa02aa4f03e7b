"""Ten risks that firms meet when they work with others, to be taken over and put into one's own numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permea.risks.models import Risk
from permea.risks.rules.register import Ranges

Kind = Risk.Kind


@dataclass(frozen=True, slots=True)
class Starter:
    """A typical risk; its ranges are only where to begin."""

    name: str
    kind: str
    title: str | Promise
    cause: str | Promise
    event: str | Promise
    effect: str | Promise
    mitigation: str | Promise
    ranges: Ranges


def _ranges(chance: tuple[int, int, int], cost: tuple[int, int, int]) -> Ranges:
    """Return ranges from per cents and thousands."""
    low, likely, high = (Decimal(number) / 100 for number in chance)
    least, usual, most = (Decimal(number * 1000) for number in cost)
    return Ranges((low, likely, high), (least, usual, most))


STARTERS = (
    Starter(
        "told-too-early",
        Kind.LEAKAGE,
        _("We tell too much too early"),
        _("In first talks we want to convince and show more than the teaser."),
        _("A partner without an agreement knows how it works."),
        _("Others use it, and a patent is no longer possible."),
        _("Show in depths, and open the room only once the agreement is signed."),
        _ranges((5, 15, 35), (5, 25, 120)),
    ),
    Starter(
        "moved-on",
        Kind.PEOPLE,
        _("The one who knows it leaves"),
        _("One person holds the contact and the knowledge of a partnership."),
        _("This person changes jobs, falls ill or retires."),
        _("The partnership stands still for months, and knowledge is lost."),
        _("Name a second person, and write down each quarter what was agreed."),
        _ranges((5, 10, 25), (5, 15, 60)),
    ),
    Starter(
        "one-partner",
        Kind.DEPENDENCE,
        _("Too much with one partner"),
        _("Most of what comes in or goes out runs through a single partner."),
        _("The partner raises prices, is bought, or loses interest."),
        _("We have no second source and must accept the terms."),
        _("Keep a second partner warm, and agree on notice and on access to what was made."),
        _ranges((5, 12, 30), (10, 40, 200)),
    ),
    Starter(
        "who-owns-it",
        Kind.IP,
        _("It is not clear who owns the result"),
        _("We began before the agreement said what each side brings in and what belongs to whom."),
        _("Both sides claim the result."),
        _("A dispute delays the launch, or we pay for what we helped to make."),
        _("List what each side brings in, and agree on results before the first day of work."),
        _ranges((5, 15, 30), (10, 30, 150)),
    ),
    Starter(
        "others-rights",
        Kind.IP,
        _("An idea from outside infringes the rights of others"),
        _("The author copied it, or their employer or university owns it."),
        _("The holder of the rights objects after we have begun to sell."),
        _("We stop selling, change the product or pay for a licence."),
        _("Have the author confirm the rights, and search for patents before money is spent."),
        _ranges((1, 4, 12), (10, 50, 300)),
    ),
    Starter(
        "does-not-fit",
        Kind.INTEGRATION,
        _("What comes from outside does not fit in"),
        _("It was tested at the partner, with their machines and their people."),
        _("It does not run with us without changes."),
        _("Start is late and needs more hours and money than planned."),
        _("Agree on an acceptance test in our house, and plan a buffer."),
        _ranges((15, 30, 60), (5, 20, 80)),
    ),
    Starter(
        "not-ours",
        Kind.INTEGRATION,
        _("Our own people do not take it up"),
        _("Nobody asked those who are to work with it, and nobody has hours for it."),
        _("A good result from outside is put aside."),
        _("What we spent is lost, and partners lose heart."),
        _("Name who takes it up before we begin, with hours for it."),
        _ranges((10, 25, 50), (3, 12, 50)),
    ),
    Starter(
        "partner-fails",
        Kind.MONEY,
        _("A partner cannot finish"),
        _("Small partners live on few orders and have little money aside."),
        _("The partner goes bankrupt or gives up the project."),
        _("Advances are lost, and we begin again elsewhere."),
        _("Pay by milestones, and keep drawings and sources with a third party."),
        _ranges((2, 6, 15), (5, 30, 120)),
    ),
    Starter(
        "direction-lost",
        Kind.CONTROL,
        _("We lose control of where it goes"),
        _("Decisions are taken in a circle in which we are one of many."),
        _("The others take a direction that does not help us."),
        _("We pay for something we cannot use."),
        _("Agree on what is decided by all, and on a way out at each milestone."),
        _ranges((5, 15, 35), (5, 25, 100)),
    ),
    Starter(
        "disappointed",
        Kind.OTHER,
        _("Contributors feel used"),
        _("Answers come late or without reasons, or credit is missing."),
        _("Somebody tells it in public."),
        _("Fewer and weaker ideas come in, and customers hear of it."),
        _("Promise a day for answers, give reasons, and name who contributed."),
        _ranges((5, 12, 30), (2, 10, 60)),
    ),
)
