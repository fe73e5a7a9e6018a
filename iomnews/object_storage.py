"""Pictures and files of releases in a bucket that all hosts share, by the S3 protocol.

The bucket is private: readers never learn an address in it. The views of `releases.media` ask for
each request whether the release may be read and pass the bytes on, so a withdrawal holds from the
next request; a signed address would go on working until it expires.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from releases.storing import StorageAway

logger = logging.getLogger(__name__)

IN_MEMORY = 2**21  # bytes of a file that is sent; what is larger lies on the disk meanwhile
REST = 5  # seconds in which a storage that did not answer is not asked: nobody else waits for it


class MediaStorage(S3Storage):
    """OPTIONS: `bucket_name`; `location`, a folder in it; `endpoint_url`, where it is not Amazon's.

    Without `access_key` and `secret_key` they are looked for where Amazon's tools look: in the
    environment and in the role of the machine. No name is written over. All raise FileNotFoundError
    where there is no such file, as storages on a disk do, and StorageAway while it can't be asked.
    """

    def __init__(self, **options: Any):
        config = Config(
            signature_version="s3v4",
            # Servers of one's own seldom have a name for each bucket.
            s3={"addressing_style": "path" if options.get("endpoint_url") else "auto"},
            # Newer sums are refused by some servers that are not Amazon's.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=3,  # seconds, as the next
            read_timeout=15,
            retries={"total_max_attempts": 3, "mode": "standard"},
        )
        fixed = {"file_overwrite": False, "default_acl": None, "client_config": config}
        super().__init__(**options | fixed)
        self._rests_until = float("-inf")

    @contextmanager
    def _asked(self) -> Iterator[None]:
        if time.monotonic() < self._rests_until:
            raise StorageAway("the storage did not answer a moment ago")
        try:
            yield
        except BotoCoreError as error:  # there was no answer
            self._rests_until = time.monotonic() + REST
            logger.warning("The storage of pictures and files does not answer: %s", error)
            raise StorageAway("the storage does not answer") from error
        except ClientError as error:  # it answered that it won't
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status == 404 and error.response["Error"]["Code"] != "NoSuchBucket":
                raise FileNotFoundError(str(error)) from error
            logger.warning("The storage of pictures and files refuses: %s", error)
            raise StorageAway("the storage refuses") from error

    def _open(self, name: str, mode: str = "rb") -> File:
        with self._asked():
            return super()._open(name, mode).open()  # read now, not in the middle of an answer

    def _save(self, name: str, content: File) -> str:
        # Whole before anything is sent: what turns out to be damaged is not sent at all. And the
        # library closes what it sends, which whoever gave it may still read.
        with SpooledTemporaryFile(IN_MEMORY) as whole:
            whole.writelines(content.chunks())
            whole.seek(0)
            with self._asked():
                return super()._save(name, File(whole, name))

    def exists(self, name: str) -> bool:
        with self._asked():
            return super().exists(name)

    def delete(self, name: str) -> None:
        with self._asked():
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with self._asked():
            return super().listdir(name)

    def size(self, name: str) -> int:
        with self._asked():
            return super().size(name)

    def get_modified_time(self, name: str):
        with self._asked():
            return super().get_modified_time(name)
