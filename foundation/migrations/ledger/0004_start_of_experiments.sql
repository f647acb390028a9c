-- SPDX-License-Identifier: Apache-2.0
-- A start that a later version moves must not undo what was seen since the first one.

ALTER TABLE lake.ledger.experiment ADD COLUMN first_day DATE;
COMMENT ON COLUMN lake.ledger.experiment.first_day IS
    'Erster Tag des Versuchs nach dieser Fassung.';
