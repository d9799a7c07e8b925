"""Both ends of a transport: where its load stands, where it goes, and which steps the scans at the two ends are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yingxu.demand.models import Request
from yingxu.ground.models import Place, PlaceToken
from yingxu.ground.refusals import NotFound
from yingxu.standards.queries import ProcedureRow, procedure_of
from yingxu.work.models import Job
from yingxu.work.refusals import MissingPart

#: Lines whose jobs carry something from one place to another.
LINES = ("ESC", "DLV")
#: What is fetched for whoever asks: nobody needs to say from where, so it may be taken wherever it is found.
FETCHED = frozenset({"dlv.blood", "dlv.drug", "dlv.drug_stat", "dlv.supply"})
#: Evidence of items whose scans are the nodes of the chain of custody.
_SCANNED = frozenset({"wristband_from", "wristband_to", "barcode_each_node"})
#: A printed code is so long at least; a place's own code has a sign in it or is shorter.
_TOKEN_AT_LEAST = 10


def place_named(site_id: int, said: str) -> Place | None:
    """Return the place that words name, by full name, name or code, if they name just one. Budget: one to three."""
    said = said.strip()
    if not said:
        return None
    rows = Place.objects.filter(site_id=site_id, is_active=True)
    found = list(rows.filter(full_name=said)[:2])
    found = found or list(rows.filter(name=said)[:2])
    found = found or list(rows.filter(code__iexact=said)[:2])
    return found[0] if len(found) == 1 else None


def start_said(form: Mapping[str, Any]) -> str:
    """Return where the load stands, as the asker said it; empty: at the asker's own place."""
    return str(form.get("from_place", "")).strip()


def start_of(request: Request) -> Place | None:
    """Return the place where the load stands, if the asker named one that is not the asker's own. Budget: as above.

    A worker is sent there first, arrives there, and is looked for there.
    """
    return place_named(request.site_id, start_said(request.form))


def is_start_unknown(job: Job) -> bool:
    """Tell whether nobody knows where the load stands: then it may be fetched wherever it is found.

    The asker named no place that the house has, or the item is fetched by nature and goes to the asker.
    """
    form = job.request.form
    if start_said(form):
        return job.place_id == job.request.place_id
    return _is_fetched(job, form)


def end_of(job: Job) -> Place | None:
    """Return the place that the load goes to, if it is known: what is fetched goes to whoever asked."""
    form = job.request.form
    said = str(form.get("to", "")).strip()
    if said:
        return place_named(job.site_id, said)
    if not start_said(form) and not _is_fetched(job, form):
        return None
    return Place.objects.filter(pk=job.request.place_id or 0).first()


def _is_fetched(job: Job, form: Mapping[str, Any]) -> bool:
    return procedure_of(job.edition_id).item_code in FETCHED and not str(form.get("to", "")).strip()


def scanned_place(site_id: int, code: str) -> tuple[Place | None, str]:
    """Return the place of a scanned or typed code and how it is proven; a printed code counts as one that is typed.

    Refuses: NotFound. Budget: two.
    """
    code = code.strip()
    if not code:
        return None, "none"
    place = Place.objects.filter(site_id=site_id, code__iexact=code).first()
    if place is None and len(code) >= _TOKEN_AT_LEAST and code.isalnum():
        tokens = PlaceToken.objects.select_related("place").filter(token=code.upper(), revoked_at=None)
        token = tokens.filter(place__site_id=site_id).first()
        place = token.place if token is not None else None
    if place is None:
        raise NotFound(kind="place", name=code)
    return place, "code"


def node_steps(procedure: ProcedureRow) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return the steps that taking and giving the load carry out: the first and the last scan. Pure."""
    if not _SCANNED & set(procedure.evidence.get("extra", ())):
        return None, None
    scans = [step for step in procedure.steps if step["type"] == "scan"]
    if not scans:
        return None, None
    return scans[0], scans[-1] if len(scans) > 1 else None


def is_cold(procedure: ProcedureRow) -> bool:
    """Tell whether the temperature of the load is read where it is taken and where it is given. Pure."""
    return "box_temperature" in procedure.evidence.get("extra", ())


def is_identified(form: Mapping[str, Any]) -> bool:
    """Tell whether the asker named whom or what is carried: then both ends are scanned, and nothing replaces that."""
    return bool(str(form.get("patient_name", "")).strip() or str(form.get("patient_no", "")).strip())


def custody_missing(job: Job, procedure: ProcedureRow, others: Iterable[MissingPart]) -> tuple[MissingPart, ...]:
    """Return the ends of the chain that finishing still needs beside what the procedure says. Pure, once it was read.

    Whoever was named by the asker is scanned at both ends, or why not is said in the step; what was taken is given.
    """
    if job.line_code not in LINES:
        return ()
    kinds = set(getattr(job, "custody_kinds", ()) or ())
    named = {part.code for part in others}
    first, last = node_steps(procedure)
    found = []
    if "taken" in kinds and "given" not in kinds and (last is None or last["code"] not in named):
        found.append(MissingPart("step", "given", "把病人或物品交给接收方", "Hand the patient or load over"))
    is_owed = not kinds and is_identified(job.request.form) and first is not None and not _is_said(job, first)
    if is_owed and first is not None and first["code"] not in named:
        found.append(MissingPart("step", first["code"], first.get("zh", ""), first.get("en", "")))
    return tuple(found)


def _is_said(job: Job, step: Mapping[str, Any]) -> bool:
    """Tell whether it was said why the scan could not be: its own step holds that."""
    return any(row["code"] == step["code"] for row in getattr(job, "done_rows", ()) or ())
