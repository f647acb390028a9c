-- SPDX-License-Identifier: Apache-2.0
-- A month that was delivered only in part stands beside no other; the report says from when or until when it reaches.

ALTER TABLE lake.papers.member_month ADD COLUMN delivered_from_date DATE;
ALTER TABLE lake.papers.member_month ADD COLUMN delivered_to_date DATE;
COMMENT ON COLUMN lake.papers.member_month.delivered_from_date IS 'Erster gelieferter Tag, wenn davor mehr als eine Woche des Monats fehlt; sonst leer.';
COMMENT ON COLUMN lake.papers.member_month.delivered_to_date IS 'Letzter gelieferter Tag, wenn danach mehr als eine Woche des Monats fehlt; sonst leer.';
COMMENT ON COLUMN lake.papers.member_month.year_before_receipt_count IS 'Einkäufe im selben Monat des Vorjahres; leer, wenn es dazu keine Daten gibt oder einer der Monate nur teilweise geliefert ist.';
COMMENT ON COLUMN lake.papers.member_month.year_before_revenue_eur IS 'Umsatz im selben Monat des Vorjahres in Euro; leer wie die Einkäufe.';
COMMENT ON COLUMN lake.papers.member_month.year_before_mean_basket_eur IS 'Umsatz je Einkauf im selben Monat des Vorjahres in Euro; leer wie die Einkäufe.';
