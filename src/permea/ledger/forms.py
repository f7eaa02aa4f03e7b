"""What a reader of the ledger may filter by."""

from __future__ import annotations

from django import forms

from permea.ledger.models import Crossing
from permea.ledger.queries import Filters

LONGEST_KIND, LONGEST_KEY = 60, 20


class FilterForm(forms.Form):
    """Which crossings to show."""

    direction = forms.ChoiceField(choices=Crossing.Direction.choices, required=False)
    kind = forms.CharField(max_length=LONGEST_KIND, required=False)
    challenge = forms.CharField(max_length=LONGEST_KEY, required=False)

    def filters(self) -> Filters:
        """Return the filters; what makes no sense does not bind."""
        self.is_valid()
        return Filters(**self.cleaned_data)
