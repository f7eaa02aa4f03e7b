"""What the tests of terms share: pages read the present of all tests."""

import pytest

from permea.agreements import services
from tests.cast import AT, put_in_force


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Hold the time that pages read at the present of all tests."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


@pytest.fixture
def make_signed(organisation, owner, solver):
    """Return a factory of agreements with Sam's university that all have signed, without the codes by mail."""

    def make(*, at=AT, actor=owner, months=24, **said):
        content = {"kind": "research", "title": "Grips", "language": "en", "law": "DE", **said}
        if "partner_key" not in content:
            content |= {"partner_name": "Campus", "partner_kind": "university", "contact_email": solver.email}
        told = services.AgreementInput(**content)
        made = services.draft_agreement(organisation=organisation, said=told, actor=actor, at=at)
        services.offer_agreement(agreement_id=made.pk, actor=actor, at=at)
        put_in_force(made, months=months, at=at)
        return made

    return make
