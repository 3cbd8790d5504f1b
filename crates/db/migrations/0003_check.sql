-- What a check was asked from: items with what is believed of them, blueprint and rules, all in one JSON text. Never changed: an
-- attempt names the release it was taken on, and is scored again from it, bit for bit.
create table bank_release (
    id uuid primary key,
    check_id text not null,
    made_at timestamptz not null,
    -- SHA-256 of the parts, in hex: the same parts are one release, however often they are made.
    digest text not null,
    parts text not null,
    -- What simulating people on it found before it was used, as JSON; nothing while it has not been certified.
    certificate text,
    unique (check_id, digest)
);
create index bank_release_latest on bank_release (check_id, made_at);

-- One skill check of one person. Private: read by its owner alone.
create table attempt (
    -- Random, not a time: it stands in addresses.
    id uuid primary key,
    account uuid not null references account (id) on delete cascade,
    check_id text not null,
    release uuid not null references bank_release (id),
    -- practice, unaided or own-tools: what the person said of how they take it. Conditions are never mixed.
    condition text not null,
    -- Per cent of the usual time: 100, 150 or 200.
    pace bigint not null,
    -- Of everything that chance decides in it.
    seed bigint not null,
    -- What was believed beforehand, and of which earlier attempt.
    prior bytea not null,
    earlier uuid references attempt (id) on delete set null,
    -- Numbers of items in the release that were not to be asked, as JSON.
    excluded text not null,
    -- Whether answers may, without saying whose, help to measure the questions.
    lends_answers boolean not null,
    -- Whether the owner wants to be told no level.
    quiet boolean not null,
    begun_at timestamptz not null,
    -- The clock: what was used, and since when it runs. Without a time it stands.
    spent_seconds bigint not null,
    heard_at timestamptz,
    ended_at timestamptz,
    -- settled, full, time, used-up or stopped.
    ended_by text
);
create index attempt_of_account on attempt (account, begun_at);
create index attempt_of_earlier on attempt (earlier);

-- One thing that was asked in an attempt, in order. The one that is open has no closing time.
create table attempt_item (
    id uuid primary key,
    attempt uuid not null references attempt (id) on delete cascade,
    -- From 1.
    place bigint not null,
    -- Id of the item in the release: a version of a question or task.
    item text not null,
    -- question or task.
    kind text not null,
    -- Which variant.
    seed bigint not null,
    asked_at timestamptz not null,
    -- answered, or known: the person had met it before, so that it was put aside unanswered.
    outcome text,
    closed_at timestamptz,
    -- Seconds of working time until then.
    seconds bigint,
    -- A question's answer as it was given, as JSON.
    answer text,
    -- 0 or 1 for a question, the number of behaviours shown for a task.
    category bigint,
    -- A task's verdict, as JSON.
    verdict text,
    unique (attempt, place),
    unique (attempt, item)
);

-- What is written in a task: the last state of its files that arrived, and how often it was run.
create table attempt_work (
    attempt_item uuid primary key references attempt_item (id) on delete cascade,
    files text not null,
    saved_at timestamptz not null,
    runs bigint not null,
    -- The verdict of the last run, as JSON.
    last_run text
);

-- A question about the person's own code, whose right answer was found by running it.
create table attempt_explain (
    attempt_item uuid not null references attempt_item (id) on delete cascade,
    place bigint not null,
    -- The question with its right answer, as JSON.
    question text not null,
    -- As it was given; nothing until then, and when it was passed over.
    answer text,
    is_right boolean,
    closed_at timestamptz,
    primary key (attempt_item, place)
);

-- Which versions a person has met, so that none is asked again; without answers, and kept when an attempt is deleted.
create table item_seen (
    account uuid not null references account (id) on delete cascade,
    item text not null,
    primary key (account, item)
);

-- What is known of an item from all who met it: sums only, nobody's answer.
create table item_tally (
    check_id text not null,
    item text not null,
    -- Put aside because the person had met it before.
    known bigint not null,
    answered bigint not null,
    -- Sums over answers: the category as a share of the highest, the standardised residual and its square, ln of seconds.
    score double precision not null,
    residual double precision not null,
    residual_squared double precision not null,
    ln_seconds double precision not null,
    -- Two one-sided sums of residuals (CUSUM) as they stand, and the highest that either has been.
    drift_up double precision not null,
    drift_down double precision not null,
    drift_most double precision not null,
    primary key (check_id, item)
);

-- An item that is not asked any more, and why.
create table item_freeze (
    item text primary key,
    frozen_at timestamptz not null,
    reason text not null
);

-- Answers that were lent to measure questions: who gave them is not known, and the people of two checks are two people here.
create table lent_answer (
    check_id text not null,
    person uuid not null,
    -- Year and month; a day could tell who it was.
    month text not null,
    condition text not null,
    item text not null,
    category bigint not null,
    primary key (person, item)
);
create index lent_answer_of_check on lent_answer (check_id);

-- A task that was judged again by a version that supersedes the one it was handed in for.
create table regrade (
    attempt_item uuid primary key references attempt_item (id) on delete cascade,
    item text not null,
    category bigint not null,
    verdict text not null,
    reason text not null,
    made_at timestamptz not null,
    -- When its owner was shown it.
    told_at timestamptz
);
