"""A change of the catalogue or of an edition turns the mark that kept readings stand under (``ground/kept.py``)."""

from django.db import migrations

TABLES = ("standards_line", "standards_item", "standards_edition")
TURNS = "".join(
    f"CREATE TRIGGER {table}_turns_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION ground_turn_mark('asking');\n"
    for table in TABLES
)
UNDO = "".join(f"DROP TRIGGER {table}_turns_mark ON {table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("standards", "0008_studies_by_record"), ("ground", "0010_mark")]

    operations = [migrations.RunSQL(TURNS, UNDO)]
