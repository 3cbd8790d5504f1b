-- Cleo has the post that carries on, Dev the other one.
update branches_post set role = '{{ role }}' where user_id = (select id from auth_user where username = 'cleo');
update branches_post set role = '{{ "manager" if role == "librarian" else "librarian" }}'
where user_id = (select id from auth_user where username = 'dev');

-- All the staff have library cards, so that they could make lists.
insert into members_member (id, user_id, card_number, home_branch_id, joined_on, is_suspended)
select random_id(), u.id, 'W' || random_id(), 1 + u.id % 3, '2025-01-06', 0
from auth_user u where u.username in ('cleo', 'dev', 'edna');

insert into lists_readinglist (id, owner_id, title, audience, created_at)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 2)
select random_id(), m.id, random_title(), 'private', printf('2026-01-%02d 10:%02d:00', random_int(1, 28), random_int(0, 59))
from members_member m cross join n;

-- A copy that stands on the shelf although it is lent: the view does not expect it.
insert into catalog_copy (id, book_id, branch_id, barcode, state)
select random_id(), b.id, 1, 'X' || random_id(), 'on_shelf' from catalog_book b order by random_int(0, 999999999) limit 1;
insert into lending_loan (id, copy_id, member_id, borrowed_at, due_on, renewals)
select random_id(), c.id, m.id, '2026-01-08 12:00:00', '2026-01-29', 0
from catalog_copy c, members_member m where c.barcode like 'X%' and m.card_number = 'RL000002';

-- Closures of years past, and the one of now. It ends in a little less than 6000 seconds.
insert into branches_closure (id, begins_at, ends_at, reason)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 120)
select random_id(), datetime('now', '-' || (i * 5 + 2) || ' days'), datetime('now', '-' || (i * 5) || ' days'), random_text(3) from n;
insert into branches_closure (id, begins_at, ends_at, reason)
values (random_id(), datetime('now', '-20 minutes'), datetime('now', '+5995 seconds'), random_text(4));
