from django.db import models


class Guide(models.Model):
    slug = models.SlugField(unique=True)
    title = models.TextField()
    summary = models.TextField()


class Section(models.Model):
    guide = models.ForeignKey(Guide, models.CASCADE)
    position = models.IntegerField()
    slug = models.SlugField()
    title = models.TextField()
    summary = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["guide", "position"])]


class Competency(models.Model):
    id = models.SlugField(primary_key=True)
    name = models.TextField()


class Question(models.Model):
    section = models.ForeignKey(Section, models.CASCADE)
    position = models.IntegerField()
    slug = models.SlugField()
    title = models.TextField()
    level = models.CharField(max_length=10)
    competency = models.ForeignKey(Competency, models.PROTECT)

    class Meta:
        indexes = [models.Index(fields=["section", "position"])]


class Proof(models.Model):
    slug = models.SlugField()
    key = models.CharField(max_length=200, unique=True)
    code = models.TextField()
    highlighted = models.TextField()
    output = models.TextField(null=True)
    statements = models.IntegerField(null=True)

    def rows(self):
        """Lines of a text field that shows all of the code."""
        return min(max(len(self.code.splitlines()), 3), 40) + 1


class ProofRun(models.Model):
    proof = models.OneToOneField(Proof, models.CASCADE, to_field="key", related_name="run", primary_key=True)
    versions = models.TextField()
    proved_at = models.DateTimeField()
    passed = models.BooleanField()


class Block(models.Model):
    section = models.ForeignKey(Section, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, null=True)
    part = models.CharField(max_length=10)
    html = models.TextField()
    proof = models.ForeignKey(Proof, models.PROTECT, null=True)

    class Meta:
        indexes = [models.Index(fields=["section", "id"])]


class Link(models.Model):
    section = models.ForeignKey(Section, models.CASCADE)
    url = models.TextField()
    title = models.TextField()
    why = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["section", "id"])]
