-- Work that is to be done by itself, once or again and again. A row that is done is deleted, so the table holds what waits, what
-- runs, and what was given up.
create table job (
    -- By time, so that the first come is the first served.
    id uuid primary key,
    kind text not null,
    -- Of jobs that wait, one for each kind and key.
    unique_key text,
    -- JSON, read by the handler of its kind.
    payload text not null,
    -- "waiting", "running" or "gave up".
    state text not null,
    -- From when on it may be taken: when it is to run, or, while it runs, when whoever runs it is taken for dead. None once it
    -- was given up.
    due_at timestamptz,
    -- How often it was taken.
    attempts bigint not null,
    -- Who has it: drawn anew each time that jobs are taken. Without it nothing can be said of how the job went.
    lease uuid,
    made_at timestamptz not null,
    -- Of the last failure: when, and a reason without personal data.
    failed_at timestamptz,
    last_error text
);
-- What is taken next. It has no row of what was given up.
create index job_due on job (kind, due_at, id) where due_at is not null;
create unique index job_key on job (kind, unique_key) where unique_key is not null and state = 'waiting';
-- For the operator's list. What goes well is never in it.
create index job_failed on job (failed_at) where failed_at is not null;

-- Jobs that come again. Whoever moves the next time on has made the job of this time, in one transaction.
create table job_schedule (
    kind text primary key,
    every_seconds bigint not null,
    next_at timestamptz not null,
    -- When the last one was made, and which it is; it is gone from `job` when it went well.
    begun_at timestamptz,
    job uuid
);
