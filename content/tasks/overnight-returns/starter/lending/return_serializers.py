"""What the machines send."""
from rest_framework import serializers


class ReturnSerializer(serializers.Serializer):
    barcode = serializers.CharField(max_length=20)
    returned_at = serializers.DateTimeField()
