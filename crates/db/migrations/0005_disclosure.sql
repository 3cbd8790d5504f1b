-- Companies, as far as the one door needs them: who they are, whether they are verified, and who acts for them.
create table company (
    id uuid primary key,
    name text not null,
    -- Of its web site, lower case; one company for each.
    domain text not null unique,
    -- What it does, in its own words.
    about text not null,
    made_at timestamptz not null,
    -- Since when it is verified and until when; without a time it is not, and sees nobody.
    verified_at timestamptz,
    verified_until timestamptz
);

-- Who acts for a company, and as what: owner, recruiter or interviewer.
create table company_member (
    company uuid not null references company (id) on delete cascade,
    account uuid not null references account (id) on delete cascade,
    role text not null,
    made_at timestamptz not null,
    primary key (company, account)
);
create index company_member_of_account on company_member (account);

-- Roles of the content that a company looks for: to whom a grant to the pool opens.
create table company_focus (
    company uuid not null references company (id) on delete cascade,
    role text not null,
    primary key (company, role)
);
create index company_focus_on_role on company_focus (role);

-- A field of somebody's profile. Private: its owner reads it with their key, everybody else through a grant that names it.
create table profile_field (
    account uuid not null references account (id) on delete cascade,
    field text not null,
    -- Sealed with the key of this account (AES-256-GCM), which is kept apart.
    sealed bytea not null,
    changed_at timestamptz not null,
    primary key (account, field)
);

-- What somebody chose to make of a skill check. It has no score, and does not say which attempt it was.
create table signal (
    -- Random, not a time.
    id uuid primary key,
    account uuid not null references account (id) on delete cascade,
    -- Of its owner's list only; goes with the attempt.
    attempt uuid references attempt (id) on delete set null,
    sealed bytea not null,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    withdrawn_at timestamptz
);
create index signal_of_account on signal (account, made_at);

-- An act of a candidate: who may see what, what for, and until when. `grant` is a word of SQL.
create table disclosure_grant (
    id uuid primary key,
    account uuid not null references account (id) on delete cascade,
    -- company, pool or link.
    audience text not null,
    company uuid references company (id) on delete cascade,
    -- For the pool: companies that look for this role.
    role text,
    -- For a link: SHA-256 of its token.
    token_hash bytea unique,
    -- For a link: how often it may be opened, and was.
    opens_at_most bigint,
    opened bigint not null,
    -- The token again, sealed for its owner, so that they can look it up.
    sealed_token bytea,
    purpose text not null,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index disclosure_grant_of_account on disclosure_grant (account, made_at);
create index disclosure_grant_to_company on disclosure_grant (company);
create index disclosure_grant_to_pool on disclosure_grant (audience, role);

-- The fields that a grant opens.
create table grant_field (
    grant_id uuid not null references disclosure_grant (id) on delete cascade,
    field text not null,
    primary key (grant_id, field)
);

-- The signals that a grant opens.
create table grant_signal (
    grant_id uuid not null references disclosure_grant (id) on delete cascade,
    signal uuid not null references signal (id) on delete cascade,
    primary key (grant_id, signal)
);
create index grant_signal_of_signal on grant_signal (signal);

-- A company that a candidate does not want to be seen by, whatever was granted to whom.
create table company_block (
    account uuid not null references account (id) on delete cascade,
    company uuid not null references company (id) on delete cascade,
    made_at timestamptz not null,
    primary key (account, company)
);

-- Who saw what of a candidate: written by the one door, read by the candidate alone.
create table disclosure_view (
    id uuid primary key,
    account uuid not null references account (id) on delete cascade,
    -- The company, as it was called then; nothing for a link.
    company uuid references company (id) on delete set null,
    company_name text,
    -- For a link: which grant.
    grant_id uuid references disclosure_grant (id) on delete set null,
    -- page, list or credential.
    through text not null,
    -- Names of fields and signals, as JSON: what was shown, not what it said.
    facts text not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    times bigint not null,
    -- When its owner was shown it.
    told_at timestamptz
);
create index disclosure_view_of_account on disclosure_view (account, last_at);

-- A credential that was issued: one for each grant, signal and company that asked, or for the candidate's own file; so that no
-- two of those who hold one can find out that they look at the same person.
create table credential (
    id uuid primary key,
    -- Nothing for a badge, which is of a signal.
    grant_id uuid references disclosure_grant (id) on delete cascade,
    signal uuid not null references signal (id) on delete cascade,
    -- Format, grant, signal and who it is for, in one: there is one of each.
    slot text not null unique,
    -- Who signed it, and by which key: when either is no longer published, another is issued.
    issuer text not null,
    kid text not null,
    -- Its place in the status list; no two have the same.
    place bigint not null unique,
    -- The token, and the candidate's key that it is bound to, both sealed with the key of the account.
    sealed bytea not null,
    sealed_holder bytea,
    issued_at timestamptz not null,
    expires_at timestamptz not null
);
create index credential_of_grant on credential (grant_id);
create index credential_of_signal on credential (signal);

-- Places in the status list that were withdrawn. They stay when their credential is gone, and name nobody.
create table credential_revoked (
    place bigint primary key,
    revoked_at timestamptz not null,
    -- Until when it must be listed: the credential has expired then.
    expires_at timestamptz not null
);

-- Keys, kept in a database of their own that backups of this one do not hold: without them what is sealed is noise.
-- In the database of everything else these tables stay empty.
create table sealing_key (
    account uuid primary key,
    secret bytea not null,
    made_at timestamptz not null
);
create table instance_secret (
    name text primary key,
    secret bytea not null,
    made_at timestamptz not null
);

-- Set when its owner asked for its deletion: from then on nobody sees anything of it, and at that time it is gone.
alter table account add column leaves_at timestamptz;
