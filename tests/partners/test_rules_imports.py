"""What rows of a file become, which cells cannot be kept, and what is known already."""

from __future__ import annotations

from datetime import datetime

import pytest

from permea.partners import rules
from permea.partners.models import PartnerImport
from permea.surface.tables import ConvertedRow, Table, guess_mapping

NOON = datetime.fromisoformat("2026-03-02T12:00:00+00:00")
HEADINGS = {
    "Company;Full Name;Job Title;E-mail Address;Phone;City;Country;Website;Categories": "en",
    "Firma;Ansprechpartner;Funktion;E-Mail;Telefon;Ort;Land;Webseite;Branche": "de",
    "Entreprise;Nom complet;Fonction;Courriel;Téléphone;Ville;Pays;Site web;Secteur": "fr",
    "Empresa;Persona de contacto;Cargo;Correo electrónico;Teléfono;Ciudad;País;Página web;Sector": "es",
    "Azienda;Referente;Ruolo;Posta elettronica;Telefono;Città;Paese;Sito web;Settore": "it",
    "ORG;FN;TITLE;EMAIL;TEL;CITY;COUNTRY;URL;CATEGORIES": "vcard",
}
FOUND = ["organisation", "person", "position", "email", "phone", "city", "country", "website", "tags"]


def rows(*said):
    every = dict.fromkeys(field.name for field in rules.PARTNER_FIELDS)
    return [ConvertedRow(line, every | values) for line, values in enumerate(said, start=2)]


@pytest.mark.parametrize("header", HEADINGS, ids=HEADINGS.values())
def test_columns_are_found_by_name_in_every_language(header):
    columns = tuple(header.split(";"))
    mapping = guess_mapping(Table(columns, (), "csv"), rules.PARTNER_FIELDS)
    by_column = {column: name for name, column in mapping.columns.items()}
    assert [by_column[column] for column in columns] == FOUND


def test_a_list_of_names_is_one_of_organisations():
    mapping = guess_mapping(Table(("Name", "Ort"), (), "csv"), rules.PARTNER_FIELDS)
    assert mapping.columns == {"organisation": "Name", "city": "Ort"}


def test_rows_of_one_organisation_become_one_partner_with_its_people():
    checked = rules.check_partners(
        rows(
            {"organisation": "Müller  AG", "person": "Tilda Transfer", "email": "Tilda@Muller.example", "phone": 561.0},
            {"organisation": "MULLER AG", "given": "Jo", "family": "Ek", "country": "Schweiz", "kind": "Fournisseur"},
            {
                "organisation": "Müller AG",
                "email": "tilda@muller.example",
                "country": "de",
                "website": "muller.example",
            },
            {"organisation": "Müller AG", "email": "desk@muller.example", "language": "Französisch"},
            {"organisation": "Muller AG", "language": "fr-CH"},
        )
    )
    [partner] = checked.partners.values()
    assert (partner.line, partner.name, partner.fields) == (
        2,
        "Müller AG",
        {"country": "CH", "kind": "supplier", "website": "https://muller.example", "language": "fr"},
    )
    assert [(one.name, one.email, one.phone) for one in partner.people] == [
        ("Tilda Transfer", "tilda@muller.example", "561"),
        ("Jo Ek", "", ""),
        ("desk@muller.example", "desk@muller.example", ""),
    ]
    assert (checked.left_out, checked.without) == ([], [])


def test_what_cannot_be_kept_is_named_by_its_line(monkeypatch):
    monkeypatch.setattr("permea.partners.rules.imports.MOST_ROWS", 4)
    checked = rules.check_partners(
        rows(
            {"organisation": " \x00"},
            {"organisation": "A" * 161},
            {"organisation": "Kept", "kind": "?", "country": "Utopia", "language": "tlh", "website": "no web",
             "email": "no", "phone": "0" * 41},
            {"organisation": "Kept", "person": "B" * 121, "position": "CTO"},
            {"organisation": "One too many"},
        )
    )  # fmt: skip
    phoned = rules.check_partners(
        rows({"organisation": "Kept", "phone": "0561"}, {"organisation": "Kept", "position": "CEO"})
    )
    assert ([(one.line, one.reason[:12]) for one in checked.left_out], list(checked.partners)) == (
        [(2, "this cell mu"), (3, "at most 160 "), (6, "at most 4 ro")],
        ["kept"],
    )
    assert [(one.line, one.column) for one in checked.without] == [
        *((4, name) for name in ("kind", "country", "language", "website", "email", "phone")),
        (5, "person"),
    ]
    assert [one.value for one in phoned.without] == ["0561", "CEO"]
    assert (checked.partners["kept"].fields, checked.partners["kept"].people, phoned.partners["kept"].people) == (
        {},
        [],
        [],
    )


def test_who_is_known_stays_and_who_is_new_comes():
    coming = rules.check_partners(
        rows(
            {"organisation": "Known", "person": "Tilda", "email": "tilda@known.example"},
            {"organisation": "Known", "person": "Jo"},
            {"organisation": "Known and empty", "person": "Ann"},
            {"organisation": "New", "person": "Ida"},
        )
    ).partners.values()
    known = rules.KnownPartners({"known": 7, "known and empty": 8}, {7: frozenset({"tilda@known.example"})})
    new = rules.arrivals(coming, known)
    assert ([one.name for one in new.partners], [(pk, one.name) for pk, one in new.people]) == (
        ["New"],
        [(7, "Jo"), (8, "Ann")],
    )
    assert (new.n_people, new.n_present) == (3, 3)


@pytest.mark.parametrize(
    ("found", "in_use", "expected"),
    [
        (PartnerImport(taken_at=NOON), [], None),
        (PartnerImport(), [], "partners.import_not_there"),
        (PartnerImport(taken_at=NOON, undone_at=NOON), [], "partners.import_not_there"),
        (PartnerImport(taken_at=NOON), list("ABCDEF"), "partners.import_in_use"),
    ],
)
def test_an_import_is_undone_once_and_while_nothing_was_built_on_it(found, in_use, expected):
    refusal = rules.why_not_undo(found, in_use)
    assert (refusal.code if refusal else None) == expected
    assert "A, B, C, D, E …" in refusal.reason if in_use else True


def test_a_file_is_taken_over_once():
    refusals = [rules.why_not_take_over(PartnerImport(taken_at=taken)) for taken in (None, NOON)]
    assert (refusals[0], refusals[1].code) == (None, "partners.import_taken")
