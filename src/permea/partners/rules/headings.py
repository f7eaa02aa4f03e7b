"""What the columns of a directory are called, in English, German, French, Spanish and Italian, and on cards."""

from __future__ import annotations

from django.utils.translation import gettext as _

from permea.surface.tables import WORDS, Field

PARTNER_FIELDS = (
    Field(
        "organisation",
        required=True,
        words=("organisation", "organization", "organisation name", "organization name", "company", "company name",
               "firm", "partner", "account", "account name", "institution", "university", "org", "firma", "firmenname",
               "unternehmen", "einrichtung", "hochschule", "institut", "entreprise", "société", "raison sociale",
               "organisme", "établissement", "empresa", "compañía", "organización", "razón social", "entidad",
               "institución", "azienda", "società", "impresa", "organizzazione", "ragione sociale", "ente", "name",
               "nom", "nombre", "nome", "bezeichnung", "denominación", "denominazione"),
    ),
    Field("kind", words=("kind", "type", "organisation type", "company type", "art", "typ", "genre",
                         "organisationstyp", "tipo", "tipología", "tipologia")),
    Field("country", words=("country", "country code", "land", "ländercode", "staat", "pays", "país", "paese",
                            "nazione", "stato")),
    Field("city", words=("city", "town", "place", "ort", "stadt", "ville", "localité", "ciudad", "localidad",
                         "población", "città", "località", "comune")),
    Field("language", words=("language", "lang", "sprache", "korrespondenzsprache", "langue", "idioma", "lengua",
                             "lingua")),
    Field("website", words=("website", "web site", "web", "url", "homepage", "web page", "company website", "domain",
                            "website 1 value", "webseite", "internet", "internetseite", "site web", "site internet",
                            "sitio web", "página web", "sito", "sito web", "pagina web")),
    Field("tags", words=("tags", "fields", "categories", "keywords", "industry", "sector", "labels", "branche",
                         "schlagworte", "stichworte", "kategorien", "fachgebiet", "mots clés", "catégories", "secteur",
                         "palabras clave", "categorías", "etiquetas", "parole chiave", "categorie", "settore")),
    Field("note", words=("note", "notes", "comment", "comments", "remark", "remarks", "description", "notiz", "notizen",
                         "bemerkung", "anmerkung", "beschreibung", "remarque", "commentaire", "nota", "notas",
                         "comentario", "observaciones", "note interne", "commento", "osservazioni")),
    Field("person", words=("contact", "contact name", "contact person", "full name", "person", "display name", "fn",
                           "ansprechpartner", "ansprechpartnerin", "ansprechperson", "kontakt", "kontaktperson",
                           "interlocuteur", "personne de contact", "nom complet", "contacto", "persona de contacto",
                           "nombre completo", "contatto", "referente", "persona di contatto", "nome completo", "name",
                           "nom", "nombre", "nome")),
    Field("given", words=("first name", "given name", "forename", "vorname", "prénom", "nombre de pila", "nome proprio",
                          "nombre", "nome")),
    Field("family", words=("last name", "family name", "surname", "nachname", "familienname", "nom de famille",
                           "apellido", "apellidos", "cognome")),
    Field("position", words=("position", "job title", "title", "role", "function", "organization title", "funktion",
                             "rolle", "stelle", "berufsbezeichnung", "fonction", "poste", "cargo", "puesto", "función",
                             "ruolo", "funzione", "posizione", "qualifica")),
    Field("email", words=(*WORDS["email"], "e-mail 1 value", "email 1", "contact email", "courriel", "adresse mail",
                          "correo", "correo electrónico", "posta elettronica", "indirizzo email")),
    Field("phone", words=("phone", "phone number", "telephone", "tel", "mobile", "business phone", "phone 1 value",
                          "telefon", "telefonnummer", "durchwahl", "mobil", "handy", "téléphone", "portable",
                          "teléfono", "móvil", "telefono", "cellulare")),
)  # fmt: skip


def partner_label(name: str) -> str:
    """Return what a column of the directory is called on the page."""
    return {
        "organisation": _("Name of the organisation"),
        "kind": _("What it is"),
        "country": _("Country"),
        "city": _("City"),
        "language": _("Language to write in"),
        "website": _("Website"),
        "tags": _("Fields"),
        "note": _("Note"),
        "person": _("Name of a person there"),
        "given": _("Given name"),
        "family": _("Family name"),
        "position": _("Position"),
        "email": _("E-mail"),
        "phone": _("Phone"),
    }[name]
