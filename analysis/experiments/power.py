# SPDX-License-Identifier: Apache-2.0
"""How large a trial must be: the published formulas for means, shares, clusters and repeated measurements.

Belongs here: closed formulas with their sources, for planning randomised shops or days. Does not
belong here: the power of a design with donors, which has no formula and is simulated (``design.py``).

All tests are two-sided. Limits: equal arms, equal variances, and a correlation between periods that
does not fade with their distance.
"""

from math import sqrt

from scipy.optimize import brentq
from scipy.stats import nct, norm, t


def units_per_arm(standardised_effect: float, *, alpha: float = 0.05, power: float = 0.80) -> float:
    """Units per arm to see a difference of means of so many standard deviations (t test)."""

    def missing(units: float) -> float:
        freedom = 2 * units - 2
        critical = t.ppf(1 - alpha / 2, freedom)
        distance = standardised_effect * sqrt(units / 2)
        reached = nct.sf(critical, freedom, distance) + nct.cdf(-critical, freedom, distance)
        return float(reached - power)

    # The normal approximation is a little too small; far from it scipy's noncentral t gives up.
    near = 2 * (detectable_in_errors(alpha=alpha, power=power) / standardised_effect) ** 2
    return float(brentq(missing, max(1.5, 0.9 * near), 1.2 * near + 10))


def units_per_arm_for_shares(
    first: float, second: float, *, alpha: float = 0.05, power: float = 0.80
) -> float:
    """Units per arm to tell two shares apart (pooled variance under no difference)."""
    pooled = (first + second) / 2
    under_none = norm.ppf(1 - alpha / 2) * sqrt(2 * pooled * (1 - pooled))
    under_both = norm.ppf(power) * sqrt(first * (1 - first) + second * (1 - second))
    return float(((under_none + under_both) / (first - second)) ** 2)


def detectable_in_errors(*, alpha: float = 0.05, power: float = 0.80) -> float:
    """The smallest effect seen with ``power``, in standard errors of the estimate."""
    return float(norm.ppf(1 - alpha / 2) + norm.ppf(power))


def design_effect(cluster_size: float, intraclass_correlation: float) -> float:
    """By how much the variance grows when whole clusters are treated (Kish)."""
    return 1 + (cluster_size - 1) * intraclass_correlation


def variance_after(after: int, correlation: float) -> float:
    """Variance of a comparison of means afterwards, relative to one measurement (McKenzie 2012)."""
    return (1 + (after - 1) * correlation) / after


def variance_did(before: int, after: int, correlation: float) -> float:
    """The same for difference-in-differences."""
    return (1 / before + 1 / after) * (1 - correlation)


def variance_ancova(before: int, after: int, correlation: float) -> float:
    """The same with the baseline's mean as a covariate."""
    explained = before * correlation**2 / (1 + (before - 1) * correlation)
    return variance_after(after, correlation) - explained


def cuped_factor(correlation: float) -> float:
    """What is left of the variance when a covariate of that correlation is taken out."""
    return 1 - correlation**2
