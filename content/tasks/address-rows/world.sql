-- Ninety members, each with a text of addresses that people typed over the years. The
-- text grows in passes: every pass appends a piece to some of the members.
insert into branches_branch (id, name, slug, opened_on)
select random_id(), name, lower(name), '1984-05-01'
from (select 'Harbour' as name union all select 'Hill' union all select 'Station');

with recursive n(i) as (select 0 union all select i + 1 from n where i < 89)
insert into auth_user (id, username, first_name, last_name, email, password,
                       is_superuser, is_staff, is_active, date_joined)
select random_id(), 'reader' || i, random_name(), '', 'reader' || i || '@riverside.example', '!',
       0, 0, 1, '2026-03-02 12:00:00'
from n;

insert into members_member (id, user_id, card_number, home_branch_id, joined_on, is_suspended, address)
select random_id(), id, 'RL' || substr(username, 7),
       (select id from branches_branch where name = case auth_user.id % 3 when 0 then 'Hill' when 1 then 'Harbour' else 'Station' end),
       '2024-01-15', id % 7 = 0, ''
from auth_user order by random_int(0, 999999999);

-- The last digit of the card number says which shapes a text has for certain; all else is drawn.
-- 0: nothing at all. 1: white space and separators only. All others: addresses.
update members_member
set address = case random_int(0, 6) when 0 then ' ' when 1 then char(9) when 2 then char(10) when 3 then char(160) when 4 then '   ' when 5 then ' ' || char(160) || char(10) else '' end
  || random_int(1, 400) || case random_int(0, 4) when 0 then '  ' when 1 then char(160) when 2 then ' ' || char(9) when 3 then char(10) else ' ' end || random_word() || case random_int(0, 4) when 0 then '  ' when 1 then char(160) when 2 then ' ' || char(9) when 3 then char(10) else ' ' end
  || case random_int(0, 6) when 0 then 'Straße' when 1 then 'Ærøgade' when 2 then 'ulica Łąkowa'
     when 3 then '東通り' when 4 then 'rue de l’Église' when 5 then 'Road' else 'Street' end
  || case random_int(0, 6) when 0 then ' ' when 1 then char(9) when 2 then char(10) when 3 then char(160) when 4 then '   ' when 5 then ' ' || char(160) || char(10) else '' end
where card_number not like '%0' and card_number not like '%1';

-- A labelled piece for about half of them, and for all that end in 2 or 3.
update members_member
set address = address || '{{ separator }}' || case random_int(0, 6) when 0 then ' ' when 1 then char(9) when 2 then char(10) when 3 then char(160) when 4 then '   ' when 5 then ' ' || char(160) || char(10) else '' end
  || case random_int(0, 5) when 0 then 'Home' when 1 then 'work' when 2 then 'Büro'
     when 3 then 'summer' || case random_int(0, 4) when 0 then '  ' when 1 then char(160) when 2 then ' ' || char(9) when 3 then char(10) else ' ' end || 'house' when 4 then 'c/o ' || random_name() else 'Parents' end
  || case random_int(0, 6) when 0 then ' ' when 1 then char(9) when 2 then char(10) when 3 then char(160) when 4 then '   ' when 5 then ' ' || char(160) || char(10) else '' end || '{{ label_mark }}' || case random_int(0, 6) when 0 then ' ' when 1 then char(9) when 2 then char(10) when 3 then char(160) when 4 then '   ' when 5 then ' ' || char(160) || char(10) else '' end
  || random_name() || case random_int(0, 4) when 0 then '  ' when 1 then char(160) when 2 then ' ' || char(9) when 3 then char(10) else ' ' end || random_int(1, 400) || ' ' || random_word() || ' Lane' || case random_int(0, 6) when 0 then ' ' when 1 then char(9) when 2 then char(10) when 3 then char(160) when 4 then '   ' when 5 then ' ' || char(160) || char(10) else '' end
where card_number not like '%0' and card_number not like '%1'
  and (card_number like '%2' or card_number like '%3' or random_int(0, 1) = 1);

-- White space on both sides of a capitalised label's mark: for certain where the card ends in 3.
update members_member
set address = address || '{{ separator }}' || ' Office' || char(160) || ' ' || '{{ label_mark }}'
  || char(9) || random_int(1, 400) || '  ' || random_word() || char(10) || ' Square '
where card_number like '%3';

-- Pieces with nothing in them: in the middle for those that end in 4 or 5, by chance elsewhere.
update members_member
set address = address || '{{ separator }}' || case random_int(0, 6) when 0 then ' ' when 1 then char(9) when 2 then char(10) when 3 then char(160) when 4 then '   ' when 5 then ' ' || char(160) || char(10) else '' end || '{{ separator }}'
  || case random_int(0, 6) when 0 then ' ' when 1 then char(9) when 2 then char(10) when 3 then char(160) when 4 then '   ' when 5 then ' ' || char(160) || char(10) else '' end || random_int(1, 400) || ' ' || random_word() || ' Quay'
where card_number like '%4' or card_number like '%5'
  or (card_number not like '%0' and card_number not like '%1' and random_int(0, 5) = 0);

-- The mark a second time, inside the address.
update members_member
set address = address || '{{ separator }}' || 'Work' || '{{ label_mark }}' || ' ' || random_word()
  || ' House, flat' || '{{ label_mark }}' || ' ' || random_int(1, 60)
where card_number like '%6';

-- The same addresses once more.
update members_member
set address = address || '{{ separator }}' || address
where card_number like '%7' or card_number like '%2' and random_int(0, 2) = 0;

-- A separator at the front or at the end.
update members_member
set address = case random_int(0, 1) when 0 then '{{ separator }}' else '' end || address
  || '{{ separator }}' || case random_int(0, 6) when 0 then ' ' when 1 then char(9) when 2 then char(10) when 3 then char(160) when 4 then '   ' when 5 then ' ' || char(160) || char(10) else '' end
where card_number like '%8' or card_number like '%4';

update members_member
set address = case random_int(0, 4) when 0 then '  ' when 1 then char(160) when 2 then ' ' || char(9) when 3 then char(10) else ' ' end || case random_int(0, 1) when 0 then '{{ separator }}' || case random_int(0, 4) when 0 then '  ' when 1 then char(160) when 2 then ' ' || char(9) when 3 then char(10) else ' ' end else '' end
where card_number like '%1';
