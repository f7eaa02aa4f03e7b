"""Reading challenges: what the public sees, what people inside see, what templates offer."""

from permea.challenges.queries.following import Deadline, News, news, public_deadline
from permea.challenges.queries.inside import (
    ChallengeRow,
    OverviewPage,
    challenge_for_member,
    challenge_row,
    challenges_of,
    challenges_visible_to,
    criteria_of,
    has_entrants,
    managed_challenge,
    overview_page,
    past_deadline,
    register_origins,
    stages_of,
    timetable_changes_of,
)
from permea.challenges.queries.library import (
    ChallengeTemplate,
    CriterionTemplate,
    criteria_in,
    standard_criteria,
    template_named,
    templates_in,
)
from permea.challenges.queries.public import (
    PublicChallenge,
    PublicCriterion,
    as_public,
    public_challenge,
    public_challenges,
)
from permea.challenges.queries.today import today_items

__all__ = [
    "ChallengeRow",
    "ChallengeTemplate",
    "CriterionTemplate",
    "Deadline",
    "News",
    "OverviewPage",
    "PublicChallenge",
    "PublicCriterion",
    "as_public",
    "challenge_for_member",
    "challenge_row",
    "challenges_of",
    "challenges_visible_to",
    "criteria_in",
    "criteria_of",
    "has_entrants",
    "managed_challenge",
    "news",
    "overview_page",
    "past_deadline",
    "public_challenge",
    "public_challenges",
    "public_deadline",
    "register_origins",
    "stages_of",
    "standard_criteria",
    "template_named",
    "templates_in",
    "timetable_changes_of",
    "today_items",
]
