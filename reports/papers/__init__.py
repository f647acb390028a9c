# SPDX-License-Identifier: Apache-2.0
"""What all papers share: parts of a page, the letter around them, the press that makes a PDF.

Belongs here: shapes that the one template takes, letterhead and footer, compiling.
Does not belong here: what stands on a paper (``statements``, ``members``, ``transparency``), amounts, register or lake.
"""
