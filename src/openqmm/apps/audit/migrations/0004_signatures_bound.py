from django.db import migrations, models


def _text(longest: int) -> models.CharField:
    return models.CharField(max_length=longest, default="")


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_forms_done_once")]

    # Signatures made before bound nothing but their content; without a statement none of them holds.
    operations = [
        migrations.AddField("signature", "zone", _text(40), preserve_default=False),
        migrations.AddField("signature", "statement", models.TextField(default=""), preserve_default=False),
        migrations.AddField("signature", "challenge", _text(64), preserve_default=False),
        migrations.AddField("signature", "components", _text(60), preserve_default=False),
        migrations.AddField("signature", "binding", _text(64), preserve_default=False),
        migrations.AddConstraint(
            "signature",
            models.UniqueConstraint(fields=["challenge"], name="challenge_signed_once"),
        ),
    ]
