from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ground", "0010_mark"),
    ]

    operations = [
        migrations.AddField(
            model_name="asset",
            name="line_code",
            field=models.CharField(default="", max_length=8),
            preserve_default=False,
        ),
    ]
