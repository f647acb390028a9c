-- Register of deliveries: what became of every file that arrived. Append-only; the state of a
-- delivery is its last event other than 'duplicate'.
CREATE TABLE lake.landing.delivery (
    event_no BIGINT,               -- running number over all events; there is one writer
    delivery_sha256 VARCHAR,       -- SHA-256 of the file as delivered
    contract_id VARCHAR,
    contract_version VARCHAR,      -- at the time of the event
    file_name VARCHAR,             -- path below the contract's folder in the inbox
    size_bytes BIGINT,
    first_date DATE,               -- first and last local day covered; null where it cannot be read
    last_date DATE,
    event VARCHAR,                 -- landed | duplicate | loaded | quarantined | refused
    reason VARCHAR,                -- rule that quarantined or refused
    subjects VARCHAR,              -- pseudonyms of tills that a waiting delivery waits for
    loaded_rows BIGINT,            -- rows of all tables, for 'loaded'
    quarantined_rows BIGINT,       -- rows left out of a loaded delivery
    "at" TIMESTAMPTZ                 -- as_of of the run
);

-- What could not be loaded, and why, in words a steward can act on. Append-only.
CREATE TABLE lake.landing.quarantine (
    event_no BIGINT,               -- the event of landing.delivery this belongs to
    delivery_sha256 VARCHAR,
    contract_id VARCHAR,
    file_name VARCHAR,             -- with the file inside an archive
    row_number BIGINT,             -- first row concerned; null where the whole file is meant
    field VARCHAR,
    rule VARCHAR,
    found VARCHAR,                 -- masked where the field is personal or confidential
    expected VARCHAR,
    remedy VARCHAR,
    severity VARCHAR,              -- block | warn
    unit VARCHAR,                  -- delivery | row: what was left out
    occurrences BIGINT,            -- rows of the delivery that break the rule
    "at" TIMESTAMPTZ
);
