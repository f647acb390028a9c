# SPDX-License-Identifier: Apache-2.0
"""Members, their shops, consents and purchases, and the register of identities.

Belongs here: the lists that the members' office and the books deliver, and the only place where
names, addresses, tax numbers and bank details are kept (``register.py``). Does not belong here:
what papers and payouts do with them.
"""
