# SPDX-License-Identifier: Apache-2.0
"""Sensors: counts of people and, later, of vehicles and air.

Belongs here: one module per delivery format of a sensor. Does not belong here: what counts mean
together (dbt), or which sensor stands where (``cooperative/reference/sensors.csv``).
"""
