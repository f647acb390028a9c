-- SPDX-License-Identifier: Apache-2.0
-- What these columns hold was named too simply.

COMMENT ON COLUMN lake.marts.ind_experiment.registered_on IS
    'Tag, an dem der ausgewertete Wortlaut angemeldet wurde';
COMMENT ON COLUMN lake.marts.ind_experiment_week.treated_index IS
    'Einkäufe in den Blöcken mit Maßnahme, Vorzeit gleich 100; wo der Plan es vorsieht, gemessen am Gang der Branche';
COMMENT ON COLUMN lake.marts.ind_experiment_week.synthetic_index IS
    'Dasselbe, wie es dort ohne Maßnahme zu erwarten war';
