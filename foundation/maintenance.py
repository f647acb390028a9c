# SPDX-License-Identifier: Apache-2.0
"""Keeping the lake small: merged files, no snapshots but those that editions name.

Belongs here: what DuckLake offers for that, in the right order. Does not belong here: erasure of a person's rows, which also
has to search the catalog's bytes.
"""

from collections.abc import Collection
from dataclasses import dataclass

from foundation.lakehouse import Lakehouse, snapshot_of


@dataclass(frozen=True)
class Maintained:
    """Snapshots and data files before and after."""

    snapshots_before: int
    snapshots_after: int
    files_before: int
    files_after: int


def maintain(lakehouse: Lakehouse, keep: Collection[int]) -> Maintained:
    """Merge small files, expire every snapshot but the newest and those of ``keep``, remove files that nothing needs.

    Tables keep their content, and the lake can still be read as of each snapshot of ``keep``.
    """
    with lakehouse.writer() as con:
        before = _counts(lakehouse)
        con.execute("CALL ducklake_merge_adjacent_files('lake')")
        wanted = {*keep, snapshot_of(con)}
        found = [
            int(r[0]) for r in con.execute("SELECT snapshot_id FROM lake.snapshots()").fetchall()
        ]
        gone = [s for s in found if s not in wanted]
        if gone:
            listed = ", ".join(map(str, gone))
            con.execute(f"CALL ducklake_expire_snapshots('lake', versions => [{listed}])")
        con.execute("CALL ducklake_cleanup_old_files('lake', cleanup_all => true)")
    after = _counts(lakehouse)
    return Maintained(before[0], after[0], before[1], after[1])


def _counts(lakehouse: Lakehouse) -> tuple[int, int]:
    with lakehouse.connect(read_only=True) as con:
        snapshots = con.execute("SELECT count(*) FROM lake.snapshots()").fetchone() or (0,)
        files = con.execute(
            "SELECT sum(file_count) FROM ducklake_table_info('lake')"
        ).fetchone() or (0,)
    return int(snapshots[0]), int(files[0] or 0)
