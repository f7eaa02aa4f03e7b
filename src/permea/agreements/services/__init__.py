"""Writing terms and agreements."""

from permea.agreements.services.calendars import drop_calendar_link, make_calendar_link
from permea.agreements.services.certifying import rotate_seal, seal_certificate
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
from permea.agreements.services.scans import ScanInput, accept_scan, send_scan, turn_scan_down
from permea.agreements.services.sealing import SEAL, ask_for_seal, seal_again, seal_paper
from permea.agreements.services.signing import forget_party, send_signing_code, sign_version
from permea.agreements.services.stamping import STAMP, stamp_again, stamp_paper
from permea.agreements.services.terms import accept_terms, ensure_standard_terms, publish_terms

__all__ = [
    "SEAL",
    "STAMP",
    "AgreementInput",
    "ChooserInput",
    "ObligationInput",
    "PublicationInput",
    "ScanInput",
    "accept_ip",
    "accept_scan",
    "accept_terms",
    "add_obligation",
    "agree_by_click",
    "answer_again",
    "answer_chooser",
    "answer_publication",
    "ask_for_seal",
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
    "rotate_seal",
    "say_done",
    "seal_again",
    "seal_certificate",
    "seal_paper",
    "send_scan",
    "send_signing_code",
    "sign_version",
    "stamp_again",
    "stamp_paper",
    "start_chooser",
    "state_ip",
    "submit_publication",
    "turn_scan_down",
    "waive_obligation",
    "watch_obligation",
    "watch_obligations",
    "withdraw_ip",
]
