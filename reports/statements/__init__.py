# SPDX-License-Identifier: Apache-2.0
"""Papers of members: Jahresabrechnung, Gutschriften and Abrechnungen as PDF/A-3b with e-invoice.

Belongs here: what stands on the paper (`documents`), the XML (`einvoice`), the file (`render`).
Does not belong here: amounts (they come from `papers`), reading register or lake, paying.
"""
