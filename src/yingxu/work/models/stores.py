"""Stores: what parts there are, how many lie where, in which lots, and every movement of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.keyed import Known
from yingxu.work.models.jobs import Job


class Store(Known):
    """A room or cupboard with parts, and the person who keeps it. Service managers and the hospital set it up."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=64, blank=True)
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    #: The company that it belongs to; null is the hospital's own, which serves every company at the site.
    party = models.ForeignKey("ground.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    keeper = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    is_open = models.BooleanField(default=True)
    #: What the authority filters by: the company's key, or nothing.
    party_keys = ArrayField(models.BigIntegerField(), default=list)
    line_code = models.CharField(max_length=8, blank=True)
    place_path = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="store_code_once_a_site")]


class Part(Known):
    """A kind of part or consumable that stores may hold, with the unit that it is counted in."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    spec = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=16)
    unit_en = models.CharField(max_length=16, blank=True)
    #: Counted in whole pieces; otherwise to a thousandth of the unit (metres of cable).
    is_whole = models.BooleanField(default=True)
    #: Codes of the items of work that it is usually for: those are offered first.
    item_codes = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="part_code_once_a_site")]


class Level(Known):
    """How many of a part lie in a store: a cache of its movements that a test re-derives; never below what is reserved.

    Whoever moves stock locks this row first: two who reach for the last piece go one after the other.
    """

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="levels")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="levels")
    on_hand = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    reserved = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    #: Below that many free ones it is time to buy; 0: the part is not kept in stock here.
    minimum = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    is_low = models.GeneratedField(
        expression=models.ExpressionWrapper(
            Q(on_hand__lt=F("minimum") + F("reserved")), output_field=models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "part"], name="level_once_a_store"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_never_negative"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, reserved__lte=F("on_hand")), name="reserved_lies_in_store"
            ),
            models.CheckConstraint(condition=Q(minimum__gte=0), name="minimum_not_negative"),
        ]
        indexes = [models.Index(fields=["site", "is_low"], name="level_low")]


class Lot(Known):
    """What came in at once at one price; issued oldest first. ``left`` is a cache of its movements."""

    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="lots", db_index=False)
    batch = models.CharField(max_length=64, blank=True)
    supplier = models.CharField(max_length=120, blank=True)
    document = models.CharField(max_length=64, blank=True)
    received_on = models.DateField()
    #: The last day on which it may be used; null keeps.
    expires_on = models.DateField(null=True)
    #: Fen a unit.
    price_fen = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    left = models.DecimalField(max_digits=12, decimal_places=3)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(left__gte=0, left__lte=F("quantity")), name="lot_between_none_and_all"),
            models.CheckConstraint(condition=Q(price_fen__gte=0), name="lot_price_not_negative"),
        ]
        indexes = [models.Index(fields=["level", "received_on"], name="lot_of_level")]


class Movement(Known):
    """Stock moved: so many of a lot, for which job, by whom. Never changed; what was wrong is moved back."""

    #: received, issued, returned, sent, arrived, counted
    kind = models.CharField(max_length=8)
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="movements", db_index=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements")
    #: Into the store is positive, out of it negative.
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    #: What the job bears: positive when parts went to it, negative when they came back; 0 for what concerns no job.
    cost_fen = models.BigIntegerField(default=0)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    note = models.CharField(max_length=200, blank=True)
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["received", "returned", "arrived"], quantity__gt=0)
                | Q(kind__in=["issued", "sent"], quantity__lt=0)
                | (Q(kind="counted") & ~Q(quantity=0)),
                name="movement_has_its_sign",
            ),
            models.CheckConstraint(
                condition=Q(job__isnull=False, kind__in=["issued", "returned"]) | Q(job=None, cost_fen=0),
                name="only_jobs_bear_cost",
            ),
        ]
        indexes = [
            models.Index(fields=["level", "moved_at"], name="movement_of_level"),
            models.Index(fields=["job", "moved_at"], condition=Q(job__isnull=False), name="movement_of_job"),
        ]


class Reservation(Known):
    """So many of a part are kept for a job: nobody else is promised them."""

    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="reservations", db_index=False)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    #: What is still kept.
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    made_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: issued, released, job_ended
    ended_how = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["level", "job"], condition=Q(ended_at=None), name="one_reservation_a_job_and_level"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_of_something"),
        ]


class Shortage(Known):
    """A job lacks a part: asked of a store, perhaps ordered, settled when the part is in the store or not needed."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    note = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    expected_at = models.DateTimeField(null=True)
    supplier = models.CharField(max_length=120, blank=True)
    #: open, ordered, received, dropped
    state = models.CharField(max_length=8, default="open")
    settled_by = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "part", "store"], condition=Q(settled_at=None), name="one_shortage_a_job_and_part"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shortage_of_something"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "ordered"], settled_at=None)
                | Q(state__in=["received", "dropped"], settled_at__isnull=False),
                name="shortage_settled_with_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "part"], condition=Q(settled_at=None), name="shortage_waits"),
            models.Index(fields=["site", "asked_at"], name="shortage_by_time"),
        ]


class StockTake(Known):
    """A count of a store: one person counts, another settles it; only then stock changes."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+")
    begun_by = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    begun_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    settled_at = models.DateTimeField(null=True)
    #: settled, dropped
    ended_how = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store"], condition=Q(settled_at=None), name="one_stock_take_a_store"),
        ]


class Counted(Known):
    """A part as counted in a stock-take, beside what the book said at that moment."""

    take = models.ForeignKey(StockTake, on_delete=models.PROTECT, related_name="lines", db_index=False)
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")
    expected = models.DecimalField(max_digits=12, decimal_places=3)
    counted = models.DecimalField(max_digits=12, decimal_places=3)
    #: Why they differ; empty when they do not.
    reason = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=200, blank=True)
    counted_by = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["take", "level"], name="counted_once_a_take"),
            models.CheckConstraint(condition=Q(counted__gte=0), name="counted_not_negative"),
            models.CheckConstraint(condition=Q(counted=F("expected")) | ~Q(reason=""), name="difference_has_a_reason"),
        ]
