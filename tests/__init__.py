"""Tests in folders named like the rooms of ``pipeline/``; what several rooms use lies in ``support``."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
TEST_DATA = TESTS / "data"
