"""Roles are groups: made here with the permissions each carries, so that every site has the same four."""

from django.apps.registry import Apps
from django.db import migrations

ROLES = {
    "customer": [],
    "moderator": ["moderate"],
    "editor": ["edit_articles", "see_insights"],
    "staff": ["moderate", "edit_articles", "answer_officially", "see_insights"],
}
NAMES = {
    "moderate": "Decide on held and flagged posts",
    "edit_articles": "Write, promote and publish articles",
    "answer_officially": "Answer as a member of staff",
    "see_insights": "Read the figures",
}


def make_roles(apps: Apps, schema_editor: object) -> None:
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    # Django declares permissions only after all migrations; the same rows are made here, early.
    about_users, _ = ContentType.objects.get_or_create(app_label="core", model="user")
    for role, codenames in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        for codename in codenames:
            permission, _ = Permission.objects.get_or_create(
                content_type=about_users, codename=codename, defaults={"name": NAMES[codename]}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
