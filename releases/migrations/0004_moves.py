import contacts.text
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0003_old_addresses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Move',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', contacts.text.LineField(max_length=255, verbose_name='file')),
                ('place', models.CharField(blank=True, max_length=255)),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                ('contents', models.JSONField(default=dict)),
                ('choices', models.JSONField(default=dict)),
                ('looked_with', models.JSONField(null=True)),
                ('task', models.CharField(choices=[('look', 'Look over'), ('move', 'Move in')], default='look', max_length=8, verbose_name='task')),
                ('language', models.CharField(default='ko', max_length=8)),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('begun_at', models.DateTimeField(null=True, verbose_name='begun')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('stop_at', models.DateTimeField(null=True)),
                ('fault', models.TextField(blank=True)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('worker', models.CharField(blank=True, max_length=32)),
                ('heard_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'move',
                'verbose_name_plural': 'moving in',
                'ordering': ['-made_at', '-pk'],
                'permissions': [('move_in', 'Can move releases in from another system')],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('fault', ''), models.Q(('ended_at', None), _negated=True), _connector='OR'), name='only_what_has_ended_has_failed'), models.CheckConstraint(condition=models.Q(('worker', ''), ('heard_at__isnull', False), _connector='OR'), name='who_works_on_a_move_is_heard_of')],
            },
        ),
    ]
