-- Any post will do: Cleo manages Harbour.
update branches_post set role = 'manager' where user_id = (select id from auth_user where username = 'cleo');

update catalog_book set title = random_title();

insert into auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 4)
select random_id(), '!', 0, 'reader-' || random_id(), random_name(), '', '', 0, 1, '2026-01-05 09:00:00' from n;
insert into members_member (id, user_id, card_number, home_branch_id, joined_on, is_suspended)
select random_id(), u.id, 'W' || random_id(), random_int(1, 3), '2026-01-06', 0 from auth_user u where u.username like 'reader-%';

-- What came back: NA late, NB on time, NC so late that it costs the most, ND with a fine from the desk, NE late as
-- well. NH belongs to Hill. NS stands on the shelf.
insert into catalog_copy (id, book_id, branch_id, barcode, state)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 10),
  kinds(kind, many, branch) as (values ('NA', 1, 1), ('NB', 1, 1), ('NC', 1, 1), ('ND', 1, 1), ('NE', 10, 1), ('NH', 1, 2), ('NS', 1, 1))
select random_id(), random_int(1, 30) + 0 * i, kinds.branch, kinds.kind || (random_id() + 0 * i),
  case when kinds.kind = 'NS' then 'on_shelf' else 'on_loan' end
from kinds join n on n.i <= kinds.many;

-- An older loan of each copy, long over.
insert into lending_loan (id, copy_id, member_id, borrowed_at, due_on, returned_at, renewals)
select random_id(), c.id, (select id from members_member where card_number like 'W%' order by (id + c.id) % 97, id limit 1),
  datetime('now', '-200 days'), date('now', '-179 days'), datetime('now', '-' || random_int(180, 190) || ' days'), 0
from catalog_copy c where c.barcode like 'N%';

-- The loan that is open now, due ten to nineteen days ago.
insert into lending_loan (id, copy_id, member_id, borrowed_at, due_on, renewals)
select random_id(), c.id, (select id from members_member where card_number like 'W%' order by (id + c.id) % 89, id limit 1),
  '2026-01-01 10:00:00', date('now', '-' || case when c.barcode like 'NC%' then random_int(60, 70) else random_int(10, 19) end || ' days'), 0
from catalog_copy c where c.barcode like 'N%' and c.state = 'on_loan';
update lending_loan set borrowed_at = datetime(due_on, '-21 days', '+10 hours')
where returned_at is null and copy_id in (select id from catalog_copy where barcode like 'N%');

-- The desk was lenient.
insert into lending_fine (id, loan_id, amount, issued_at)
select random_id(), l.id, 1.1, datetime('now', '-5 days')
from lending_loan l join catalog_copy c on c.id = l.copy_id where c.barcode like 'ND%' and l.returned_at is null;

-- A well-filled branch.
insert into catalog_copy (id, book_id, branch_id, barcode, state)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 60)
select random_id(), random_int(1, 30) + 0 * i, 1, 'S' || random_id(), 'on_shelf' from n;
