"""What is deleted leaves the index in the transaction that deletes it.

Saving needs no signal, and could not use one: Django sends `post_save` when the row may be
committed already. What deletes sends its signals before that.
"""

from django.db.models.signals import post_delete

from contacts.models import PressContact
from releases.models import Release, ReleaseContact

from . import index


def connect() -> None:
    """Follow what is deleted from now on."""
    post_delete.connect(_release_deleted, sender=Release, dispatch_uid="search")
    post_delete.connect(_row_deleted, sender=ReleaseContact, dispatch_uid="search")
    post_delete.connect(_contact_deleted, sender=PressContact, dispatch_uid="search")


def _release_deleted(instance, **kwargs) -> None:
    index.put([instance.pk])


def _row_deleted(instance, **kwargs) -> None:
    index.put([instance.release_id])


def _contact_deleted(instance, **kwargs) -> None:
    index.forget_contact(instance.pk)
