-- How a company shows who it is, who is invited to act for it, and what it says of whom it looks for.

-- What is to be found under its domain, in DNS or in a file; nothing until somebody asked for it.
alter table company add column challenge text;
-- An address of its own web site.
alter table company add column web text not null default '';
-- Set by an operator: from then on it is not verified, whatever it proves.
alter table company add column suspended_at timestamptz;
alter table company add column suspended_why text;

-- One way in which a company shows who it is, or was asked to. What its proofs come to stands in company.verified_at and
-- company.verified_until, and is worked out anew whenever one of them changes.
create table company_proof (
    id uuid primary key,
    company uuid not null references company (id) on delete cascade,
    -- mail, dns, file, lei or review.
    method text not null,
    -- For mail: whose address it is. A proof goes with whoever gave it.
    account uuid references account (id) on delete cascade,
    -- For mail: the address; for lei: the LEI; for a review: what the operator wrote.
    detail text not null,
    -- For mail, until it is shown: SHA-256 of the token in the letter, and until when that works.
    token_hash bytea unique,
    token_until timestamptz,
    -- When somebody of the company last asked for it.
    asked_at timestamptz not null,
    -- When it was shown, and when it was last seen to hold; nothing while it waits.
    proved_at timestamptz,
    seen_at timestamptz,
    -- Until when it holds if nothing more is seen.
    expires_at timestamptz,
    -- When it is looked at again; nothing for what cannot be looked at.
    check_at timestamptz,
    -- Looks on end that did not find it, when that began, and what the last one said.
    failures bigint not null,
    failing_since timestamptz,
    failure text,
    -- When it was lost by that.
    lost_at timestamptz,
    -- When its company's owners were told that it runs out.
    told_at timestamptz
);
create index company_proof_of_company on company_proof (company);
create index company_proof_due on company_proof (check_at);
create index company_proof_of_account on company_proof (account);

-- Companies that an operator had verified before there were proofs: that was a review.
insert into company_proof (id, company, method, detail, asked_at, proved_at, seen_at, expires_at, failures)
    select id, id, 'review', '', verified_at, verified_at, verified_at, verified_until, 0
    from company where verified_at is not null and verified_until is not null;

-- Somebody who was asked to act for a company. The token is in their letter; here is the SHA-256 of it.
create table company_invitation (
    id uuid primary key,
    company uuid not null references company (id) on delete cascade,
    email text not null,
    role text not null,
    token_hash bytea not null unique,
    invited_by uuid references account (id) on delete set null,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    withdrawn_at timestamptz
);
create index company_invitation_of_company on company_invitation (company, made_at);

-- What a company says of a role that it looks for: levels and competencies by their ids, with spaces between; what matters there,
-- and how its process runs, in its own words.
alter table company_focus add column levels text not null default '';
alter table company_focus add column competencies text not null default '';
alter table company_focus add column matters text not null default '';
alter table company_focus add column process text not null default '';
