SELECT
    t.experiment_id,
    strftime(t.week_start_date, '%Y-%m-%d') AS week,
    t.treated_index,
    t.synthetic_index,
    t.phase,
    t.status,
    t.reason,
    t.figure_code
FROM experiment_week AS t
ORDER BY t.experiment_id, t.week_start_date
