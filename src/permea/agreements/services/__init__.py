"""Writing terms and agreements."""

from permea.agreements.services.calendars import drop_calendar_link, make_calendar_link
from permea.agreements.services.chooser import (
    ChooserInput,
    answer_again,
    answer_chooser,
    draft_from_chooser,
    start_chooser,
)
from permea.agreements.services.clicks import agree_by_click, end_click
from permea.agreements.services.drafting import (
    AgreementInput,
    choose_clauses,
    draft_agreement,
    drop_agreement,
    end_agreement,
    offer_agreement,
    propose_version,
)
from permea.agreements.services.ip import accept_ip, forget_ip_tables, revise_ip, state_ip, withdraw_ip
from permea.agreements.services.keeping import (
    confirm_done,
    deny_done,
    say_done,
    waive_obligation,
    watch_obligation,
    watch_obligations,
)
from permea.agreements.services.obligations import (
    ObligationInput,
    add_obligation,
    follow_notice,
    lay_obligations,
    lay_where_missing,
)
from permea.agreements.services.publications import (
    PublicationInput,
    answer_publication,
    submit_publication,
)
from permea.agreements.services.renewals import follow_renewal, prolong_agreements, propose_renewal
from permea.agreements.services.signing import forget_party, send_signing_code, sign_version
from permea.agreements.services.terms import accept_terms, ensure_standard_terms, publish_terms

__all__ = [
    "AgreementInput",
    "ChooserInput",
    "ObligationInput",
    "PublicationInput",
    "accept_ip",
    "accept_terms",
    "add_obligation",
    "agree_by_click",
    "answer_again",
    "answer_chooser",
    "answer_publication",
    "choose_clauses",
    "confirm_done",
    "deny_done",
    "draft_agreement",
    "draft_from_chooser",
    "drop_agreement",
    "drop_calendar_link",
    "end_agreement",
    "end_click",
    "ensure_standard_terms",
    "follow_notice",
    "follow_renewal",
    "forget_ip_tables",
    "forget_party",
    "lay_obligations",
    "lay_where_missing",
    "make_calendar_link",
    "offer_agreement",
    "prolong_agreements",
    "propose_renewal",
    "propose_version",
    "publish_terms",
    "revise_ip",
    "say_done",
    "send_signing_code",
    "sign_version",
    "start_chooser",
    "state_ip",
    "submit_publication",
    "waive_obligation",
    "watch_obligation",
    "watch_obligations",
    "withdraw_ip",
]
