"""Mails for tests, as mail programs write them."""

from __future__ import annotations

from email.message import EmailMessage

SENDER = "Karin Kundin <karin@kundin.example>"


def letter(
    text="The belt stops twice a day.", *, subject="Belt stops", sender=SENDER, number="1", **headers
) -> EmailMessage:
    """Return a plain mail; `headers` are written with underscores for dashes."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "ideas@lindenhof.example", subject
    message["Message-ID"] = f"<{number}@kundin.example>"
    for name, value in ((key.replace("_", "-"), value) for key, value in headers.items()):
        del message[name]
        message[name] = value
    message.set_content(text)
    return message


def raw(text="The belt stops twice a day.", **values) -> bytes:
    """Return a plain mail as it travels."""
    return letter(text, **values).as_bytes()
