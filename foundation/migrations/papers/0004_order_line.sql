-- SPDX-License-Identifier: Apache-2.0
-- Which lines of last week are in nobody's sum.

COMMENT ON COLUMN lake.papers.order_line.week_sold_out_count IS 'Rückblick: nicht gerechnete Zeilen, ausverkauft bei höherem Vorschlag.';
