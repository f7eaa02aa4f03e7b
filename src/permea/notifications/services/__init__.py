"""Writing mails, notices, choices, digests and messages to webhooks."""

from permea.notifications.services.addresses import note_undeliverable, trust_address
from permea.notifications.services.agreements import (
    tell_agreement,
    tell_chooser,
    tell_ip_entry,
    tell_new_version,
    tell_scan,
    tell_signing_code,
)
from permea.notifications.services.alliances import tell_alliance, tell_joining, tell_matter
from permea.notifications.services.answers import (
    remind_of_answers,
    tell_answer,
    tell_built_on,
    tell_payment,
    tell_question,
    tell_reply,
    tell_rights,
)
from permea.notifications.services.boxes import tell_posting_answer, tell_posting_received
from permea.notifications.services.campus import tell_booking, tell_equipment, tell_placement
from permea.notifications.services.choices import choose, unsubscribe
from permea.notifications.services.coauthors import (
    ask_about_shares,
    tell_agreed,
    tell_coauthor,
    tell_declined,
    tell_joined,
    tell_left,
    tell_refused,
)
from permea.notifications.services.counted import TELL_COUNTED, queue_telling_of_votes, tell_votes_counted
from permea.notifications.services.deliveries import (
    announce,
    deliver,
    replay,
    send_hook_test,
)
from permea.notifications.services.dialogue import (
    tell_answers_published,
    tell_appeal_decided,
    tell_of_comment,
    tell_question_asked,
    tell_question_hidden,
)
from permea.notifications.services.digests import BUILD, build_digests, queue_digests
from permea.notifications.services.entries import (
    tell_entries_closed,
    tell_new_steps,
    tell_new_timetable,
    tell_receipt,
    tell_terms,
    tell_withdrawal,
)
from permea.notifications.services.hook_news import (
    announce_challenge,
    announce_posting,
    announce_timetable,
)
from permea.notifications.services.hooks import (
    DELIVER,
    HookInput,
    change_hook,
    end_hook,
    forget_old_secrets,
    make_hook,
    pause_hook,
    resume_hook,
    rotate_secret,
)
from permea.notifications.services.judging import tell_assignments, tell_panelist
from permea.notifications.services.mails import SEND, MailNotSentError, forget_person, send_mail, tell, write_mail
from permea.notifications.services.merges import tell_merge_question, tell_merged, tell_unmerged
from permea.notifications.services.notices import note, read_all_notices, read_notice
from permea.notifications.services.obligations import tell_obligation, tell_publication
from permea.notifications.services.partners import tell_hub
from permea.notifications.services.projects import tell_transfer
from permea.notifications.services.risks import tell_triggers
from permea.notifications.services.servers import Trial, send_test
from permea.notifications.services.shown import tell_shared
from permea.notifications.services.team import tell_invitation
from permea.notifications.services.trials import (
    forget_trial_mails,
    tell_concept_test,
    tell_panel_link,
    tell_round,
    tell_suggestions,
)

__all__ = [
    "BUILD",
    "DELIVER",
    "SEND",
    "TELL_COUNTED",
    "HookInput",
    "MailNotSentError",
    "Trial",
    "announce",
    "announce_challenge",
    "announce_posting",
    "announce_timetable",
    "ask_about_shares",
    "build_digests",
    "change_hook",
    "choose",
    "deliver",
    "end_hook",
    "forget_old_secrets",
    "forget_person",
    "forget_trial_mails",
    "make_hook",
    "note",
    "note_undeliverable",
    "pause_hook",
    "queue_digests",
    "queue_telling_of_votes",
    "read_all_notices",
    "read_notice",
    "remind_of_answers",
    "replay",
    "resume_hook",
    "rotate_secret",
    "send_hook_test",
    "send_mail",
    "send_test",
    "tell",
    "tell_agreed",
    "tell_agreement",
    "tell_alliance",
    "tell_answer",
    "tell_answers_published",
    "tell_appeal_decided",
    "tell_assignments",
    "tell_booking",
    "tell_built_on",
    "tell_chooser",
    "tell_coauthor",
    "tell_concept_test",
    "tell_declined",
    "tell_entries_closed",
    "tell_equipment",
    "tell_hub",
    "tell_invitation",
    "tell_ip_entry",
    "tell_joined",
    "tell_joining",
    "tell_left",
    "tell_matter",
    "tell_merge_question",
    "tell_merged",
    "tell_new_steps",
    "tell_new_timetable",
    "tell_new_version",
    "tell_obligation",
    "tell_of_comment",
    "tell_panel_link",
    "tell_panelist",
    "tell_payment",
    "tell_placement",
    "tell_posting_answer",
    "tell_posting_received",
    "tell_publication",
    "tell_question",
    "tell_question_asked",
    "tell_question_hidden",
    "tell_receipt",
    "tell_refused",
    "tell_reply",
    "tell_rights",
    "tell_round",
    "tell_scan",
    "tell_shared",
    "tell_signing_code",
    "tell_suggestions",
    "tell_terms",
    "tell_transfer",
    "tell_triggers",
    "tell_unmerged",
    "tell_votes_counted",
    "tell_withdrawal",
    "trust_address",
    "unsubscribe",
    "write_mail",
]
