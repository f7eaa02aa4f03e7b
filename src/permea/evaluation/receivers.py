"""What evaluation does when it hears of other steps."""

from __future__ import annotations

from django.db import transaction

from permea.challenges.events import ReviewsOpened
from permea.evaluation import queries, rules, services
from permea.evaluation.events import RankingOutdated
from permea.evaluation.tasks import recompute_ranking
from permea.foundation.events import hears
from permea.foundation.refusals import RefusedError
from permea.ideas.events import IdeaMerged, IdeaUnmerged
from permea.people.events import InvitationAccepted, PersonErased, PersonLeft


@hears(InvitationAccepted)
def fill_seats(event: InvitationAccepted) -> None:
    """Seat an evaluator who accepted the invitation to a panel."""
    services.join_panel(invitation_id=event.invitation_id, person_id=event.person_id, at=event.at)


@hears(ReviewsOpened)
def deal_out_at_opening(event: ReviewsOpened) -> None:
    """Deal reviews out as soon as entries may be judged; without a panel the manager does it later."""
    try:
        with transaction.atomic():
            services.deal_out(challenge_id=event.challenge_id, actor=None, at=event.at)
    except RefusedError:
        return


@hears(RankingOutdated)
def renew_ranking(event: RankingOutdated) -> None:
    """Have the ranking computed anew in the background; after a pause where that takes long, so that reviews gather."""
    pause = rules.pause_before_ranking(*queries.n_facts_ranked(event.challenge_id))
    recompute_ranking.using(run_after=event.at + pause if pause else None).enqueue(event.challenge_id)


@hears(IdeaMerged)
def rank_without(event: IdeaMerged) -> None:
    """Rank the entries that are left."""
    services.outdate_ranking(challenge_id=event.challenge_id, at=event.at)


@hears(IdeaUnmerged)
def rank_again(event: IdeaUnmerged) -> None:
    """Rank the entry that is back among the others."""
    services.outdate_ranking(challenge_id=event.challenge_id, at=event.at)


@hears(PersonLeft)
def free_seats(event: PersonLeft) -> None:
    """Take who has left the organisation off its panels."""
    services.give_up_seats(person_id=event.person_id, organisation_id=event.organisation_id, at=event.at)


@hears(PersonErased)
def forget(event: PersonErased) -> None:
    """Erase what is personal in the person's reviews."""
    services.forget_judge(person_id=event.person_id, at=event.at)
