-- Readers who write reviews.
insert into auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 10)
select random_id(), '!', 0, 'reader-' || random_id(), random_name(), random_word(), '', 0, 1, '2026-01-05 09:00:00' from n;

insert into members_member (id, user_id, card_number, home_branch_id, joined_on, is_suspended)
select random_id(), u.id, 'W' || random_id(), random_int(1, 3), '2026-01-06', 0
from auth_user u where u.username like 'reader-%';

insert into catalog_publisher (id, name, country)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 3)
select random_id(), random_word() || ' Press ' || random_id(), 'DK' from n;

insert into catalog_author (id, name, born)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 6)
select random_id(), random_name(), random_int(1930, 1995) from n;

-- Twelve more books, spread over the publishers.
insert into catalog_book (id, title, isbn, published_on, pages, price, publisher_id)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 12),
  shuffled(place, id) as (
    select row_number() over (order by key), id
    from (select id, random_int(0, 999999999) as key from catalog_publisher)
  )
select random_id(), random_title(), printf('979%010d', random_id()), printf('20%02d-%02d-%02d', random_int(0, 25), random_int(1, 12), random_int(1, 28)),
  random_int(80, 900), random_int(500, 4000) / 100.0, shuffled.id
from n join shuffled on shuffled.place = 1 + n.i % 6;

-- `+ 0 * a.id` makes SQLite draw anew for each pair, not once for each book.
-- Any author may have had a hand in any book.
insert or ignore into catalog_book_authors (book_id, author_id)
select b.id, a.id from catalog_book b cross join catalog_author a where random_int(1, 100) + 0 * a.id <= 12;

-- One more copy of each book at each branch, in any state.
insert into catalog_copy (id, book_id, branch_id, barcode, state)
select random_id(), b.id, br.id, 'W' || random_id(),
  case random_int(1, 5) when 1 then 'lost' when 2 then 'on_loan' when 3 then 'on_loan' else 'on_shelf' end
from catalog_book b cross join branches_branch br;

-- Most readers have read most books; one review in five was hidden by the desk.
insert into catalog_review (id, book_id, member_id, rating, text, is_visible, written_at)
select random_id(), b.id, m.id, random_int(1, 5), random_text(3), random_int(1, 5) > 1,
  printf('2026-%02d-%02d %02d:00:00', random_int(1, 9), random_int(1, 28), random_int(0, 23))
from catalog_book b cross join members_member m
where m.card_number like 'W%' and random_int(1, 100) + 0 * m.id <= 85;

-- What must be there for a wrong answer to show. The newest review of each book waits, hidden, for the desk.
update catalog_review set is_visible = 0
where id in (select id from (
  select id, row_number() over (partition by book_id order by written_at desc, id) as place from catalog_review) where place = 1);

-- The third book of the second page has no visible review at all.
update catalog_review set is_visible = 0
where book_id = (select id from catalog_book order by title, id limit 1 offset {{ page_size + 2 }});

-- Each book has lost all its copies at one branch.
update catalog_copy set state = 'lost' where branch_id = 1 + book_id % 3;
