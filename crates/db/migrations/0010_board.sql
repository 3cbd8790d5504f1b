-- A company's own job board, from which vacancies come in.
create table company_board (
    -- Random, not a time: it stands in addresses.
    id uuid primary key,
    company uuid not null references company (id) on delete cascade,
    -- Its public address, of which the same board is made again; "file: CSV" for what comes in files of that form.
    address text not null,
    -- What the company says once for all of its postings, as JSON.
    said text not null,
    made_at timestamptz not null,
    -- When it is looked at next; nothing for files, and while it rests after faults.
    next_at timestamptz,
    -- When it was last looked at, and when last anything could be read.
    last_at timestamptz,
    read_at timestamptz,
    -- Before this its server does not want to be asked.
    wait_until timestamptz,
    -- Of the last reading: how many postings there are, and how many of them nobody took.
    listed bigint,
    untaken bigint,
    -- Sentences about postings that could not be read, as JSON.
    unread text,
    -- Faults in a row, and the last of them.
    faults bigint not null,
    last_fault text,
    -- Why nothing is closed although postings are missing.
    doubt text,
    -- By which its server tells what it sent last.
    etag text,
    last_modified text,
    unique (company, address)
);
create index company_board_due on company_board (next_at) where next_at is not null;

-- A posting of a board of which a vacancy was made.
create table board_posting (
    board uuid not null references company_board (id) on delete cascade,
    -- The board's name for it.
    external_id text not null,
    -- Of all that it said when its vacancy was last brought on.
    digest text not null,
    -- The draft that was made of that, as JSON: beside it is seen what a person has changed since.
    said text not null,
    vacancy uuid references vacancy (id) on delete set null,
    seen_at timestamptz not null,
    -- Since when it is not on the board, while that is in doubt.
    missing_at timestamptz,
    -- When it was taken for gone.
    gone_at timestamptz,
    -- What its company is to know: why the board's change was not taken over.
    says text,
    primary key (board, external_id)
);
create index board_posting_vacancy on board_posting (vacancy);

-- What a board or a file held, before any of it is kept. Deleted after a day.
create table board_preview (
    id uuid primary key,
    company uuid not null references company (id) on delete cascade,
    address text not null,
    made_at timestamptz not null,
    -- How many postings there were; nothing while it is being read, and when it could not be.
    listed bigint,
    -- Sentences about what could not be read, as JSON.
    unread text not null
);
create index board_preview_made on board_preview (made_at);
create index board_preview_of on board_preview (company, made_at);

create table board_found (
    preview uuid not null references board_preview (id) on delete cascade,
    nth bigint not null,
    external_id text not null,
    digest text not null,
    -- The draft that it would make, and what is shown beside that, as JSON.
    draft text not null,
    shown text not null,
    primary key (preview, nth)
);
