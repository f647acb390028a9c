# SPDX-License-Identifier: Apache-2.0
"""What a festival or a public holiday does, from the few days there were.

Belongs here: one factor per kind of rare day for a whole panel. Does not belong here: anything that a tree can learn by itself.
"""

import numpy as np

from analysis.forecasting.whole import Array


def effects(values: Array, flags: Array, season: int) -> Array:
    """Logarithms of the factors of rare days, one per flag, measured on the whole panel.

    Each flagged day is compared with the same weekday up to four weeks before and after (flagged days left out); the logarithm of
    sold over usual, summed over all series that share day and flags, is explained by the flags (least squares, weighted by what is
    usual). A flag that never occurred has no effect; none is taken to be larger than a factor of three.
    """
    marked: Array = np.asarray(flags.any(axis=2))
    quiet = np.where(marked, np.nan, values)
    rows: list[tuple[Array, float, float]] = []
    for day in np.flatnonzero(marked.any(axis=1)):
        around = [day + k * season for k in (-4, -3, -2, -1, 1, 2, 3, 4)]
        near = quiet[[t for t in around if 0 <= t < len(values)]]
        count = (~np.isnan(near)).sum(axis=0)
        usual = np.nansum(near, axis=0) / np.maximum(count, 1)
        there = marked[day] & ~np.isnan(values[day]) & (count > 0)
        for pattern in np.unique(flags[day][there], axis=0):
            same = there & (flags[day] == pattern).all(axis=1)
            rows.append((pattern, values[day, same].sum(), usual[same].sum()))
    rows = [r for r in rows if r[1] > 0 and r[2] > 0]
    if not rows:
        return np.zeros(flags.shape[2])
    weight = np.sqrt([usual for _, _, usual in rows])
    target = np.log([sold / usual for _, sold, usual in rows])
    design = np.array([pattern for pattern, _, _ in rows], dtype=float)
    found = np.linalg.lstsq(design * weight[:, None], target * weight, rcond=None)[0]
    limited: Array = np.clip(found, -np.log(3), np.log(3))
    return limited
