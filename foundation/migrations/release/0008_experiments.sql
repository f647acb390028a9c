-- SPDX-License-Identifier: Apache-2.0
-- Evaluated experiments. Written by the disclosure gate alone.
-- Columns and texts are those of cooperative/releases; a test holds them together.

CREATE TABLE lake.release.experiment (
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
    contact VARCHAR,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.experiment IS 'Versuche. Eine Zeile je ausgewertetem Versuch.';
COMMENT ON COLUMN lake.release.experiment.experiment_id IS
    'Kennung des Versuchs';
COMMENT ON COLUMN lake.release.experiment.title IS
    'Name des Versuchs';
COMMENT ON COLUMN lake.release.experiment.hypothesis IS
    'Vermutung, wie sie angemeldet wurde';
COMMENT ON COLUMN lake.release.experiment.verdict IS
    'Ergebnis in einem Satz';
COMMENT ON COLUMN lake.release.experiment.limits IS
    'Grenzen des Ergebnisses in einem Satz';
COMMENT ON COLUMN lake.release.experiment.verdict_kind IS
    'belegt, zu klein, uneinig, falsche Richtung, kein Effekt oder offen';
COMMENT ON COLUMN lake.release.experiment.version IS
    'Fassung der Anmeldung, nach der ausgewertet wurde';
COMMENT ON COLUMN lake.release.experiment.registered_on IS
    'Tag der ersten Anmeldung, vor dem Beginn';
COMMENT ON COLUMN lake.release.experiment.registration_sha256 IS
    'Prüfsumme des angemeldeten Wortlauts';
COMMENT ON COLUMN lake.release.experiment.plan_change IS
    'Ob der Plan nach dem Beginn geändert wurde, mit Tag';
COMMENT ON COLUMN lake.release.experiment.start_date IS
    'Erster Tag des Versuchs';
COMMENT ON COLUMN lake.release.experiment.end_date IS
    'Letzter Tag des Versuchs';
COMMENT ON COLUMN lake.release.experiment.effect_percent IS
    'Unterschied zu dem, was ohne Maßnahme zu erwarten war, in Prozent';
COMMENT ON COLUMN lake.release.experiment.low_percent IS
    'Untere Grenze des Bereichs, in dem der Unterschied mit 95 % Sicherheit liegt, in Prozent';
COMMENT ON COLUMN lake.release.experiment.high_percent IS
    'Obere Grenze dieses Bereichs, in Prozent';
COMMENT ON COLUMN lake.release.experiment.p_space IS
    'Anteil der Gruppen ohne Maßnahme, die sich mindestens so stark bewegten (Vergleich der Orte)';
COMMENT ON COLUMN lake.release.experiment.p_time IS
    'Anteil der Zeiträume, die sich mindestens so stark abhoben (Vergleich der Zeiten)';
COMMENT ON COLUMN lake.release.experiment.minimum_relevant_percent IS
    'Kleinster Unterschied, der zählen sollte, vorher festgelegt, in Prozent';
COMMENT ON COLUMN lake.release.experiment.power_share IS
    'Wahrscheinlichkeit, mit der ein solcher Unterschied auffallen würde, vorher durchgerechnet (0 bis 1)';
COMMENT ON COLUMN lake.release.experiment.detectable_percent IS
    'Unterschied, der mit 80 % Wahrscheinlichkeit auffallen würde, in Prozent; 100 heißt: auch eine Verdopplung nicht sicher';
COMMENT ON COLUMN lake.release.experiment.treated_units IS
    'Straßenblöcke mit Maßnahme';
COMMENT ON COLUMN lake.release.experiment.control_count IS
    'Anzahl der Vergleichsblöcke, die ausgewertet wurden';
COMMENT ON COLUMN lake.release.experiment.owner_count IS
    'Anzahl der Betriebe (Inhaber) in den Blöcken mit Maßnahme, die ausgewertet wurden';
COMMENT ON COLUMN lake.release.experiment.left_out IS
    'Was nach den angemeldeten Regeln nicht mitzählt';
COMMENT ON COLUMN lake.release.experiment.method IS
    'Verfahren der Auswertung';
COMMENT ON COLUMN lake.release.experiment.cost_eur IS
    'Kosten des Versuchs in Euro';
COMMENT ON COLUMN lake.release.experiment.cost_text IS
    'Wofür die Kosten anfielen und wer sie trug';
COMMENT ON COLUMN lake.release.experiment.blueprint IS
    'Was andere brauchen, um den Versuch zu wiederholen';
COMMENT ON COLUMN lake.release.experiment.nuances IS
    'Was an diesem Ort besonders war';
COMMENT ON COLUMN lake.release.experiment.contact IS
    'Wen man fragen kann';
COMMENT ON COLUMN lake.release.experiment.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.experiment.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.experiment.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';

CREATE TABLE lake.release.experiment_week (
    experiment_id VARCHAR,
    week_start_date DATE,
    treated_index DOUBLE,
    synthetic_index DOUBLE,
    phase VARCHAR,
    status VARCHAR,
    reason VARCHAR,
    figure_code VARCHAR
);
COMMENT ON TABLE lake.release.experiment_week IS 'Verlauf der Versuche. Eine Zeile je ausgewertetem Versuch und Woche.';
COMMENT ON COLUMN lake.release.experiment_week.experiment_id IS
    'Kennung des Versuchs';
COMMENT ON COLUMN lake.release.experiment_week.week_start_date IS
    'Montag der Woche';
COMMENT ON COLUMN lake.release.experiment_week.treated_index IS
    'Einkäufe in den Blöcken mit Maßnahme, Vorzeit gleich 100';
COMMENT ON COLUMN lake.release.experiment_week.synthetic_index IS
    'Einkäufe, die dort ohne Maßnahme zu erwarten waren, Vorzeit gleich 100';
COMMENT ON COLUMN lake.release.experiment_week.phase IS
    'vorher oder Versuch';
COMMENT ON COLUMN lake.release.experiment_week.status IS
    'veröffentlicht, unterdrückt (zum Schutz Einzelner) oder fehlt (keine Angabe)';
COMMENT ON COLUMN lake.release.experiment_week.reason IS
    'Kurzer Grund, wenn der Wert unterdrückt ist oder fehlt';
COMMENT ON COLUMN lake.release.experiment_week.figure_code IS
    'Kennung der Zahl für „Woher kommt diese Zahl?“, je Tabelle und Zelle fest';
