"""What the journal learns by Django's signals, whichever door a change comes through."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from . import sessions
from .journal import Kind, acting, write

# What of an account is a matter of who gets in and may do what.
WATCHED = ("username", "is_active", "is_staff", "is_superuser")


def connect() -> None:
    """Listen. Called once, when the app is ready."""
    user = get_user_model()
    user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    pre_save.connect(_before, sender=user)
    post_save.connect(_saved, sender=user)
    post_delete.connect(_deleted, sender=user)
    for through in (user.groups.through, user.user_permissions.through):
        m2m_changed.connect(_rights, sender=through)
    post_save.connect(_group_saved, sender=Group)
    post_delete.connect(_group_deleted, sender=Group)
    m2m_changed.connect(_group_rights, sender=Group.permissions.through)


def _signed_in(sender, request, user, **kwargs):
    sessions.begin(request, user)
    write(Kind.SIGNED_IN, by=user)


def _signed_out(sender, request, user, **kwargs):
    if user:
        write(Kind.SIGNED_OUT, by=user)


def _before(sender, instance, raw, update_fields, **kwargs):
    """Look up how the account was, unless nothing of what is watched is saved."""
    instance._was = None
    if raw or not instance.pk:
        return
    if update_fields is None or {*WATCHED, "password"} & set(update_fields):
        instance._was = sender.objects.filter(pk=instance.pk).values(*WATCHED, "password").first()


def _saved(sender, instance, created, raw, **kwargs):
    if raw:
        return
    name = instance.get_username()
    if created:
        write(Kind.MADE, about=name, details=_switched({}, instance))
        return
    was, instance._was = instance._was, None
    if not was:
        return
    if details := _switched(was, instance):
        write(Kind.CHANGED, about=name, details=details)
    # With a stronger hasher a password is written anew when somebody signs in with it: no change.
    if was["password"] != instance.password and getattr(instance, "_password", None) is not None:
        write(Kind.PASSWORD, about=name)


def _switched(was: dict[str, Any], user) -> list[str]:
    """What is watched of `user` and is not as it was."""
    found = []
    if was and was["username"] != user.username:
        found.append(f"username: {was['username']} → {user.username}")
    for field in WATCHED[1:]:
        now = getattr(user, field)
        if now != was.get(field, field == "is_active"):
            found.append(f"{field}: {'on' if now else 'off'}")
    return found


def _deleted(sender, instance, **kwargs):
    write(Kind.DELETED, about=instance.get_username())


def _rights(sender, instance, action, reverse, model, pk_set, **kwargs):
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    sign = "+" if action == "post_add" else "−"
    if action == "pre_clear":
        pk_set = _held(sender, instance, reverse)
    if not pk_set:
        return
    if reverse:  # a group was given people, or a permission
        for user in model.objects.filter(pk__in=pk_set):
            write(Kind.RIGHTS, about=user.get_username(), details=[f"{sign} {_named(instance)}"])
    else:
        given = model.objects.filter(pk__in=pk_set)
        write(
            Kind.RIGHTS,
            about=instance.get_username(),
            details=[f"{sign} {_named(right)}" for right in given],
        )


def _held(through, instance, reverse: bool) -> set[int]:
    """Keys of what `instance` had before it was emptied."""
    mine, theirs = ("user", "group" if hasattr(through, "group") else "permission")
    if reverse:
        mine, theirs = theirs, mine
    return set(through.objects.filter(**{mine: instance}).values_list(theirs, flat=True))


def _named(right: Group | Permission) -> str:
    if isinstance(right, Group):
        return right.name
    return f"{right.content_type.app_label}.{right.codename}"


def _group_saved(sender, instance, created, raw, **kwargs):
    if created and not raw and acting():
        write(Kind.GROUP_MADE, about=instance.name)


def _group_deleted(sender, instance, **kwargs):
    write(Kind.GROUP_DELETED, about=instance.name)


def _group_rights(sender, instance, action, reverse, model, pk_set, **kwargs):
    # The newsroom brings its own roles in step after each migration; only people are noted.
    if reverse or not acting() or action not in ("post_add", "post_remove") or not pk_set:
        return
    sign = "+" if action == "post_add" else "−"
    write(
        Kind.GROUP_CHANGED,
        about=instance.name,
        details=[
            f"{sign} {_named(right)}"
            for right in model.objects.filter(pk__in=pk_set).select_related("content_type")
        ],
    )
