-- Cleo (Harbour) and Dev (Hill) have the post that opens shared lists. Dev has the other post at Harbour as well:
-- the right branch with the wrong post, and the right post at the wrong branch.
update branches_post set role = '{{ role }}';
insert into branches_post (id, user_id, branch_id, role)
select random_id(), u.id, b.id, '{{ "manager" if role == "librarian" else "librarian" }}'
from auth_user u, branches_branch b where u.username = 'dev' and b.slug = 'harbour';

-- More staff at every branch, and more members.
insert into auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 3)
select random_id(), '!', 0, 'staff-' || random_id(), random_name(), '', '', 0, 1, '2026-01-05 09:00:00' from n;
insert into branches_post (id, user_id, branch_id, role)
select random_id(), u.id, b.id, case when u.id % 2 then 'librarian' else 'manager' end
from auth_user u cross join branches_branch b where u.username like 'staff-%';

insert into auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 3)
select random_id(), '!', 0, 'member-' || random_id(), random_name(), '', '', 0, 1, '2026-01-05 09:00:00' from n;
insert into members_member (id, user_id, card_number, home_branch_id, joined_on, is_suspended)
select random_id(), u.id, 'W' || random_id(), random_int(1, 3), '2026-01-06', 0 from auth_user u where u.username like 'member-%';

-- Cleo has a library card too, at the branch where neither she nor Dev works.
insert into members_member (id, user_id, card_number, home_branch_id, joined_on, is_suspended)
select random_id(), u.id, 'W' || random_id(), b.id, '2026-01-06', 0
from auth_user u, branches_branch b where u.username = 'cleo' and b.slug = 'station';

-- Each member has a private list, a shared one, and one that may be either.
insert into lists_readinglist (id, owner_id, title, audience, created_at)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 3)
select random_id(), m.id, random_title(),
  case when i = 1 then 'private' when i = 2 or random_int(0, 1) + 0 * i then 'branch' else 'private' end,
  printf('2026-%02d-%02d %02d:%02d:%02d', random_int(4, 9), random_int(1, 28), random_int(0, 23), random_int(0, 59), random_int(0, 59))
from members_member m cross join n;

-- Three books on each of them, never book 30.
insert into lists_entry (id, reading_list_id, book_id, position, note)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 3)
select random_id(), l.id, 1 + (l.id + i * 7) % 29, i, random_text(2) from lists_readinglist l cross join n where l.id > 3;
