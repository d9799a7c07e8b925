"""Posts: what somebody is there for, and who holds them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.keyed import Known
from yingxu.team.models.people import Team


class Post(Known):
    """A post of a team: the items of its lines (narrowed by skills, where some are named) and single items besides.

    Whoever of a team holds none of its posts serves all lines of the team. The team's leader makes posts.
    """

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=64, blank=True)
    line_codes = models.JSONField(default=list)
    #: Skill codes; empty: every item of the lines.
    skills = models.JSONField(default=list)
    item_codes = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="post_code_once_a_site")]


class Posting(Known):
    """A person holds a post from a moment on, until it is taken back."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "account"], condition=Q(to_at=None), name="post_held_once"),
            models.CheckConstraint(condition=Q(to_at=None) | Q(to_at__gte=F("from_at")), name="posting_ends_after"),
        ]
        indexes = [models.Index(fields=["site", "account"], condition=Q(to_at=None), name="posting_held_now")]
