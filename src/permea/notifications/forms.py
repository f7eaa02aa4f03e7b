"""What the pages of notifications ask for: shape only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from permea.notifications import rules
from permea.notifications.models import DigestRhythm, Hook, TopicChoice

WAYS = [(rules.NOW, _("At once")), *TopicChoice.Way.choices]
HOURS = [(hour, f"{hour:02}:00") for hour in rules.HOURS]


class ChoicesForm(forms.Form):
    """How somebody wants to hear of each topic, and when the digest comes."""

    every = forms.ChoiceField(label=_("The digest comes"), choices=DigestRhythm.Every.choices)
    weekday = forms.TypedChoiceField(label=_("If every week, on"), choices=tuple(WEEKDAYS.items()), coerce=int)
    hour = forms.TypedChoiceField(label=_("At"), choices=HOURS, coerce=int)

    def __init__(
        self, data: Any = None, *, topics: Iterable[rules.Topic], ways: Mapping[str, str], rhythm: rules.Rhythm
    ) -> None:
        super().__init__(data, initial={"every": rhythm.every, "weekday": rhythm.weekday, "hour": rhythm.hour})
        self.topics = list(topics)
        for topic in self.topics:
            self.fields[f"topic_{topic.key}"] = forms.ChoiceField(
                label=str(topic.label),
                help_text=str(topic.detail),
                choices=[(way, label) for way, label in WAYS if way in topic.ways],
                widget=forms.RadioSelect,
                initial=ways[topic.key],
            )

    @property
    def topic_fields(self) -> list[forms.BoundField]:
        """Return the fields of the topics, in order."""
        return [self[f"topic_{topic.key}"] for topic in self.topics]

    @property
    def ways(self) -> dict[str, str]:
        """Return what was chosen, by topic."""
        return {topic.key: self.cleaned_data[f"topic_{topic.key}"] for topic in self.topics}

    @property
    def rhythm(self) -> rules.Rhythm:
        """Return when the digest is to come; the day counts for a weekly one only."""
        every = self.cleaned_data["every"]
        weekday = self.cleaned_data["weekday"] if every == rules.WEEKLY else rules.DEFAULT_RHYTHM.weekday
        return rules.Rhythm(every, self.cleaned_data["hour"], weekday)


class HookForm(forms.Form):
    """A new webhook: where it goes, in which form, and of what it tells."""

    label = forms.CharField(label=_("Name"), max_length=80, help_text=_("For you, for example: Channel #challenges"))
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("From Slack, Teams, your Matrix bridge or your own program. Whoever knows it can write there."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    format = forms.ChoiceField(label=_("Format"), choices=Hook.Format.choices, widget=forms.RadioSelect)
    events = forms.MultipleChoiceField(
        label=_("Tell it when"), choices=tuple(rules.EVENTS.items()), widget=forms.CheckboxSelectMultiple
    )
