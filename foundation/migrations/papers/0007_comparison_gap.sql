-- SPDX-License-Identifier: Apache-2.0
-- Why a month stands beside no others: hidden for safety is something else than not yet released.

ALTER TABLE lake.papers.member_month ADD COLUMN comparison_gap VARCHAR;
COMMENT ON COLUMN lake.papers.member_month.comparison_gap IS 'Warum kein Vergleich da ist, nach der Zeile der ganzen Stadt: unterdrückt, fehlt oder nicht freigegeben; leer mit Vergleich und ohne Einwilligung.';
COMMENT ON COLUMN lake.papers.member_month.comparison_level IS 'Womit verglichen wird: branche, gruppe oder stadt; leer ohne Vergleich, siehe comparison_gap.';
