"""The page of a section, in five queries: guide, its sections, questions, blocks with proofs and their records, links."""
import os

from django.http import Http404
from django.shortcuts import render

from .models import Block, Guide, Link, Question, Section

ASSETS = os.environ.get("BENCH_ASSETS", "/assets")
LEVELS = {"junior": "Junior", "middle": "Middle", "senior": "Senior"}
PARTS = [
    ("Why it is asked", "why"),
    ("A strong answer", "strong"),
    ("A weak answer", "weak"),
    ("Follow-up", "follow-up"),
    ("Sources", "sources"),
]


def section(request, guide, section):
    try:
        guide = Guide.objects.get(slug=guide)
    except Guide.DoesNotExist:
        raise Http404
    sections = list(Section.objects.filter(guide=guide).order_by("position"))
    at = next((at for at, other in enumerate(sections) if other.slug == section), None)
    if at is None:
        raise Http404
    section = sections[at]
    questions = list(Question.objects.filter(section=section).select_related("competency").order_by("position"))
    blocks = {}
    for block in Block.objects.filter(section=section).select_related("proof__run").order_by("id"):
        blocks.setdefault((block.question_id, block.part), []).append(block)
    for question in questions:
        question.level_name = LEVELS[question.level]
        question.parts = [
            (heading, part, blocks.get((question.id, part), [])) for heading, part in PARTS
        ]
    here = {question.level for question in questions}
    levels = [level for level in LEVELS.items() if level[0] in here]
    return render(request, "section.html", {
        "assets": ASSETS,
        "guide": guide,
        "section": section,
        "intro": blocks.get((None, "intro"), []),
        "questions": questions,
        "levels": levels if len(levels) > 1 else [],
        "previous": sections[at - 1] if at else None,
        "next": sections[at + 1] if at + 1 < len(sections) else None,
        "links": list(Link.objects.filter(section=section).order_by("id")),
    })
