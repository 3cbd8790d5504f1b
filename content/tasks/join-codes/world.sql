-- Dev works nowhere now: an account without a card. Finn, who has a card, works at Hill.
delete from branches_post where user_id = (select id from auth_user where username = 'dev');
insert into branches_post (id, user_id, branch_id, role)
select random_id(), u.id, b.id, 'manager' from auth_user u, branches_branch b where u.username = 'finn' and b.slug = 'hill';
update auth_user set email = username || '.' || lower(random_word()) || random_digits(4) || '@post.example';

create table members_joincode (
  id integer primary key, branch_id integer not null references branches_branch (id), email varchar(254) not null,
  code_hash varchar(64) not null unique, note text not null default '', issued_by_id integer not null references auth_user (id),
  issued_at datetime not null, expires_at datetime not null, used_at datetime, used_by_id integer references auth_user (id), withdrawn_at datetime);
create table members_joinattempt (
  id integer primary key, user_id integer not null references auth_user (id), tried_at datetime not null);
create index members_joinattempt_user on members_joinattempt (user_id, tried_at);

-- Codes of strangers, in every state, at every branch; some used or withdrawn ones are past their time as well.
insert into members_joincode (id, branch_id, email, code_hash, note, issued_by_id, issued_at, expires_at, used_at, used_by_id, withdrawn_at)
with recursive n(i) as (select 0 union all select i + 1 from n where i < 17),
  drawn(i, good) as (select i, i % 6 < 4 from n)
select random_id(), 1 + i / 6, 'reader.' || random_id() || '@post.example', random_id(), random_text(3),
  (select id from auth_user where username = 'cleo'),
  datetime('now', '-' || random_int(200, 3200) || ' minutes', '-' || random_int(0, 59) || ' seconds'), case when good then datetime('now', '+5 hours') else datetime('now', '-1 hour') end,
  case when i % 3 = 1 then datetime('now', '-2 hours') end, case when i % 3 = 1 then (select id from auth_user where username = 'ben') end,
  case when i % 6 in (2, 5) then datetime('now', '-90 minutes') end
from drawn;
-- One whose time is simply over, at each branch.
insert into members_joincode (id, branch_id, email, code_hash, note, issued_by_id, issued_at, expires_at)
select random_id(), id, 'reader.' || random_id() || '@post.example', random_id(), '', 3, datetime('now', '-' || random_int(80, 90) || ' hours'), datetime('now', '-2 minutes')
from branches_branch;

-- Those of the people who ask: Dev has one of each kind, from Harbour.
insert into members_joincode (id, branch_id, email, code_hash, note, issued_by_id, issued_at, expires_at, used_at, used_by_id, withdrawn_at)
with kinds(username, slug, loud, good, used, withdrawn) as (values
  ('dev', 'harbour', 0, 1, 0, 0), ('dev', 'harbour', 0, 1, 1, 0), ('dev', 'harbour', 0, 0, 0, 0), ('dev', 'harbour', 0, 1, 0, 1),
  ('edna', 'station', 1, 1, 0, 0), ('cleo', 'hill', 0, 1, 0, 0), ('ada', 'harbour', 0, 1, 0, 0)),
  drawn(branch_id, email, good, used, withdrawn) as (
    select b.id, case when loud then upper(u.email) else u.email end, good, used, withdrawn
    from kinds join auth_user u using (username) join branches_branch b using (slug))
select random_id(), branch_id, email, random_id(), '', 3, datetime('now', '-' || random_int(61, 180) || ' minutes'),
  case when good then datetime('now', '+9 minutes') else datetime('now', '-1 minute') end,
  case when used then datetime('now', '-1 hour') end, case when used then 2 end, case when withdrawn then datetime('now', '-1 hour') end
from drawn;

-- What stands on the paper follows from the id. Here and not above: a draw in an inner query is made anew wherever it is named.
update members_joincode set code_hash = sha256(substr(sha256('paper ' || id), 1, 40));
