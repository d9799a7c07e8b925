"""Who can: teams and their members."""

from __future__ import annotations

from django.db import models

from yingxu.ground.models.keyed import Known


class Team(Known):
    """A team of a party at a site, with the lines it serves."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("ground.Party", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=64, blank=True)
    line_codes = models.JSONField(default=list)
    #: From then on certificates, clearances and duty hours decide who may be sent; empty: papers are still collected.
    gates_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="team_code_once_a_site")]


class Member(Known):
    """A person's place in a team: what he or she can do, and whether present now."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    account = models.OneToOneField("ground.Account", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    #: {skill code: level}
    skills = models.JSONField(default=dict)
    is_present = models.BooleanField(default=False)
    #: {kind: [is verified, last day of validity, last day of review]} of the best certificate of each kind, so that
    #: who may be sent is one row's business; a test derives it again from the certificates.
    papers = models.JSONField(default=dict)
    #: Codes of the clearances held.
    clearances = models.JSONField(default=list)
    #: The duty that runs or comes next, and those after it as ``fitness.Duty`` keeps them, so that who may be
    #: sent is one row's business; a test derives them again from the duties.
    duty_from = models.DateTimeField(null=True)
    duty_to = models.DateTimeField(null=True)
    duty_kind = models.CharField(max_length=12, default="work")
    #: [[from, to], …] of the duty, as ISO moments.
    breaks = models.JSONField(default=list)
    later = models.JSONField(default=list)
    #: Empty for members from before it was kept.
    joined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(duty_from=None, duty_to=None) | models.Q(duty_to__gt=models.F("duty_from")),
                name="duty_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["site", "team"], name="member_of_team")]
