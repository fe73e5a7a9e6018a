"""The roles of a newsroom: Django groups, kept in step with this list after each migration.

A group of another name is the owner's own and is left alone.
"""

from django.contrib.auth.models import Group, Permission

DIRECTORY = [
    f"contacts.{verb}_{model}"
    for model in ("mission", "presscontact")
    for verb in ("view", "add", "change", "delete")
]
LOOKING = ["releases.view_release", "contacts.view_mission", "contacts.view_presscontact"]

# What each role may do. Names are shown in the desk's user form, so they say it in both languages.
ROLES = {
    "작성자 (author)": [
        *LOOKING,
        "releases.add_release",
        "releases.change_release",
        "releases.delete_release",
    ],
    "편집자 (editor)": [
        *DIRECTORY,
        "releases.view_release",
        "releases.add_release",
        "releases.change_release",
        "releases.delete_release",
        "releases.see_every_release",
        "releases.edit_any_release",
        "releases.publish_release",
        "releases.withdraw_release",
        "releases.move_in",
    ],
    "연락처 담당 (contact keeper)": [*DIRECTORY, "releases.view_release"],
    "분석 담당 (analyst)": [*LOOKING, "releases.see_every_release"],
}


def keep_in_step(using: str = "default", **kwargs) -> None:
    """Give each role its group with exactly its permissions; a receiver of `post_migrate`."""
    permissions = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    for name, granted in ROLES.items():
        group, _made = Group.objects.using(using).get_or_create(name=name)
        # Permissions are made app by app: those of an app still to come follow with it.
        group.permissions.set([permissions[key] for key in granted if key in permissions])
