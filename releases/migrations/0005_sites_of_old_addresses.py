from urllib.parse import urlsplit

from django.db import migrations, models


def host_of(source_key):
    """The host that the key of a post of WordPress names: "wordpress:www.example.org/blog:12"."""
    kind, _colon, rest = (source_key or '').partition(':')
    site = rest.rpartition(':')[0]
    if kind != 'wordpress' or not site:
        return ''
    try:
        host = urlsplit(site if '//' in site else f'//{site}').hostname or ''
    except ValueError:
        return ''
    return host.rstrip('.').removeprefix('www.')[:253]


def tell_sites(apps, schema_editor):
    """Of a release: the host of its source; of all others: the only host there is, if one is."""
    OldAddress = apps.get_model('releases', 'OldAddress')
    Release = apps.get_model('releases', 'Release')
    hosts = set()
    releases = {}
    keys = Release.objects.filter(source_key__startswith='wordpress:')
    for pk, source_key in keys.values_list('pk', 'source_key').iterator():
        if host := host_of(source_key):
            hosts.add(host)
            releases.setdefault(host, []).append(pk)
    for host, pks in releases.items():
        for start in range(0, len(pks), 500):
            some = pks[start:start + 500]
            OldAddress.objects.filter(release__in=some).update(site=host)
    if len(hosts) == 1:
        OldAddress.objects.filter(site='').update(site=hosts.pop())


def keep_the_first(apps, schema_editor):
    """Of an address that several sites had, the one that was kept first."""
    OldAddress = apps.get_model('releases', 'OldAddress')
    before = OldAddress.objects.filter(address=models.OuterRef('address'), pk__lt=models.OuterRef('pk'))
    later = OldAddress.objects.filter(models.Exists(before)).values_list('pk', flat=True)
    pks = list(later)
    for start in range(0, len(pks), 500):
        OldAddress.objects.filter(pk__in=pks[start:start + 500]).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0004_moves'),
    ]

    operations = [
        migrations.AddField(
            model_name='oldaddress',
            name='site',
            field=models.CharField(blank=True, db_default='', default='', max_length=253, verbose_name='site'),
        ),
        migrations.AlterField(
            model_name='oldaddress',
            name='address',
            field=models.CharField(max_length=400, verbose_name='address'),
        ),
        migrations.AddIndex(
            model_name='oldaddress',
            index=models.Index(fields=['site'], name='old_addresses_of_a_site'),
        ),
        migrations.AddConstraint(
            model_name='oldaddress',
            constraint=models.UniqueConstraint(fields=('address', 'site'), name='an_old_address_of_a_site_is_kept_once'),
        ),
        migrations.RunPython(tell_sites, keep_the_first),
    ]
