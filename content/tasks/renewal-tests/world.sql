-- A crowd around the fixed world: whoever writes tests that count on there being nothing else,
-- or on a first row that happens to be free, meets other rows on every run.
with recursive n(i) as (select 1 union all select i + 1 from n where i < 12)
insert into auth_user (id, username, first_name, last_name, email, password,
                       is_superuser, is_staff, is_active, date_joined)
select random_id(), 'crowd-' || i, random_name(), '', '', '!', 0, 0, 1, '2026-03-02 12:00:00' from n;

insert into members_member (id, user_id, card_number, home_branch_id, joined_on, is_suspended)
select random_id(), id, 'CR' || substr(username, 7),
       (select id from branches_branch where auth_user.id is not null order by random_int(0, 999999999) limit 1),
       '2025-05-01', random_int(0, 5) = 0
from auth_user where username like 'crowd-%';

with recursive n(i) as (select 1 union all select i + 1 from n where i < 8)
insert into catalog_book (id, title, isbn, published_on, pages, price, publisher_id)
select random_id(), random_title(), '979' || substr('0000000000' || i, -10), '2020-02-02',
       random_int(80, 700), 9.5,
       (select id from catalog_publisher where n.i > 0 order by random_int(0, 999999999) limit 1)
from n;

-- Three copies of each: one on the shelf, one on loan, one lost.
insert into catalog_copy (id, book_id, branch_id, barcode, state)
select random_id(), b.id,
       (select id from branches_branch where b.id > 0 order by random_int(0, 999999999) limit 1),
       'X' || random_digits(6) || '-' || s.n, s.state
from catalog_book b,
     (select 1 as n, 'on_shelf' as state union all select 2, 'on_loan' union all select 3, 'lost') s
where b.isbn like '979%';

insert into lending_loan (id, copy_id, member_id, borrowed_at, due_on, returned_at, renewals)
select random_id(), c.id,
       (select m.id from members_member m where m.card_number like 'CR%' and c.id > 0
        order by random_int(0, 999999999) limit 1),
       '2026-03-10 10:00:00', date('2026-03-10', '+{{ loan_days }} days'), null, random_int(0, 2)
from catalog_copy c where c.barcode like 'X%' and c.state = 'on_loan';

insert into lending_reservation (id, book_id, member_id, pickup_branch_id, created_at)
select random_id(), b.id,
       (select m.id from members_member m where m.card_number like 'CR%' and b.id > 0
        order by random_int(0, 999999999) limit 1),
       (select min(id) from branches_branch), '2026-03-12 09:30:00'
from catalog_book b where b.isbn like '979%' and random_int(0, 1) = 0;
