"""A server of the S3 protocol on this machine, and a bucket in it that no stranger can read."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from moto.server import ThreadedMotoServer

NAME = "newsroom"
KEYS = {"access_key": "a key for tests", "secret_key": "a secret for tests"}


@contextmanager
def bucket() -> Iterator[str]:
    """The address of the server, for MEDIA_S3_ENDPOINT; the bucket is NAME, empty."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client(address).create_bucket(Bucket=NAME)
    try:
        yield address
    finally:
        server.stop()


def client(address: str):
    """boto3's own, to look into the bucket past the newsroom."""
    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=KEYS["access_key"],
        aws_secret_access_key=KEYS["secret_key"],
    )


def names(address: str) -> list[str]:
    """What lies in the bucket."""
    found = client(address).list_objects_v2(Bucket=NAME)
    return [each["Key"] for each in found.get("Contents", [])]
