"""A pytest plugin, loaded before Django's settings: tests keep to a home of their own inside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
os.environ.setdefault("YINGXU_HOME", str(PROJECT / "var" / "test"))
os.environ.setdefault("YINGXU_SECRET_KEY", "only-for-tests")
os.environ.setdefault("YINGXU_STATIC_FINDERS", "1")
