"""What happens while the disk is full, and once there is room again?

    .venv/bin/python -m tests.faults.disk_full       as root: it mounts a disk of 12 MB, on SQLite

Database, uploads and temporary files lie on that disk. What must hold: pages are shown; whoever
uploads or is counted is told in words, and with 503, that there is no room; nothing half-written
stays; no acknowledged reading is lost; and all works again once there is room. Ends with 1 where
that is not so.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.serving import serving

from .crowd import SERVED, Verdict, ask, editor, fill, form, form_of_new, page, prepare, reading

SIZE = "12m"


def main() -> int:
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="newsroom-faults-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "disk", folder], check=True)
        try:
            tried(folder, verdict)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
    return not verdict.right


def tried(folder: str, verdict: Verdict) -> None:
    database = f"sqlite:///{folder}/db.sqlite3"
    prepare(database, folder)
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import connection
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    from releases.models import DailyViews, Picture, ViewCounter
    from tests.factories import ReleaseFactory
    from tests.uploads import image

    release = ReleaseFactory(title_ko="늘 읽히는 소식")
    key = editor()
    entries = form_of_new(key) | {
        "title_ko": "그림이 있는 소식",
        "pictures-0-alt_ko": "빨간 벽",
        "pictures-0-upload": SimpleUploadedFile("a.jpg", image((1800, 1200)), "image/jpeg"),
        "csrfmiddlewaretoken": "t" * 32,
    }
    connection.close()
    body = encode_multipart(BOUNDARY, entries)
    media = Path(folder, "media")

    def upload():
        path = "/admin/releases/release/add/"
        return ask(newsroom.port, form(path, {}, key, MULTIPART_CONTENT, body))

    def stored() -> int:
        return sum(file.is_file() for file in media.rglob("*"))

    def readings(number: int) -> list[int]:
        return [ask(newsroom.port, reading(release.pk)).status for _ in range(number)]

    environment = SERVED | {"DATA_DIR": folder, "TMPDIR": folder}
    with serving(database, 2, **environment) as newsroom:
        first = upload()
        files = stored()
        counted = readings(20)
        verdict(f"with room an upload is answered {first.status}", first.status == 302)
        ask(newsroom.port, page("/"))

        filler = Path(folder, "filler")
        fill(filler)
        refused = upload()
        words = "디스크에 남은 공간이 없습니다".encode() in refused.body
        verdict(
            f"an upload is answered {refused.status}, in words", refused.status == 503 and words
        )
        verdict("and nothing half-written stays", stored() == files)
        told = readings(300)
        counted += told
        verdict(
            f"readings are answered {sorted(set(told))}", set(told) <= {200, 503} and 503 in told
        )
        verdict("pages are shown", ask(newsroom.port, page("/")).status == 200)

        filler.unlink()
        again = upload()
        verdict(
            f"with room again an upload is answered {again.status}", again.status == first.status
        )
        told = readings(20)
        counted += told
        verdict("and readings are counted", set(told) == {200})
        log = newsroom.log.read_text()
    acknowledged = counted.count(200)
    total = ViewCounter.objects.get(release=release).total
    day = DailyViews.objects.get(release=release).count
    verdict(f"{acknowledged} readings acknowledged, {total} counted", acknowledged == total == day)
    verdict("what was uploaded is there", Picture.objects.count() == 2)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        verdict("the database is sound", cursor.fetchone() == ("ok",))
    if not verdict.right:
        print(log[-5000:])


if __name__ == "__main__":
    sys.exit(main())
