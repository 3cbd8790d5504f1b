-- How long the interview of an open conversation is, and whether its candidate may read the plan beforehand. Without a row: an hour,
-- and they may.
create table interview_kit (
    introduction uuid primary key references introduction (id) on delete cascade,
    minutes bigint not null,
    is_shared boolean not null,
    changed_at timestamptz not null
);

-- What one interviewer noted and graded. Read by its author alone until everybody who was asked has locked theirs; deleted when the
-- conversation ends.
create table interview_sheet (
    introduction uuid not null references introduction (id) on delete cascade,
    account uuid not null references account (id) on delete cascade,
    -- As JSON: a grade and a note for each competency, whether they would work with the candidate, and why. Sealed with the key of the
    -- candidate's account, whom it is about.
    sealed bytea not null,
    made_at timestamptz not null,
    changed_at timestamptz not null,
    -- From then on nobody changes it, its author included.
    locked_at timestamptz,
    primary key (introduction, account)
);
