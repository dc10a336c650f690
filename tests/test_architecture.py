"""The shape of the code, checked: imports point down, migrations are complete, states are known to the database."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import CheckConstraint

OURS = ("core", "kb", "community", "insights")


def test_imports_point_down():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command], capture_output=True, text=True, cwd=Path(__file__).parents[1])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.django_db
def test_no_migration_is_missing():
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out, verbosity=1)


STATES = [
    pytest.param(model, field.name, id=f"{model._meta.label}.{field.name}")
    for model in apps.get_models()
    if model._meta.app_label in OURS
    for field in model._meta.fields
    if field.name in ("status", "state")
]


@pytest.mark.parametrize(("model", "name"), STATES)
def test_every_state_is_known_to_the_database(model, name):
    conditions = [
        check.condition.children for check in model._meta.constraints if isinstance(check, CheckConstraint)
    ]
    known = [
        set(child[1])
        for children in conditions
        for child in children
        if isinstance(child, tuple) and child[0] == f"{name}__in"
    ]
    assert known == [set(dict(model._meta.get_field(name).choices))]
