"""What is written about alliances: to the other sides of whoever acted."""

from __future__ import annotations

from datetime import datetime

from permea.alliances.models import Alliance, Contribution, Joining, Matter, Party, Result
from permea.alliances.queries import answers_to, members_who_hear, parties_dividing, people_of, people_on_step
from permea.alliances.rules import climbs_at, counts_for
from permea.notifications.services.mails import tell


def tell_alliance(
    *, alliance_id: int, happened: str, by_party_id: int, line_key: str, result_key: str, at: datetime
) -> None:  # fmt: skip
    """Tell the other sides of an alliance, or the sides a line is about, what one of them did."""
    alliance = Alliance.objects.select_related("organisation").get(pk=alliance_id)
    parties = list(Party.objects.filter(alliance=alliance).select_related("organisation").order_by("number"))
    by = next(party for party in parties if party.pk == by_party_id)
    line = Contribution.objects.filter(key=line_key).first()
    result = Result.objects.filter(alliance=alliance, key=result_key).first()
    concerned = _concerned(parties, line, result)
    readers = [
        person for party in parties if party.pk in concerned and party != by for person in people_of(alliance, party)
    ]
    for person in readers:
        tell(
            to=person,
            kind="alliance_news",
            at=at,
            organisation=alliance.organisation,
            about=alliance.key,
            alliance=alliance,
            happened=happened,
            by=by.organisation.name,
            line=line,
            result=result,
            joining=None,
        )


def _concerned(parties: list[Party], line: Contribution | None, result: Result | None) -> set[int]:
    """Return which parties a line or a result is about, by number of their row; all of them without either."""
    if line is not None and line.receiver_id:
        return {line.giver_id, line.receiver_id}
    if line is not None:
        return {party.pk for party in parties if counts_for(line, party)}
    return {party.pk for party in (parties_dividing(result) if result else parties)}


def tell_joining(*, joining_id: int, happened: str, by_organisation_id: int, at: datetime) -> None:
    """Tell the sides that have to act, or that hear of the end, what happened with who would join.

    Who would join hears nothing before it is shown to them.
    """
    joining = Joining.objects.select_related("organisation", "alliance__organisation").get(pk=joining_id)
    alliance, new = joining.alliance, joining.organisation
    parties = Party.objects.filter(alliance=alliance).exclude(organisation=new).select_related("organisation")
    present = [
        (person, True)
        for party in parties.order_by("number")
        for person in people_of(alliance, party)
        if party.organisation_id != by_organisation_id and happened != "joining_shown"
    ]
    is_shown = joining.shown_at is not None and by_organisation_id != new.pk
    joiners = [(person, joining.ended_at is None) for person in members_who_hear(new) if is_shown]
    names = {one.organisation_id: one.organisation.name for one in parties} | {new.pk: new.name}
    refusal = next((one.reason for one in answers_to(joining) if not one.agrees), "")
    for person, is_told in (*present, *joiners):
        tell(
            to=person,
            kind="alliance_news",
            at=at,
            organisation=alliance.organisation,
            about=alliance.key,
            alliance=alliance,
            happened=happened,
            by=names[by_organisation_id],
            line=None,
            result=None,
            joining=joining,
            reason=refusal or joining.reason,
            is_told=is_told,
        )


def tell_matter(*, matter_id: int, at: datetime) -> None:
    """Tell those on a matter's step of the ladder what is to be solved, and until when."""
    matter = Matter.objects.select_related("alliance__organisation", "party__organisation").get(pk=matter_id)
    for person in people_on_step(matter):
        tell(
            to=person,
            kind="alliance_matter",
            at=at,
            organisation=matter.alliance.organisation,
            about=matter.alliance.key,
            alliance=matter.alliance,
            matter=matter,
            by=matter.party.organisation.name,
            climbs_at=climbs_at(matter),
        )
