"""Who has to hear of it: what alliances announce."""

from __future__ import annotations

from permea.alliances.events import AllianceChanged, JoiningMoved, MatterRaised
from permea.foundation.events import hears
from permea.notifications import services


@hears(AllianceChanged)
def on_alliance(event: AllianceChanged) -> None:
    """Tell the other sides."""
    services.tell_alliance(
        alliance_id=event.alliance_id,
        happened=event.happened,
        by_party_id=event.by_party_id,
        line_key=event.line_key,
        result_key=event.result_key,
        at=event.at,
    )


@hears(JoiningMoved)
def on_joining(event: JoiningMoved) -> None:
    """Tell who has to act, or who hears of the end."""
    services.tell_joining(
        joining_id=event.joining_id,
        happened=event.happened,
        by_organisation_id=event.by_organisation_id,
        at=event.at,
    )


@hears(MatterRaised)
def on_matter(event: MatterRaised) -> None:
    """Tell those on the matter's step of the ladder."""
    services.tell_matter(matter_id=event.matter_id, at=event.at)
