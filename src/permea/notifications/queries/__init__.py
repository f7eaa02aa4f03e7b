"""Reading mails, notices, choices, webhooks and what waits for a digest."""

from permea.notifications.queries.choices import (
    ChoicesPage,
    TopicRow,
    choices_page,
    rhythm_of,
    topics_for,
    unsubscribe_link,
    unsubscribe_target,
    way_for,
    ways_of,
)
from permea.notifications.queries.digests import (
    Group,
    group_by_challenge,
    has_due_digests,
    is_building,
    people_with_digest,
    people_with_due_digest,
    zone_of,
)
from permea.notifications.queries.hooks import (
    deliveries_of,
    hooks_visible_to,
)
from permea.notifications.queries.mails import (
    body_of,
    mail_by_message_id,
    mail_style,
    mails_visible_to,
    was_replied,
    was_told,
)
from permea.notifications.queries.notices import (
    NoticeRow,
    count_unread,
    hidden_unread,
    my_notice,
    notice_row,
    notices_visible_to,
    unread_count,
)
from permea.notifications.queries.personal import erasure_lines_of, personal_data_of
from permea.notifications.queries.servers import (
    MailServer,
    mail_server,
    undeliverable_among,
    undeliverable_for,
    undeliverable_of,
)

__all__ = [
    "ChoicesPage",
    "Group",
    "MailServer",
    "NoticeRow",
    "TopicRow",
    "body_of",
    "choices_page",
    "count_unread",
    "deliveries_of",
    "erasure_lines_of",
    "group_by_challenge",
    "has_due_digests",
    "hidden_unread",
    "hooks_visible_to",
    "is_building",
    "mail_by_message_id",
    "mail_server",
    "mail_style",
    "mails_visible_to",
    "my_notice",
    "notice_row",
    "notices_visible_to",
    "people_with_digest",
    "people_with_due_digest",
    "personal_data_of",
    "rhythm_of",
    "topics_for",
    "undeliverable_among",
    "undeliverable_for",
    "undeliverable_of",
    "unread_count",
    "unsubscribe_link",
    "unsubscribe_target",
    "was_replied",
    "was_told",
    "way_for",
    "ways_of",
    "zone_of",
]
