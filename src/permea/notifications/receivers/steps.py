"""Who has to hear of it: what each step from the challenge to the answer announces, told by mail and to webhooks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from permea.challenges.events import (
    ChallengeDecided,
    ChallengePublished,
    EntriesClosed,
    StepsChanged,
    TimetableChanged,
)
from permea.dialogue.events import AnswersPublished, AppealSettled, CommentPosted, HidingDecided, QuestionAsked
from permea.disclosures.events import ItemShared
from permea.evaluation.events import AssignmentsMade, PanelistInvited
from permea.foundation.events import hears
from permea.ideas.events import (
    CoauthorDeclined,
    CoauthorInvited,
    CoauthorJoined,
    CoauthorLeft,
    IdeaMerged,
    IdeaRevised,
    IdeaSubmitted,
    IdeaUnmerged,
    IdeaWithdrawn,
    MergeAsked,
    PostingAddressAdded,
    PostingAnswered,
    PostingReceived,
    SharesAgreed,
    SharesProposed,
    SharesRefused,
    VotesCounted,
)
from permea.notifications import queries, services
from permea.people.events import InvitationSent, PersonErased
from permea.people.models import Person
from permea.risks.events import TriggersFired
from permea.selection.events import (
    AnswerSent,
    ClarificationAsked,
    ClarificationReplied,
    PaymentRecorded,
    RightsAccepted,
    SelectionSettled,
)
from permea.trials.events import (
    ConceptTestOffered,
    PanelLinkAsked,
    PanelMemberRemoved,
    PrototypeRoundOffered,
    SuggestionsAnswered,
)


@hears(InvitationSent)
def on_invitation(event: InvitationSent) -> None:
    """Send the link to the invited."""
    services.tell_invitation(invitation_id=event.invitation_id, token=event.token, at=event.at)


@hears(ItemShared)
def on_share(event: ItemShared) -> None:
    """Tell those who may read something from now on."""
    services.tell_shared(share_id=event.share_id, at=event.at)


@hears(IdeaSubmitted)
def on_submission(event: IdeaSubmitted) -> None:
    """Send the receipt, and tell webhooks how many entries there are."""
    services.tell_receipt(idea_id=event.idea_id, receipt_key=event.receipt_key, is_revision=False, at=event.at)
    services.announce_challenge(challenge_id=event.challenge_id, event="entry.received", at=event.at)


@hears(IdeaRevised)
def on_revision(event: IdeaRevised) -> None:
    """Send the receipt of the new version."""
    services.tell_receipt(idea_id=event.idea_id, receipt_key=event.receipt_key, is_revision=True, at=event.at)


@hears(IdeaWithdrawn)
def on_withdrawal(event: IdeaWithdrawn) -> None:
    """Confirm that the idea was taken back."""
    services.tell_withdrawal(idea_id=event.idea_id, at=event.at)


@hears(CoauthorInvited)
def on_coauthor(event: CoauthorInvited) -> None:
    """Send the link to whom the author asks."""
    services.tell_coauthor(invitation_id=event.invitation_id, token=event.token, at=event.at)


@hears(CoauthorJoined)
def on_joining(event: CoauthorJoined) -> None:
    """Tell the others that somebody writes with them now."""
    services.tell_joined(idea_id=event.idea_id, person_id=event.person_id, at=event.at)


@hears(CoauthorDeclined)
def on_declining(event: CoauthorDeclined) -> None:
    """Tell the author that the asked one declined."""
    services.tell_declined(invitation_id=event.invitation_id, at=event.at)


@hears(CoauthorLeft)
def on_leaving(event: CoauthorLeft) -> None:
    """Tell the others, and whoever was taken out."""
    services.tell_left(idea_id=event.idea_id, person_id=event.person_id, is_removed=event.is_removed, at=event.at)


@hears(SharesProposed)
def on_shares(event: SharesProposed) -> None:
    """Ask the others whether they agree."""
    services.ask_about_shares(split_id=event.split_id, at=event.at)


@hears(SharesRefused)
def on_shares_refused(event: SharesRefused) -> None:
    """Tell the author that somebody does not agree."""
    services.tell_refused(split_id=event.split_id, person_id=event.person_id, at=event.at)


@hears(SharesAgreed)
def on_shares_agreed(event: SharesAgreed) -> None:
    """Tell everybody that the shares count."""
    services.tell_agreed(split_id=event.split_id, at=event.at)


@hears(PostingReceived)
def on_posting(event: PostingReceived) -> None:
    """Send the private link, and tell webhooks that something came in."""
    services.tell_posting_received(
        posting_id=event.posting_id, token=event.token, n_left_out=event.n_left_out, is_cut=event.is_cut, at=event.at
    )
    services.announce_posting(posting_id=event.posting_id, at=event.at)


@hears(PostingAddressAdded)
def on_posting_address(event: PostingAddressAdded) -> None:
    """Send the private link to the address that was left later."""
    services.tell_posting_received(posting_id=event.posting_id, token=event.token, at=event.at)


@hears(PostingAnswered)
def on_posting_answer(event: PostingAnswered) -> None:
    """Send the answer."""
    services.tell_posting_answer(posting_id=event.posting_id, at=event.at)


@hears(MergeAsked)
def on_merge_question(event: MergeAsked) -> None:
    """Ask the author."""
    services.tell_merge_question(merge_id=event.merge_id, at=event.at)


@hears(IdeaMerged)
def on_merge(event: IdeaMerged) -> None:
    """Tell the author that the entry was merged."""
    services.tell_merged(merge_id=event.merge_id, at=event.at)


@hears(IdeaUnmerged)
def on_unmerge(event: IdeaUnmerged) -> None:
    """Tell the author that the entry stands by itself again."""
    services.tell_unmerged(merge_id=event.merge_id, at=event.at)


@hears(TimetableChanged)
def on_timetable(event: TimetableChanged) -> None:
    """Tell all entrants and webhooks the new times."""
    services.tell_new_timetable(change_id=event.change_id, at=event.at)
    services.announce_timetable(change_id=event.change_id, at=event.at)


@hears(StepsChanged)
def on_steps(event: StepsChanged) -> None:
    """Tell all entrants the new steps."""
    services.tell_new_steps(change_id=event.change_id, at=event.at)


@hears(EntriesClosed)
def on_closing(event: EntriesClosed) -> None:
    """Tell those who manage, and webhooks, that the entries can be read."""
    services.tell_entries_closed(challenge_id=event.challenge_id, at=event.at)
    services.announce_challenge(challenge_id=event.challenge_id, event="challenge.closed", at=event.at)


@hears(QuestionAsked)
def on_question_asked(event: QuestionAsked) -> None:
    """Tell those who manage, and webhooks, that a question waits, not who asked."""
    services.tell_question_asked(question_id=event.question_id, at=event.at)
    services.announce_challenge(challenge_id=event.challenge_id, event="question.asked", at=event.at)


@hears(AnswersPublished)
def on_answers_published(event: AnswersPublished) -> None:
    """Tell everybody concerned the answers."""
    services.tell_answers_published(challenge_id=event.challenge_id, answer_ids=event.answer_ids, at=event.at)


@hears(HidingDecided)
def on_question_hidden(event: HidingDecided) -> None:
    """Tell whoever asked why."""
    services.tell_question_hidden(entry_id=event.entry_id, at=event.at)


@hears(AppealSettled)
def on_appeal(event: AppealSettled) -> None:
    """Tell whoever objected how it was decided."""
    services.tell_appeal_decided(entry_id=event.entry_id, at=event.at)


@hears(CommentPosted)
def on_comment(event: CommentPosted) -> None:
    """Tell whom it concerns."""
    services.tell_of_comment(comment_id=event.comment_id, at=event.at)


@hears(VotesCounted)
def on_votes(event: VotesCounted) -> None:
    """Have everybody told whom the vote concerns."""
    services.queue_telling_of_votes(challenge_id=event.challenge_id, at=event.at)


@hears(PanelistInvited)
def on_panelist(event: PanelistInvited) -> None:
    """Ask the evaluator."""
    services.tell_panelist(panelist_id=event.panelist_id, token=event.token, at=event.at)


@hears(AssignmentsMade)
def on_assignments(event: AssignmentsMade) -> None:
    """Tell evaluators what waits for them."""
    services.tell_assignments(challenge_id=event.challenge_id, panelist_ids=event.panelist_ids, at=event.at)


@hears(AnswerSent)
def on_answer(event: AnswerSent) -> None:
    """Send the answer, and tell those whose entries the chosen one builds on."""
    services.tell_answer(answer_id=event.answer_id, at=event.at)
    services.tell_built_on(answer_id=event.answer_id, at=event.at)


@hears(ClarificationAsked)
def on_question(event: ClarificationAsked) -> None:
    """Pass the question on."""
    services.tell_question(answer_id=event.answer_id, at=event.at)


@hears(ClarificationReplied)
def on_reply(event: ClarificationReplied) -> None:
    """Send the reply."""
    services.tell_reply(answer_id=event.answer_id, at=event.at)


@hears(PaymentRecorded)
def on_payment(event: PaymentRecorded) -> None:
    """Tell the winner how the prize stands."""
    services.tell_payment(award_id=event.award_id, at=event.at)


@hears(RightsAccepted)
def on_rights(event: RightsAccepted) -> None:
    """Tell those who manage, and webhooks, that the rights are settled."""
    services.tell_rights(award_id=event.award_id, at=event.at)
    services.announce_challenge(challenge_id=event.challenge_id, event="award.rights_accepted", at=event.at)


@hears(ChallengePublished)
def on_publishing(event: ChallengePublished) -> None:
    """Tell webhooks that a challenge takes entries."""
    services.announce_challenge(challenge_id=event.challenge_id, event="challenge.published", at=event.at)


@hears(SelectionSettled)
def on_selection(event: SelectionSettled) -> None:
    """Tell webhooks that the selection is settled."""
    services.announce_challenge(challenge_id=event.challenge_id, event="selection.settled", at=event.at)


@hears(ChallengeDecided)
def on_decided(event: ChallengeDecided) -> None:
    """Tell webhooks that everybody has their answer."""
    services.announce_challenge(challenge_id=event.challenge_id, event="challenge.decided", at=event.at)


@hears(PanelLinkAsked)
def on_panel_link(event: PanelLinkAsked) -> None:
    """Send the private link."""
    services.tell_panel_link(member_id=event.member_id, at=event.at)


@hears(PanelMemberRemoved)
def on_panel_left(event: PanelMemberRemoved) -> None:
    """Empty the mails to whoever is gone."""
    services.forget_trial_mails(keys=event.keys)


@hears(ConceptTestOffered)
def on_concept_test(event: ConceptTestOffered) -> None:
    """Ask the members of the panel."""
    services.tell_concept_test(respondent_ids=event.respondent_ids, at=event.at)


@hears(PrototypeRoundOffered)
def on_round(event: PrototypeRoundOffered) -> None:
    """Ask the members of the panel."""
    services.tell_round(participant_ids=event.participant_ids, at=event.at)


@hears(SuggestionsAnswered)
def on_suggestions(event: SuggestionsAnswered) -> None:
    """Tell everybody who took part."""
    services.tell_suggestions(round_id=event.round_id, at=event.at)


@hears(TriggersFired)
def on_triggers(event: TriggersFired) -> None:
    """Tell who looks after the risk."""
    services.tell_triggers(risk_id=event.risk_id, trigger_ids=event.trigger_ids, at=event.at)


@hears(PersonErased)
def on_erasure(event: PersonErased) -> None:
    """Empty the person's mails."""
    services.forget_person(person_id=event.person_id, email=event.email)


@receiver(user_logged_in, dispatch_uid="notifications.say_that_mail_comes_back")
def say_that_mail_comes_back(request: HttpRequest, user: Person, **_signal: Any) -> None:
    """Tell somebody who signs in that mail to their address comes back."""
    if queries.undeliverable_of(user.email or "") is not None:
        text = _("Mail to %(email)s comes back. Under “Notifications” you see why, and can have it tried again.")
        messages.warning(request, text % {"email": user.email}, fail_silently=True)
