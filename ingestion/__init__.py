# SPDX-License-Identifier: Apache-2.0
"""From the outside world into `landing`, `register` and `raw`.

Belongs here: one package per kind of source, the landing zone, pseudonyms, quarantine, the town
simulator. Does not belong here: joins and indicators (`dbt_project`), Dagster (`orchestration`).
"""
