"""How a challenge begins: from a template or an empty page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from permea.challenges.forms.editor import EMPTY, choose
from permea.strategy.models import Goal


class StartForm(forms.Form):
    """Which template to start from."""

    template = forms.ChoiceField(label=_("Start from"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Working title"), required=False, max_length=160, help_text=_("Leave it empty to take the template's.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.HiddenInput)
    goal = forms.ChoiceField(label=_("Goal"), required=False)

    def __init__(self, *args: Any, templates: Iterable[tuple[str, str]], goals: Iterable[Goal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goals = {goal.key: goal for goal in goals}
        choose(self, "template", [*templates, (EMPTY, _("An empty page"))])
        choose(self, "goal", [("", _("choose later")), *((key, goal.title) for key, goal in self.goals.items())])

    def values(self) -> dict[str, Any]:
        """Return what was entered, the goal as a row and the empty page as no template."""
        entered = self.cleaned_data
        template = "" if entered["template"] == EMPTY else entered["template"]
        return {**entered, "template": template, "goal": self.goals.get(entered["goal"])}
