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
    #: Requests that were asked for together (a list for tomorrow, a group) carry one key.
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
            models.Index(fields=["master"], condition=Q(master__isnull=False), name="request_merged_into"),
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


class Door(Known):
    """A way in from outside: a mailbox, a bot, a broker, a kiosk. Secrets stay in the environment, named here."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=64)
    #: The part of its address that nobody guesses; of hooks and kiosks.
    token = models.CharField(max_length=40, unique=True)
    settings = models.JSONField(default=dict)
    #: Where the kiosk stands; null where askers say the place.
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+")
    is_on = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)
    trouble_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="door_name_once_a_site")]


class Sender(Known):
    """An address that writes to us, as the desk knows it: the person, or at least the place it writes from."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    #: mail, wecom, dingtalk, feishu: what kind of address it is.
    kind = models.CharField(max_length=12)
    address = models.CharField(max_length=200)
    name = models.CharField(max_length=64, blank=True)
    account = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "kind", "address"], name="sender_address_once_a_site")
        ]


class Message(Known):
    """What came in at a door, kept before anything is made of it, and what became of it."""

    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: The sender's own id of it; the same message twice is one.
    external_id = models.CharField(max_length=200)
    #: new, raised, added, ignored, failed (a person has to look), put_away.
    state = models.CharField(max_length=8, default="new")
    #: Code of why it was ignored or failed.
    why = models.CharField(max_length=32, blank=True)
    sender = models.CharField(max_length=200, blank=True)
    sender_name = models.CharField(max_length=64, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    #: As it came, where it could not be read.
    raw = models.TextField(blank=True)
    #: Photos that came with it and are stored: [{"sha256", "n_bytes", "media_type"}].
    photos = models.JSONField(default=list)
    #: Where an answer goes, in the door's own terms; ids of the messages that it replies to.
    reply = models.JSONField(default=dict)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    n_tries = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["door", "external_id"], name="message_once_a_door")]
        indexes = [models.Index(fields=["state", "received_at"], name="message_by_state")]


class AlarmRule(Known):
    """When a reading on a topic is an alarm, and what is asked for then."""

    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=64)
    #: MQTT topic filter: ``+`` is one level, ``#`` the rest.
    topic = models.CharField(max_length=200)
    #: Dotted path into the JSON of the reading; empty: the reading is the value itself.
    path = models.CharField(max_length=100, blank=True)
    #: above, below, equals, differs.
    condition = models.CharField(max_length=8)
    limit = models.CharField(max_length=64)
    #: Above and below: it is over only when the value is back on this side (hysteresis).
    clear_limit = models.CharField(max_length=64, blank=True)
    #: So long it must have stood before somebody is called; 0: at once.
    hold_s = models.IntegerField(default=0)
    item_code = models.CharField(max_length=32)
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+")
    priority = models.SmallIntegerField(null=True)
    text = models.CharField(max_length=300)
    is_on = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["door", "name"], name="alarm_rule_name_once_a_door"),
            models.CheckConstraint(
                condition=Q(condition__in=["above", "below", "equals", "differs"]), name="alarm_rule_condition_known"
            ),
        ]


class Alarm(Known):
    """A rule that holds on one topic: it stands until a reading is back, and asks once."""

    rule = models.ForeignKey(AlarmRule, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=200)
    began_at = models.DateTimeField()
    #: Null while it stands.
    ended_at = models.DateTimeField(null=True)
    last_value = models.CharField(max_length=64, blank=True)
    last_at = models.DateTimeField()
    #: The latest readings, newest last: [[iso time, value], …].
    readings = models.JSONField(default=list)
    n_readings = models.IntegerField(default=1)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "topic"], condition=Q(ended_at=None), name="one_standing_alarm_a_topic"
            )
        ]


class Recurrence(Known):
    """Something that is needed again and again: at a time of day, on some weekdays; raised ahead, once a day of it."""

    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("standards.Item", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("ground.Place", on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    form = models.JSONField(default=dict)
    #: Minutes after midnight in the site's zone.
    starts_min = models.SmallIntegerField()
    #: How long the window is in which it is wanted.
    window_min = models.SmallIntegerField(default=30)
    #: Monday is 0.
    weekdays = ArrayField(models.SmallIntegerField())
    #: The site's holidays are left out.
    skips_holidays = models.BooleanField(default=False)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    #: Raised so many hours before it is wanted.
    ahead_h = models.SmallIntegerField(default=24)
    is_active = models.BooleanField(default=True)
    owner = models.ForeignKey("ground.Account", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_min__gte=0, starts_min__lt=1440, window_min__gt=0, ahead_h__gte=1, ahead_h__lte=168),
                name="recurrence_times_are_times",
            ),
            models.CheckConstraint(condition=Q(to_on=None) | Q(to_on__gt=models.F("from_on")), name="recurrence_ends"),
        ]
