"""What forms of equipment and placements share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from permea.agreements.models import Agreement
from permea.people.models import Organisation


class PlainForm(forms.Form):
    """A form whose errors we say ourselves."""

    use_required_attribute = False


class PairForm(PlainForm):
    """With whom, under which agreement: both in one choice."""

    under = forms.ChoiceField(label=_("Partner and agreement"))

    def __init__(self, *args: Any, pairs: Iterable[tuple[Agreement, Organisation]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pairs = {f"{agreement.key}-{partner.key}": (agreement, partner) for agreement, partner in pairs}
        offered = [
            (key, f"{partner.name}: {agreement.title} ({agreement.get_status_display()})")
            for key, (agreement, partner) in self._pairs.items()
        ]
        cast("forms.ChoiceField", self.fields["under"]).choices = offered

    def pair(self) -> dict[str, Any]:
        """Return agreement and partner behind the chosen keys."""
        agreement, partner = self._pairs[self.cleaned_data["under"]]
        return {"agreement": agreement, "partner": partner}


class ReasonForm(PlainForm):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=400)
