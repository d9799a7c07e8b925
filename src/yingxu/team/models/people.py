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
    #: Empty for members from before it was kept.
    joined_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["site", "team"], name="member_of_team")]
