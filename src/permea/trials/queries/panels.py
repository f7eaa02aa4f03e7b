"""Customer panels for those who keep them, and a membership for whoever has its private link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from permea.people.models import Organisation, Person
from permea.people.queries import ErasureLines, managed_organisation_ids
from permea.trials import rules
from permea.trials.models import (
    ConsentText,
    CustomerPanel,
    PanelMember,
    Participant,
    Respondent,
)

PAGE_SIZE = 50
Status = PanelMember.Status
LIVE = (Status.INVITED, Status.JOINED)


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A panel in the list, and how many belong to it."""

    panel: CustomerPanel
    n_joined: int
    n_invited: int
    n_gone: int


@dataclass(frozen=True, slots=True)
class PanelPage:
    """A panel as those who keep it see it."""

    panel: CustomerPanel
    row: PanelRow
    texts: list[ConsentText]
    page: Page[PanelMember]


@dataclass(frozen=True, slots=True)
class Membership:
    """What somebody sees of their own membership: what they agreed to, and what they are asked."""

    member: PanelMember
    panel: CustomerPanel
    text: ConsentText
    is_agreed: bool
    ends_at: datetime
    respondents: list[Respondent]
    participants: list[Participant]


def panels_of(organisation: Organisation) -> list[PanelRow]:
    """Return the panels of an organisation, the oldest first."""
    rows = _counted(CustomerPanel.objects.filter(organisation=organisation)).order_by("created_at", "pk")
    return [_row(panel) for panel in rows]


def _counted(panels: QuerySet[CustomerPanel]) -> QuerySet[CustomerPanel]:
    """Return panels with how many joined, are invited, and are gone."""
    return panels.annotate(
        n_joined=Count("members", filter=Q(members__status=Status.JOINED)),
        n_invited=Count("members", filter=Q(members__status=Status.INVITED)),
        n_gone=Count("members", filter=Q(members__status__in=(Status.LEFT, Status.ENDED))),
    )


def _row(panel: Any) -> PanelRow:
    return PanelRow(panel, panel.n_joined, panel.n_invited, panel.n_gone)


def own_panels(organisation: Organisation) -> QuerySet[CustomerPanel]:
    """Return the panels an organisation can ask, by name."""
    return CustomerPanel.objects.filter(organisation=organisation).order_by("title", "pk")


def managed_panel(actor: Person, key: str) -> CustomerPanel:
    """Return a panel of an organisation the actor manages. Raises Http404 for all others."""
    rows = CustomerPanel.objects.filter(organisation_id__in=managed_organisation_ids(actor)).select_related(
        "organisation"
    )
    return get_object_or_404(rows, key=key)


def panel_page(actor: Person, key: str, *, page: int = 1) -> PanelPage:
    """Return a panel with its texts and a page of who belongs to it. Raises Http404 to who does not manage it."""
    panels = CustomerPanel.objects.filter(organisation_id__in=managed_organisation_ids(actor))
    panel = get_object_or_404(_counted(panels), key=key)
    members = PanelMember.objects.filter(panel=panel, status__in=LIVE).select_related("consent")
    paged = Paginator(members.order_by("-status", "name", "email", "pk"), PAGE_SIZE).get_page(page)
    return PanelPage(panel, _row(panel), list(panel.consent_texts.order_by("-version")), paged)


def managed_member(actor: Person, key: str, member_key: str) -> PanelMember:
    """Return a member of a panel the actor manages. Raises Http404 for all others."""
    panels = CustomerPanel.objects.filter(organisation_id__in=managed_organisation_ids(actor), key=key)
    return get_object_or_404(PanelMember.objects.filter(panel__in=panels), key=member_key)


def current_consent(panel: CustomerPanel) -> ConsentText | None:
    """Return the newest consent text of a panel, None before there is one."""
    return ConsentText.objects.filter(panel=panel).order_by("-version").first()


def consent_of(panel: CustomerPanel) -> ConsentText:
    """Return the newest consent text of a panel; each has one from its first day."""
    return ConsentText.objects.filter(panel=panel).order_by("-version")[0]


def public_panel(key: str) -> CustomerPanel:
    """Return a panel that anybody can join. Raises Http404 for all others."""
    return get_object_or_404(CustomerPanel.objects.select_related("organisation"), key=key, is_joinable=True)


def known_hashes(panel: CustomerPanel) -> set[str]:
    """Return the hashes of addresses that are not invited: they belong to the panel, or left it."""
    rows = PanelMember.objects.filter(panel=panel).exclude(status=Status.ENDED)
    return set(rows.values_list("address_hash", flat=True))


def live_members() -> QuerySet[PanelMember]:
    """Return everybody of every panel whose name or address is held."""
    return PanelMember.objects.filter(status__in=LIVE).select_related("consent").order_by("pk")


def live_member(panel: CustomerPanel, email: str) -> PanelMember | None:
    """Return who belongs to the panel under this address, or was invited, None for nobody or no address."""
    found = rules.address_hash(panel, email)
    return live_members().filter(panel=panel, address_hash=found).first() if found else None


def joined_members(panel: CustomerPanel) -> list[PanelMember]:
    """Return who agreed to be asked in a panel."""
    return list(PanelMember.objects.filter(panel=panel, status=Status.JOINED).order_by("pk"))


def members_at(email: str) -> QuerySet[PanelMember]:
    """Return every membership under an address, none for no address."""
    rows = live_members().filter(email__iexact=email)
    return rows if email else rows.none()


def keys_of(member: PanelMember) -> tuple[str, ...]:
    """Return the keys of a membership and of every place that belongs to it."""
    places = (Respondent.objects.filter(member=member), Participant.objects.filter(member=member))
    return (member.key, *(key for rows in places for key in rows.order_by("pk").values_list("key", flat=True)))


def member_by_token(token: str) -> PanelMember:
    """Return the member whose private page this opens. Raises Http404 for everything else."""
    key = rules.key_in(token, PanelMember)
    if key is None:
        raise Http404
    return get_object_or_404(PanelMember.objects.select_related("panel__organisation", "consent"), key=key)


def membership(member: PanelMember, at: datetime) -> Membership:
    """Return what a member sees at `at`: the text in force, and what is open for them and not finished."""
    text = consent_of(member.panel)
    unfinished = {"member": member, "finished_at__isnull": True, "taken_back_at__isnull": True}
    return Membership(
        member=member,
        panel=member.panel,
        text=text,
        is_agreed=member.consent_id == text.pk,
        ends_at=rules.consent_ends_at(member),
        respondents=list(
            Respondent.objects.filter(**unfinished, test__opened_at__lte=at, test__closes_at__gt=at)
            .select_related("test")
            .order_by("made_at", "pk")
        ),
        participants=list(
            Participant.objects.filter(**unfinished, round__opened_at__lte=at, round__closes_at__gt=at)
            .select_related("round__prototype")
            .order_by("made_at", "pk")
        ),
    )


def member_data(member: PanelMember) -> dict[str, Any]:
    """Return everything that is held of a membership, ready for JSON."""
    from permea.trials.queries.answering import place_data  # noqa: PLC0415 - they need each other
    from permea.trials.queries.prototypes import participant_data  # noqa: PLC0415 - same

    answered = Respondent.objects.filter(member=member).select_related("test").order_by("made_at", "pk")
    tried = Participant.objects.filter(member=member).select_related("round__prototype", "suggestion")
    return {
        "panel": member.panel.title,
        "name": member.name,
        "email": member.email,
        "status": member.status,
        "invited_at": member.invited_at.isoformat(),
        "agreed_to_version": member.consent.version if member.consent else None,
        "agreed_at": member.consented_at.isoformat() if member.consented_at else None,
        "left_at": member.left_at.isoformat() if member.left_at else None,
        "tests": [place_data(one) for one in answered],
        "prototypes": [participant_data(one) for one in tried.order_by("made_at", "pk")],
    }


def personal_data(person: Person) -> dict[str, Any]:
    """Return what trials hold about a person: memberships under their address, feedback they left it with."""
    from permea.trials.queries.prototypes import participant_data, participants_at  # noqa: PLC0415 - same

    members = members_at(person.email or "").select_related("panel", "consent")
    loose = participants_at(person.email or "").filter(member__isnull=True)
    return {
        "customer_panels": [member_data(member) for member in members],
        "prototype_feedback": [participant_data(one) for one in loose.select_related("round__prototype", "suggestion")],
    }


def erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to memberships of a person who is erased."""
    email = person.email or ""
    has_some = members_at(email).exists() or participants_at_address(email)
    goes = [_("Your place on customer panels, with the name and address that stand there.")] if has_some else []
    stays = [_("What you answered there, counted without anything that leads to you.")] if has_some else []
    return ErasureLines(goes=goes, stays=stays)


def participants_at_address(email: str) -> bool:
    """Say whether somebody left this address with feedback on a prototype."""
    return bool(email) and Participant.objects.filter(email__iexact=email).exists()
