"""What comes in: entries with their judges, writers and talk, idea boxes, the register of own work."""

from __future__ import annotations

from types import SimpleNamespace

from permea.challenges.models import Challenge
from permea.dialogue import services as dialogue
from permea.dialogue.models import Comment, Question
from permea.evaluation import services as evaluation
from permea.evaluation.models import Assignment
from permea.ideas import services as ideas
from permea.ideas.models import CoauthorInvitation, CreditSplit, Idea, IdeaBox, Posting
from permea.ideas.queries import invitation_hash
from permea.notifications.models import Mail
from permea.people import services as people
from permea.people.models import Person
from permea.selection import services as selection
from permea.selection.models import TitleEvidence, Work
from tests.cast import AT
from tests.ideas.pictures import png

TALK = {"name": "discuss", "days": 7, "circle": "everyone", "options": {}}
VOTED = "Smell a rotten pear"
VOTE = {"name": "vote", "days": 7, "circle": "everyone", "options": {}}
TAP_IT = {"title": "Tap it", "summary": "A small hammer listens.", "body": "A ripe pear sounds dull."}


def put_in(box: IdeaBox, *, seed: str) -> Posting:
    """Put a need with a photo into a box."""
    said = ideas.PostingInput(kind="need", text=f"The belt stops ({seed}).", source="customer")
    photo = ideas.Photo(name="belt.png", content=png())
    return ideas.post(box_id=box.pk, content=said, seed=seed, photo=photo, at=AT)


def attach(idea: Idea) -> str:
    """Give a draft a file, and return the file's key."""
    file = ideas.attach_file(idea_id=idea.pk, name="notes.txt", chunks=[b"Notes."], actor=idea.author, at=idea.saved_at)
    return file.key


def judge(stage: SimpleNamespace, challenge: Challenge) -> None:
    """Deal the entries of a closed challenge out to the panel, let it judge every entry, and rank."""
    evaluation.deal_out(challenge_id=challenge.pk, actor=stage.owner, at=AT)
    criteria = list(challenge.criteria.all())
    waiting = Assignment.objects.filter(idea__challenge=challenge, status="open").select_related("panelist")
    for number, assignment in enumerate(waiting.order_by("idea_id", "panelist_id")):
        scores = {criterion.key: 3 + number % 3 for criterion in criteria}
        evaluation.submit_review(
            assignment_id=assignment.pk, actor=assignment.panelist.person, at=AT, scores=scores, recommendation="yes",
            reason="It can be built with what is there, and soon.", private_note="",
        )  # fmt: skip
    evaluation.compute_ranking(challenge_id=challenge.pk, at=AT)


def decide(stage: SimpleNamespace, challenge: Challenge) -> None:
    """Select under limits, and decide on every entry: the chosen get an award."""
    told = {"challenge_id": challenge.pk, "actor": stage.owner, "at": AT}
    entries = list(Idea.objects.filter(challenge=challenge, status="submitted"))
    estimates = {idea.key: selection.EstimateInput(money=1000, days=5) for idea in entries}
    selection.save_estimates(**told, estimates=estimates)
    selection.set_limits(**told, limits=selection.LimitsInput(money=100_000, days=500))
    selection.compute_selection(**told)
    award = selection.DecisionInput("award", "best_fit", "Your grip is the one we want to build with you.")
    selection.decide(**told, decisions={idea.key: award for idea in entries})


def ask(challenge: Challenge, asker: Person, text: str) -> Question:
    """Let somebody ask about a challenge while it is open."""
    return dialogue.ask_question(challenge_id=challenge.pk, actor=asker, text=text, language="en", at=AT)


def judged_by(stage, make_challenge, make_idea, *authors: Person, title: str) -> Challenge:
    """Return a closed challenge whose entries (of the given authors) are judged and decided on."""
    challenge = make_challenge(closed=True, title=title, prize_amount=5000)
    evaluation.seat_members(challenge_id=challenge.pk, persons=stage.panel, actor=stage.owner, at=AT)
    for author in authors:
        make_idea(challenge=challenge, author=author)
    judge(stage, challenge)
    decide(stage, challenge)
    return challenge


def hold(stage: SimpleNamespace, idea: Idea) -> TitleEvidence:
    """Record something in hand about the title to a chosen idea."""
    words = f"A letter of the employer, folder {idea.title_evidence.count()}{stage.mark}."
    told = {"kind": "employer", "person_key": idea.author.key, "words": words, "document_sha256": "ab" * 32}
    return selection.record_title_evidence(idea_id=idea.pk, actor=stage.owner, at=AT, **told)


def write_together(idea: Idea, mark: str = "") -> tuple[Person, CreditSplit]:
    """Let somebody write an entry too, ask somebody else with a known link, and propose shares."""
    mailed = Mail.objects.latest("pk").pk
    coauthor = people.register_person(email=f"cora{mark}@example.org", name="Cora", language="en", at=AT)
    texts = [idea.challenge.participation_terms.key, idea.challenge.ip_terms.key]
    asked = [
        ideas.invite_coauthor(idea_id=idea.pk, actor=idea.author, email=email, at=AT)
        for email in (coauthor.email, f"carl{mark}@example.org")
    ]
    ideas.join_entry(invitation_id=asked[0].pk, actor=coauthor, accepted=texts, at=AT)
    CoauthorInvitation.objects.filter(pk=asked[1].pk).update(token_hash=invitation_hash(f"walked{mark}"))
    shares = {idea.author_id: 50, coauthor.pk: 50}
    split = ideas.propose_shares(idea_id=idea.pk, actor=idea.author, per_cents=shares, at=AT)
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
    return coauthor, split


def read_by_all(make_challenge, make_idea, *, author: Person, later: Idea) -> Idea:
    """Return an entry that everybody reads, on which a later one builds."""
    challenge = make_challenge(closed=True, title=VOTED, steps=[VOTE])
    shown = make_idea(challenge=challenge, author=author)
    ideas.build_on(idea_id=later.pk, earlier_id=shown.pk, actor=author, at=AT)
    return shown


def themed(challenge, actor):
    """Work the themes of a challenge out, add one, remove another, and return their keys."""
    ideas.work_out_themes(challenge_id=challenge.pk, at=AT)
    gone = ideas.make_theme(challenge_id=challenge.pk, name="Smell", actor=actor, at=AT)
    ideas.remove_theme(theme_id=gone.pk, actor=actor, at=AT)
    kept = ideas.make_theme(challenge_id=challenge.pk, name="Touch", actor=actor, at=AT)
    return {"themes": kept.key, "theme-changes": challenge.theme_changes.get().key}


def talked_about(make_challenge, make_idea, *, author: Person, actor: Person) -> Comment:
    """Return a comment on an entry that everybody reads."""
    mailed = Mail.objects.latest("pk").pk
    idea = make_idea(challenge=make_challenge(closed=True, title="Hear a dry pear", steps=[TALK]), author=author)
    said = "Mind the stalk, it breaks when the fruit is dry."
    comment = dialogue.post_comment(idea_id=idea.pk, actor=actor, text=said, language="en", at=AT)
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
    return comment


def build_own(stage: SimpleNamespace, reader: Person, idea: Idea) -> Work:
    """Enter a piece of own work, and put somebody on it who had read an entry and of whom something was said of it."""
    read_in_full(reader, idea)
    told = {"name": f"Pear tapper{stage.mark}", "words": TAP_IT["body"], "began_on": AT.date()}
    work = selection.enter_work(organisation=stage.organisation, actor=stage.owner, at=AT, **told)
    selection.put_on_work(work_id=work.pk, person=reader, since=work.began_on, actor=stage.owner, at=AT)
    content = selection.SettlementInput(person=reader, idea=idea, kind="unrelated", words=f"It is dry.{stage.mark}")
    selection.settle_matter(work_id=work.pk, content=content, actor=stage.owner, at=AT)
    return work


def read_in_full(reader: Person, idea: Idea) -> None:
    """Let somebody of the firm read an entry."""
    ideas.keep_readings(organisation_id=idea.organisation_id, keys=[idea.key], reader=reader, at=AT)
