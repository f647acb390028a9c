-- SPDX-License-Identifier: Apache-2.0
-- From when to when a look back reaches; empty in rows of an earlier state, until the next forecast.

ALTER TABLE lake.marts.fct_backtest ADD COLUMN from_date DATE;
ALTER TABLE lake.marts.fct_backtest ADD COLUMN to_date DATE;
COMMENT ON COLUMN lake.marts.fct_backtest.from_date IS 'Erster Tag des Rückblicks.';
COMMENT ON COLUMN lake.marts.fct_backtest.to_date IS 'Letzter Tag des Rückblicks.';
