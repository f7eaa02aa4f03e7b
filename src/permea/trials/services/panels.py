"""Customer panels: made, changed, joined, left; what members agree to, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from permea.foundation.events import publish
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas.rules import fingerprint
from permea.people.models import Organisation, Person
from permea.trials import queries, rules
from permea.trials.events import PanelLinkAsked, PanelMemberRemoved
from permea.trials.models import ConsentText, CustomerPanel, PanelMember
from permea.trials.services.common import came_in, cut_off, demand_managing, offer_what_is_open

Status = PanelMember.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelInput:
    """What a panel is, and what its members agree to."""

    title: str
    about: str = ""
    language: str = "en"
    is_joinable: bool = False
    purpose: str
    keep_months: int = 24


@transaction.atomic
def create_panel(*, organisation: Organisation, content: PanelInput, actor: Person, at: datetime) -> CustomerPanel:
    """Begin a customer panel with its first consent text.

    Raises RefusedError to non-managers and as `rules.why_not_consent_text` says.
    """
    demand_managing(organisation.pk, actor)
    panel = CustomerPanel(organisation=organisation, created_at=at)
    return _save(panel, content, at)


@transaction.atomic
def change_panel(*, panel_id: int, content: PanelInput, actor: Person, at: datetime) -> CustomerPanel:
    """Change a customer panel; another consent text is a new version, and members keep the one they agreed to.

    Raises RefusedError as `create_panel` does.
    """
    return _save(_managed(panel_id, actor), content, at)


def _managed(panel_id: int, actor: Person) -> CustomerPanel:
    """Return the locked panel to somebody who manages. Raises RefusedError to all others."""
    panel = CustomerPanel.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=panel_id)
    demand_managing(panel.organisation_id, actor)
    return panel


def _save(panel: CustomerPanel, content: PanelInput, at: datetime) -> CustomerPanel:
    """Store what a panel is, and a version of its consent text where that is new."""
    demand(rules.why_not_consent_text(purpose=content.purpose, keep_months=content.keep_months))
    panel.title, panel.about = content.title.strip(), content.about.strip()
    panel.language, panel.is_joinable = content.language, content.is_joinable
    panel.save()
    former = queries.current_consent(panel)
    purpose = content.purpose.replace("\r\n", "\n").strip()
    if former is None or (former.purpose, former.keep_months) != (purpose, content.keep_months):
        ConsentText.objects.create(
            panel=panel,
            version=former.version + 1 if former else 1,
            purpose=purpose,
            keep_months=content.keep_months,
            written_at=at,
        )
    return panel


@transaction.atomic
def invite(*, panel_id: int, lines: Iterable[str], actor: Person, at: datetime) -> tuple[int, int]:
    """Invite people by mail; return how many, and how many not: who is in it already, and who left it once.

    Raises RefusedError to non-managers and as `rules.invited_from` says.
    """
    panel = _managed(panel_id, actor)
    named = rules.invited_from(lines)
    if isinstance(named, Refusal):
        raise RefusedError(named)
    known = queries.known_hashes(panel)
    fresh = [one for one in named if rules.address_hash(panel, one.email) not in known]
    for one in fresh:
        _ask(panel, one.name, one.email, None, at)
    return len(fresh), len(named) - len(fresh)


def _ask(panel: CustomerPanel, name: str, email: str, seed: str | None, at: datetime) -> PanelMember:
    """Store somebody who may agree, and let them have their private link."""
    member = PanelMember.objects.create(
        panel=panel,
        name=name,
        email=email,
        address_hash=rules.address_hash(panel, email),
        form_hash=rules.form_hash(seed) if seed else None,
        invited_at=at,
    )
    if email:
        publish(PanelLinkAsked(member_id=member.pk, at=at))
    return member


@transaction.atomic
def ask_to_join(*, panel_id: int, name: str, email: str, seed: str, at: datetime) -> PanelMember:
    """Let somebody who found the panel's page have a private link, on which they agree.

    Whose address is in it already gets their link once more, by mail; the same form twice is taken once. Raises
    RefusedError as `rules.why_not_join` says.
    """
    panel = CustomerPanel.objects.select_for_update(of=("self",)).get(pk=panel_id)
    former = PanelMember.objects.filter(form_hash=rules.form_hash(seed)).first()
    if former is not None:
        return former
    demand(rules.why_not_join(panel))
    email = email.strip()
    known = queries.live_member(panel, email)
    if known is not None:
        publish(PanelLinkAsked(member_id=known.pk, at=at))
        return known
    return _ask(panel, " ".join(name.split()), email, seed, at)


@transaction.atomic
def agree(*, member_id: int, version: int, at: datetime) -> PanelMember:
    """Record that somebody agreed to be asked: to which version and when. Who calls this has shown the private link.

    From now on they are asked what is open. Raises RefusedError as `rules.why_not_agree` says.
    """
    member = _locked(member_id)
    text = queries.consent_of(member.panel)
    demand(rules.why_not_agree(member, text, version=version))
    if member.consent_id == text.pk:
        return member
    member.status, member.consent, member.consented_at = Status.JOINED, text, at
    member.save(update_fields=["status", "consent", "consented_at"])
    facts = {"version": text.version, "sha256": fingerprint({"purpose": text.purpose, "months": text.keep_months})}
    came_in(member.panel.organisation, "consent.given", ("panel_member", member.key), at=at, facts=facts)
    offer_what_is_open(member, at)
    return member


def _locked(member_id: int) -> PanelMember:
    """Return a member with their panel and consent, locked until the transaction ends."""
    rows = PanelMember.objects.select_for_update(of=("self",)).select_related("panel__organisation", "consent")
    return rows.get(pk=member_id)


@transaction.atomic
def leave(*, member_id: int, at: datetime, with_texts: bool = False) -> PanelMember:
    """Let somebody go: nothing more is asked, name and address go, their answers stay in the counts and lead nowhere.

    `with_texts` removes what they wrote as well. Who calls this has shown a private link. Raises RefusedError as
    `rules.why_not_leave` says.
    """
    member = _locked(member_id)
    demand(rules.why_not_leave(member))
    _let_go(member, Status.LEFT, at, with_texts=with_texts)
    return member


@transaction.atomic
def remove_member(*, member_id: int, actor: Person, at: datetime) -> PanelMember:
    """Let a member go whom the firm does not want to ask any more.

    Raises RefusedError to non-managers and as `rules.why_not_leave` says.
    """
    member = _locked(member_id)
    demand_managing(member.panel.organisation_id, actor)
    demand(rules.why_not_leave(member))
    _let_go(member, Status.ENDED, at, with_texts=False)
    return member


def _let_go(member: PanelMember, status: str, at: datetime, *, with_texts: bool) -> None:
    """Empty what is personal of a member, and write down that they are gone."""
    keys, had_agreed = queries.keys_of(member), member.status == Status.JOINED
    member.status, member.left_at, member.name, member.email = status, at, "", ""
    member.save(update_fields=["status", "left_at", "name", "email"])
    cut_off(member, at, with_texts=with_texts)
    if had_agreed:
        facts = {"is_own_wish": status == Status.LEFT}
        came_in(member.panel.organisation, "consent.withdrawn", ("panel_member", member.key), at=at, facts=facts)
    publish(PanelMemberRemoved(keys=keys, at=at))


@transaction.atomic
def end_overdue(*, at: datetime) -> int:
    """Let everybody go whose consent or invitation is over; return how many."""
    live = queries.live_members().select_for_update(of=("self",)).select_related("panel__organisation", "consent")
    over = [member for member in live if rules.is_over(member, at=at)]
    for member in over:
        _let_go(member, Status.ENDED, at, with_texts=False)
    return len(over)


@transaction.atomic
def forget_address(*, email: str, at: datetime, with_texts: bool) -> None:
    """Let whoever has this address go from every panel, and forget it beside what they said of prototypes."""
    for member_id in queries.members_at(email).values_list("pk", flat=True):
        _let_go(_locked(member_id), Status.LEFT, at, with_texts=with_texts)
    queries.participants_at(email).update(name="", email="")
