# SPDX-License-Identifier: Apache-2.0
"""Tests, in the same folders as what they test; the whole town in `end_to_end`."""
