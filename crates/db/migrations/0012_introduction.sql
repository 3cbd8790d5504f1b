-- A conversation between one candidate and one company, from the first request or application to its end. Where it stands is
-- one state of `introduction::Standing`; its sentences are in `introduction_line`.
create table introduction (
    -- Random, not a time: it stands in addresses.
    id uuid primary key,
    account uuid not null references account (id) on delete cascade,
    company uuid not null references company (id) on delete cascade,
    -- What it is about; the terms below stay when that is deleted.
    vacancy uuid references vacancy (id) on delete set null,
    -- The terms of the vacancy as they were when it was begun, as JSON: title, role, level, pay, place.
    terms text not null,
    -- company (a request) or candidate (an application).
    begun_by text not null,
    -- Who of the company began it, or took it up.
    member uuid references account (id) on delete set null,
    -- asked, inquired, open or ended.
    stage text not null,
    -- Who has to act: candidate or company; nobody at the end.
    turn text,
    -- When it ends by itself if they do not.
    due_at timestamptz,
    -- Questions that were asked before anybody decided.
    questions bigint not null,
    made_at timestamptz not null,
    changed_at timestamptz not null,
    opened_at timestamptz,
    ended_at timestamptz,
    -- declined, withdrawn, closed or lapsed; by whom (of a lapsed one: who did not act); with which one code, if it has one.
    ending text,
    ended_by text,
    reason text,
    -- Of what a company wrote when it asked: a fingerprint under a secret of this instance, so that the same text is not sent to many.
    pitch bytea,
    -- When whoever has the turn was reminded that it ends.
    reminded_at timestamptz,
    -- Rises with every act; a form that was made of an older one is told so.
    version bigint not null,
    -- Company and candidate while it is alive, and its own id afterwards: there is one living conversation between two.
    slot text not null unique
);
create index introduction_of_account on introduction (account, ended_at);
create index introduction_of_company on introduction (company, ended_at);
create index introduction_due on introduction (due_at);
create index introduction_begun on introduction (company, begun_by, made_at);

-- Each time that it was a company's turn: what its behaviour is counted from. It names nobody, and stays when the conversation is
-- deleted with its candidate.
create table introduction_turn (
    id uuid primary key,
    introduction uuid references introduction (id) on delete set null,
    company uuid not null references company (id) on delete cascade,
    -- asked, inquired or open: what it had to answer.
    stage text not null,
    began_at timestamptz not null,
    ended_at timestamptz,
    -- acted, lapsed, or moot: the candidate ended it first.
    how text
);
create index introduction_turn_of_company on introduction_turn (company, ended_at);
create index introduction_turn_of on introduction_turn (introduction, ended_at);

-- When a person was last written to that something waits for them, and what waits to be told since.
create table introduction_notice (
    account uuid primary key references account (id) on delete cascade,
    sent_at timestamptz not null,
    -- A path of this site; nothing when all was told.
    waits text
);
create index introduction_notice_waits on introduction_notice (sent_at);

-- What was said, and what was done, in its order. Sealed with the key of the candidate's account: what a company wrote to them
-- goes with them, too.
create table introduction_line (
    introduction uuid not null references introduction (id) on delete cascade,
    nth bigint not null,
    -- candidate or company; nobody for the clock.
    by_side text,
    -- Who of the company.
    member uuid references account (id) on delete set null,
    -- The act: requested, applied, accepted, asked, answered, declined, withdrew, wrote, offered, agreed, closed, lapsed.
    act text not null,
    sealed bytea,
    made_at timestamptz not null,
    -- When the other side saw it.
    seen_at timestamptz,
    -- When the other side was told by a letter that there is something.
    told_at timestamptz,
    primary key (introduction, nth)
);

-- What nobody was told of yet.
create index introduction_line_untold on introduction_line (made_at) where told_at is null and seen_at is null;

-- Grants that a candidate made for it. They end with it.
create table introduction_grant (
    introduction uuid not null references introduction (id) on delete cascade,
    grant_id uuid not null references disclosure_grant (id) on delete cascade,
    primary key (introduction, grant_id)
);
create index introduction_grant_of_grant on introduction_grant (grant_id);

-- What a candidate who applied wants to be shown when the company says yes, as JSON of facts. A request has none: its candidate
-- chooses when they accept.
create table introduction_unmask (
    introduction uuid primary key references introduction (id) on delete cascade,
    facts text not null
);

-- Times for an interview that one side offered.
create table interview_offer (
    id uuid primary key,
    introduction uuid not null references introduction (id) on delete cascade,
    by_side text not null,
    -- As JSON: up to five beginnings in UTC, the zone in which they were meant, minutes, how (place or link), and what about.
    -- Sealed as lines are.
    sealed bytea not null,
    made_at timestamptz not null,
    -- The beginning that the other side chose, and when they did.
    begins_at timestamptz,
    agreed_at timestamptz,
    -- Taken back, declined, or replaced by another.
    ended_at timestamptz
);
create index interview_offer_of on interview_offer (introduction, made_at);

-- Interviewers of the company whom a recruiter asked to this conversation: they see its candidate and its kit, and nobody else.
create table introduction_interviewer (
    introduction uuid not null references introduction (id) on delete cascade,
    account uuid not null references account (id) on delete cascade,
    made_at timestamptz not null,
    primary key (introduction, account)
);
create index introduction_interviewer_of on introduction_interviewer (account);
