"""What is written about alliances: to the other sides of whoever acted."""

from __future__ import annotations

from datetime import datetime

from permea.alliances.models import Alliance, Contribution, Matter, Party, Result
from permea.alliances.queries import people_of, people_on_step
from permea.alliances.rules import climbs_at
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
    concerned = {line.giver_id, line.receiver_id} if line and line.receiver_id else {party.pk for party in parties}
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
