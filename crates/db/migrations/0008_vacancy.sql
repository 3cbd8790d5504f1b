-- A vacancy. A draft is read by its company's people alone; an open one by everybody, as long as its company is verified.
create table vacancy (
    -- Random, not a time: it stands in addresses.
    id uuid primary key,
    company uuid not null references company (id) on delete cascade,
    -- draft, open or closed.
    state text not null,
    title text not null,
    -- What was typed, as JSON: a draft may be anything.
    draft text not null,
    -- What of it can be published, as JSON, checked when it was; nothing before.
    terms text,
    -- Of the terms, for counting.
    role text,
    level text,
    made_at timestamptz not null,
    changed_at timestamptz not null,
    published_at timestamptz,
    -- Of the one that this is posted again of, and of that, and so on.
    first_published_at timestamptz,
    -- Proof of life: when somebody last said that it is so.
    confirmed_at timestamptz,
    -- When its people were reminded of that.
    reminded_at timestamptz,
    -- When its last day is over.
    closes_at timestamptz,
    closed_at timestamptz,
    closed_for text,
    repost_of uuid references vacancy (id) on delete set null
);
create index vacancy_of_company on vacancy (company, state);
create index vacancy_changed on vacancy (changed_at);
create index vacancy_of_state on vacancy (state, confirmed_at);

-- Somebody thinks that a vacancy is not what it says. Who it was is not kept.
create table vacancy_report (
    id uuid primary key,
    vacancy uuid not null references vacancy (id) on delete cascade,
    reason text not null,
    says text not null,
    made_at timestamptz not null,
    -- What an operator made of it: closed, dismissed.
    decision text,
    decided_at timestamptz
);
create index vacancy_report_waiting on vacancy_report (decided_at, made_at);

-- A search that somebody wants to hear of.
create table saved_search (
    id uuid primary key,
    account uuid not null references account (id) on delete cascade,
    -- The query part of its address.
    query text not null,
    made_at timestamptz not null,
    -- Vacancies published until then were told of.
    told_until timestamptz not null,
    unique (account, query)
);
