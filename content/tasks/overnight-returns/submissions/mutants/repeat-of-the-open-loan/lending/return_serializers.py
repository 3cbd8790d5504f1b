"""Reading what the machines send, by hand: every fault is collected, none is thrown."""
from django.utils import timezone
from django.utils.dateparse import parse_datetime

ITEM_KEYS = {"barcode", "returned_at"}


def strange_keys(data, known):
    return {key: ["Unknown key."] for key in data if key not in known}


def read_batch(data):
    """The items by position, and the errors of the whole."""
    if not isinstance(data, dict):
        return [], {"returns": ["Send an object with returns."]}
    errors = strange_keys(data, {"returns"})
    items = data.get("returns")
    if not isinstance(items, list) or not items:
        return [], {**errors, "returns": ["Send a list that is not empty."]}
    return items, errors


def read_item(item):
    """Barcode, moment and errors of one item."""
    if not isinstance(item, dict):
        return None, None, {"barcode": ["Send an object."]}
    errors = strange_keys(item, ITEM_KEYS)
    barcode = item.get("barcode")
    if not isinstance(barcode, str) or not barcode:
        errors["barcode"] = ["Send a barcode."]
    moment, fault = read_moment(item.get("returned_at"))
    if fault:
        errors["returned_at"] = [fault]
    return barcode, moment, errors


def read_moment(text):
    try:
        moment = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        moment = None
    if moment is None:
        return None, "Send a date and time, such as 2026-03-04T22:10:05+01:00."
    if moment.utcoffset() is None:
        return None, "Send the offset from UTC too."
    if moment > timezone.now():
        return None, "This lies in the future."
    return moment, None
