"""Tables that were uploaded: what each brought, so that it can be taken back while nothing depends on it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yingxu.ground.models.accounts import Account
from yingxu.ground.models.keyed import Known
from yingxu.ground.models.sites import Site


class ImportRun(Known):
    """One uploaded table: the keys of what it brought. Taken back as a whole, or never."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    #: places, people, catalogue, requests.
    table = models.CharField(max_length=12)
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    n_rows = models.IntegerField()
    #: Kind of row -> keys: {"place": [..], "account": [..], ...}.
    keys = models.JSONField(default=dict)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(n_rows__gt=0), name="import_brought_something")]
        indexes = [models.Index(fields=["site", "-made_at"], name="import_of_site")]
