"""Writing evaluation: panels, work dealt out, reviews handed in, rankings stored."""

from permea.evaluation.services.comparing import compare, declare_conflict, take_back
from permea.evaluation.services.dealing import deal_out, decline_assignment
from permea.evaluation.services.drafts import (
    add_to_draft,
    discard_draft,
    draft_assignments,
    publish_draft,
    set_dealing,
    state_conflict,
    take_out_of_draft,
    undo_in_draft,
)
from permea.evaluation.services.forgetting import forget_judge, give_up_seats
from permea.evaluation.services.imports import import_reviews
from permea.evaluation.services.panels import (
    invite_panelist,
    join_panel,
    leave_panel,
    seat_members,
    set_minutes,
    set_panel,
)
from permea.evaluation.services.rankings import compute_ranking, outdate_ranking, renew_ranking
from permea.evaluation.services.reviews import save_review_draft, submit_review
from permea.evaluation.services.steering import end_reviewing, steer_reviews

__all__ = [
    "add_to_draft",
    "compare",
    "compute_ranking",
    "deal_out",
    "declare_conflict",
    "decline_assignment",
    "discard_draft",
    "draft_assignments",
    "end_reviewing",
    "forget_judge",
    "give_up_seats",
    "import_reviews",
    "invite_panelist",
    "join_panel",
    "leave_panel",
    "outdate_ranking",
    "publish_draft",
    "renew_ranking",
    "save_review_draft",
    "seat_members",
    "set_dealing",
    "set_minutes",
    "set_panel",
    "state_conflict",
    "steer_reviews",
    "submit_review",
    "take_back",
    "take_out_of_draft",
    "undo_in_draft",
]
