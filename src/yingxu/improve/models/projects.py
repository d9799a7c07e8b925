"""Improvement projects and the demand that they rest on (有的放矢, domain S9)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.keyed import Known


class ProjectState(models.TextChoices):
    """Where a project stands."""

    PROPOSED = "proposed", "proposed"
    APPROVED = "approved", "approved"
    DECLINED = "declined", "declined"
    UNDER_WAY = "under_way", "under way"
    DONE = "done", "done"


class Project(Known):
    """Something is to change: proposed by somebody, approved by somebody else, and only on evidence of demand."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    #: What is to change, in the words of who proposes it.
    change = models.TextField()
    state = models.CharField(max_length=10, choices=ProjectState.choices, default=ProjectState.PROPOSED)
    line_code = models.CharField(max_length=8, blank=True)
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+")
    place_path = models.CharField(max_length=200, blank=True)
    party_keys = ArrayField(models.BigIntegerField(), default=list)
    #: Who carries it through.
    owner = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    #: Why it was declined, or what the approval says.
    decision = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    #: What was changed, when it is done.
    result = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="project_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(decided_at__isnull=False), name="project_decided_when"
            ),
        ]
        indexes = [models.Index(fields=["site", "-proposed_at", "-id"], name="project_newest")]


class Evidence(Known):
    """One piece of demand that a project rests on (需求依据), with a sentence that says why."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="evidence")
    request = models.ForeignKey("demand.Request", on_delete=models.PROTECT, null=True, related_name="+")
    voice = models.ForeignKey("voice.Heard", on_delete=models.PROTECT, null=True, related_name="+")
    finding = models.ForeignKey("voice.Remark", on_delete=models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey("improve.TextGroup", on_delete=models.PROTECT, null=True, related_name="+")
    outlook = models.ForeignKey("improve.Outlook", on_delete=models.PROTECT, null=True, related_name="+")
    sentence = models.CharField(max_length=300)
    linked_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    linked_at = models.DateTimeField()
    #: Taken back while the project was only proposed.
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(request__isnull=False, voice=None, finding=None, group=None, outlook=None)
                    | Q(request=None, voice__isnull=False, finding=None, group=None, outlook=None)
                    | Q(request=None, voice=None, finding__isnull=False, group=None, outlook=None)
                    | Q(request=None, voice=None, finding=None, group__isnull=False, outlook=None)
                    | Q(request=None, voice=None, finding=None, group=None, outlook__isnull=False)
                ),
                name="evidence_is_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=["project", name], condition=Q(is_active=True), name=f"evidence_{name}_once"
                )
                for name in ("request", "voice", "finding", "group", "outlook")
            ),
        ]
