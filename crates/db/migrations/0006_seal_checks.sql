-- What a check found of its owner, sealed with the key of their account, as answers, verdicts and files are from here on in the
-- columns that they had. The plain columns stay for what was stored before, and are empty otherwise.
alter table attempt_item add column sealed_category text;
alter table attempt_explain add column sealed_is_right text;
alter table regrade add column sealed_category text;
