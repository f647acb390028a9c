-- SPDX-License-Identifier: Apache-2.0
-- Which lines of last week are in nobody's sum.

COMMENT ON COLUMN lake.marts.fct_order_week.sold_out_count IS 'Davon nicht gerechnet: ausverkauft, und der Vorschlag war höher; was mehr verkauft worden wäre, ist nicht bekannt.';
