"""What the terms editor asks for: shape only."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class TermsForm(forms.Form):
    """A title and a text."""

    title = forms.CharField(label=_("Title"), max_length=160)
    body = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 24}),
        max_length=40_000,
        help_text=_("Short sentences are read; long ones are clicked away."),
    )
