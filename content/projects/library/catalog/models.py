"""What the library owns: books, who wrote them, and the copies on the shelves."""
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=120)
    born = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name


class Publisher(models.Model):
    name = models.CharField(max_length=120, unique=True)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 code")

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Genre(models.Model):
    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class BookQuerySet(models.QuerySet):
    def published_in(self, year):
        return self.filter(published_on__year=year)


class Book(models.Model):
    title = models.CharField(max_length=200)
    isbn = models.CharField(max_length=13, unique=True)
    published_on = models.DateField()
    pages = models.PositiveIntegerField(default=0)
    price = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    publisher = models.ForeignKey(
        Publisher, on_delete=models.PROTECT, related_name="books"
    )
    authors = models.ManyToManyField(Author, related_name="books")
    genres = models.ManyToManyField(Genre, related_name="books", blank=True)

    objects = BookQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self):
        return self.title


class Copy(models.Model):
    """One physical book, with its own barcode, at one branch."""

    ON_SHELF = "on_shelf"
    ON_LOAN = "on_loan"
    LOST = "lost"
    STATES = [(ON_SHELF, "On the shelf"), (ON_LOAN, "On loan"), (LOST, "Lost")]

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="copies")
    branch = models.ForeignKey(
        "branches.Branch", on_delete=models.PROTECT, related_name="copies"
    )
    barcode = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=10, choices=STATES, default=ON_SHELF)

    class Meta:
        ordering = ["barcode"]
        verbose_name_plural = "copies"

    def __str__(self):
        return f"{self.barcode}: {self.book}"


class Review(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="reviews")
    member = models.ForeignKey(
        "members.Member", on_delete=models.CASCADE, related_name="reviews"
    )
    rating = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = models.TextField(blank=True)
    is_visible = models.BooleanField(default=True)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-written_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "member"], name="one_review_per_member"
            ),
            models.CheckConstraint(
                condition=models.Q(rating__gte=1, rating__lte=5),
                name="rating_between_1_and_5",
            ),
        ]

    def __str__(self):
        return f"{self.rating}/5 for {self.book}"
