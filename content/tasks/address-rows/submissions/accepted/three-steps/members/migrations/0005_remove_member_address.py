from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("members", "0004_move_addresses"),
    ]

    operations = [
        migrations.RemoveField(model_name="member", name="address"),
    ]
