"""Who sits at the desk: clients signed in with the rights of a role."""

from django.contrib.auth.models import Group, User
from django.test import Client

AUTHOR = "작성자 (author)"
EDITOR = "편집자 (editor)"
KEEPER = "연락처 담당 (contact keeper)"
ANALYST = "분석 담당 (analyst)"


def person(role: str, name: str = "") -> User:
    """Somebody new in `role`; "" may enter the desk and do nothing there."""
    user = User.objects.create_user(name or f"user-{User.objects.count()}", is_staff=True)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
