"""The ledger's table, its guards, and the sequences that keys come from: what Django's models can't say."""

from django.db import migrations

SEQUENCES = """
CREATE SEQUENCE ground_keys START 1;
CREATE SEQUENCE ground_numbers START 1;
"""

LEDGER = """
CREATE TABLE ground_entry (
    id bigint GENERATED ALWAYS AS IDENTITY,
    uid uuid NOT NULL,
    site_id bigint,
    kind varchar(64) NOT NULL,
    subject_kind varchar(16) NOT NULL,
    subject_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    actor_kind varchar(8) NOT NULL,
    actor_id bigint,
    actor_name varchar(64) NOT NULL,
    behalf_id bigint,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    cause uuid,
    command_id varchar(64) NOT NULL,
    facts jsonb NOT NULL,
    PRIMARY KEY (recorded_at, id)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX ground_entry_thread ON ground_entry (thread_id, happened_at);
CREATE INDEX ground_entry_site_id ON ground_entry (site_id, id);
CREATE INDEX ground_entry_kind ON ground_entry (site_id, kind, happened_at);
CREATE TABLE ground_entry_default PARTITION OF ground_entry DEFAULT;

CREATE FUNCTION ground_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'YX002';
END $$;
CREATE TRIGGER ground_entry_no_change BEFORE UPDATE OR DELETE ON ground_entry
    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER ground_entry_no_truncate BEFORE TRUNCATE ON ground_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER ground_entry_default_no_truncate BEFORE TRUNCATE ON ground_entry_default
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER ground_seal_no_change BEFORE UPDATE OR DELETE ON ground_seal
    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER ground_seal_no_truncate BEFORE TRUNCATE ON ground_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();

CREATE FUNCTION ground_open_partition(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first date := date_trunc('month', month)::date;
    name text := 'ground_entry_' || to_char(first, 'YYYYMM');
BEGIN
    IF to_regclass(name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF ground_entry FOR VALUES FROM (%L) TO (%L)',
            name, first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change()',
            name || '_no_truncate', name);
    END IF;
EXCEPTION WHEN check_violation THEN
    NULL;  -- the month began in the default partition while no worker ran; it stays there, whole
END $$;
SELECT ground_open_partition(current_date), ground_open_partition((current_date + interval '1 month')::date);

CREATE FUNCTION ground_expect(n_seen bigint, expected bigint, label text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF n_seen <> expected THEN
        RAISE EXCEPTION 'another state than the one seen: %', label USING ERRCODE = 'YX001';
    END IF;
END $$;
"""

CONTRACTS = """
ALTER TABLE ground_contract ADD CONSTRAINT one_contract_a_line_place_and_day EXCLUDE USING gist (
    int8range(site_id, site_id, '[]') WITH &&,
    int8range(hashtext(line_code)::bigint, hashtext(line_code)::bigint, '[]') WITH &&,
    int8range(COALESCE(place_id, 0), COALESCE(place_id, 0), '[]') WITH &&,
    period WITH &&
);
"""

UNDO = """
DROP FUNCTION ground_expect(bigint, bigint, text);
DROP FUNCTION ground_open_partition(date);
DROP TRIGGER ground_seal_no_truncate ON ground_seal;
DROP TRIGGER ground_seal_no_change ON ground_seal;
DROP TABLE ground_entry;
DROP FUNCTION ground_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ground", "0001_initial")]

    operations = [
        migrations.RunSQL(SEQUENCES, "DROP SEQUENCE ground_keys; DROP SEQUENCE ground_numbers;"),
        migrations.RunSQL(LEDGER, UNDO),
        migrations.RunSQL(CONTRACTS, "ALTER TABLE ground_contract DROP CONSTRAINT one_contract_a_line_place_and_day;"),
    ]
