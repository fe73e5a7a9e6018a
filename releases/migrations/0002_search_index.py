"""The index of the search, which Django's models cannot describe for both databases.

It begins empty: `manage.py rebuild_search` fills it where there are releases already.
"""

from django.db import migrations

from releases.search import engine


def create(apps, schema_editor):
    engine.create(schema_editor.connection)


def drop(apps, schema_editor):
    engine.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("releases", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
