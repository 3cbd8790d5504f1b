-- Finn works at Harbour too, as Cleo does: two people whose desk shows the same figures.
insert into branches_post (id, user_id, branch_id, role)
select random_id(), u.id, b.id, 'manager' from auth_user u, branches_branch b where u.username = 'finn' and b.slug = 'harbour';

-- Readers.
insert into auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 12)
select random_id(), '!', 0, 'reader-' || random_id(), random_name(), random_word(), '', 0, 1, '2020-01-05 09:00:00' from n;
insert into members_member (id, user_id, card_number, home_branch_id, joined_on, is_suspended)
select random_id(), u.id, 'W' || random_id(), random_int(1, 3), '2020-01-06', 0 from auth_user u where u.username like 'reader-%';

-- Copies that are out, at any branch; each is one loan below.
insert into catalog_copy (id, book_id, branch_id, barcode, state)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 30)
select random_id(), random_int(1, 30), random_int(1, 3), 'W' || random_id(), 'on_loan' from n;

-- The ledger's past: on each of 40 days some loans at any hour …
insert into lending_loan (id, copy_id, member_id, borrowed_at, due_on, returned_at, renewals)
with recursive d(i) as (select 0 union all select i + 1 from d where i < 39),
  n(j) as (select 1 union all select j + 1 from n where j < 5),
  copies(place, id) as (select row_number() over (order by key), id from (select id, random_int(0, 999999999) as key from catalog_copy where state = 'on_shelf')),
  members(place, id) as (select row_number() over (order by key), id from (select id, random_int(0, 999999999) as key from members_member)),
  drawn(begun, days, time, copy_place, member_place) as (
    select date('now', (i - 100) || ' days'), random_int(2, 40) + 0 * j, printf('%02d:%02d:%02d', random_int(9, 18) + 0 * j, random_int(0, 59), random_int(0, 59)),
      random_int(1, 50) + 0 * j, random_int(1, 15) + 0 * j from d cross join n)
select random_id(), copies.id, members.id, begun || ' ' || time, date(begun, '+21 days'), date(begun, '+' || days || ' days') || ' 11:30:00', 0
from drawn join copies on copies.place = copy_place join members on members.place = member_place;

-- … and some that only a careful eye puts on the right day, one member's: begun in its first and in its last second,
insert into lending_loan (id, copy_id, member_id, borrowed_at, due_on, returned_at, renewals)
with recursive d(i) as (select 0 union all select i + 1 from d where i < 41),
  n(time) as (values (' 00:00:00'), (' 23:59:59'))
select random_id(), random_int(10, 20) + 0 * length(time), 1 + i % 3, date('now', (i - 101) || ' days') || time, date('now', (i - 80) || ' days'),
  date('now', (i - 95) || ' days') || ' 12:00:00', 0
from d cross join n;

-- and ended in its first second (a day late), and in its last one (just in time).
insert into lending_loan (id, copy_id, member_id, borrowed_at, due_on, returned_at, renewals)
with recursive d(i) as (select 0 union all select i + 1 from d where i < 41),
  n(time, due) as (values (' 00:00:00', 102), (' 23:59:59', 101))
select random_id(), random_int(30, 40) + 0 * due, random_int(1, 3) + 0 * due, date('now', (i - 123) || ' days') || ' 10:00:00', date('now', (i - due) || ' days'),
  date('now', (i - 101) || ' days') || time, 0
from d cross join n;

-- The three that have been out longest are three books.
update catalog_copy set book_id = 6 + c.place
from (select row_number() over (order by id) as place, id from catalog_copy where barcode like 'W%') c
where c.id = catalog_copy.id and c.place in (6, 7, 8);

-- What is out now: more than half of it overdue, two of them by exactly the days that are not grave yet and by one more,
-- and some due today, which is not overdue. The oldest of all is with somebody who came back just in time before.
insert into lending_loan (id, copy_id, member_id, borrowed_at, due_on, returned_at, renewals)
select random_id(), c.id,
  case c.place when 6 then random_int(1, 3) else (select m.id from members_member m order by random_int(0, 999999999) + 0 * c.id limit 1) end,
  date('now', '-120 days') || ' 10:00:00',
  case c.place when 1 then date('now', '-{{ grave_days }} days') when 2 then date('now', '-{{ grave_days + 1 }} days')
    when 3 then date('now') when 4 then date('now') when 5 then date('now', '+1 day')
    when 6 then date('now', '-88 days') when 7 then date('now', '-87 days') when 8 then date('now', '-86 days')
    else date('now', (random_int(1, 80) - 65) || ' days') end, null, 0
from (select row_number() over (order by id) as place, id from catalog_copy where barcode like 'W%') c;
-- The fixture's own are due on days that do not move with the calendar.
update lending_loan set borrowed_at = date('now', '-90 days') || ' 10:00:00', due_on = date('now', '-' || (id + 11) || ' days')
where id < 100 and returned_at is null;

-- Half the books are waited for by somebody; some did wait and do no more. Who borrowed a book may wait for it too.
delete from lending_reservation;
insert into lending_reservation (id, book_id, member_id, pickup_branch_id, created_at, fulfilled_at, cancelled_at)
select random_id(), b.id, m.id, 1, '2026-03-01 10:00:00', case when b.id % 3 = 1 then '2026-03-02 10:00:00' end, case when b.id % 3 = 2 then '2026-03-02 10:00:00' end
from catalog_book b join members_member m on random_int(1, 100) + 0 * m.id <= 12;
insert into lending_reservation (id, book_id, member_id, pickup_branch_id, created_at, fulfilled_at, cancelled_at)
select random_id(), c.book_id, l.member_id, 1, '2026-03-01 10:00:00', null, null
from lending_loan l join catalog_copy c on c.id = l.copy_id where l.returned_at is null;
-- The most overdue book is wanted by its borrower alone, the next by nobody any more, the third by somebody else.
delete from lending_reservation where book_id in (
  select c.book_id from lending_loan l join catalog_copy c on c.id = l.copy_id
  where l.returned_at is null order by l.due_on, l.id limit 3);
insert into lending_reservation (id, book_id, member_id, pickup_branch_id, created_at, fulfilled_at, cancelled_at)
select random_id(), c.book_id, l.member_id, 1, '2026-03-01 10:00:00', null, null
from lending_loan l join catalog_copy c on c.id = l.copy_id where l.returned_at is null order by l.due_on, l.id limit 1;
insert into lending_reservation (id, book_id, member_id, pickup_branch_id, created_at, fulfilled_at, cancelled_at)
select random_id(), c.book_id, (select m.id from members_member m where m.id <> l.member_id order by m.id limit 1), 1, '2026-03-01 10:00:00', '2026-03-02 10:00:00', null
from lending_loan l join catalog_copy c on c.id = l.copy_id where l.returned_at is null order by l.due_on, l.id limit 1 offset 1;
insert into lending_reservation (id, book_id, member_id, pickup_branch_id, created_at, fulfilled_at, cancelled_at)
select random_id(), c.book_id, (select m.id from members_member m where m.id <> l.member_id order by m.id limit 1), 1, '2026-03-01 10:00:00', null, null
from lending_loan l join catalog_copy c on c.id = l.copy_id where l.returned_at is null order by l.due_on, l.id limit 1 offset 2;

-- What operations have put in: two indexes, and the ledger's version with the triggers that keep it.
create index loan_returned_due on lending_loan (returned_at, due_on);
create index loan_borrowed on lending_loan (borrowed_at);
create table lending_ledger (version text not null);
insert into lending_ledger values (lower(hex(randomblob(8))));
{% for table in ["lending_loan", "catalog_copy", "catalog_book"] %}{% for event in ["insert", "update", "delete"] -%}
create trigger {{ table }}_{{ event }} after {{ event }} on {{ table }} begin update lending_ledger set version = lower(hex(randomblob(8))); end;
{% endfor %}{% endfor %}
