"""Rows of a release's form that keep the order of their places: contacts, pictures, files."""

import math

from django import forms
from django.db.models import F, Max, QuerySet
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy


class RowForm(forms.ModelForm):
    """A row with a place. The place is an input of the form, not the column: the rows are
    numbered anew when they are saved, so two of them may swap."""

    place = forms.IntegerField(label=gettext_lazy("Place"), required=False, min_value=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["place"] = self.instance.position + 1


class Rows(BaseInlineFormSet):
    """Rows in the order of their places; rows without one come last."""

    def save(self, commit=True):
        saved = super().save(commit=False)
        if commit:
            for row in self.deleted_objects:
                row.delete()
            rows = self.model._default_manager.filter(**{self.fk.name: self.instance})
            self._step_aside(rows)
            in_order = self._in_order()
            for position, form in enumerate(in_order):
                form.instance.position = position
                self.save_row(form)
            # Rows that the form does not know come last.
            known = [form.instance.pk for form in in_order]
            for position, row in enumerate(rows.exclude(pk__in=known), len(in_order)):
                rows.filter(pk=row.pk).update(position=position)
        return saved

    def _step_aside(self, rows: QuerySet) -> None:
        """So far that no row meets another on the way to its new place."""
        highest = rows.aggregate(Max("position"))["position__max"] or 0
        rows.update(position=F("position") + highest + 1 + len(self.forms))

    def save_row(self, form: RowForm) -> None:
        form.instance.save()

    def _in_order(self) -> list[RowForm]:
        kept = [
            form
            for form in self.forms
            if form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]
        return sorted(kept, key=_place)


def _place(form: RowForm) -> float:
    place = form.cleaned_data.get("place")
    return math.inf if place is None else place
