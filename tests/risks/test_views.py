"""Pages of the register: noting, changing, reviewing, watching, the total, what may leak, the table."""

from __future__ import annotations

import csv
import io

from permea.risks.models import Risk, RiskVersion, Trigger
from tests.cast import AT

NUMBERS = {
    "probability_low": "5", "probability_likely": "12.5", "probability_high": "30",
    "impact_low": "1000", "impact_likely": "5000", "impact_high": "20000",
}  # fmt: skip


def test_a_risk_is_noted_changed_reviewed_settled_and_watched(client_of, owner, member, make_challenge):
    pages, challenge = client_of(owner), make_challenge()
    told = {"title": "Told too early", "kind": "leakage", "event": "They know.", "currency": "EUR", **NUMBERS,
            "owner": member.key, "review_on": "2026-03-01", "subject": f"challenge:{challenge.key}"}  # fmt: skip
    empty = pages.get("/risks/").text
    unsaid = pages.post("/risks/new/", {**told, "impact_high": ""})
    falling = pages.post("/risks/new/", {**told, "probability_low": "20"})
    address = pages.post("/risks/new/", told).url
    risk = Risk.objects.get()
    assert ("No risk yet." in empty, unsaid.status_code, falling.status_code) == (True, 422, 409)
    assert (float(risk.probability_likely), risk.subject_key, risk.subject_label) == (
        0.125, challenge.key, challenge.title,
    )  # fmt: skip
    shown = pages.get(address).text
    assert ("The review is due." in shown, "It has come to pass" in shown, challenge.title in shown) == (True,) * 3
    ours = client_of(member)
    assert ("About EUR 968 in an average year" in ours.get(address).text, ours.get("/risks/").status_code) == (
        True,
        404,
    )
    Risk.objects.update(subject_key="gone", subject_label="A challenge that is gone")
    editing = pages.get(f"{address}edit/?review=1").text
    assert ('value="12.5"' in editing, 'value="challenge:gone" selected' in editing) == (True, True)
    Risk.objects.update(subject_key=challenge.key, subject_label=challenge.title)
    assert [ours.post(f"{address}confirm/").status_code, ours.get(f"{address}edit/").status_code] == [302, 404]
    left = {f"left_{name}": str(float(value) / 2) for name, value in NUMBERS.items()}
    half = pages.post(f"{address}edit/", {**told, "left_impact_low": "1"})
    pages.post(f"{address}edit/?review=1", {**told, **left, "mitigation": "Show less.", "subject": "",
                                            "subject_words": "A fair", "why": "We asked."})  # fmt: skip
    states = [pages.post(f"{address}settle/", {"state": state, "reason": "So."}).status_code for state in
              ("nothing", "open", "treated")]  # fmt: skip
    assert (half.status_code, states) == (409, [422, 409, 302])
    assert list(RiskVersion.objects.order_by("number").values_list("did", "why", "subject_label")) == [
        ("noted", "", challenge.title), ("confirmed", "", challenge.title), ("reviewed", "We asked.", "A fair"),
        ("settled", "So.", "A fair"),
    ]  # fmt: skip
    watched = [pages.post(f"{address}watch/", {"trigger": trigger}).status_code for trigger in ("x", "readers")]
    pages.post(f"{address}watch/", {"trigger": "review"})  # it is watched for that from the beginning
    living = Trigger.objects.filter(ended_at__isnull=True)
    n_before = living.count()
    pages.post(f"/risk-triggers/{Trigger.objects.latest('pk').key}/end/")
    assert (watched, n_before, living.count()) == ([422, 409], 1, 0)
    history = pages.get(address).text
    assert ("reviewed and changed" in history, "We asked." in history, "A fair" in history) == (True,) * 3


def test_the_list_its_map_the_total_and_the_table(client_of, owner, make_risk):
    pages = client_of(owner)
    make_risk(title="=1+1", chance=(50, 50, 50), cost=(100, 100, 100), review_on=AT.date())
    make_risk(kind="money", currency="CHF")
    listed = pages.get("/risks/?kind=leakage&due=due&state=open").text
    assert (">=1+1</a>" in listed, "EUR 50<" in listed, 'class="heat-mark"' in listed) == (True,) * 3
    assert (
        "No risk fits" in pages.get("/risks/?state=closed").text,
        ">=1+1<" in pages.get("/risks/?currency=CHF").text,
    ) == (True, False)
    looked = pages.post("/risks/look/", follow=True).text
    total = pages.get("/risks/total/?amount=99").text
    assert ("Looked. 1 trigger has fired." in looked, "this risk costs you about EUR 50." in total) == (False, True)
    assert "A year costs more than EUR 99 with a chance of 50" in total
    table = list(csv.DictReader(io.StringIO(pages.post("/risks/table.csv").text)))
    assert [(row["title"], row["loss_of_a_year"], row["currency"]) for row in table] == [
        ("'=1+1", "50.0", "EUR"), ("Told too early", "854.17", "CHF"),
    ]  # fmt: skip
    assert "Nothing is at stake" in pages.get("/risks/leaks/").text


def test_a_typical_risk_is_taken_over_and_is_for_who_manages_or_owns_it(client_of, owner, member, evaluator):
    pages = client_of(owner)
    assert "Nothing to add up yet" in pages.get("/risks/total/").text
    offered = pages.get("/risks/starter/").text
    answer = pages.post("/risks/starter/one-partner/take/")
    taken = Risk.objects.get()
    assert ("Too much with one partner" in offered, answer.url) == (True, f"/risks/{taken.key}/edit/")
    assert (taken.title, taken.kind, taken.owner) == ("Too much with one partner", "dependence", owner)
    assert pages.post("/risks/starter/nothing/take/").status_code == 404
    codes = [client_of(one).get(f"/risks/{taken.key}/").status_code for one in (owner, member, evaluator)]
    assert codes == [200, 404, 404]
