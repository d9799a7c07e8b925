"""When and how somebody wants to be told, and the house's own rule for those who say nothing."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.accounts import Account
from yingxu.ground.models.keyed import Keyed
from yingxu.ground.models.sites import Site


class NoticeSetting(Keyed):
    """Quiet hours, digest and channels of one person, who alone changes them, or of a site (its administrator)."""

    site = models.OneToOneField(Site, on_delete=models.PROTECT, null=True, related_name="+")
    account = models.OneToOneField(Account, on_delete=models.PROTECT, null=True, related_name="+")
    #: Local times, from inclusive, to exclusive, maybe over midnight. A person without his or her own keeps the site's.
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    #: What is not urgent comes together, once a day at this local time.
    digest_at = models.TimeField(null=True)
    email = models.CharField(max_length=200, blank=True)
    wants_email = models.BooleanField(default=False)
    wants_gateway = models.BooleanField(default=False)
    #: The house's gateway to its own messengers: every wanted notice is posted there, signed. Only a site has one.
    gateway_url = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(site=None, account__isnull=False) | Q(site__isnull=False, account=None),
                name="notice_setting_is_of_one",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | (Q(quiet_from__isnull=False, quiet_to__isnull=False) & ~Q(quiet_from=F("quiet_to"))),
                name="quiet_hours_have_both_ends",
            ),
        ]
