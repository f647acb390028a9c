# SPDX-License-Identifier: Apache-2.0
"""Object stores: a folder or a bucket, chosen by URL.

Belongs here: put, get, list and delete of whole objects. Does not belong here: what the bytes mean or how they are
encrypted (``ingestion/landing``, ``reports``), or the lake's own parquet files (DuckLake writes those itself).
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from foundation.errors import ConfigError, LakeError
from foundation.settings import Settings


class ObjectStore(Protocol):
    """What the rooms may ask of a store; keys are relative, with ``/`` between parts."""

    def put(self, key: str, data: bytes) -> None:
        """Store an object whole or not at all; an existing one is replaced."""

    def get(self, key: str) -> bytes:
        """The bytes of an object. Raises KeyError where there is none."""

    def exists(self, key: str) -> bool:
        """Whether there is an object of that key."""

    def keys(self, prefix: str = "") -> Iterator[str]:
        """The keys that begin with ``prefix``, in order."""

    def delete(self, key: str) -> None:
        """Remove an object; one that is not there is removed already."""


def open_store(url: str, settings: Settings) -> ObjectStore:
    """The store at ``url``: a folder, or ``s3://bucket/prefix`` on the endpoint of the settings."""
    if "://" not in url:
        return FolderStore(Path(url))
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc:
        raise ConfigError(
            f"Speicherort „{url}“: erwartet einen Ordner oder s3://behälter/pfad; Einstellung berichtigen."
        )
    return BucketStore(parts.netloc, parts.path.strip("/"), settings)


class FolderStore:
    """A local folder, mode 0700; writes go through a temporary name, so a killed writer leaves no half object."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes) -> None:
        path = self.root / key
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.root.chmod(0o700)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
        temporary.write_bytes(data)
        temporary.replace(path)

    def get(self, key: str) -> bytes:
        try:
            return (self.root / key).read_bytes()
        except FileNotFoundError as error:
            raise KeyError(key) from error

    def exists(self, key: str) -> bool:
        return (self.root / key).is_file()

    def keys(self, prefix: str = "") -> Iterator[str]:
        for path in sorted(self.root.rglob("*")):
            key = path.relative_to(self.root).as_posix()
            if path.is_file() and not key.endswith(".part") and key.startswith(prefix):
                yield key

    def delete(self, key: str) -> None:
        (self.root / key).unlink(missing_ok=True)


class BucketStore:
    """A prefix in a bucket of any S3 API, through the MinIO client."""

    def __init__(self, bucket: str, prefix: str, settings: Settings) -> None:
        from minio import Minio

        endpoint = urlsplit(settings.s3_endpoint)
        if not endpoint.netloc:
            raise ConfigError(
                "Einstellung „s3_endpoint“: gefunden nichts, erwartet http(s)://rechner:port; ORTSKERN_S3_ENDPOINT setzen."
            )
        self.bucket = bucket
        self.prefix = f"{prefix}/" if prefix else ""
        # Without the region a restricted role is refused when the client asks for the bucket's location.
        self.client = Minio(
            endpoint=endpoint.netloc,
            access_key=settings.s3_access_key,
            secret_key=settings.s3_secret_key.get_secret_value(),
            secure=endpoint.scheme == "https",
            region=settings.s3_region,
        )
        if not self.client.bucket_exists(bucket_name=bucket):
            raise LakeError(
                f"Behälter „{bucket}“ gibt es auf dem Objektspeicher nicht; anlegen, dann erneut starten."
            )

    def put(self, key: str, data: bytes) -> None:
        self.client.put_object(
            bucket_name=self.bucket,
            object_name=self.prefix + key,
            data=io.BytesIO(data),
            length=len(data),
        )

    def get(self, key: str) -> bytes:
        from minio.error import S3Error

        try:
            response = self.client.get_object(
                bucket_name=self.bucket, object_name=self.prefix + key
            )
        except S3Error as error:
            if error.code == "NoSuchKey":
                raise KeyError(key) from error
            raise
        try:
            return response.read()
        finally:
            response.close()
            response.release_conn()

    def exists(self, key: str) -> bool:
        from minio.error import S3Error

        try:
            self.client.stat_object(bucket_name=self.bucket, object_name=self.prefix + key)
        except S3Error as error:
            if error.code in ("NoSuchKey", "NoSuchObject"):
                return False
            raise
        return True

    def keys(self, prefix: str = "") -> Iterator[str]:
        for item in self.client.list_objects(
            bucket_name=self.bucket, prefix=self.prefix + prefix, recursive=True
        ):
            name = item.object_name
            if name is not None:
                yield name.removeprefix(self.prefix)

    def delete(self, key: str) -> None:
        self.client.remove_object(bucket_name=self.bucket, object_name=self.prefix + key)
