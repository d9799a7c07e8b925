"""Surveys: what is asked, of whom, and the sheets that came back, which lead to nobody."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.keyed import Known
from yingxu.voice.models.boxes import random_key


class Survey(Known):
    """One wave of a survey: its window, its sample, the wave before it. The hospital makes and changes it."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    #: servperf, servqual, ipa, kano, nps, own: the template that it began with.
    kind = models.CharField(max_length=10)
    token = models.CharField(max_length=24, unique=True)
    opens_on = models.DateField()
    #: The last day on which it takes answers.
    closes_on = models.DateField()
    is_on = models.BooleanField(default=True)
    #: How many people it is about; what margin (points) at what confidence (per cent) was asked for.
    population = models.IntegerField()
    margin_points = models.FloatField(default=5.0)
    confidence = models.SmallIntegerField(default=95)
    #: How many sheets that takes.
    n_target = models.IntegerField()
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="survey_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(population__gt=0, n_target__gt=0), name="survey_asks_somebody"),
        ]
        indexes = [models.Index(fields=["site", "-opens_on"], name="survey_of_site")]


class SurveyDepartment(Known):
    """A department that is asked, with a code of its own and how many people work there."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="departments")
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=24, unique=True)
    population = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "place"], name="one_code_a_department_and_survey"),
            models.CheckConstraint(condition=Q(population__gt=0), name="department_asks_somebody"),
        ]


class SurveyEdition(Known):
    """The questions as they were asked; a trigger refuses to change them once there is an answer."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="editions")
    number = models.SmallIntegerField()
    #: ``code, kind, text, text_en, dimension`` each, in order.
    questions = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="one_edition_a_number")]


class Sheet(models.Model):
    """What somebody ticked; who it was is not known here, nor at which hour. Words lie apart, as a letter."""

    id = models.BigIntegerField(primary_key=True, default=random_key, editable=False)
    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="sheets")
    edition = models.ForeignKey(SurveyEdition, on_delete=models.PROTECT, related_name="sheets")
    department = models.ForeignKey(SurveyDepartment, on_delete=models.PROTECT, null=True, related_name="sheets")
    #: The day at the site; nothing finer is kept.
    received_on = models.DateField()
    #: Code of the answer -> number.
    answers = models.JSONField(default=dict)
    #: Seconds an answer, to whole ones; null: not measured (a page without script).
    seconds_each = models.SmallIntegerField(null=True)
    #: ``straight``, ``fast``: what makes it doubtful.
    flags = ArrayField(models.CharField(max_length=10), default=list)
    #: Why it does not count (``too_many``, ``careless``, ``abuse``); nothing is deleted.
    quarantine = models.CharField(max_length=16, blank=True)
    #: Why it was held apart at first, kept when it was let in; empty: never judged by a person.
    held_as = models.CharField(max_length=16, blank=True)
    judged_why = models.CharField(max_length=300, blank=True)
    judged_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    judged_on = models.DateField(null=True)
    #: SHA-256 of the sheet's own random code, so that a queue may be sent twice.
    code_digest = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [models.Index(fields=["survey", "edition"], name="sheet_of_survey")]
