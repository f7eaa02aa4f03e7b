"""The form that more than one step asks with: shape only."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class TableForm(forms.Form):
    """A spreadsheet to take ideas or reviews from."""

    table = forms.FileField(label=gettext_lazy("Spreadsheet"), allow_empty_file=True)

    def clean_table(self) -> File[bytes]:
        """Return the file if it is not too large."""
        sent: File[bytes] = self.cleaned_data["table"]
        if sent.size > settings.UPLOAD_MAX_BYTES:
            limit = settings.UPLOAD_MAX_BYTES >> 20
            raise forms.ValidationError(_("The file is larger than %(limit)d MB.") % {"limit": limit})
        return sent
