-- A proof of a guide that was executed: which text and which proof (by their hashes), on which versions, and how it ended.
create table proof_run (
    key text primary key,
    guide text not null,
    proof text not null,
    versions text not null,
    proved_at timestamptz not null,
    passed boolean not null,
    millis bigint not null
);

create index proof_run_of_guide on proof_run (guide, proof);
