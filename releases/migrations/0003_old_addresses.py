import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0001_initial'),
        ('releases', '0002_search_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='OldAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=400, unique=True, verbose_name='address')),
                ('path', models.CharField(blank=True, default='', max_length=400, verbose_name='leads to')),
                ('stored', models.CharField(blank=True, default='', max_length=100)),
                ('content', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'verbose_name': 'old address',
                'verbose_name_plural': 'old addresses',
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(fields=['file'], name='files_by_name'),
        ),
        migrations.AddIndex(
            model_name='picture',
            index=models.Index(fields=['image'], name='pictures_by_name'),
        ),
        migrations.AddField(
            model_name='oldaddress',
            name='mission',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.mission', verbose_name='mission'),
        ),
        migrations.AddField(
            model_name='oldaddress',
            name='release',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='old_addresses', to='releases.release', verbose_name='release'),
        ),
        migrations.AddConstraint(
            model_name='oldaddress',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('mission', None), ('path', ''), ('release__isnull', False)), models.Q(('mission__isnull', False), ('path', ''), ('release', None), ('stored', '')), models.Q(('mission', None), ('release', None), ('stored', ''), models.Q(('path', ''), _negated=True)), _connector='OR'), name='an_old_address_leads_to_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='oldaddress',
            constraint=models.CheckConstraint(condition=models.Q(('path', ''), models.Q(('path__startswith', '/'), models.Q(('path__startswith', '//'), _negated=True)), _connector='OR'), name='an_old_address_leads_to_a_path_of_ours'),
        ),
    ]
