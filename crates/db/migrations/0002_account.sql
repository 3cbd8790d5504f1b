-- Who has an account. What they are allowed is said by rows elsewhere (operator, and later members of companies), because
-- who made it so, and when, belongs to it.
create table account (
    id uuid primary key,
    -- Lower case. Confirmed: an account is made by whoever opens the link that was sent there, and the password is chosen
    -- there too, so that nobody can prepare an account for somebody else's address.
    email text not null unique,
    -- What the person wants to be called here; seen by nobody else unless they show it.
    name text not null,
    -- Argon2id, in the PHC string format; nothing when only passkeys sign in.
    password text,
    password_set_at timestamptz,
    created_at timestamptz not null
);

-- Who runs this instance.
create table operator (
    account uuid primary key references account (id) on delete cascade,
    made_at timestamptz not null
);

-- A browser that is signed in. The token is in its cookie; here is the SHA-256 of it.
create table session (
    id uuid primary key,
    token_hash bytea not null unique,
    account uuid not null references account (id) on delete cascade,
    -- In the person's words for their list: “Firefox on Linux”.
    browser text not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    -- When the person last proved who they are in this session; sensitive acts need it to be recent.
    proved_at timestamptz not null
);
create index session_of_account on session (account);

-- Links that are sent by mail or printed on the console: each works once and for a while.
create table account_link (
    token_hash bytea primary key,
    -- Nothing for a link that makes an account.
    account uuid references account (id) on delete cascade,
    -- join, reset, address or operator.
    purpose text not null,
    -- The address that it was sent to: a link says nothing about another address.
    email text not null,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index account_link_of_account on account_link (account);

-- A browser from which this account was signed in to before: guesses of strangers do not hold it up.
create table known_browser (
    token_hash bytea primary key,
    account uuid not null references account (id) on delete cascade,
    made_at timestamptz not null
);
create index known_browser_of_account on known_browser (account);

-- A passkey: a credential of WebAuthn with its public key.
create table passkey (
    id uuid primary key,
    account uuid not null references account (id) on delete cascade,
    credential_id bytea not null unique,
    -- The library's own record, as JSON.
    credential text not null,
    name text not null,
    made_at timestamptz not null,
    used_at timestamptz
);
create index passkey_of_account on passkey (account);

-- Mail that is to be sent, was sent, or could not be. Where no server is configured, the operator reads it here.
create table outbox (
    id uuid primary key,
    recipient text not null,
    subject text not null,
    body text not null,
    made_at timestamptz not null,
    sent_at timestamptz,
    attempts bigint not null,
    next_attempt_at timestamptz not null,
    failure text
);
create index outbox_waiting on outbox (sent_at, next_attempt_at);

-- What happened to an account, for its owner and for the operator: never changed, never with a level or an answer in it.
create table audit (
    id uuid primary key,
    at timestamptz not null,
    -- Whose account; kept without the account when that is deleted.
    account uuid,
    what text not null,
    detail text not null
);
create index audit_of_account on audit (account, at);
