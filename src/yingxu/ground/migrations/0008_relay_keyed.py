from django.db import migrations, models

import yingxu.ground.ids


class Migration(migrations.Migration):
    dependencies = [("ground", "0007_notices")]

    operations = [
        migrations.DeleteModel(name="Relay"),
        migrations.CreateModel(
            name="Relay",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=yingxu.ground.ids.next_key, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=32, unique=True)),
                ("entry_id", models.BigIntegerField()),
            ],
            options={"abstract": False},
        ),
    ]
