"""Pictures and files of releases in a bucket that all hosts share, by the S3 protocol.

The bucket is private: readers never learn an address in it. The views of `releases.media` ask for
each request whether the release may be read and pass the bytes on, so a withdrawal holds from the
next request; a signed address would go on working until it expires.
"""

from tempfile import SpooledTemporaryFile
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

IN_MEMORY = 2**21  # bytes of a file that is sent; what is larger lies on the disk meanwhile


class MediaStorage(S3Storage):
    """OPTIONS: `bucket_name`; `location`, a folder in it; `endpoint_url`, where it is not Amazon's.

    Without `access_key` and `secret_key` they are looked for where Amazon's tools look: in the
    environment and in the role of the machine. No name is written over.
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

    def _open(self, name: str, mode: str = "rb") -> File:
        """Raises FileNotFoundError where there is none, OSError while the storage is away."""
        try:
            return super()._open(name, mode).open()  # read now, not in the middle of an answer
        except (BotoCoreError, ClientError) as error:
            raise OSError(f"the storage gives no {name}: {error}") from error

    def _save(self, name: str, content: File) -> str:
        # Whole before anything is sent: what turns out to be damaged is not sent at all. And the
        # library closes what it sends, which whoever gave it may still read.
        with SpooledTemporaryFile(IN_MEMORY) as whole:
            whole.writelines(content.chunks())
            whole.seek(0)
            try:
                return super()._save(name, File(whole, name))
            except (BotoCoreError, ClientError) as error:
                raise OSError(f"the storage takes no {name}: {error}") from error

    def get_modified_time(self, name: str):
        """Raises FileNotFoundError where there is no file `name`, as storages on a disk do."""
        try:
            return super().get_modified_time(name)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(name) from error
            raise
