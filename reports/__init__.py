# SPDX-License-Identifier: Apache-2.0
"""From `release`, `papers` and `register` to things people read.

Belongs here: the portal, the papers, the signed publication and its verification.
Does not belong here: reading any other schema, deciding what may be published (`quality`).
"""
