"""Ways in from outside, what came in at them, and the alarms of connected systems."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yingxu.demand.models.requests import Request
from yingxu.ground.models.keyed import Known


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
        constraints = [models.UniqueConstraint(fields=["site", "kind", "address"], name="sender_address_once_a_site")]


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
