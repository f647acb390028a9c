# SPDX-License-Identifier: Apache-2.0
"""Helpers of set-up and deployment; scripts, imported by nothing but their tests."""
