def items(request):
    return None  # 1 < 2
