-- Whose grants changed, or what stands behind them: every process makes these candidates anew in its pool. It goes with the account:
-- whoever leaves has been in no pool since they asked to, a week before.
create table pool_changed (
    account uuid primary key references account (id) on delete cascade,
    changed_at timestamptz not null,
    -- Which change of theirs it is: two may have the same time.
    nth bigint not null
);
create index pool_changed_at on pool_changed (changed_at);

-- On how many days somebody was shown to a company in a search. By company alone: it tells none of them what others see.
create table pool_shown (
    company uuid not null references company (id) on delete cascade,
    account uuid not null references account (id) on delete cascade,
    days bigint not null,
    -- The last of them, as 2026-11-22.
    last_day text not null,
    primary key (company, account)
);
create index pool_shown_of_account on pool_shown (account);

-- A search of the pool that somebody who acts for a company wants to hear of.
create table pool_search (
    id uuid primary key,
    company uuid not null,
    account uuid not null,
    -- The query part of its address.
    query text not null,
    made_at timestamptz not null,
    -- When its owner was last written to, or saved it.
    told_at timestamptz not null,
    foreign key (company, account) references company_member (company, account) on delete cascade
);
create index pool_search_of_member on pool_search (company, account);
create index pool_search_told_at on pool_search (told_at);

-- Whom a saved search has told of: who was among them once is never new again, whatever they change.
create table pool_search_told (
    search uuid not null references pool_search (id) on delete cascade,
    account uuid not null references account (id) on delete cascade,
    primary key (search, account)
);
create index pool_search_told_of_account on pool_search_told (account);
