"""What comes, what is made ready for it and how long before, and each preparation of each turn."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.keyed import Known


class OccasionKind(models.TextChoices):
    """What sort of thing comes."""

    SEASON = "season", "season"
    HOLIDAY = "holiday", "holidays"
    REVIEW = "review", "review, inspection, examination"
    OUTAGE = "outage", "planned stop of power, water or gas"
    WARNING = "warning", "warning of weather"
    LEGAL = "legal", "legal date"


class Repeats(models.TextChoices):
    """How an occasion comes again."""

    YEARLY = "yearly", "every year between two days"
    HOLIDAY = "holiday", "with the holidays of that name"
    MONTHS = "months", "every so many months"
    ONCE = "once", "once"


class PreparationState(models.TextChoices):
    """Where a preparation stands; whether it is late follows from its day."""

    OPEN = "open", "to be made ready"
    READY = "ready", "ready"
    SKIPPED = "skipped", "left out with a reason"


class Occasion(Known):
    """Something that comes and can be prepared for, at a site. The hospital's logistics office keeps it."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    #: Code of the starter library; empty: the house's own.
    code = models.CharField(max_length=24, blank=True)
    kind = models.CharField(max_length=8, choices=OccasionKind.choices)
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=64, blank=True)
    repeats = models.CharField(max_length=8, choices=Repeats.choices)
    #: ``MM-DD`` of a yearly one, both inclusive; the last may lie in the next year.
    from_md = models.CharField(max_length=5, blank=True)
    to_md = models.CharField(max_length=5, blank=True)
    #: First and last day of one that comes once; the first date of one that comes every so many months.
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    every_months = models.SmallIntegerField(null=True)
    #: The holidays' name, as the site's calendar of days off says it.
    holiday = models.CharField(max_length=32, blank=True)
    #: Where it strikes; empty: the whole site.
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+")
    asset = models.ForeignKey("ground.Asset", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    #: Where its days come from, and how sure that is (the marks of the library).
    basis = models.CharField(max_length=300, blank=True)
    mark = models.CharField(max_length=2, blank=True)
    keeper = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True)
    #: How many people were told of it the last time.
    n_told = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "code"],
                condition=Q(is_active=True, repeats__in=["yearly", "holiday"]) & ~Q(code=""),
                name="occasion_once_a_site",
            ),
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(from_on__isnull=False, to_on__gte=F("from_on")), name="occasion_ends_after"
            ),
            models.CheckConstraint(
                condition=(Q(repeats="yearly") & ~Q(from_md="") & ~Q(to_md=""))
                | (Q(repeats="holiday") & ~Q(holiday=""))
                | Q(repeats="months", from_on__isnull=False, every_months__gte=1)
                | Q(repeats="once", from_on__isnull=False, to_on__isnull=False),
                name="occasion_says_when",
            ),
        ]


class PreparationRule(Known):
    """What is made ready before each turn of an occasion: how long before, where, by whom."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    occasion = models.ForeignKey(Occasion, on_delete=models.PROTECT, related_name="rules")
    text = models.CharField(max_length=200)
    text_en = models.CharField(max_length=300, blank=True)
    #: The kind of service that is asked for; empty: the desk says what kind of work it is.
    item = models.ForeignKey("standards.Item", on_delete=models.PROTECT, null=True, related_name="+")
    line_code = models.CharField(max_length=8, blank=True)
    #: Where; empty: the whole site, or all places of the class.
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+")
    place_class = models.CharField(max_length=24, blank=True)
    #: It is asked for so many days before the first day …
    lead_days = models.SmallIntegerField()
    #: … and must be ready so many days before it.
    ready_days = models.SmallIntegerField(default=1)
    team = models.ForeignKey("team.Team", on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lead_days__gte=F("ready_days"), ready_days__gte=0, lead_days__lte=366),
                name="preparation_rule_leads",
            ),
        ]


class Preparation(Known):
    """What is to be ready before one turn of an occasion, who answers for it, and the work that was asked for."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(PreparationRule, on_delete=models.PROTECT, related_name="+")
    occasion = models.ForeignKey(Occasion, on_delete=models.PROTECT, related_name="+")
    #: Which turn: the year in which it begins, a month, or ``once``.
    turn = models.CharField(max_length=8)
    text = models.CharField(max_length=200)
    text_en = models.CharField(max_length=300, blank=True)
    begins_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=PreparationState.choices, default=PreparationState.OPEN)
    #: Asked for later than its rule says: the occasion came onto the calendar inside the lead.
    is_short = models.BooleanField(default=False)
    request = models.OneToOneField("demand.Request", on_delete=models.PROTECT, related_name="+")
    #: Who answers for it; nobody is an alarm.
    owner = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    team_keys = ArrayField(models.BigIntegerField(), default=list)
    party_keys = ArrayField(models.BigIntegerField(), default=list)
    line_code = models.CharField(max_length=8, blank=True)
    place_path = models.CharField(max_length=200, blank=True)
    #: How many steps of the watch over late ones were told.
    n_told = models.SmallIntegerField(default=0)
    #: What was said when it was made ready, left out or put off.
    note = models.TextField(blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "turn"], name="preparation_once_a_turn"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(ended_at__isnull=False), name="preparation_ended_when"
            ),
        ]
        indexes = [
            models.Index(fields=["site", "due_on", "id"], name="preparation_by_day"),
            models.Index(fields=["occasion", "turn"], name="preparation_of_turn"),
        ]
