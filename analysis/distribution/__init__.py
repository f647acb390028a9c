# SPDX-License-Identifier: Apache-2.0
"""Distribution of one fiscal year's revenue, by pots that are never mixed.

Belongs here: data fee (a price), genossenschaftliche Rückvergütung (§ 22 KStG), reserves and funds,
their bookings, and the rows that papers are printed from.
Does not belong here: reading the lake, names and bank details, PDF and XML.

The law that binds the numbers stands beside each function; a cooperative has its statute and price
list confirmed by its auditor before it relies on them.
"""

from analysis.distribution.data_fee import DataFeeResult, compute_data_fees
from analysis.distribution.papers import statement_frames
from analysis.distribution.refund import RefundResult, compute_refund
from analysis.distribution.surplus import Surplus, compute_reserves, compute_surplus
from analysis.distribution.terms import (
    FiscalYear,
    PriceList,
    Statute,
    Terms,
    load_terms,
)
from analysis.distribution.year import Distribution, decision_frame, distribute, distribute_year

__all__ = [
    "DataFeeResult",
    "Distribution",
    "FiscalYear",
    "PriceList",
    "RefundResult",
    "Statute",
    "Surplus",
    "Terms",
    "compute_data_fees",
    "compute_refund",
    "compute_reserves",
    "compute_surplus",
    "decision_frame",
    "distribute",
    "distribute_year",
    "load_terms",
    "statement_frames",
]
