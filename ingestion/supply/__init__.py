# SPDX-License-Identifier: Apache-2.0
"""Supply: what the shops buy, make and throw away.

Belongs here: one module per format of the supply chain. Does not belong here: what was sold
(``pos``), what counts as regional (``cooperative/reference/region.csv`` and dbt).
"""
