"""An agreement as a paper: a PDF of one version, the same bytes for the same text and signatures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, cast

import typst
from babel.dates import format_date
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from permea.agreements import rules
from permea.agreements.models import AgreementSignature, AgreementVersion, SealCertificate
from permea.agreements.queries.agreements import country_name, party_name
from permea.agreements.queries.library import DATA

SHORT_HASH = 16
INK = "#16202a"


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts of papers: those inside the typesetter, whatever the machine has."""
    return typst.Fonts(include_system_fonts=False)


def paper_of(version: AgreementVersion, *, certificate: SealCertificate | None = None) -> bytes:
    """Return a version with its signatures as a PDF for people and for readers by ear (PDF/UA-1).

    `certificate` is named on it where the paper is about to be sealed.
    """
    signatures = list(version.signatures.select_related("person", "scan__answered_by").order_by("signed_at", "pk"))
    with translation.override(_language(version.agreement.language)):
        content = _content(version, signatures, certificate)
    return set_paper(content, at=max([version.written_at, *(one.signed_at for one in signatures)]))


def set_paper(content: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return what stands on a paper as a PDF that says it was made at `at`: the same bytes for the same content."""
    compiler = typst.Compiler(
        (DATA / "paper.typ").read_bytes(), root=str(DATA), font_paths=_fonts(), ignore_system_fonts=True
    )
    moment = at.astimezone(UTC).replace(microsecond=0)
    said = {"paper": json.dumps(content, sort_keys=True)}
    made = compiler.compile(format="pdf", sys_inputs=said, pdf_standards="ua-1", timestamp=moment)
    return cast("bytes", made)


def _language(code: str) -> str:
    """Return the language a paper is worded in: that of the text where the product speaks it, else English."""
    return code if code in dict(settings.LANGUAGES) else "en"


def _content(
    version: AgreementVersion, signatures: Sequence[AgreementSignature], certificate: SealCertificate | None
) -> dict[str, Any]:
    """Return all that stands on the paper, in the language at work."""
    agreement = version.agreement
    by_side = {one.party_id: one for one in signatures}
    sides = [_side(agreement.organisation.name, by_side.get(None))]
    parties = agreement.parties.select_related("organisation", "person").order_by("pk")
    sides += [_side(party_name(party), by_side.get(party.pk)) for party in parties]
    number = _("Version %(version)s") % {"version": version.number}
    title = rules.printable(agreement.title).strip() or number
    facts = [number, _day(version.written_at)]
    if agreement.law:
        law = country_name(agreement.law, _language(agreement.language))
        facts.append(_("Law of: %(country)s") % {"country": law})
    return {
        "title": title,
        "kind": str(agreement.get_kind_display()),
        "language": _language(agreement.language),
        "describes": number,
        "footer": f"{title} · {number} · {version.sha256[:SHORT_HASH]}",
        "facts": facts,
        "sides": sides,
        "body": rules.blocks_of(version.body),
        "sha256": version.sha256,
        "notes": _notes(version, certificate),
        "words": _words(version),
    }


def _words(version: AgreementVersion) -> dict[str, str]:
    """Return what the paper says whatever stands in it."""
    return {
        "page": _("Page %(number)s of %(total)s") % {"number": "{number}", "total": "{total}"},
        "and": _("and"),
        "signatures": _("Signatures"),
        "signed_text": _("Who signed version %(version)s of this text, when and how.") % {"version": version.number},
        "not_signed": _("Not signed yet."),
        "place_and_date": _("Place and date"),
        "name_and_signature": _("Name and signature"),
        "fingerprint": _("Fingerprint of the text (SHA-256)"),
    }


def _notes(version: AgreementVersion, certificate: SealCertificate | None) -> list[str]:
    """Return what a reader of the paper has to know."""
    notes = [_("A signature holds for exactly the text with this fingerprint; it is made of title and text.")]
    if any(rules.has_fontless(text) for text in (version.agreement.title, version.body)):
        notes.append(_("Characters that the font of this paper lacks stand here as their number in Unicode."))
    if certificate is not None:
        said = _("This file is sealed for %(firm)s; the SHA-256 of the certificate is %(hash)s.")
        firm = rules.printable(version.agreement.organisation.name)
        notes.append(said % {"firm": firm, "hash": certificate.sha256})
    return notes


def _side(name: str, signature: AgreementSignature | None) -> dict[str, Any]:
    """Return what stands of one side: who signed for it, when and how, if somebody did."""
    if signature is None:
        return {"name": rules.printable(name), "signed_by": "", "when": "", "how": ""}
    signed_at = signature.signed_at.astimezone(UTC)
    said = {
        "name": rules.printable(name),
        "signed_by": rules.printable(signature.typed_name),
        "when": _("%(day)s, %(time)s UTC") % {"day": _day(signed_at), "time": f"{signed_at:%H:%M:%S}"},
        "how": _how(signature),
    }
    if signature.drawing:
        said["drawing"] = rules.drawing_svg(signature.drawing, ink=INK)
        said["drawn"] = _("Signature drawn by %(name)s") % {"name": said["signed_by"]}
    return said


def _how(signature: AgreementSignature) -> str:
    """Return how somebody signed; of a paper signed by hand also its day, its scan and who accepted that."""
    scan = signature.scan
    if scan is None:
        return str(signature.get_method_display())
    said = _("by hand on %(day)s; scan with the SHA-256 %(hash)s, accepted by %(name)s")
    name = rules.printable(scan.answered_by.display_name if scan.answered_by else "")
    return said % {"day": _date(scan.signed_on), "hash": scan.sha256, "name": name}


def _day(moment: datetime) -> str:
    """Return a day as it is written in the language at work, wherever the reader is."""
    return _date(moment.astimezone(UTC).date())


def _date(day: date) -> str:
    """Return a date as it is written in the language at work."""
    return format_date(day, "long", locale=translation.to_locale(translation.get_language()))
