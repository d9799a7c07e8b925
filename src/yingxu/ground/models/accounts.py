"""Who: accounts, the roles they hold and where, and the tokens of machines."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yingxu.ground import ids
from yingxu.ground.models.keyed import Known
from yingxu.ground.models.parties import Party
from yingxu.ground.models.sites import Place, Site


class Account(Known, AbstractBaseUser):
    """A person who signs in. Nobody is deleted: an account is closed, and history keeps its key."""

    #: Given by the verb that opens the account: Django's checks build an empty one before the database stands.
    id = models.BigIntegerField(primary_key=True, editable=False)
    username = models.CharField(_("account"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=64)
    name_en = models.CharField(max_length=64, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    badge = models.CharField(max_length=32, blank=True)
    language = models.CharField(max_length=8, blank=True)
    is_active = models.BooleanField(default=True)
    opened_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = BaseUserManager["Account"]()

    def __str__(self) -> str:
        return self.name


class Holding(Known):
    """A role that an account holds, within a scope, for a period. Administrators grant, the authority reads."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=2)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+")
    line_code = models.CharField(max_length=8, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    #: Key of the team in the room ``team``, which stands above: a plain number by intent.
    team_key = models.BigIntegerField(null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="holding_ends_after"
            ),
        ]
        indexes = [models.Index(fields=["account"], name="holding_of_account")]


class Token(Known):
    """A bearer token: a machine's, or a person's own; its scopes, its site; only a digest is kept."""

    name = models.CharField(max_length=64)
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    #: Whose own it is: it may do what this person may, within the scopes. Null: a machine's.
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    PREFIX: ClassVar[str] = "yx_"

    @staticmethod
    def fresh_secret() -> str:
        """Return a new secret; shown once, never stored."""
        return Token.PREFIX + ids.new_code(40)
