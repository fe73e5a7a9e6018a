"""The people of a newsroom, each at the desk with a role."""

from django.contrib.auth.models import Group, User
from django.test import Client

ROLES = {
    "author": "작성자 (author)",
    "other author": "작성자 (author)",
    "editor": "편집자 (editor)",
    "contact keeper": "연락처 담당 (contact keeper)",
    "analyst": "분석 담당 (analyst)",
}


def person(name: str, **names) -> User | None:
    """Somebody with the role that `name` says; None for a stranger."""
    if name == "stranger":
        return None
    user = User.objects.create_user(
        name.replace(" ", "-"), is_staff=True, is_superuser=name == "superuser", **names
    )
    if role := ROLES.get(name):
        user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(user: User | None) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    if user:
        client.force_login(user)
    return client
