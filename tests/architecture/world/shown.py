"""What goes out: items that are shown, risks, questions to customers, and where news is sent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from permea.disclosures import services as disclosures
from permea.disclosures.models import Item
from permea.foundation.files.intake import SentFile
from permea.ideas import services as ideas
from permea.notifications.models import Hook, HookDelivery, Mail
from permea.notifications.services import HookInput, make_hook, send_hook_test
from permea.people.models import Membership, Person
from permea.risks import services as risks
from permea.risks.models import Risk
from permea.risks.queries import Subject
from permea.risks.rules import STARTERS
from permea.trials import services as trials
from permea.trials.rules import private_token as trial_token
from tests.cast import AT
from tests.ideas.pictures import png


def hook_up(stage: SimpleNamespace, label: str = "Channel") -> Hook:
    """Make a webhook that leads to this machine, where nothing may go."""
    said = HookInput(label=label, address="https://127.0.0.1/x", format="plain", events=["question.asked"])
    return make_hook(organisation=stage.organisation, role=Membership.Role.OWNER, said=said, at=AT)


def try_out(hook: Hook) -> HookDelivery:
    """Send a test message to a webhook; it leads to this machine, where nothing may go."""
    told = {"hook_id": hook.pk, "role": Membership.Role.OWNER, "at": AT}
    return send_hook_test(**told)


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
