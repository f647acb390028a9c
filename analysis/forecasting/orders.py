# SPDX-License-Identifier: Apache-2.0
"""How much to order: the newsvendor's quantile, then packs, minimum, shelf life and what is left.

Belongs here: quantities from a distribution of demand and the costs of missing and of spoiling. Does not belong here: the
distribution (``panel``), what is printed.

The best order is the quantile of demand at cu / (cu + co): cu is what a missing piece costs (its margin), co what a spoilt one costs
(its cost less what it still brings). Money is Decimal; demand is a number of pieces or kilograms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import numpy as np
from scipy.stats import norm

from analysis.forecasting.whole import between
from foundation.money import round_cents

ZERO = Decimal(0)
SAMPLE_LEVELS = tuple(np.round((np.arange(99) + 1) / 100, 2))


@dataclass(frozen=True)
class Costs:
    """What one piece costs too little (``missing_eur``) and one too much (``spoilt_eur``)."""

    missing_eur: Decimal
    spoilt_eur: Decimal

    @property
    def level(self) -> float:
        """The share of days on which the best order suffices: cu / (cu + co), kept away from 0 and 1."""
        whole = self.missing_eur + self.spoilt_eur
        share = float(self.missing_eur / whole) if whole > 0 else 0.5
        return min(max(share, 0.02), 0.98)


@dataclass(frozen=True)
class Article:
    """What the merchandise system knows of an article; money per unit, without VAT."""

    price_eur: Decimal
    cost_eur: Decimal
    salvage_eur: Decimal = ZERO
    pack_size: Decimal = Decimal(1)
    minimum_order: Decimal = ZERO
    shelf_life_days: int = 1

    def costs(self, holding_share: Decimal) -> Costs:
        """Costs of a piece too little or too much.

        What keeps longer than a day is not lost in the evening: it costs ``holding_share`` of its cost for the night.
        """
        spoilt = self.cost_eur - self.salvage_eur
        if self.shelf_life_days > 1:
            spoilt = self.cost_eur * holding_share
        return Costs(max(self.price_eur - self.cost_eur, ZERO), max(spoilt, ZERO))


def best_order(distribution: Any, costs: Costs) -> float:
    """The newsvendor's order for a (frozen) distribution of scipy, continuous or discrete."""
    return float(distribution.ppf(costs.level))


def normal_cost(sd: float, costs: Costs) -> float:
    """Expected cost of the best order under a normal distribution."""
    whole = float(costs.missing_eur + costs.spoilt_eur)
    return whole * sd * float(norm.pdf(norm.ppf(costs.level)))


def demand_sample(levels: Sequence[float], quantiles: Sequence[float]) -> np.ndarray:
    """A distribution known by some quantiles, as 99 equally likely values."""
    found = between(levels, np.asarray(quantiles, dtype=float), SAMPLE_LEVELS)
    return np.maximum(found, 0.0)


def expected_cost(order: Decimal, sample: np.ndarray, costs: Costs) -> float:
    """Mean cost of an order over equally likely demands."""
    missing = np.maximum(sample - float(order), 0.0) * float(costs.missing_eur)
    spoilt = np.maximum(float(order) - sample, 0.0) * float(costs.spoilt_eur)
    return float((missing + spoilt).mean())


def order_quantity(
    sample: np.ndarray,
    article: Article,
    costs: Costs,
    *,
    on_hand: Decimal = ZERO,
    most: float | None = None,
) -> Decimal:
    """What to order, in whole packs: of the two numbers of packs around the best quantile the one that costs less.

    Args:
        sample: equally likely demands of the day.
        on_hand: what of earlier days may still be sold.
        most: what is sold within the shelf life; what is left beyond it is spoilt, and is wished for by nobody.
    """
    wanted = Decimal(str(round(float(np.quantile(sample, costs.level)), 3)))
    if most is not None:
        wanted = min(wanted, Decimal(str(round(max(most, 0.0), 3))))
    need = wanted - on_hand
    if need <= 0:
        return ZERO
    packs = need / article.pack_size
    choices = {
        ZERO,
        packs.to_integral_value(ROUND_FLOOR) * article.pack_size,
        packs.to_integral_value(ROUND_CEILING) * article.pack_size,
    }
    allowed = sorted({_at_least(c, article) for c in choices})
    spoilt = article.cost_eur - article.salvage_eur

    def cost(order: Decimal) -> tuple[float, Decimal]:
        # A pack or a minimum may be more than sells before it expires
        beyond = 0.0 if most is None else max(float(order + on_hand) - most, 0.0)
        return expected_cost(order + on_hand, sample, costs) + beyond * float(spoilt), order

    return min(allowed, key=cost)


def _at_least(quantity: Decimal, article: Article) -> Decimal:
    """Nothing, or at least the minimum order in whole packs."""
    if quantity == 0:
        return ZERO
    least = (article.minimum_order / article.pack_size).to_integral_value(ROUND_CEILING)
    return max(quantity, least * article.pack_size)


def realised_cost(order: Decimal, demand: Decimal, costs: Costs) -> Decimal:
    """What an order cost against the demand that came, in euros: missed margin or spoilt goods."""
    missing = max(demand - order, ZERO) * costs.missing_eur
    spoilt = max(order - demand, ZERO) * costs.spoilt_eur
    return round_cents(missing + spoilt)
