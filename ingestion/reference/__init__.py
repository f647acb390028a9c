# SPDX-License-Identifier: Apache-2.0
"""The lists that a steward keeps by hand: quarters, blocks, trades, sensors.

Belongs here: reading them like a delivery and checking them against each other. Does not belong
here: the lists themselves (``cooperative/reference``).
"""
