"""Where: sites and their trees of places."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.keyed import Known


class SiteState(models.TextChoices):
    """A site is being set up until its hospital opens it (decision 14)."""

    SETUP = "setup", "being set up"
    OPEN = "open", "open"


class Site(Known):
    """One hospital campus group under one roof of rules; administrators make it, its hospital opens it."""

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    timezone = models.CharField(max_length=64, default="Asia/Shanghai")
    state = models.CharField(max_length=8, choices=SiteState.choices, default=SiteState.SETUP)
    desk_phone = models.CharField(max_length=32, blank=True)


class Place(Known):
    """A point of the site's tree: campus, building, floor, department, room, bed. Never deleted, only retired."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    #: Keys from the root to this place, as ``/1/5/9/``: a subtree is a prefix.
    path = models.CharField(max_length=200)
    #: Names from building to this place, as people say it: "住院楼 7F 护士站".
    full_name = models.CharField(max_length=300)
    full_name_en = models.CharField(max_length=300, blank=True)
    place_class = models.CharField(max_length=24, blank=True)
    aliases = models.JSONField(default=list)
    floor_no = models.SmallIntegerField(null=True)
    department = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="place_code_once_a_site")]
        indexes = [
            models.Index(fields=["site", "path"], name="place_subtree", opclasses=["int8_ops", "text_pattern_ops"]),
            models.Index(fields=["site", "parent"], name="place_children"),
        ]


class PlaceToken(Known):
    """A printed QR code of a place or of an asset that stands there, an actor of its own; revoked and reprinted, never
    reused. An asset's code follows it to where it is moved.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey("ground.Asset", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    token = models.CharField(max_length=24, unique=True)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("issued_at")), name="token_revoked_after_issue"
            ),
            models.UniqueConstraint(
                fields=["place"], condition=Q(revoked_at=None, asset=None), name="one_live_token_a_place"
            ),
            models.UniqueConstraint(
                fields=["asset"], condition=Q(revoked_at=None, asset__isnull=False), name="one_live_token_an_asset"
            ),
        ]
