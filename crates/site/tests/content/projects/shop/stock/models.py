class Item:
    """<script>alert(1)</script>"""
