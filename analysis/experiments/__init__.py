# SPDX-License-Identifier: Apache-2.0
"""Experiments: registered before they start, diagnosed beforehand, evaluated as registered, told in two sentences."""
