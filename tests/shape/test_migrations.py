"""Models and migrations say the same, and every migration can be undone."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader


@pytest.mark.django_db
def test_no_model_waits_for_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_model_without_its_migration_is_caught() -> None:
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.state import ModelState, ProjectState
    from django.db.models import AutoField

    before, after = ProjectState(), ProjectState()
    after.add_model(ModelState("ground", "Planted", [("id", AutoField(primary_key=True))]))
    assert "ground" in MigrationAutodetector(before, after)._detect_changes()


@pytest.mark.django_db
def test_every_migration_can_be_undone() -> None:
    from django.db import connection

    loader = MigrationLoader(connection)
    for (app, name), migration in loader.disk_migrations.items():
        if app in {"ground", "standards", "team", "demand", "promise", "work", "dispatch", "verify", "voice"}:
            assert all(operation.reversible for operation in migration.operations), f"{app}.{name}"
