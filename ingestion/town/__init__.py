# SPDX-License-Identifier: Apache-2.0
"""The town simulator: demo and test data with planted truth, in the formats of the real systems.

Belongs here: drawing a town from ``cooperative/town`` and writing what its tills, sensors,
register and office would deliver. Does not belong here: loading any of it; the pipeline treats
these files like any other delivery and never reads the truth file.
"""

from ingestion.town.simulator import TownManifest, simulate

__all__ = ["TownManifest", "simulate"]
