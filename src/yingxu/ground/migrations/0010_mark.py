"""A mark that turns with every change of what each asking reads, so that processes may keep it (``ground/kept.py``)."""

from django.db import migrations

MARK = """
CREATE TABLE ground_mark (name varchar(16) PRIMARY KEY, value uuid NOT NULL);
INSERT INTO ground_mark VALUES ('asking', gen_random_uuid());

CREATE FUNCTION ground_turn_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ground_mark SET value = gen_random_uuid() WHERE name = TG_ARGV[0];
    RETURN NULL;
END $$;
CREATE TRIGGER ground_place_turns_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ground_place
    FOR EACH STATEMENT EXECUTE FUNCTION ground_turn_mark('asking');
CREATE TRIGGER ground_contract_turns_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ground_contract
    FOR EACH STATEMENT EXECUTE FUNCTION ground_turn_mark('asking');
"""

UNDO = """
DROP TRIGGER ground_contract_turns_mark ON ground_contract;
DROP TRIGGER ground_place_turns_mark ON ground_place;
DROP FUNCTION ground_turn_mark();
DROP TABLE ground_mark;
"""


class Migration(migrations.Migration):
    dependencies = [("ground", "0009_assets")]

    operations = [migrations.RunSQL(MARK, UNDO)]
