# SPDX-License-Identifier: Apache-2.0
"""Creates the buckets that the settings name: `python tools/buckets.py`.

Belongs here: what an object store needs before the first run. Does not belong here: what is
written into it. The bucket of deliveries gets object lock, which cannot be switched on later.
"""

import sys
from urllib.parse import urlsplit

from minio import Minio

from foundation.settings import Settings, load_settings


def create_buckets(settings: Settings) -> list[str]:
    """Create the missing buckets of data, landing and archive; return the names of the new ones."""
    endpoint = urlsplit(settings.s3_endpoint)
    client = Minio(
        endpoint=endpoint.netloc,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key.get_secret_value(),
        region=settings.s3_region,
        secure=endpoint.scheme == "https",
    )
    created = []
    for place, lock in (
        (settings.landing, True),
        (settings.data, False),
        (settings.archive, False),
    ):
        parts = urlsplit(place)
        if parts.scheme == "s3" and not client.bucket_exists(bucket_name=parts.netloc):
            client.make_bucket(bucket_name=parts.netloc, object_lock=lock)
            created.append(parts.netloc)
    return created


if __name__ == "__main__":
    sys.stdout.writelines(
        f"Behälter „{name}“ angelegt\n" for name in create_buckets(load_settings())
    )
