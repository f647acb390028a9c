-- SPDX-License-Identifier: Apache-2.0
-- Evaluations of registered experiments; no model rebuilds them, orchestration/assets/experiments.py writes them.
-- fct_: every evaluation, internal. ind_: what the firm rules let through, the sources of the releases.

CREATE TABLE lake.marts.fct_experiment_estimate (
    experiment_id VARCHAR,
    version INTEGER,
    method VARCHAR,
    is_planned BOOLEAN,
    entry_sha256 VARCHAR,
    effect_log DOUBLE,
    effect_percent DOUBLE,
    low_percent DOUBLE,
    high_percent DOUBLE,
    standard_error DOUBLE,
    p_space DOUBLE,
    p_time DOUBLE,
    placebo_count INTEGER,
    is_exhaustive BOOLEAN,
    treated_count INTEGER,
    control_count INTEGER,
    owner_count INTEGER,
    weeks_before INTEGER,
    weeks_after INTEGER,
    left_out VARCHAR,
    verdict_kind VARCHAR,
    withheld_reason VARCHAR
);
COMMENT ON TABLE lake.marts.fct_experiment_estimate IS 'Auswertungen von Versuchen, intern. One row per experiment and method.';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.experiment_id IS
    'Kennung des Versuchs';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.version IS
    'Fassung der Anmeldung';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.method IS
    'sdid, sc oder did';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.is_planned IS
    'Ob das angemeldete Verfahren, sonst daneben gerechnet';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.entry_sha256 IS
    'Prüfsumme des angemeldeten Wortlauts';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.effect_log IS
    'Unterschied der Logarithmen';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.effect_percent IS
    'Unterschied in Prozent';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.low_percent IS
    'Untere Grenze in Prozent';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.high_percent IS
    'Obere Grenze in Prozent';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.standard_error IS
    'Standardfehler des Unterschieds der Logarithmen, aus den Placebos im Raum';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.p_space IS
    'p-Wert aus den Placebos im Raum';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.p_time IS
    'p-Wert aus den Lagen des Zeitraums';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.placebo_count IS
    'Gruppen ohne Maßnahme, die ausgewertet wurden';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.is_exhaustive IS
    'Ob das alle Gruppen waren';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.treated_count IS
    'Blöcke mit Maßnahme';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.control_count IS
    'Vergleichsblöcke';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.owner_count IS
    'Inhaber in den Blöcken mit Maßnahme';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.weeks_before IS
    'Wochen der Vorzeit';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.weeks_after IS
    'Wochen des Versuchs';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.left_out IS
    'Was nach den Regeln nicht mitzählt';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.verdict_kind IS
    'Art des Ergebnisses';
COMMENT ON COLUMN lake.marts.fct_experiment_estimate.withheld_reason IS
    'Warum das Ergebnis nicht hinausdarf; leer, wenn es darf';

CREATE TABLE lake.marts.ind_experiment (
    experiment_id VARCHAR,
    title VARCHAR,
    hypothesis VARCHAR,
    verdict VARCHAR,
    limits VARCHAR,
    verdict_kind VARCHAR,
    version INTEGER,
    registered_on DATE,
    registration_sha256 VARCHAR,
    plan_change VARCHAR,
    start_date DATE,
    end_date DATE,
    effect_percent DOUBLE,
    low_percent DOUBLE,
    high_percent DOUBLE,
    p_space DOUBLE,
    p_time DOUBLE,
    minimum_relevant_percent DOUBLE,
    power_share DOUBLE,
    detectable_percent DOUBLE,
    treated_units VARCHAR,
    control_count INTEGER,
    owner_count INTEGER,
    left_out VARCHAR,
    method VARCHAR,
    cost_eur DECIMAL(18,2),
    cost_text VARCHAR,
    blueprint VARCHAR,
    nuances VARCHAR,
    contact VARCHAR
);
COMMENT ON TABLE lake.marts.ind_experiment IS 'Versuche, deren Ergebnis hinausdarf. One row per experiment.';
COMMENT ON COLUMN lake.marts.ind_experiment.experiment_id IS
    'Kennung des Versuchs';
COMMENT ON COLUMN lake.marts.ind_experiment.title IS
    'Name des Versuchs';
COMMENT ON COLUMN lake.marts.ind_experiment.hypothesis IS
    'Vermutung, wie sie angemeldet wurde';
COMMENT ON COLUMN lake.marts.ind_experiment.verdict IS
    'Ergebnis in einem Satz';
COMMENT ON COLUMN lake.marts.ind_experiment.limits IS
    'Grenzen des Ergebnisses in einem Satz';
COMMENT ON COLUMN lake.marts.ind_experiment.verdict_kind IS
    'belegt, zu klein, uneinig, falsche Richtung, kein Effekt oder offen';
COMMENT ON COLUMN lake.marts.ind_experiment.version IS
    'Fassung der Anmeldung, nach der ausgewertet wurde';
COMMENT ON COLUMN lake.marts.ind_experiment.registered_on IS
    'Tag der ersten Anmeldung, vor dem Beginn';
COMMENT ON COLUMN lake.marts.ind_experiment.registration_sha256 IS
    'Prüfsumme des angemeldeten Wortlauts';
COMMENT ON COLUMN lake.marts.ind_experiment.plan_change IS
    'Ob der Plan nach dem Beginn geändert wurde, mit Tag';
COMMENT ON COLUMN lake.marts.ind_experiment.start_date IS
    'Erster Tag des Versuchs';
COMMENT ON COLUMN lake.marts.ind_experiment.end_date IS
    'Letzter Tag des Versuchs';
COMMENT ON COLUMN lake.marts.ind_experiment.effect_percent IS
    'Unterschied zu dem, was ohne Maßnahme zu erwarten war, in Prozent';
COMMENT ON COLUMN lake.marts.ind_experiment.low_percent IS
    'Untere Grenze des Bereichs, in dem der Unterschied mit 95 % Sicherheit liegt, in Prozent';
COMMENT ON COLUMN lake.marts.ind_experiment.high_percent IS
    'Obere Grenze dieses Bereichs, in Prozent';
COMMENT ON COLUMN lake.marts.ind_experiment.p_space IS
    'Anteil der Gruppen ohne Maßnahme, die sich mindestens so stark bewegten (Vergleich der Orte)';
COMMENT ON COLUMN lake.marts.ind_experiment.p_time IS
    'Anteil der Zeiträume, die sich mindestens so stark abhoben (Vergleich der Zeiten)';
COMMENT ON COLUMN lake.marts.ind_experiment.minimum_relevant_percent IS
    'Kleinster Unterschied, der zählen sollte, vorher festgelegt, in Prozent';
COMMENT ON COLUMN lake.marts.ind_experiment.power_share IS
    'Wahrscheinlichkeit, mit der ein solcher Unterschied auffallen würde, vorher durchgerechnet (0 bis 1)';
COMMENT ON COLUMN lake.marts.ind_experiment.detectable_percent IS
    'Unterschied, der mit 80 % Wahrscheinlichkeit auffallen würde, in Prozent; 100 heißt: auch eine Verdopplung nicht sicher';
COMMENT ON COLUMN lake.marts.ind_experiment.treated_units IS
    'Straßenblöcke mit Maßnahme';
COMMENT ON COLUMN lake.marts.ind_experiment.control_count IS
    'Anzahl der Vergleichsblöcke, die ausgewertet wurden';
COMMENT ON COLUMN lake.marts.ind_experiment.owner_count IS
    'Anzahl der Betriebe (Inhaber) in den Blöcken mit Maßnahme, die ausgewertet wurden';
COMMENT ON COLUMN lake.marts.ind_experiment.left_out IS
    'Was nach den angemeldeten Regeln nicht mitzählt';
COMMENT ON COLUMN lake.marts.ind_experiment.method IS
    'Verfahren der Auswertung';
COMMENT ON COLUMN lake.marts.ind_experiment.cost_eur IS
    'Kosten des Versuchs in Euro';
COMMENT ON COLUMN lake.marts.ind_experiment.cost_text IS
    'Wofür die Kosten anfielen und wer sie trug';
COMMENT ON COLUMN lake.marts.ind_experiment.blueprint IS
    'Was andere brauchen, um den Versuch zu wiederholen';
COMMENT ON COLUMN lake.marts.ind_experiment.nuances IS
    'Was an diesem Ort besonders war';
COMMENT ON COLUMN lake.marts.ind_experiment.contact IS
    'Wen man fragen kann';

CREATE TABLE lake.marts.ind_experiment_week (
    experiment_id VARCHAR,
    week_start_date DATE,
    treated_index DOUBLE,
    synthetic_index DOUBLE,
    phase VARCHAR
);
COMMENT ON TABLE lake.marts.ind_experiment_week IS 'Wochenkurven dieser Versuche. One row per experiment and week.';
COMMENT ON COLUMN lake.marts.ind_experiment_week.experiment_id IS
    'Kennung des Versuchs';
COMMENT ON COLUMN lake.marts.ind_experiment_week.week_start_date IS
    'Montag der Woche';
COMMENT ON COLUMN lake.marts.ind_experiment_week.treated_index IS
    'Einkäufe in den Blöcken mit Maßnahme, Vorzeit gleich 100';
COMMENT ON COLUMN lake.marts.ind_experiment_week.synthetic_index IS
    'Einkäufe, die dort ohne Maßnahme zu erwarten waren, Vorzeit gleich 100';
COMMENT ON COLUMN lake.marts.ind_experiment_week.phase IS
    'vorher oder Versuch';
