"""The world that is walked: a firm with an open, a judged and a decided challenge, and another firm beside it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal
from functools import partial
from types import SimpleNamespace

import pytest
from django.apps import apps

from permea.agreements import rules as agreement_rules
from permea.agreements import services as agreements
from permea.agreements.models import (
    Agreement,
    AgreementSeal,
    AgreementVersion,
    IpEntry,
    SealCertificate,
    SignedScan,
)
from permea.agreements.queries import newest_version
from permea.agreements.services import ChooserInput, ensure_standard_terms, publish_terms, start_chooser
from permea.alliances import services as alliances
from permea.alliances.models import Alliance, Contribution, Result
from permea.alliances.rules import SplitInput
from permea.challenges.models import Challenge
from permea.challenges.services import agree_to_confidentiality
from permea.dialogue import services as dialogue
from permea.dialogue.models import Comment, Question
from permea.disclosures import services as disclosures
from permea.disclosures.models import Item
from permea.evaluation import services as evaluation
from permea.evaluation.models import Assignment, Panel
from permea.foundation.files import storage
from permea.foundation.files.intake import SentFile
from permea.foundation.models import Record
from permea.ideas import services as ideas
from permea.ideas.models import CoauthorInvitation, CreditSplit, Idea, IdeaBox, Posting, Theme
from permea.ideas.queries import contributors_of, invitation_hash
from permea.ideas.rules import equal_shares, private_token
from permea.ledger.models import Receipt
from permea.ledger.services import record_crossing
from permea.notifications.models import Hook, HookDelivery, Mail, Notice
from permea.notifications.queries import unsubscribe_link
from permea.notifications.rules import topic_named
from permea.notifications.services import HookInput, make_hook, note, send_hook_test, write_mail
from permea.partners import services as partners
from permea.partners.models import Partner, Shortlist
from permea.partners.rules import Wish
from permea.people import services as people
from permea.people.models import Membership, Person
from permea.people.services.memberships import seat as seat_at
from permea.risks import services as risks
from permea.risks.models import Risk
from permea.risks.queries import Subject
from permea.risks.rules import STARTERS
from permea.selection import services as selection
from permea.selection.models import Award, TitleEvidence, Work
from permea.trials import services as trials
from permea.trials.models import ConceptTest, CustomerPanel, PrototypeRound
from permea.trials.rules import private_token as trial_token
from tests.architecture import walking
from tests.architecture.campuses import let_use, use_one_more
from tests.architecture.guests import guests_of
from tests.architecture.handovers import fill_one_more, hand_over
from tests.architecture.promises import promise_one_more, promised
from tests.cast import AT, seat
from tests.ideas.pictures import png

NOW = AT + timedelta(hours=1)
OPENED = "Grip berries without bruising them"
WORDS = map("".join, itertools.product("abcdefgh", repeat=4))
TALK = {"name": "discuss", "days": 7, "circle": "everyone", "options": {}}
VOTED = "Smell a rotten pear"
VOTE = {"name": "vote", "days": 7, "circle": "everyone", "options": {}}
UNDER_AN_AGREEMENT = (
    "end/", "renew/", "deadlines/", "deadlines/<obligation_key>/", "publications/", "publications/new/",
    "publications/<publication_key>/", "publications/<publication_key>/file/",
)  # fmt: skip
TAP_IT = {"title": "Tap it", "summary": "A small hammer listens.", "body": "A ripe pear sounds dull."}


@pytest.fixture
def stage(settings, tmp_path, monkeypatch, caplog, organisation, other_organisation, owner, evaluator, evaluator_two):
    """Set the stage: keys and files in a folder of this test, the clock an hour after the present of all tests."""
    caplog.set_level("ERROR", "django.request")  # of 404 and 405 the table tells
    settings.DATA_DIR = tmp_path
    (tmp_path / "keys").mkdir()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    ensure_standard_terms(organisation=organisation, at=AT)
    return SimpleNamespace(
        organisation=organisation, other=other_organisation, owner=owner, panel=[evaluator, evaluator_two], mark="",
    )  # fmt: skip


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


def hook_up(stage: SimpleNamespace, label: str = "Channel") -> Hook:
    """Make a webhook that leads to this machine, where nothing may go."""
    said = HookInput(label=label, address="https://127.0.0.1/x", format="plain", events=["question.asked"])
    return make_hook(organisation=stage.organisation, role=Membership.Role.OWNER, said=said, at=AT)


def try_out(hook: Hook) -> HookDelivery:
    """Send a test message to a webhook; it leads to this machine, where nothing may go."""
    told = {"hook_id": hook.pk, "role": Membership.Role.OWNER, "at": AT}
    return send_hook_test(**told)


def ask(challenge: Challenge, asker: Person, text: str) -> Question:
    """Let somebody ask about a challenge while it is open."""
    return dialogue.ask_question(challenge_id=challenge.pk, actor=asker, text=text, language="en", at=AT)


def choose_with(stage, name: str) -> str:
    """Start looking for an agreement with a new partner, and return the key of that."""
    email = f"{name.lower().replace(' ', '')}@example.org"
    said = ChooserInput(title="Grip it", partner_name=name, contact_email=email)
    return start_chooser(organisation=stage.organisation, said=said, actor=stage.owner, at=AT).key


def ask_customers(stage: SimpleNamespace) -> dict[str, str]:
    """Ask a customer panel with a test and a round, open to anybody, and say what stands for what in addresses."""
    told = {"actor": stage.owner, "at": AT}
    said = trials.PanelInput(title="Users", purpose="Ask us.", is_joinable=True)
    panel = trials.create_panel(organisation=stage.organisation, content=said, **told)
    member = trials.ask_to_join(panel_id=panel.pk, name="Cora", email="", seed=f"cora{stage.mark}", at=AT)
    trials.agree(member_id=member.pk, version=1, at=AT)
    asked = {"takes_anyone": True, "panel": panel, "closes_at": AT + timedelta(days=9)}
    content = trials.ConceptInput(title="Which cart?", kind="one", **asked)
    test = trials.draft_test(organisation=stage.organisation, content=content, **told)
    photo = ideas.Photo(name="cart.png", content=png())
    variants = [
        trials.add_variant(test_id=test.pk, content=trials.VariantInput(title=title, picture=photo), actor=stage.owner)
        for title in ("Short cart", "Long cart")
    ]
    trials.open_test(test_id=test.pk, **told)
    place = trials.begin_place(respondent_id=member.respondents.get().pk, at=AT)
    machine = trials.PrototypeInput(title="Guiding cart", measure="Picking speed", unit="picks/h")
    prototype = trials.create_prototype(organisation=stage.organisation, content=machine, **told)
    round_ = trials.open_round(prototype_id=prototype.pk, content=trials.RoundInput(**asked), **told)
    tried = trials.begin_participation(participant_id=member.participants.get().pk, at=AT)
    trials.save_before(participant_id=tried.pk, before=Decimal(10), at=AT)
    feedback = trials.FeedbackInput(after=Decimal(12), ease=4, change="A horn.")
    trials.give_feedback(participant_id=tried.pk, said=feedback, at=AT)
    return {
        "tests": test.key,
        "variants": variants[0].key,
        "panels": panel.key,
        "members": member.key,
        "prototypes": prototype.key,
        "rounds": round_.key,
        "suggestions": tried.suggestion.key,
        "trials/join": panel.key,
        "trials/me": trial_token(member),
        "trials/t": test.key,
        "trials/a": trial_token(place),
        "pictures": variants[place.plan[0][0]].key,
        "trials/p": round_.key,
        "trials/f": trial_token(tried),
    }


def offered_to(stage: SimpleNamespace, person: Person, *, title: str = "Talks") -> Agreement:
    """Return an agreement that the firm offers to a person."""
    said = agreements.AgreementInput(
        kind="nda_mutual", title=title, language="en", law="DE", contact_email=str(person.email)
    )
    mailed = Mail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    made = agreements.draft_agreement(organisation=stage.organisation, said=said, actor=stage.owner, at=AT)
    agreements.offer_agreement(agreement_id=made.pk, actor=stage.owner, at=AT)
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
    return made


def offered_parts(stage: SimpleNamespace, person: Person) -> dict[str, str]:
    """Return what stands for an agreement and its version in addresses."""
    made = offered_to(stage, person)
    version = newest_version(made).key
    owner, party = agreement_rules.Holder(), agreement_rules.Holder(party=made.parties.get().pk)
    shares = (agreement_rules.Share(owner, 50_000), agreement_rules.Share(party, 50_000))
    said = agreement_rules.Stated(title="Joint seal", shares=shares)
    mailed = Mail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    proposed = agreements.state_ip(agreement_id=made.pk, kind="foreground", said=said, actor=stage.owner, at=AT)
    scan = scanned(newest_version(made), person)
    Mail.objects.filter(pk__gt=mailed).delete()  # as above
    of_table = {"my/agreements": made.key, "ip": proposed.entry.key, "accept": proposed.key}
    return {
        "agreements": made.key,
        "agreement": made.key,
        "code": version,
        "sign": version,
        "by-hand": version,
        "scans": scan.key,
        "paper": version,
        **of_table,
    }


def scanned(version: AgreementVersion, person: Person) -> SignedScan:
    """Return the scan of a paper that somebody signed for their side."""
    file = SentFile("paper.pdf", [b"%PDF-1.4\n%%EOF\n"])
    said = agreements.ScanInput(signer_name="Ada", signed_on=AT.date(), file=file)
    return agreements.send_scan(version_id=version.pk, said=said, actor=person, at=AT)


def stated_to(stage: SimpleNamespace, made: Agreement) -> None:
    """Put one more thing into an IP table, licensed to somebody."""
    ours, right = agreement_rules.Holder(), agreement_rules.Right(holder=agreement_rules.Holder(name="Bolt"), use="own")
    said = agreement_rules.Stated(
        title=f"Seal {made.ip_entries.count()}", shares=(agreement_rules.Share(ours, 100_000),), rights=(right,)
    )
    agreements.state_ip(agreement_id=made.pk, kind="background", said=said, actor=stage.owner, at=AT)


def sealed_with(stage: SimpleNamespace, person: Person) -> str:
    """Seal an agreement with a person, stamped later, and return its key."""
    made, file = offered_to(stage, person, title="Agreed"), storage.receive([b"%PDF-"], limit=9).path
    Agreement.objects.filter(pk=made.pk).update(status=Agreement.Status.SIGNED, valid_from=AT, ended_at=AT)
    told = {"organisation": stage.organisation, "begins_at": AT, "ends_at": NOW}
    certificate = SealCertificate.objects.create(pem="Who seals", sha256=f"by{stage.mark}", **told)
    AgreementSeal.objects.create(
        version=newest_version(made), status="sealed", asked_at=AT, certificate=certificate, sealed_at=AT,
        path=file, sha256="so", stamp="stamped", stamped_at=AT, stamped_path=file, stamped_sha256="then",
    )  # fmt: skip
    return made.key


def know(stage: SimpleNamespace, name: str = "Campus", number: int = 1) -> dict[str, str]:
    """Note a partner with a contact, a capability and a talk, and say what stands for what in addresses."""
    told = {"actor": stage.owner, "at": AT}
    said = partners.PartnerInput(name=name, kind="university", country="DE", owner=stage.owner)
    partner = partners.note_partner(organisation=stage.organisation, content=said, **told)
    fair = partners.EventInput(name=f"Fair {name}", on=AT.date())
    event = partners.note_event(organisation=stage.organisation, content=fair, **told)
    person = partners.ContactInput(name="Tilda", email=f"tilda{number}@campus.example")
    contact = partners.add_contact(partner_id=partner.pk, content=person, **told)
    can = partners.CapabilityInput(kind="offers", name="Wear")
    capability = partners.add_capability(partner_id=partner.pk, content=can, **told)
    talk = partners.LogInput(kind="call", on=AT.date(), summary="Hello.", next_step="Visit", next_on=AT.date())
    entry = partners.log(partner_id=partner.pk, content=talk, **told)
    return {
        "partners": partner.key,
        "partner-contacts": contact.key,
        "partner-capabilities": capability.key,
        "partner-log": entry.key,
        "partner": partner.key,
        "partner-imports": bring_a_file(stage, name),
        "partner-merges": merge_twins(stage, name),
        "partner-sources": event.key,
        "partner-statements": capability.key,
        **list_who_fits(stage, partner),
    }


def list_who_fits(stage: SimpleNamespace, partner: Partner) -> dict[str, str]:
    """Keep who fits under a partner's name, note and decide about it, save a view, and say what stands for what."""
    told, name = {"actor": stage.owner, "at": AT}, partner.party.name
    made = partners.keep_shortlist(
        organisation=stage.organisation, title=f"Near {name}", question=asked_for(name), **told
    )
    on = {"shortlist_id": made.pk, "partner_id": partner.pk, **told}
    note = partners.note_on_shortlist(text=f"Ask {name}.", **on)
    partners.decide(content=partners.DecisionInput(choice="approach", reason="They know wear."), **on)
    given = {"q": name, "order": "name"}
    view = partners.save_view(organisation=stage.organisation, name=name, given=given, is_shared=True, **told)
    return {"partner-shortlists": made.key, "partner-shortlist-notes": note.key, "partner-views": view.key}


def asked_for(name: str) -> partners.Question:
    """Return a question that all partners come near, and that no other name asks."""
    return partners.Question(wish=Wish(wanted=("Wear", name)), weights={"capabilities": 1, "record": 1}, length=20)


def bring_a_file(stage: SimpleNamespace, name: str) -> str:
    """Take a file of partners over, upload another, and return the key of that."""
    told = {"actor": stage.owner, "at": AT}
    for file in (f"{name} taken.csv", f"{name} waiting.csv"):
        sent = f"Company\n{file} Waves\n".encode()
        found = partners.stage_import(organisation=stage.organisation, name=file, content=sent, **told)
        if "taken" in file:
            partners.take_over(import_id=found.pk, coming=[], n_left_out=1, met=partners.Met(), **told)
    return found.key


def merge_twins(stage: SimpleNamespace, name: str) -> str:
    """Note a partner three times more, keep one of these apart, merge one, and return the key of the merge."""
    told = {"actor": stage.owner, "at": AT}
    contents = [
        partners.PartnerInput(name=f"{name} {form}", kind="university", owner=stage.owner)
        for form in ("AG", "SE", "Ltd")
    ]
    kept, other, gone = (
        partners.note_partner(organisation=stage.organisation, content=content, **told) for content in contents
    )
    partners.keep_apart(partner_id=kept.pk, other_id=other.pk, **told)
    return partners.merge_partners(gone_id=gone.pk, kept_id=kept.pk, **told).key


CHARTER = {
    "goals": "A seal that is cold.", "criteria": [{"name": "It seals", "measure": "No drop in a day"}], "tasks": [],
    "milestones": [{"name": "First seal", "due": ""}], "cadence": "Every Monday", "ip": "", "agreement": "",
    "exit": "A month of notice.",
}  # fmt: skip


def ally_with(stage: SimpleNamespace, partner_key: str, title: str = "Seal it together") -> Alliance:
    """Return an alliance with a partner of the directory; its charter is offered."""
    told = {"actor": stage.owner, "at": AT}
    partner = Partner.objects.get(key=partner_key).party
    said = alliances.AllianceInput(title=title, partners=[partner])
    made = alliances.begin_alliance(organisation=stage.organisation, content=said, **told)
    alliances.write_charter(alliance_id=made.pk, content=CHARTER, note="", **told)
    mailed = Mail.objects.latest("pk").pk
    alliances.offer_alliance(alliance_id=made.pk, **told)
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
    return made


def put_in_one(stage: SimpleNamespace, alliance: Alliance, note: str = "A seal") -> str:
    """Write a line of the firm's into a living alliance, and return its key."""
    said = alliances.LineInput(
        kind="hours", amount=Decimal(4), unit="hours", value=Decimal(300), on=AT.date(), note=note
    )  # fmt: skip
    mailed = Mail.objects.latest("pk").pk
    line = alliances.write_line(alliance_id=alliance.pk, content=said, actor=stage.owner, at=AT)
    Mail.objects.filter(pk__gt=mailed).delete()  # as above
    return line.key


def raise_one(stage: SimpleNamespace, alliance: Alliance, text: str = "It drips.") -> str:
    """Raise a matter of the firm's in a living alliance, and return its key."""
    mailed = Mail.objects.latest("pk").pk
    matter = alliances.raise_matter(alliance_id=alliance.pk, text=text, days=7, actor=stage.owner, at=AT)
    Mail.objects.filter(pk__gt=mailed).delete()  # as above
    return matter.key


def divide_one(stage: SimpleNamespace, alliance: Alliance, title: str = "The seal") -> str:
    """Name a joint result of a living alliance, propose how it is divided, and return its key."""
    told, mailed = {"actor": stage.owner, "at": AT}, Mail.objects.latest("pk").pk
    result = alliances.name_result(alliance_id=alliance.pk, title=title, text="", **told)
    alliances.propose_split(result_id=result.pk, said=SplitInput(way="equal", note=title), **told)
    Mail.objects.filter(pk__gt=mailed).delete()  # as above
    return result.key


def live_with(stage: SimpleNamespace, partner_key: str) -> dict[str, str]:
    """Return what stands for an alliance that lives, and for a line of it, in addresses."""
    speaker = people.register_person(email=f"vera{stage.mark}@campus.example", name="Vera", language="en", at=AT)
    seat_at(person=speaker, organisation=Partner.objects.get(key=partner_key).party, role="owner", at=AT)
    made, mailed = ally_with(stage, partner_key), Mail.objects.latest("pk").pk
    charter = made.charters.get()
    for person in (stage.owner, speaker):
        alliances.accept_charter(alliance_id=made.pk, seen=charter.sha256, actor=person, at=AT)
    Mail.objects.filter(pk__gt=mailed).delete()  # as above
    told, mailed = {"alliance_id": made.pk, "actor": stage.owner, "at": AT}, Mail.objects.latest("pk").pk
    reached = alliances.reach_milestone(milestone="First seal", on=AT.date(), **told)
    Mail.objects.filter(pk__gt=mailed).delete()  # as above
    return {
        "alliances": made.key,
        "contributions": put_in_one(stage, made),
        "matters": raise_one(stage, made),
        "alliances/results": divide_one(stage, made),
        "alliances/milestones": reached.key,
    }


def show_item(stage: SimpleNamespace, reader: Person) -> dict[str, str]:
    """Share an item with somebody outside, and say what stands for what in addresses."""
    told = {"actor": stage.owner, "at": AT}
    content = disclosures.ItemInput(title="Cold seal", teaser="A seal", kind="technology", owner=stage.owner)
    item = disclosures.create_item(organisation=stage.organisation, content=content, **told)
    for depth in ("room", "public", "invited"):
        sent = SentFile("seal.txt", [b"A seal."])
        said = disclosures.PartInput(label=f"What is {depth}", text="It seals.", depth=depth, file=sent)
        part = disclosures.save_part(item_id=item.pk, content=said, **told)
    content = disclosures.ShareInput(email=reader.email, depth="room", purpose="evaluate")
    share = disclosures.share_item(item_id=item.pk, content=content, **told)
    Mail.objects.filter(kind="item_shared").delete()  # the list of mails shows one page
    disclosures.publish_item(item_id=item.pk, **told)
    disclosures.read_item(key=item.key, reader=reader, at=AT)
    return {
        "items": item.key,
        "parts": part.key,
        "shares": share.key,
        "shared": item.key,
        "shown": item.key,
        "public part": item.parts.get(depth="public").key,
        "room part": item.parts.get(depth="room").key,
    }


def take_a_risk(stage: SimpleNamespace, item_key: str = "") -> dict[str, str]:
    """Take the next typical risk over, have it watched, and say what stands for what in addresses."""
    told = {"actor": stage.owner, "at": AT}
    starter = STARTERS[Risk.objects.filter(organisation=stage.organisation).count()]
    found = risks.take_starter(organisation=stage.organisation, starter=starter, **told)
    about = Subject("item", item_key or Item.objects.order_by("pk").first().key, "Cold seal")
    trigger = risks.watch(risk_id=found.pk, kind="readers", about=about, limit=3, **told)
    return {"risks": found.key, "risk-triggers": trigger.key, "starter": starter.name}


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


@pytest.fixture
def world(stage, make_challenge, make_idea, request):
    """Return who walks, and what stands for the variable parts of addresses."""
    return populated(stage, make_challenge, make_idea, request.getfixturevalue)


@pytest.fixture
def twin(stage, other_owner, world, make_challenge, make_idea, make_person):
    """Return the world of the other firm: the same people by role and the same contents, all of it its own."""
    house, owner = stage.other, other_owner
    theirs = names_of_all() - {house.key, owner.key, owner.email}
    ensure_standard_terms(organisation=house, at=AT)
    cast = {"other_owner": stage.owner, "stranger": make_person("twin-nobody@elsewhere.example", "Stranger")}
    for name in ("solver", "solver_two"):
        cast[name] = make_person(f"twin-{name}@workshop.example", "Sam Solver")
    for name in ("member", "manager", "evaluator", "evaluator_two"):
        cast[name] = make_person(f"twin-{name}@other.example", "Max Member")
        seat(house, cast[name], name.partition("_")[0], actor=owner)
    panel = [cast["evaluator"], cast["evaluator_two"]]
    beside = SimpleNamespace(organisation=house, other=stage.organisation, owner=owner, panel=panel, mark="-twin")
    own = populated(beside, partial(make_challenge, house=house, actor=owner), make_idea, cast.__getitem__)
    return SimpleNamespace(world=own, other_world=world, names_of_other=theirs)


def names_of_all() -> set[str]:
    """Return the keys of all rows there are, and the addresses of all people."""
    records = [model for model in apps.get_models() if issubclass(model, Record)]
    keys = {key for model in records for key in model._default_manager.values_list("key", flat=True)}
    return keys | set(Person.objects.values_list("email", flat=True))


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


def populated(stage, make_challenge, make_idea, find) -> walking.World:
    """Fill a firm with everything there is; `find` gives the people by the name of their fixture."""
    contributor, owner, member, judge_one = find("solver"), stage.owner, find("member"), stage.panel[0]
    opened = make_challenge(title=OPENED, room_fields=["constraints"])
    mine = make_idea(challenge=opened, author=contributor, submitted=False)
    file = attach(mine)
    coauthor, split = write_together(mine, stage.mark)
    ideas.submit_idea(idea_id=mine.pk, actor=contributor, at=AT)
    Mail.objects.filter(person=coauthor).delete()  # the list of mails shows one page
    judged = judged_by(
        stage, make_challenge, make_idea, contributor, find("solver_two"), title="See ripe fruit in the dark"
    )
    Panel.objects.filter(challenge=judged).update(mode=Panel.Mode.BOTH)
    Challenge.objects.filter(pk=judged.pk).update(public_compares=True)
    answered = judged_by(stage, make_challenge, make_idea, contributor, title="Clean a gripper in a minute")
    selection.release_answers(challenge_id=answered.pk, actor=owner, at=AT)
    told = Idea.objects.get(challenge=answered)
    asked = selection.ask_clarification(
        answer_id=told.answer.pk, actor=contributor, question="What tipped the scales?", at=AT
    )
    assignment = Assignment.objects.get(idea__challenge=judged, idea__author=contributor, panelist__person=judge_one)
    evaluation.set_minutes(panelist_id=assignment.panelist_id, actor=judge_one, minutes_per_week=2400, at=AT)
    questions = [ask(opened, contributor, text) for text in ("How wet may the fruit be?", "Who keeps the prototype?")]
    dialogue.answer_question(
        question_id=questions[0].pk, actor=owner, text="It may drip.", changes_brief=False, at=AT
    )  # fmt: skip
    alike = make_challenge(closed=True, title="Feel how ripe a pear is")
    mailed = Mail.objects.latest("pk").pk
    pair = [make_idea(challenge=alike, author=author, **TAP_IT) for author in (find("solver_two"), contributor)]
    ideas.find_pairs(challenge_id=alike.pk, at=AT)
    question = ideas.ask_to_merge(idea_id=pair[1].pk, lead_id=pair[0].pk, actor=owner, words="One idea?", at=AT)
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
    of_alike = {"challenges": alike.key, "similar": pair[0].key, "": pair[1].key, "merges": question.key,
                **themed(alike, owner)}  # fmt: skip
    shown = read_by_all(make_challenge, make_idea, author=contributor, later=mine)
    comment = talked_about(make_challenge, make_idea, author=find("solver_two"), actor=contributor)
    draft = make_challenge(status="draft", title="Not asked yet")
    table = ideas.stage_table(challenge_id=judged.pk, actor=owner, name="a.csv", content=b"title\nA\n", at=AT)
    invited = {"email": f"ines{stage.mark}@example.org", "role": Membership.Role.MEMBER}
    invitation, token = people.invite(organisation=stage.organisation, actor=owner, at=AT, **invited)
    box = ideas.create_box(
        organisation=stage.organisation, content=ideas.BoxInput(title="What slows you down?"), actor=owner, at=AT
    )
    asked_of, of_item, known = ask_customers(stage), show_item(stage, contributor), know(stage)
    view = ideas.save_view(
        organisation=stage.organisation, actor=owner, place="inbox", name="Mine", given={}, is_shared=False, at=AT
    )
    hook = hook_up(stage)
    delivery = try_out(hook)
    access_token, _secret = people.issue_token(person=owner, label="spreadsheet", at=AT)
    link = people.sign_in_link(person=find("solver_two"), at=AT, until=NOW + timedelta(days=1))
    of_answered, of_told, of_draft, of_sealed = (
        {"challenges": answered.key},
        {"my/ideas": told.key},
        {"challenges": draft.key},
        {"agreement": sealed_with(stage, contributor)},
    )
    return walking.World(
        actors={
            "anonymous": None,
            "stranger": find("stranger"),
            "other_owner": find("other_owner"),
            "contributor": contributor,
            **(guests := guests_of(stage, known["partners"], of_item["items"], opened)),
            "member": member,
            "evaluator": judge_one,
            "manager": find("manager"),
            "owner": owner,
        },
        segments={
            **known,
            **live_with(stage, known["partners"]),
            **take_a_risk(stage, of_item["items"]),
            "transfers": hand_over(stage, known["partners"], guests),
            **let_use(stage, known["partners"], guests["partner"]),
            "c": opened.key,
            "challenges": judged.key,
            "compare": judged.key,
            "edit": "brief",
            "findings": "brief",
            "challenges/new": "technical",
            "ranking.": "json",
            "comparisons.": "json",
            "import": table.key,
            "reviews/import": table.key,
            "panel": judged.panel.panelists.first().key,
            "awards": Award.objects.get(decision__idea=told).key,
            "titles": told.key,
            "strike": hold(stage, told).key,
            "works": (work := build_own(stage, member, told)).key,
            "end": work.people.get().key,
            "decisions": str(asked.pk),
            "files": file,
            "ideas": Idea.objects.get(challenge=judged, author=contributor).key,
            "my/ideas": mine.key,
            "questions": questions[1].key,
            "my/questions": questions[1].key,
            "coauthor": f"walked{stage.mark}",
            "built-on": shown.key,
            "comments": comment.key,
            "my/comments": comment.key,
            "talk": comment.idea.key,
            "coauthors/remove": coauthor.key,
            "coauthors/shares": split.key,
            "coauthors/take-back": mine.invitations.get(accepted_at=None).key,
            "copies": "1",
            "versions": "1",
            "reviews": assignment.key,
            "minutes": str(assignment.panelist_id),
            "receipts": Receipt.objects.filter(person=contributor).first().key,
            "readers": agree_to_confidentiality(challenge_key=opened.key, person=contributor, at=AT).key,
            "choosing": (chosen := choose_with(stage, "Campus")),
            "choose": chosen,
            "terms": opened.participation_terms.key,
            **(of_promise := promised(stage, guests["partner"])),
            **offered_parts(stage, contributor),
            "plan/goals": opened.goal.key,
            "mails": Mail.objects.filter(organisation=stage.organisation).first().key,
            "settings/hooks": hook.key,
            "deliveries": delivery.key,
            "notices": Notice.objects.filter(person=contributor).first().key,
            "unsubscribe": unsubscribe_link(contributor, topic_named("timetable")).rstrip("/").rpartition("/")[2],
            "people": str(Membership.objects.get(person=member).pk),
            "people/invitations": invitation.key,
            "invitations": token,
            "account/link": link.strip("/").rpartition("/")[2],
            "me/tokens": access_token.key,
            "webauthn/keys": "1",
            "box": box.key,
            "box/p": private_token(f"walked{stage.mark}"),
            "boxes": box.key,
            "saved-views": "entries",
            "inbox/boxes": box.key,
            "inbox": put_in(box, seed=f"walked{stage.mark}").key,
            **asked_of,
            **of_item,
            "read": shown.challenge.key,
        },
        exceptions={
            "/shared/<key>/files/<part_key>/": {"files": of_item["room part"]},
            "/api/shared/<key>/files/<part_key>": {"files": of_item["room part"]},
            "/shown/<key>/files/<part_key>/": {"files": of_item["public part"]},
            "/agreement/<key>/sealed.pdf": of_sealed,
            "/agreement/<key>/stamped.pdf": of_sealed,
            "/agreement/<key>/certificate.pem": of_sealed,
            "/agreement/<key>/seal/": of_sealed,
            "/agreement/<key>/stamp/": of_sealed,
            "/saved-views/<key>/rename/": {"saved-views": view.key},
            "/saved-views/<key>/prefer/": {"saved-views": view.key},
            "/saved-views/<key>/delete/": {"saved-views": view.key},
            "/saved-views/<key>/restore/": {"saved-views": view.key},
            "/challenges/<key>/awards/": of_answered,
            "/challenges/<key>/awards/<award_key>/pay/": of_answered,
            "/challenges/<key>/decisions/<clarification_id>/reply/": of_answered,
            "/api/challenges/<key>": {"challenges": opened.key},
            "/api/challenges/<key>/confidential": {"challenges": opened.key},
            "/challenges/<key>/readers/<agreement_key>/end/": {"challenges": opened.key},
            "/api/challenges/<key>/questions": {"challenges": opened.key},
            "/challenges/<key>/questions/": {"challenges": opened.key},
            "/questions/<key>/report/": {"questions": questions[0].key},
            "/c/<key>/compare/": {"c": judged.key},
            "/c/<key>/compare/undo/": {"c": judged.key},
            "/api/my/ideas/<key>/status": of_told,
            "/challenges/<key>/edit/<step>/": of_draft,
            "/challenges/<key>/preview/": of_draft,
            "/challenges/<key>/publish/": of_draft,
            "/challenges/<key>/similar/": of_alike,
            "/challenges/<key>/similar/look/": of_alike,
            "/challenges/<key>/similar/<first_key>/<second_key>/": of_alike,
            "/challenges/<key>/similar/<first_key>/<second_key>/apart/": of_alike,
            "/challenges/<key>/merges/<merge_key>/undo/": of_alike,
            "/challenges/<key>/themes/": of_alike,
            "/challenges/<key>/themes/find/": of_alike,
            "/challenges/<key>/themes/new/": of_alike,
            "/challenges/<key>/themes/<theme_key>/": of_alike,
            "/challenges/<key>/themes/<theme_key>/rename/": of_alike,
            "/challenges/<key>/themes/<theme_key>/merge/": of_alike,
            "/challenges/<key>/themes/<theme_key>/remove/": of_alike,
            "/challenges/<key>/themes/<theme_key>/move/": of_alike,
            "/challenges/<key>/theme-changes/<change_key>/undo/": of_alike,
            "/api/challenges/<key>/similar": of_alike,
            "/api/challenges/<key>/similar?q=hammer": of_alike,
            "/read/<key>/<idea_key>/": {"read": shown.challenge.key, "": shown.key},
            "/read/<key>/<idea_key>/vote/": {"read": shown.challenge.key, "": shown.key},
            "/read/<key>/<idea_key>/build/": {"read": shown.challenge.key, "": shown.key},
            "/api/challenges/<key>/ballot": {"challenges": shown.challenge.key},
            "/api/challenges/<key>/ballot/<idea_key>": {"challenges": shown.challenge.key, "ballot": shown.key},
            "/api/challenges/<key>/votes": {"challenges": shown.challenge.key},
            "/api/ideas/<key>/comments": {"ideas": comment.idea.key},
            "/agreements/<key>/deadlines/new/": {"agreements": of_promise["agreement"]},
            **{f"/agreement/<key>/{rest}": of_promise for rest in UNDER_AN_AGREEMENT},
            "/works/<key>/matter/<person_key>/<subject_key>/": {"works": work.key, "matter": member.key, "": told.key},
            "/my/ideas/<key>/merge/": {"my/ideas": pair[1].key},
            "/my/ideas/<key>/": of_told,
            "/my/ideas/<key>/accept-rights/": of_told,
            "/my/ideas/<key>/clarify/": of_told,
        },
        bodies={
            "POST /read/<key>/<idea_key>/vote/": {"value": "1"},
            "POST /agreement/<key>/renew/": {"until": "2029-01-01"},
            "POST /agreement/<key>/deadlines/<obligation_key>/": {"action": "done"},
            "POST /agreement/<key>/publications/new/": {"title": "A talk", "note": "It is short."},
            "POST /agreement/<key>/publications/<publication_key>/": {"answer": "free"},
            "POST /agreements/<key>/deadlines/new/": {
                "kind": "report",
                "side": "firm",
                "anchor": "day",
                "on": "2026-05-04",
                "unit": "days",
            },
            "POST /partner-shortlists/<shortlist_key>/decide/": {
                "partner": known["partners"],
                "choice": "later",
                "reason": "Not now.",
                "next_by": owner.key,
            },
            "POST /partner-shortlists/<shortlist_key>/notes/": {"partner": known["partners"], "text": "Good."},
            "POST /partner-shortlists/<shortlist_key>/rename/": {"title": "Nearer"},
            "POST /partners/shortlists/keep/": {"title": "Near", "length": "5", "wanted": "Wear"},
            "POST /partners/views/": {"name": "Near", "q": "campus"},
            "POST /partner-views/<view_key>/rename/": {"name": "Nearer"},
            "POST /api/ideas": {"challenge": opened.key},
            "POST /api/ideas/<key>/comments": {"text": "Which stalk, the green one?"},
            "PUT /api/comments/<key>/reaction": {"kind": "helpful"},
            "PUT /api/challenges/<key>/ballot/<idea_key>": {"value": 1},
            "POST /api/boxes/<key>/postings": {"kind": "need", "text": "The belt stops."},
            "POST /api/reviews/<key>": {
                "scores": {criterion.key: 3 for criterion in judged.criteria.all()},
                "recommendation": "yes",
                "reason": "It can be built with what is there, and soon.",
            },
        },
    )


class Growth:
    """What puts one more item on a list."""

    def __init__(self, stage, judged, make_person, make_idea) -> None:
        self.stage, self.judged, self.make_person, self.make_idea = stage, judged, make_person, make_idea
        self.numbers = itertools.count()

    def seat(self) -> Person:
        person = self.make_person(f"new{next(self.numbers)}@example.org")
        seat(self.stage.organisation, person, Membership.Role.EVALUATOR, actor=self.stage.owner)
        return person

    def seat_on_panel(self) -> None:
        told = {"challenge_id": self.judged.pk, "actor": self.stage.owner, "at": AT}
        evaluation.seat_members(**told, persons=[self.seat()])

    def enter_and_judge(self) -> None:
        self.make_idea(challenge=self.judged)
        judge(self.stage, self.judged)
        decide(self.stage, self.judged)

    def enter_and_deal(self) -> None:
        self.make_idea(challenge=self.judged)
        evaluation.deal_out(challenge_id=self.judged.pk, actor=self.stage.owner, at=AT)

    def state_in_the_table(self) -> None:
        stated_to(self.stage, IpEntry.objects.earliest("pk").agreement)

    def state_in_one_more(self, person) -> None:
        stated_to(self.stage, offered_to(self.stage, person))

    def build_one_more(self) -> None:
        told = {"name": f"Work {next(self.numbers)}", "words": TAP_IT["body"], "began_on": AT.date()}
        selection.enter_work(organisation=self.stage.organisation, actor=self.stage.owner, at=AT, **told)

    def read_one_more(self) -> None:
        work = Work.objects.earliest("pk")
        read_in_full(work.people.get().person, self.make_idea(challenge=self.judged, **TAP_IT))

    def hold_one_more(self) -> None:
        hold(self.stage, TitleEvidence.objects.earliest("pk").idea)

    def publish_terms(self) -> None:
        texts = {"kind": "participation", "language": "en", "title": "Terms", "body": f"Terms {next(self.numbers)}."}
        publish_terms(organisation=self.stage.organisation, actor=self.stage.owner, at=AT, **texts)

    def choose_with_one_more(self) -> None:
        choose_with(self.stage, f"Campus {next(self.numbers)}")

    def write_mail(self) -> None:
        told = {"organisation": self.stage.organisation, "at": AT}
        write_mail(to=self.stage.owner, kind="note", subject="A note", text="A note.", **told)

    def hook_up(self) -> None:
        hook_up(self.stage, f"Channel {next(self.numbers)}")

    def send_to_the_hook(self) -> None:
        try_out(Hook.objects.order_by("pk").first())

    def put_into_the_box(self) -> None:
        put_in(IdeaBox.objects.first(), seed=f"seed {next(self.numbers)}")

    def save_a_view(self) -> None:
        ideas.save_view(
            organisation=self.stage.organisation, actor=self.stage.owner, place="entries",
            name=f"View {next(self.numbers)}", given={}, is_shared=False, at=AT,
        )  # fmt: skip

    def comment_once_more(self) -> None:
        """Say one more thing about the entry that is talked about, and answer it."""
        idea = Comment.objects.order_by("pk").first().idea
        told = {"idea_id": idea.pk, "language": "en", "at": AT}
        first = dialogue.post_comment(**told, actor=self.stage.owner, text=f"Comment {Comment.objects.count()}.")
        dialogue.post_comment(**told, actor=idea.author, text=f"Answer {first.pk}.", answers=first)

    def vote_once_more(self) -> None:
        """Hand one more entry in that is voted on, and vote on it."""
        idea = self.make_idea(challenge=Challenge.objects.get(title=VOTED))
        ideas.cast_vote(idea_id=idea.pk, actor=self.stage.owner, value=1, at=AT)

    def open_a_box(self) -> None:
        content = ideas.BoxInput(title=f"Box {next(self.numbers)}")
        ideas.create_box(organisation=self.stage.organisation, content=content, actor=self.stage.owner, at=AT)

    def merge_into_the_posting(self) -> None:
        number, main = next(self.numbers), Posting.objects.order_by("pk").first()
        other = put_in(main.box, seed=f"merged {number}")
        told = {"actor": self.stage.owner, "at": AT, "why": "The same belt."}
        ideas.merge_posting(posting_id=other.pk, main_id=main.pk, **told)

    def put_notice(self) -> None:
        note(
            person=self.stage.owner, kind="entries_closed", told={"challenge": self.judged}, is_for_digest=False, at=AT,
        )  # fmt: skip

    def ask_one_more(self, person: Person | None = None, said: str = "") -> Question:
        """Let somebody who has been known for long ask something nobody has asked yet."""
        asker = person or self.make_person()
        Person.objects.filter(pk=asker.pk).update(joined_at=AT - timedelta(days=30))
        asker.refresh_from_db()
        challenge, word = Challenge.objects.get(title=OPENED), next(WORDS)
        return ask(challenge, asker, f"May the {word} of a {word} be {word}? {said}")

    def answer_one_more(self) -> None:
        told = {"question_id": self.ask_one_more().pk, "actor": self.stage.owner, "at": AT}
        dialogue.answer_question(text="Yes.", changes_brief=False, **told)

    def ask_in_a_test(self) -> None:
        content = trials.ConceptInput(title=f"Test {next(self.numbers)}", closes_at=AT + timedelta(days=9))
        trials.draft_test(organisation=self.stage.organisation, content=content, actor=self.stage.owner, at=AT)

    def begin_a_prototype(self) -> None:
        content = trials.PrototypeInput(title=f"Machine {next(self.numbers)}", measure="Speed", unit="1/h")
        trials.create_prototype(organisation=self.stage.organisation, content=content, actor=self.stage.owner, at=AT)

    def know_one_more(self) -> None:
        know(self.stage, f"Campus {next(self.numbers)}", next(self.numbers))

    def work_out_once_more(self) -> None:
        """Work the first shortlist out with one partner and one note more."""
        self.know_one_more()
        first, newest = Shortlist.objects.order_by("pk").first(), Partner.objects.latest("pk")
        on = {"shortlist_id": first.pk, "actor": self.stage.owner, "at": AT}
        partners.work_out(question=asked_for(newest.party.name), **on)
        partners.note_on_shortlist(partner_id=first.decisions.get().partner_id, text=newest.key, **on)

    def begin_a_panel(self) -> None:
        content = trials.PanelInput(title=f"Panel {next(self.numbers)}", purpose="Ask us.")
        trials.create_panel(organisation=self.stage.organisation, content=content, actor=self.stage.owner, at=AT)

    def ask_one_more_customer(self) -> None:
        panel, seed = CustomerPanel.objects.order_by("pk").first(), f"customer {next(self.numbers)}"
        member = trials.ask_to_join(panel_id=panel.pk, name=seed, email="", seed=seed, at=AT)
        trials.agree(member_id=member.pk, version=1, at=AT)

    def add_a_variant(self) -> None:
        ConceptTest.objects.update(opened_at=None)
        test, title = ConceptTest.objects.order_by("pk").first(), f"Cart {next(self.numbers)}"
        trials.add_variant(test_id=test.pk, content=trials.VariantInput(title=title), actor=self.stage.owner)

    def measure_once_more(self) -> None:
        round_, seed = PrototypeRound.objects.order_by("pk").first(), f"measured {next(self.numbers)}"
        place = trials.begin_round(round_id=round_.pk, seed=seed, at=AT)
        trials.save_before(participant_id=place.pk, before=Decimal(10), at=AT)
        said = trials.FeedbackInput(after=Decimal(14), ease=4, change="A bell.")
        trials.give_feedback(participant_id=place.pk, said=said, at=AT)

    def show_one_more(self) -> None:
        """Write one more item, share it with who reads the first, and let them read it."""
        number, reader = next(self.numbers), Person.objects.get(email="sam@workshop.example")
        told = {"actor": self.stage.owner, "at": AT}
        content = disclosures.ItemInput(title=f"Item {number}", kind="plan", owner=self.stage.owner)
        item = disclosures.create_item(organisation=self.stage.organisation, content=content, **told)
        self.say_one_more(item)
        content = disclosures.ShareInput(email=reader.email, depth="invited", purpose="evaluate")
        disclosures.share_item(item_id=item.pk, content=content, **told)
        disclosures.read_item(key=item.key, reader=reader, at=AT)

    def say_one_more(self, item: Item | None = None) -> None:
        """Add a part to an item, the first one by default, and share it once more."""
        found, number = item or Item.objects.order_by("pk").first(), next(self.numbers)
        told = {"item_id": found.pk, "actor": self.stage.owner, "at": AT}
        said = disclosures.PartInput(label=f"Part {number}", text="It seals.", depth="invited")
        disclosures.save_part(content=said, **told)
        whom = disclosures.ShareInput(email=f"lab{number}@example.org", depth="invited", purpose="supply")
        disclosures.share_item(content=whom, **told)

    def promise_one_more(self) -> None:
        promise_one_more(self.stage, next(self.numbers))

    def ally_one_more(self) -> None:
        ally_with(self.stage, Partner.objects.order_by("pk").first().key, f"Seal {next(self.numbers)}")

    def put_in_one_more(self) -> None:
        put_in_one(self.stage, Alliance.objects.order_by("pk").first(), f"Seal {next(self.numbers)}")

    def raise_one_more(self) -> None:
        raise_one(self.stage, Alliance.objects.order_by("pk").first(), f"Drip {next(self.numbers)}")

    def divide_one_more(self) -> None:
        divide_one(self.stage, Alliance.objects.order_by("pk").first(), f"Seal {next(self.numbers)}")

    def propose_one_more(self) -> None:
        """Propose one more division of the first joint result."""
        first, mailed = Result.objects.order_by("pk").first(), Mail.objects.latest("pk").pk
        said = SplitInput(way="proportional", note=f"Seal {next(self.numbers)}", leaves_out=True)
        told = {"actor": self.stage.owner, "at": AT}
        line = Contribution.objects.get(key=put_in_one(self.stage, first.alliance, said.note))
        speaker = Person.objects.get(email=f"vera{self.stage.mark}@campus.example")
        alliances.answer_line(line_id=line.pk, kind="confirmed", actor=speaker, at=AT)
        alliances.propose_split(result_id=first.pk, said=said, **told)
        Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page

    def change_the_charter(self) -> None:
        """Propose one more version of the charter of the first alliance."""
        first, mailed = Alliance.objects.order_by("pk").first(), Mail.objects.latest("pk").pk
        said = {**CHARTER, "cadence": f"Day {next(self.numbers)}"}
        alliances.write_charter(alliance_id=first.pk, content=said, note="", actor=self.stage.owner, at=AT)
        Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page

    def hand_over_one_more(self) -> None:
        partner, guest = Partner.objects.order_by("pk").first().key, Person.objects.get(email="partner@campus.example")
        hand_over(self.stage, partner, {"partner": guest}, f"Seal {next(self.numbers)}")

    def fill_one_more(self) -> None:
        fill_one_more(self.stage, Person.objects.get(email="partner@campus.example"), next(self.numbers))

    def use_one_more(self) -> None:
        """Book the first equipment once more, and share one more."""
        guest = Person.objects.get(email="partner@campus.example")
        use_one_more(self.stage, Partner.objects.order_by("pk").first().key, guest, next(self.numbers))

    def risk_one_more(self) -> None:
        """Put one more risk into the register, and watch the first one for one more thing."""
        take_a_risk(self.stage)
        first, told = Risk.objects.order_by("pk").first(), {"actor": self.stage.owner, "at": AT}
        item, limit = Item.objects.order_by("pk").first(), 10 + first.triggers.count()
        risks.watch(risk_id=first.pk, kind="readers", about=Subject("item", item.key, item.title), limit=limit, **told)
        risks.confirm_risk(risk_id=first.pk, **told)

    def issue_token(self) -> None:
        people.issue_token(person=self.stage.owner, label=f"Token {next(self.numbers)}", at=AT)


@pytest.fixture
def list_pages(world, stage, make_challenge, make_goal, make_idea, make_person):
    """Return every page and API operation that lists, with what puts one more item on it."""
    contributor, owner, judge_one = world.actors["contributor"], stage.owner, stage.panel[0]
    elsewhere = world.actors["other_owner"]
    growth = Growth(stage, Challenge.objects.get(key=world.segments["challenges"]), make_person, make_idea)

    decided = [Challenge.objects.get(key=world.exceptions["/challenges/<key>/awards/"]["challenges"])]

    def answer_one_more() -> None:
        """Decide another challenge, with one award more than the last one."""
        authors = [make_person() for _ in range(len(decided))]
        decided.append(judged_by(stage, make_challenge, make_idea, *authors, title=f"Challenge of {len(authors)}"))
        selection.release_answers(challenge_id=decided[-1].pk, actor=owner, at=AT)

    def record_elsewhere() -> None:
        record_crossing(
            organisation=stage.other, kind="note", direction="out", depth="public", subject_type="note",
            subject_key=f"note{next(growth.numbers)}", at=AT,
        )  # fmt: skip

    def enter_one_more() -> None:
        make_idea(author=contributor)

    def hand_in_one_more() -> None:
        mailed = Mail.objects.latest("pk").pk
        make_idea(author=contributor)
        Mail.objects.filter(pk__gt=mailed).delete()  # as above

    def join_one_more() -> None:
        mailed = Mail.objects.latest("pk").pk
        mine, newcomer = Idea.objects.get(key=world.segments["my/ideas"]), make_person()
        asked = ideas.invite_coauthor(idea_id=mine.pk, actor=contributor, email=newcomer.email, at=AT)
        texts = [mine.challenge.participation_terms.key, mine.challenge.ip_terms.key]
        ideas.join_entry(invitation_id=asked.pk, actor=newcomer, accepted=texts, at=AT)
        writers = [person.pk for person in contributors_of(mine)]
        shares = dict(zip(writers, equal_shares(len(writers)), strict=True))
        ideas.propose_shares(idea_id=mine.pk, actor=contributor, per_cents=shares, at=AT)
        Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page

    def hand_in_one_alike() -> None:
        """Hand one more in that says the same as the others."""
        alike = Challenge.objects.get(key=world.exceptions["/challenges/<key>/similar/"]["challenges"])
        make_idea(challenge=alike, **TAP_IT)
        ideas.find_pairs(challenge_id=alike.pk, at=AT)

    def put_one_in_the_theme() -> None:
        """Hand one more in and move it into the theme."""
        place = world.exceptions["/challenges/<key>/themes/<theme_key>/"]
        one = make_idea(challenge=Challenge.objects.get(key=place["challenges"]), **TAP_IT)
        theme = Theme.objects.get(key=place["themes"])
        ideas.move_entries(theme_id=theme.pk, idea_keys=[one.key], actor=owner, at=AT)

    pages = {
        "challenges:home": ("/", None, make_challenge),
        "challenges:feed": ("/c/feed.atom", None, make_challenge),
        "challenges:list": ("/challenges/", owner, make_challenge),
        "strategy:goals": ("/plan/goals/", owner, make_goal),
        "ideas:mine": ("/my/", contributor, enter_one_more),
        "ideas:coauthors": ("/my/ideas/<key>/coauthors/", contributor, join_one_more),
        "selection:credits": ("/my/credits/", contributor, hand_in_one_more),
        "ideas:inbox": ("/inbox/", owner, growth.put_into_the_box),
        "ideas:boxes": ("/inbox/boxes/", owner, growth.open_a_box),
        "ideas:posting": ("/inbox/<key>/", owner, growth.merge_into_the_posting),
        "ideas:list": ("/challenges/<key>/ideas/", owner, growth.enter_and_judge),
        "people:team": ("/people/", owner, growth.seat),
        "people:tokens": ("/me/tokens/", owner, growth.issue_token),
        "notifications:mails": ("/mails/", owner, growth.write_mail),
        "notifications:hooks": ("/settings/hooks/", owner, growth.hook_up),
        "notifications:hook": ("/settings/hooks/<key>/", owner, growth.send_to_the_hook),
        "notifications:notices": ("/notices/", owner, growth.put_notice),
        "ledger:list": ("/ledger/", elsewhere, record_elsewhere),
        "agreements:all": ("/agreements/", owner, lambda: offered_to(growth.stage, contributor)),
        "agreements:list": ("/terms/", owner, growth.publish_terms),
        "agreements:ip": ("/agreements/<key>/ip/", owner, growth.state_in_the_table),
        "agreements:ip_guest": ("/my/agreements/<key>/ip/", contributor, growth.state_in_the_table),
        "agreements:rights": ("/rights/", owner, lambda: growth.state_in_one_more(contributor)),
        "agreements:mine": ("/my/agreements/", contributor, lambda: offered_to(growth.stage, contributor)),
        "agreements:deadlines": ("/agreements/deadlines/", owner, growth.promise_one_more),
        "agreements:my_deadlines": ("/my/deadlines/", world.actors["partner"], growth.promise_one_more),
        "agreements:obligations": ("/agreement/<key>/deadlines/", world.actors["partner"], growth.promise_one_more),
        "agreements:publications": ("/agreement/<key>/publications/", owner, growth.promise_one_more),
        "disclosures:list": ("/items/", owner, growth.show_one_more),
        "disclosures:item": ("/items/<key>/", owner, growth.say_one_more),
        "disclosures:seen": ("/seen/", owner, growth.show_one_more),
        "disclosures:at_stake": ("/seen/at-stake/", owner, growth.show_one_more),
        "alliances:list": ("/alliances/", owner, growth.ally_one_more),
        "alliances:mine": ("/my/alliances/", world.actors["partner"], growth.ally_one_more),
        "alliances:alliance": ("/alliances/<key>/", owner, growth.change_the_charter),
        "alliances:contributions": ("/alliances/<key>/contributions/", owner, growth.put_in_one_more),
        "alliances:pulse": ("/alliances/<key>/pulse/", owner, growth.raise_one_more),
        "projects:list": ("/transfers/", owner, growth.hand_over_one_more),
        "projects:mine": ("/my/transfers/", world.actors["partner"], growth.hand_over_one_more),
        "projects:transfer": ("/transfers/<key>/", owner, growth.fill_one_more),
        "projects:transfer of a guest": ("/transfers/<key>/", world.actors["partner"], growth.fill_one_more),
        "campus:list": ("/equipment/", owner, growth.use_one_more),
        "campus:mine": ("/my/bookings/", world.actors["partner"], growth.use_one_more),
        "campus:equipment": ("/equipment/<key>/", owner, growth.use_one_more),
        "campus:equipment of a guest": ("/equipment/<key>/", world.actors["partner"], growth.use_one_more),
        "alliances:results": ("/alliances/<key>/results/", owner, growth.divide_one_more),
        "alliances:result": ("/alliances/results/<key>/", owner, growth.propose_one_more),
        "alliances:split": ("/alliances/results/<key>/split/", owner, growth.put_in_one_more),
        "risks:list": ("/risks/", owner, growth.risk_one_more),
        "risks:risk": ("/risks/<key>/", owner, growth.risk_one_more),
        "risks:edit": ("/risks/<key>/edit/", owner, growth.show_one_more),
        "risks:total": ("/risks/total/", owner, growth.risk_one_more),
        "risks:leaks": ("/risks/leaks/", owner, growth.show_one_more),
        "disclosures:shared": ("/shared/", contributor, growth.show_one_more),
        "disclosures:shared_item": ("/shared/<key>/", contributor, growth.say_one_more),
        "api:list_shared_items": ("/api/shared", contributor, growth.show_one_more),
        "agreements:choosing": ("/choosing/", owner, growth.choose_with_one_more),
        "evaluation:queue": ("/reviews/", judge_one, growth.enter_and_deal),
        "evaluation:panel": ("/challenges/<key>/panel/", owner, growth.seat_on_panel),
        "evaluation:assigning": ("/challenges/<key>/assigning/", owner, growth.enter_and_deal),
        "evaluation:ranking": ("/challenges/<key>/ranking/", owner, growth.enter_and_judge),
        "challenges:public": ("/c/<key>/", None, growth.answer_one_more),
        "dialogue:questions": ("/c/<key>/questions/", contributor, growth.answer_one_more),
        "dialogue:manage": ("/challenges/<key>/questions/", owner, growth.answer_one_more),
        "dialogue:moderation": ("/moderation/", owner, lambda: growth.ask_one_more(said="See www.a.com and www.b.com")),
        "dialogue:mine": ("/my/questions/", contributor, lambda: growth.ask_one_more(contributor)),
        "selection:select": ("/challenges/<key>/selection/", owner, growth.enter_and_judge),
        "selection:decide": ("/challenges/<key>/decisions/", owner, growth.enter_and_judge),
        "selection:dossier": ("/challenges/<key>/dossier/", owner, growth.enter_and_judge),
        "selection:titles": ("/titles/", owner, answer_one_more),
        "selection:title": ("/titles/<key>/", owner, growth.hold_one_more),
        "selection:works": ("/works/", owner, growth.build_one_more),
        "selection:work": ("/works/<key>/", owner, growth.read_one_more),
        "measures:funnel": ("/measures/", owner, answer_one_more),
        "partners:list": ("/partners/", owner, growth.know_one_more),
        "partners:duplicates": ("/partners/duplicates/", owner, growth.know_one_more),
        "partners:import": ("/partners/import/", owner, growth.know_one_more),
        "partners:sources": ("/partners/sources/", owner, growth.know_one_more),
        "partners:follow_ups": ("/partners/follow-ups/", owner, growth.know_one_more),
        "partners:shortlists": ("/partners/shortlists/", owner, growth.know_one_more),
        "partners:views": ("/partners/views/", owner, growth.know_one_more),
        "partners:shortlist": ("/partner-shortlists/<shortlist_key>/", owner, growth.work_out_once_more),
        "trials:list": ("/trials/", owner, growth.ask_in_a_test),
        "trials:test": ("/trials/tests/<key>/", owner, growth.add_a_variant),
        "trials:panels": ("/trials/panels/", owner, growth.begin_a_panel),
        "trials:panel": ("/trials/panels/<key>/", owner, growth.ask_one_more_customer),
        "trials:prototypes": ("/trials/prototypes/", owner, growth.begin_a_prototype),
        "trials:prototype": ("/trials/prototypes/<key>/", owner, growth.measure_once_more),
        "measures:reach": ("/measures/reach/", owner, answer_one_more),
        "ideas:saved_views": ("/saved-views/<place>/", owner, growth.save_a_view),
        "surface:today": ("/today/", owner, lambda: make_challenge(status="draft")),
        "api:list_comments": ("/api/ideas/<key>/comments", contributor, growth.comment_once_more),
        "api:get_my_ballot": ("/api/challenges/<key>/ballot", owner, growth.vote_once_more),
        "api:list_challenges": ("/api/challenges", None, make_challenge),
        "api:list_questions": ("/api/challenges/<key>/questions", None, growth.answer_one_more),
        "api:list_managed_challenges": ("/api/managed/challenges", owner, make_challenge),
        "api:list_goals": ("/api/goals", owner, make_goal),
        "api:list_my_ideas": ("/api/ideas", contributor, enter_one_more),
        "api:list_my_queue": ("/api/reviews", judge_one, growth.enter_and_deal),
        "api:list_crossings": ("/api/ledger/crossings", elsewhere, record_elsewhere),
        "api:list_entries": ("/api/challenges/<key>/ideas", owner, growth.enter_and_judge),
        "ideas:themes": ("/challenges/<key>/themes/", owner, put_one_in_the_theme),
        "ideas:theme": ("/challenges/<key>/themes/<theme_key>/", owner, put_one_in_the_theme),
        "ideas:similar": ("/challenges/<key>/similar/", owner, hand_in_one_alike),
        "api:list_similar_entries": ("/api/challenges/<key>/similar?q=hammer", owner, hand_in_one_alike),
        "api:get_ranking": ("/api/challenges/<key>/ranking", owner, growth.enter_and_judge),
    }
    return {name: walking.ListPage(world.path(route), person, add) for name, (route, person, add) in pages.items()}
