-- A person as a provider of OpenID Connect knows them. Who it is, is said by issuer and subject together (OpenID Connect
-- Core, 5.7), never by an address, which can change hands.
create table oidc_identity (
    id uuid primary key,
    account uuid not null references account (id) on delete cascade,
    issuer text not null,
    subject text not null,
    -- What the provider called the person when it was linked, for the owner's own list.
    label text not null,
    made_at timestamptz not null,
    used_at timestamptz,
    unique (issuer, subject)
);
create index oidc_identity_of_account on oidc_identity (account);
