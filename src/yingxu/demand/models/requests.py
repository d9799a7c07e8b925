"""What is asked for: requests and what was said about them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yingxu.ground.models.keyed import Known


class RequestState(models.TextChoices):
    """A request's own states; what the public sees is derived with the jobs' (decision 9)."""

    RECEIVED = "received", "received"
    CLARIFYING = "clarifying", "being clarified"
    ACCEPTED = "accepted", "accepted"
    MERGED = "merged", "merged"
    DECLINED = "declined", "declined"
    TRANSFERRED = "transferred", "transferred"
    ANSWERED = "answered", "answered"


class FinalAnswer(models.TextChoices):
    """How a request was answered in the end; none is ever without one."""

    DONE = "done", "done"
    DECLINED = "declined", "declined with reason"
    TRANSFERRED = "transferred", "answered by the receiver"
    MERGED = "merged", "answered with its master"
    CANCELLED = "cancelled", "withdrawn"
    EXPLAINED = "explained", "answered in words"


class Request(Known):
    """What somebody asked for. It is never deleted; jobs come and go under it; it ends with a final answer."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=16)
    channel = models.CharField(max_length=16)
    state = models.CharField(max_length=12, choices=RequestState.choices, default=RequestState.RECEIVED)
    #: Public code (domain 5.2) derived from this state and the jobs'; a cache that a test re-derives.
    shown_state = models.CharField(max_length=12, default="new")
    is_open = models.BooleanField(default=True)
    text = models.TextField()
    item = models.ForeignKey("standards.Item", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    line_code = models.CharField(max_length=8, blank=True)
    priority = models.SmallIntegerField()
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    place_path = models.CharField(max_length=200, blank=True)
    place_name = models.CharField(max_length=300, blank=True)
    place_name_en = models.CharField(max_length=300, blank=True)
    #: The lift, bed or pump that it is about, where somebody said which.
    asset = models.ForeignKey("ground.Asset", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    #: What the asker said of the place when it is not in the tree.
    place_words = models.CharField(max_length=200, blank=True)
    department = models.ForeignKey(
        "ground.Place", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    owner = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    requester_name = models.CharField(max_length=64, blank=True)
    requester_phone = models.CharField(max_length=32, blank=True)
    token = models.ForeignKey(
        "ground.PlaceToken", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    first_contact = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: A colleague who was asked to be the contact and has not agreed yet.
    asked_contact = models.ForeignKey(
        "ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: Who serves it, as the authority filters by (decision 26).
    party_keys = ArrayField(models.BigIntegerField(), default=list)
    team_keys = ArrayField(models.BigIntegerField(), default=list)
    worker_keys = ArrayField(models.BigIntegerField(), default=list)
    contract = models.ForeignKey(
        "ground.Contract", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    has_contract_gap = models.BooleanField(default=False)
    master = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    merged_at = models.DateTimeField(null=True)
    repeat_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    receiver = models.ForeignKey("ground.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    receiver_accepted_at = models.DateTimeField(null=True)
    #: What the desk proposed and the hospital has not decided: {"kind": "decline"|"lower", ...}; null when nothing is.
    proposal = models.JSONField(null=True)
    #: Job key -> public code of its state; a cache that a test re-derives.
    job_states = models.JSONField(default=dict)
    #: An instant that an outside record promised (a log's target); it alone is promised then.
    target_at = models.DateTimeField(null=True)
    n_urges = models.SmallIntegerField(default=0)
    #: A person owes the asker a word by then (urge, question, transfer); null when nothing is owed.
    word_due_at = models.DateTimeField(null=True)
    #: The earliest limit that is still owed, passed or not; a cache that a test re-derives. Null when none runs.
    next_due_at = models.DateTimeField(null=True)
    #: Somebody looks again by then when no limit runs and no word is owed; null while one is.
    follow_up_at = models.DateTimeField(null=True)
    final_answer = models.CharField(max_length=12, choices=FinalAnswer.choices, blank=True)
    answer_text = models.TextField(blank=True)
    #: Reference of the outside record it came from (a log's case id); unique a site and channel.
    source_ref = models.CharField(max_length=64, blank=True)
    #: What the item's form was answered: field code -> value.
    form = models.JSONField(default=dict)
    #: The appointment: wanted in [from, to); null means as soon as promised.
    wanted_from = models.DateTimeField(null=True)
    wanted_to = models.DateTimeField(null=True)
    #: Requests that were asked for together (a list for tomorrow, one call for several places) carry one key.
    group_key = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="request_number_once_a_site"),
            models.CheckConstraint(condition=Q(priority__gte=1, priority__lte=4), name="request_priority_1_to_4"),
            models.CheckConstraint(
                condition=Q(is_open=True) | ~Q(final_answer=""), name="closed_request_has_final_answer"
            ),
            models.CheckConstraint(
                condition=Q(wanted_to=None) | Q(wanted_from=None) | Q(wanted_to__gt=models.F("wanted_from")),
                name="request_wanted_ends_after",
            ),
            models.UniqueConstraint(
                fields=["site", "channel", "source_ref"], condition=~Q(source_ref=""), name="request_source_once"
            ),
        ]
        indexes = [
            models.Index(fields=["site", "-created_at", "-id"], name="request_newest"),
            models.Index(fields=["site", "shown_state", "-created_at", "-id"], name="request_by_state"),
            models.Index(fields=["site", "next_due_at", "id"], condition=Q(is_open=True), name="request_most_urgent"),
            models.Index(fields=["owner", "-created_at"], condition=Q(owner__isnull=False), name="request_of_owner"),
            models.Index(fields=["department", "-created_at"], name="request_of_department"),
            models.Index(fields=["asset", "-created_at"], condition=Q(asset__isnull=False), name="request_of_asset"),
            models.Index(fields=["master"], condition=Q(master__isnull=False), name="request_merged_into"),
            models.Index(fields=["group_key"], condition=Q(group_key__isnull=False), name="request_of_group"),
            # a job's follow-ups are found by how their reference begins
            models.Index(
                fields=["site", "source_ref"],
                condition=Q(channel="follow_up"),
                opclasses=["int8_ops", "varchar_pattern_ops"],
                name="request_follow_ups",
            ),
        ]


class Word(Known):
    """Something said about a request, to or by the asker: a note, a question, an answer, an urge."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="words", db_index=False)
    kind = models.CharField(max_length=12)
    text = models.TextField(blank=True)
    said_by = models.CharField(max_length=64)
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    is_from_asker = models.BooleanField()
    said_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["request", "said_at"], name="word_of_request")]
