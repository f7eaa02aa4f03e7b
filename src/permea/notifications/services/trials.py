"""What is written to customers who agreed to be asked, or are invited to: their private links, and what was changed."""

from __future__ import annotations

from datetime import datetime

from permea.notifications import rules
from permea.notifications.models import Mail
from permea.notifications.services.mails import tell
from permea.trials import queries
from permea.trials.models import PanelMember, PrototypeRound
from permea.trials.rules import ASK_AGAIN, private_token


def tell_panel_link(*, member_id: int, at: datetime) -> None:
    """Send somebody the private link on which they agree, or leave."""
    member = PanelMember.objects.select_related("panel__organisation").get(pk=member_id)
    tell(
        to=member.email,
        kind="customer_panel_invitation",
        at=at,
        organisation=member.panel.organisation,
        about=member.key,
        language=member.panel.language,
        panel=member.panel,
        token=private_token(member),
        until=member.invited_at + ASK_AGAIN,
    )


def tell_concept_test(*, respondent_ids: tuple[int, ...], at: datetime) -> None:
    """Ask members of a customer panel to answer a concept test, each by a private link."""
    for respondent in queries.respondents_told(respondent_ids):
        member, test = respondent.member, respondent.test
        if member is None or not member.email:
            continue
        tell(
            to=member.email,
            kind="concept_test",
            at=at,
            organisation=test.organisation,
            about=respondent.key,
            language=test.language,
            test=test,
            token=private_token(respondent),
            member_token=private_token(member),
        )


def tell_round(*, participant_ids: tuple[int, ...], at: datetime) -> None:
    """Ask members of a customer panel to try a prototype, each by a private link."""
    for participant in queries.participants_asked(participant_ids):
        member, round_ = participant.member, participant.round
        if member is None or not member.email:
            continue
        tell(
            to=member.email,
            kind="prototype_round",
            at=at,
            organisation=round_.organisation,
            about=participant.key,
            language=round_.language,
            round=round_,
            prototype=round_.prototype,
            token=private_token(participant),
            member_token=private_token(member),
        )


def tell_suggestions(*, round_id: int, at: datetime) -> None:
    """Tell everybody who took part and left an address what was changed, and why not the rest."""
    round_ = PrototypeRound.objects.select_related("prototype", "organisation").get(pk=round_id)
    told = queries.told_of(round_)
    for participant in queries.participants_told(round_id):
        tell(
            to=participant.email or (participant.member.email if participant.member else ""),
            kind="suggestions_answered",
            at=at,
            organisation=round_.organisation,
            about=participant.key,
            language=round_.language,
            prototype=round_.prototype,
            told=told,
            token=private_token(participant),
        )


def forget_trial_mails(*, keys: tuple[str, ...]) -> None:
    """Empty every mail about these memberships and places."""
    theirs = Mail.objects.filter(about__in=keys, kind__in=rules.TRIAL_KINDS)
    theirs.update(to="", subject="", text="", html="", attachments=[], last_error="", person=None)
