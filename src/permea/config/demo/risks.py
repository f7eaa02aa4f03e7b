"""What may go wrong for the demo's firm: a few risks in every state, one of which has come to pass."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.agreements.models import Agreement
from permea.disclosures.models import Item
from permea.risks import services
from permea.risks.models import Risk
from permea.risks.queries import Subject

if TYPE_CHECKING:
    from permea.config.demo.story import Story

ENDS = ("low", "likely", "high")
NAMES = (
    ("probability", "chance"),
    ("impact", "cost"),
    ("left_probability", "left_chance"),
    ("left_impact", "left_cost"),
)


def keep_risks(story: Story) -> None:
    """Note each risk on its day; later settle some, review one, and watch some for what their plan says."""
    for number, plan in enumerate(story.content.plan["risks"]):
        story.on(plan["day"], partial(_note, story, plan, story.content.words["risks"][number]))


def _note(story: Story, plan: dict[str, Any], words: dict[str, str], at: datetime) -> None:
    """Note one risk as its plan and the words for it say."""
    told: dict[str, Any] = {"actor": story.owner, "at": at}
    numbers: dict[str, Any] = {
        f"{name}_{end}": Decimal(value) / (100 if "probability" in name else 1)
        for name, called in NAMES
        if called in plan
        for end, value in zip(ENDS, plan[called], strict=True)
    }
    about = _subject(story, plan)
    content = services.RiskInput(
        kind=plan["kind"],
        title=words["title"],
        cause=words["cause"],
        event=words["event"],
        effect=words["effect"],
        mitigation=words["mitigation"],
        mitigation_cost=Decimal(plan["measure"]),
        subject_kind=about.kind if about else Risk.Subject.WORDS,
        subject_key=about.key if about else "",
        subject_label=about.label if about else words.get("subject", ""),
        owner=story.persons[plan["owner"]],
        review_on=(story.start + timedelta(days=plan["review"])).date(),
        **numbers,
    )
    risk = services.note_risk(organisation=story.host, content=content, **told)
    if "state" in plan:
        services.settle_risk(risk_id=risk.pk, state=plan["state"], why=words["why"], **told)
    if about and "watch" in plan:
        services.watch(risk_id=risk.pk, kind=plan["watch"], about=about, limit=plan["limit"], **told)


def _subject(story: Story, plan: dict[str, Any]) -> Subject | None:
    """Return what a risk is about: the first item or signed agreement of the firm, or nothing but words."""
    if plan.get("about") == "item":
        item = Item.objects.filter(organisation=story.host).earliest("pk")
        return Subject("item", item.key, item.title)
    if plan.get("about") == "agreement":
        signed = Agreement.objects.filter(organisation=story.host, status="signed", versions__isnull=False)
        agreement = signed.earliest("pk")
        return Subject("agreement", agreement.key, agreement.title)
    return None
