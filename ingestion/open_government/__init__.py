# SPDX-License-Identifier: Apache-2.0
"""Open data of town and state.

Belongs here: one module per kind of portal or register. Does not belong here: data that members
deliver, or what registers mean together (dbt).
"""
