# SPDX-License-Identifier: Apache-2.0
"""From ``release``, ``papers`` and ``register`` to things people read.

Belongs here: exports, portal, statements, signed editions and their verification.
Does not belong here: computing or suppressing a number (``analysis``, ``quality``); nothing here reads another schema.
"""
