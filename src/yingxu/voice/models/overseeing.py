"""Volunteer supervisors, what they plan and find, the monthly forum, and every opinion with its answer."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yingxu.ground.models.keyed import Known


class Supervisor(Known):
    """A volunteer supervisor (义务监督员): nominated by three criteria, appointed for a term by the hospital's head."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("ground.Place", on_delete=models.PROTECT, related_name="+")
    #: The three criteria (domain S61), each with its grounds: conscience, insight, much to do with the service.
    conscience = models.TextField()
    insight = models.TextField()
    in_touch = models.TextField()
    #: nominated, appointed, ended
    state = models.CharField(max_length=10, default="nominated")
    from_on = models.DateField()
    to_on = models.DateField()
    nominated_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "account"], condition=~Q(state="ended"), name="one_supervision_a_person"
            ),
            models.CheckConstraint(condition=Q(to_on__gt=F("from_on")), name="term_ends_after_it_begins"),
        ]


class Visit(Known):
    """A round that a supervisor plans to make, and made."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField()
    made_on = models.DateField(null=True)
    note = models.TextField(blank=True)


class Forum(Known):
    """The forum of a month (恳谈会); a month without one leaves a row that says ``missed``."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    #: First day of the month.
    month = models.DateField()
    planned_at = models.DateTimeField(null=True)
    room = models.CharField(max_length=120, blank=True)
    #: planned, held, missed
    state = models.CharField(max_length=8, default="planned")
    held_on = models.DateField(null=True)
    #: Names of those who came, as they were read out.
    attendance = models.JSONField(default=list)
    minutes = models.TextField(blank=True)
    #: The agenda as it was on the day.
    agenda = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "month"], name="one_forum_a_month"),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(held_on__isnull=False), name="a_held_forum_has_its_day"
            ),
        ]


class Remark(Known):
    """A finding or a word at the forum: what it turned out to be, what becomes of it, and its asker's last word."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    #: finding, forum
    source = models.CharField(max_length=8)
    request = models.OneToOneField("demand.Request", on_delete=models.PROTECT, null=True, related_name="+")
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, null=True, related_name="remarks")
    raised_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    #: The one who spoke, when it is somebody without an account.
    speaker = models.CharField(max_length=64, blank=True)
    is_hidden = models.BooleanField(default=False)
    #: need, appeal, vent, improve (domain S60); a finding is to improve unless somebody says otherwise.
    purpose = models.CharField(max_length=8, blank=True)
    text = models.TextField()
    raised_at = models.DateTimeField()
    #: open, proposed (a company's "misunderstanding" that the hospital has not agreed to), answered, settled
    state = models.CharField(max_length=8, default="open")
    verdict = models.CharField(max_length=20, blank=True)
    fate = models.CharField(max_length=12, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    #: Who does what was promised, by when; done on which day.
    owner_name = models.CharField(max_length=64, blank=True)
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    done_note = models.TextField(blank=True)
    #: How far up its being late was told: 1 leader, 2 manager, 3 the hospital's officer (domain S39).
    n_told = models.SmallIntegerField(default=0)
    #: The asker's last word: understood, disagree.
    word = models.CharField(max_length=12, blank=True)
    word_text = models.TextField(blank=True)
    n_disagreed = models.SmallIntegerField(default=0)
    #: The opinion retold without names, for the public board; empty: not on the board.
    retold = models.TextField(blank=True)
    #: SHA-256 of the code by which a speaker without an account reads the answer; empty: none was given.
    claim_digest = models.CharField(max_length=64, blank=True, db_index=True)
    #: The forum at which the promise was read back.
    read_back = models.ForeignKey(Forum, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open"]) | ~Q(answer=""), name="an_answered_remark_has_its_answer"
            ),
            models.CheckConstraint(condition=Q(due_on=None) | ~Q(owner_name=""), name="a_promise_has_its_owner"),
        ]
        indexes = [models.Index(fields=["site", "state", "-raised_at"], name="remark_of_site")]
