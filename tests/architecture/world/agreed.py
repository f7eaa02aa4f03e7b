"""What is agreed: terms and agreements offered, stated about, signed by hand and sealed."""

from __future__ import annotations

from types import SimpleNamespace

from permea.agreements import rules as agreement_rules
from permea.agreements import services as agreements
from permea.agreements.models import (
    Agreement,
    AgreementSeal,
    AgreementVersion,
    SealCertificate,
    SignedScan,
)
from permea.agreements.queries import newest_version
from permea.agreements.services import ChooserInput, start_chooser
from permea.foundation.files import storage
from permea.foundation.files.intake import SentFile
from permea.notifications.models import Mail
from permea.people.models import Person
from tests.architecture.world import NOW
from tests.cast import AT


def choose_with(stage, name: str) -> str:
    """Start looking for an agreement with a new partner, and return the key of that."""
    email = f"{name.lower().replace(' ', '')}@{stage.organisation.key}.example.org"
    said = ChooserInput(title="Grip it", partner_name=name, contact_email=email)
    mailed = Mail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    key = start_chooser(organisation=stage.organisation, said=said, actor=stage.owner, at=AT).key
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
    return key


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
