# SPDX-License-Identifier: Apache-2.0
"""The assets, one module per group; each asset calls one function of another room and says what a steward wants to know."""
