"""The demo that is served to the browser, and the addresses of its main pages."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.windows import rows
from tests.servers import Product

IN_ENGLISH = {
    "owner": "(owner, en)",
    "owner of partnerships": "(owner, en)",
    "evaluator": "(evaluator, en)",
    "contributor": "(outside contributor, en)",
    "partner": "(partner, en)",
}
IN_GERMAN = {
    "owner": "(Inhaberin, de)",
    "owner of partnerships": "(Inhaberin, de)",
    "evaluator": "(Gutachter, de)",
    "contributor": "(Beitragender von außen, de)",
    "partner": "(Partnerin, de)",
}
OWNER = """
/today/ /challenges/ /challenges/new/ /challenges/new/bakery/
/plan/goals/ /plan/goals/new/ /plan/goals/{goal}/ /plan/goals/{goal}/edit/
/terms/ /terms/{terms}/ /terms/{terms}/new-version/ /ledger/ /measures/ /people/ /me/ /me/tokens/ /me/erase/ /mails/
/mails/{mail}/ /account/2fa/ /reviews/ /ideas/{read}/
/challenges/{decided}/ /challenges/{decided}/ideas/ /challenges/{decided}/panel/ /challenges/{decided}/ranking/
/challenges/{decided}/selection/ /challenges/{decided}/decisions/ /challenges/{decided}/awards/
/challenges/{decided}/dossier/
/challenges/{judged}/ /challenges/{judged}/ideas/ /challenges/{judged}/similar/ /challenges/{judged}/panel/
/challenges/{judged}/ranking/
/challenges/{judged}/selection/ /challenges/{judged}/decisions/ /challenges/{judged}/import/
/challenges/{judged}/reviews/import/ /challenges/{judged}/assigning/
/challenges/{open}/ /challenges/{open}/ideas/ /challenges/{open}/timetable/ /challenges/{open}/questions/ /moderation/
/challenges/{draft}/edit/goal/ /challenges/{draft}/edit/brief/ /challenges/{draft}/edit/criteria/
/challenges/{draft}/edit/prize/ /challenges/{draft}/edit/dates/ /challenges/{draft}/edit/check/
/challenges/{draft}/preview/
/inbox/ /inbox/{posting}/ /inbox/boxes/ /inbox/boxes/new/ /inbox/boxes/{box}/ /inbox/boxes/{box}/poster/
/inbox/boxes/{box}/widget/
"""
PARTNERSHIPS = """
/partners/ /partners/{partner}/ /partners/fit/ /partners/follow-ups/ /partners/duplicates/ /partners/import/
/partners/sources/ /partners/shortlists/ /partner-shortlists/{shortlist}/
/agreements/ /agreements/{offered}/ /agreements/{offered}/clauses/ /agreements/{signed}/ /agreements/{signed}/ip/
/agreements/new/ /agreements/deadlines/ /rights/ /choosing/
/transfers/ /transfers/new/ /transfers/{transfer}/
/equipment/ /equipment/new/ /equipment/{equipment}/ /bookings/{booking}/ /my/bookings/
/placements/ /placements/new/ /placements/{placement}/
/alliances/ /alliances/{alliance}/ /alliances/{alliance}/contributions/ /alliances/{alliance}/pulse/
/alliances/{alliance}/results/ /alliances/results/{result}/ /alliances/{alliance}/closing/
/items/ /items/{item}/ /seen/ /seen/at-stake/
/risks/ /risks/{risk}/ /risks/total/ /risks/leaks/ /works/ /works/{work}/
"""
PARTNER = """
/my/agreements/ /agreement/{signed}/ /agreement/{signed}/deadlines/ /my/agreements/{signed}/ip/ /my/deadlines/
/my/alliances/ /alliances/{alliance}/ /alliances/{alliance}/contributions/ /alliances/{alliance}/pulse/
/alliances/{alliance}/results/ /alliances/{alliance}/closing/ /my/transfers/ /transfers/{transfer}/ /shared/
/my/bookings/ /my/placements/
"""
EVALUATOR = "/today/ /reviews/ /reviews/{sheet}/ /compare/{judged}/ /challenges/ /challenges/{judged}/ /me/"
CONTRIBUTOR = """
/read/{voted}/ /my/ /my/credits/ /my/ideas/{open_idea}/coauthors/ /ideas/{open_idea}/history/
/my/ideas/{answered}/ /my/ideas/{waiting}/ /ideas/{answered}/ /my/ideas/{open_idea}/edit/ /ideas/{open_idea}/
/c/{open}/enter/ /c/{open}/ /c/{judged}/compare/ /c/{open}/ask/ /my/questions/
/me/ /me/erase/
"""
ANONYMOUS = """
/ /box/{box}/ /box/{box}/embed/ /c/{open}/ /c/{open}/questions/ /c/{judged}/ /c/{decided}/ /terms/{terms}/ /privacy/
/account/login/ /gallery/ /c/nothing/
"""
PAGES = {
    "owner": OWNER.split(),
    "owner of partnerships": PARTNERSHIPS.split(),
    "evaluator": EVALUATOR.split(),
    "contributor": CONTRIBUTOR.split(),
    "partner": PARTNER.split(),
    "anonymous": ANONYMOUS.split(),
}
KEYS = {
    "decided": "select key from challenges_challenge where organisation_id = :house and status = 'decided'",
    "judged": """select key from challenges_challenge
        where organisation_id = :house and status = 'published' and closes_at < current_timestamp
        and reviews_told_at is not null""",
    "voted": """select c.key from challenges_challenge c join challenges_stage s on s.challenge_id = c.id
        where c.organisation_id = :house and s.name = 'vote'""",
    "open": """select key from challenges_challenge
        where organisation_id = :house and status = 'published' and closes_at > current_timestamp""",
    "draft": "select key from challenges_challenge where organisation_id = :house and status = 'draft'",
    "goal": "select key from strategy_goal where organisation_id = :house",
    "terms": "select key from agreements_terms where organisation_id = :house and language = :language",
    "mail": "select key from notifications_mail where organisation_id = :house and kind = 'answer' order by id desc",
    "read": """select i.key from ideas_idea i join challenges_challenge c on c.id = i.challenge_id
        where c.organisation_id = :house and c.status = 'decided' and i.status = 'submitted'""",
    "sheet": """select a.key from evaluation_assignment a join evaluation_panelist s on s.id = a.panelist_id
        join people_person p on p.id = s.person_id
        where p.name like 'Emil %' and p.language = :language and a.status = 'open'""",
    "box": "select key from ideas_ideabox where organisation_id = :house",
    "posting": "select key from ideas_posting where organisation_id = :house and status = 'considered'",
    "partner": "select key from partners_partner where organisation_id = :house and archived_at is null",
    "shortlist": "select key from partners_shortlist where organisation_id = :house",
    "offered": "select key from agreements_agreement where organisation_id = :house and status = 'offered'",
    "signed": """select g.key from agreements_agreement g join alliances_party p on p.alliance_id in
        (select id from alliances_alliance where organisation_id = :house)
        join agreements_agreementparty a on a.organisation_id = p.organisation_id and a.agreement_id = g.id
        where g.status = 'signed' and g.organisation_id = :house""",
    "transfer": "select key from projects_transfer where organisation_id = :house and direction = 'in'",
    "equipment": "select key from campus_equipment where organisation_id = :house",
    "booking": """select b.key from campus_booking b join campus_equipment e on e.id = b.equipment_id
        where e.organisation_id = :house and b.agreed_at is not null""",
    "placement": "select key from campus_placement where organisation_id = :house and state = 'running'",
    "alliance": "select key from alliances_alliance where organisation_id = :house",
    "result": """select r.key from alliances_result r join alliances_alliance a on a.id = r.alliance_id
        where a.organisation_id = :house""",
    "item": "select key from disclosures_item where organisation_id = :house",
    "risk": "select key from risks_risk where organisation_id = :house",
    "work": "select key from selection_work where organisation_id = :house",
    "answered": "{own} and c.status = 'decided'",
    "waiting": "{own} and c.status = 'published' and c.closes_at < current_timestamp",
    "open_idea": "{own} and c.status = 'published' and c.closes_at > current_timestamp",
}
OWN = """select i.key from ideas_idea i join challenges_challenge c on c.id = i.challenge_id
    join people_person p on p.id = i.author_id where c.organisation_id = :house and p.name like 'Sam %'"""


@dataclass(frozen=True)
class Demo:
    """The demo that is served."""

    site: Product

    def keys(self, language: str) -> dict[str, str]:
        """Return the keys of what the pages of the firm in this language are about."""
        houses = rows(self.site, "select id from people_organisation where is_host and language = ?", language)
        values = {"house": houses[0]["id"], "language": language}
        found = {}
        for name, question in KEYS.items():
            rows_found = rows(self.site, question.replace("{own}", OWN), values)
            assert rows_found, f"the demo has no {name}"
            found[name] = rows_found[0]["key"]
        return found

    def pages(self, who: str, language: str = "en") -> list[str]:
        """Return the addresses of the main pages somebody reads."""
        keys = self.keys(language)
        return [address.format(**keys) for address in PAGES[who]]
