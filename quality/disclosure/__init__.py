# SPDX-License-Identifier: Apache-2.0
"""Disclosure control: the gate that alone writes ``release`` and ``papers``.

Belongs here: who contributes to a cell, which cells are unsafe, what else has to be suppressed,
what an attacker could still compute, noise on counts of persons, approvals, and the gate itself.
Does not belong here: how a figure comes about (dbt, ``analysis``) or how it is shown (``reports``).

Order of a release: ``definitions`` (what may leave), ``contributors`` (one owner counts once),
``rules`` (primary suppression), ``system`` (cells and the sums that bind them), ``suppression``
(complementary), ``frames`` (the rows that would be written), ``audit`` (attacks on exactly these
rows), ``store`` (write or leave), ``gate`` (all of it, failing closed).
"""
