-- Eight notes in two notebooks, and a group that no view reads.
insert into notes_notebook (id, owner_id, name) select random_id(), id, random_title() from auth_user;

with recursive n(i) as (select 1 union all select i + 1 from n where i < 8)
insert into notes_note (id, notebook_id, title, slug, body, place)
select random_id(), b.id, random_title(), 'slug-' || random_digits(8), random_text(5), n.i
from n join notes_notebook b on b.owner_id = (select id from auth_user where username = iif(n.i % 2, 'ada', 'ben'))
  and b.name not like 'Of %';

insert into auth_group (id, name) select random_id(), 'sealed-words-' || random_digits(12);
