"""Writing terms and agreements."""

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
from permea.agreements.services.signing import forget_party, send_signing_code, sign_version
from permea.agreements.services.terms import accept_terms, ensure_standard_terms, publish_terms

__all__ = [
    "AgreementInput",
    "ChooserInput",
    "accept_terms",
    "agree_by_click",
    "answer_again",
    "answer_chooser",
    "choose_clauses",
    "draft_agreement",
    "draft_from_chooser",
    "drop_agreement",
    "end_agreement",
    "end_click",
    "ensure_standard_terms",
    "forget_party",
    "offer_agreement",
    "propose_version",
    "publish_terms",
    "send_signing_code",
    "sign_version",
    "start_chooser",
]
