# SPDX-License-Identifier: Apache-2.0
"""The transparency report: what is collected, what came in, what was published, what changed.

Belongs here: its content, charts, comparison with the edition before, the file. It reads released
tables, contracts and editions only. Does not belong here: computing an indicator, the portal.
"""
