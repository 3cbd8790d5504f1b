"""The small, fixed world that guides and proofs speak of: 3 branches, 8 authors,
30 books, 60 copies, 6 people. Run once when the snapshot is made; always the same.
"""
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from django.contrib.auth.models import User

from branches.models import Branch, Post
from catalog.models import Author, Book, Copy, Genre, Publisher, Review
from lending.models import Fine, Loan, Reservation
from lists.models import Entry, ReadingList
from members.models import Member

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)

PEOPLE = [
    # username, first name, last name, what they are
    ("ada", "Ada", "Okafor", "member"),
    ("ben", "Ben", "Lindqvist", "member"),
    ("cleo", "Cleo", "Marsh", "librarian at Harbour"),
    ("dev", "Dev", "Patel", "librarian at Hill"),
    ("edna", "Edna", "Brandt", "superuser"),
    ("finn", "Finn", "Moreau", "suspended member"),
]

AUTHORS = [
    ("Ines Calder", 1951), ("Tomas Reuter", 1948), ("Mara Whitlock", 1969),
    ("Jonah Abara", 1975), ("Lena Fjord", 1983), ("Pavel Ostrow", 1939),
    ("Sunniva Dahl", 1990), ("Victor Amis", None),
]

TITLES = [
    "A Harbour in Winter", "The Slow Index", "Letters to a Cartographer",
    "Nine Bridges", "The Keeper of Hours", "Salt and Paper", "Under the Lime Trees",
    "The Last Ferry", "An Unquiet Garden", "Maps of Small Places",
    "The Glass Orchard", "Counting Rain", "The Second Lighthouse", "Field Notes",
    "A Grammar of Birds", "The Borrowed Coat", "North of the River",
    "Three Quiet Rooms", "The Clockmaker's Apprentice", "Stone and Thread",
    "The Orchard Wall", "Evening Classes", "The Paper Sky", "A Short Walk Home",
    "The Ferryman's Ledger", "Low Tide", "The Winter Catalogue", "Blue Hour",
    "The House of Doors", "Small Hours",
]

BRANCHES = [("Harbour", 1967), ("Hill", 1984), ("Station", 2011)]
PUBLISHERS = [("Alder Press", "GB"), ("Norrland", "SE"), ("Casa Clara", "ES")]
GENRES = ["Crime", "Essays", "History", "Nature", "Novel", "Poetry"]


def load():
    """Fill an empty, migrated database."""
    users = _people()
    branches = [
        Branch.objects.create(name=name, slug=name.lower(), opened_on=date(year, 5, 1))
        for name, year in BRANCHES
    ]
    harbour, hill, _ = branches
    Post.objects.create(user=users["cleo"], branch=harbour, role=Post.LIBRARIAN)
    Post.objects.create(user=users["dev"], branch=hill, role=Post.LIBRARIAN)
    members = _members(users, harbour, hill)
    books = _books(branches)
    _reviews(books, members)
    _lending(books, members, harbour)
    _lists(books, members)


def _people():
    users = {}
    for username, first, last, what in PEOPLE:
        is_admin = what == "superuser"
        user = User(
            username=username, first_name=first, last_name=last,
            email=f"{username}@riverside.example",
            is_staff=is_admin, is_superuser=is_admin, date_joined=NOON,
        )
        user.set_unusable_password()
        user.save()
        users[username] = user
    return users


def _members(users, harbour, hill):
    rows = [("ada", harbour, False), ("ben", hill, False), ("finn", harbour, True)]
    return {
        name: Member.objects.create(
            user=users[name], card_number=f"RL{index:06d}", home_branch=branch,
            joined_on=date(2024, index, 1), is_suspended=suspended,
        )
        for index, (name, branch, suspended) in enumerate(rows, start=1)
    }


def _books(branches):
    authors = [Author.objects.create(name=name, born=born) for name, born in AUTHORS]
    publishers = [Publisher.objects.create(name=n, country=c) for n, c in PUBLISHERS]
    genres = [Genre.objects.create(name=name) for name in GENRES]
    books = []
    for index, title in enumerate(TITLES):
        book = Book.objects.create(
            title=title,
            isbn=f"97800000{index:05d}",
            published_on=date(1995 + index, 1 + index % 12, 1 + index % 28),
            pages=120 + 11 * index,
            price=Decimal("7.50") + Decimal(index) / 4,
            publisher=publishers[index % len(publishers)],
        )
        book.authors.add(authors[index % len(authors)])
        if index % 5 == 0:
            book.authors.add(authors[(index + 3) % len(authors)])
        book.genres.add(genres[index % len(genres)], genres[(index + 2) % len(genres)])
        for number in range(2):
            Copy.objects.create(
                book=book, branch=branches[(index + number) % len(branches)],
                barcode=f"C{index:03d}-{number}",
            )
        books.append(book)
    return books


def _reviews(books, members):
    for index, book in enumerate(books[:12]):
        for offset, member in enumerate(members.values()):
            if (index + offset) % 2 == 0:
                Review.objects.create(
                    book=book, member=member, rating=1 + (index + 2 * offset) % 5,
                    text=f"Note {index} on {book.title}.",
                    is_visible=(index + offset) % 6 != 0,
                    written_at=NOON - timedelta(days=index, hours=offset),
                )


def _lending(books, members, harbour):
    ada, ben, finn = members["ada"], members["ben"], members["finn"]
    for index, (member, book, days_ago, back_after) in enumerate([
        (ada, books[0], 40, 12), (ada, books[1], 30, None), (ben, books[2], 9, None),
        (ben, books[3], 60, 25), (ada, books[4], 5, None), (finn, books[5], 90, None),
    ]):
        copy = book.copies.first()
        borrowed = NOON - timedelta(days=days_ago)
        loan = Loan.objects.create(
            copy=copy, member=member, borrowed_at=borrowed,
            due_on=(borrowed + timedelta(days=21)).date(),
            returned_at=borrowed + timedelta(days=back_after) if back_after else None,
        )
        if loan.returned_at is None:
            copy.state = Copy.ON_LOAN
            copy.save(update_fields=["state"])
        if index in (3, 5):
            Fine.objects.create(loan=loan, amount=Decimal("2.40") + index, issued_at=NOON)
    Reservation.objects.create(
        book=books[1], member=ben, pickup_branch=harbour, created_at=NOON
    )


def _lists(books, members):
    private = ReadingList.objects.create(
        owner=members["ada"], title="For the ferry", created_at=NOON
    )
    shared = ReadingList.objects.create(
        owner=members["ada"], title="Book club", audience=ReadingList.BRANCH,
        created_at=NOON + timedelta(hours=1),
    )
    bens = ReadingList.objects.create(
        owner=members["ben"], title="Later", created_at=NOON + timedelta(hours=2)
    )
    for reading_list, chosen in [(private, books[:4]), (shared, books[4:9]), (bens, books[2:5])]:
        for position, book in enumerate(chosen, start=1):
            Entry.objects.create(reading_list=reading_list, book=book, position=position)
