//! Opens the private database and sets it up so that nothing but it can be reached.

use super::error::RecorderError;
use super::guard;
use super::limits::{PROGRESS_STEP, RecorderLimits, Watch};
use super::random::Draw;
use super::{functions, random};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};
use std::sync::{Arc, Mutex};

/// Prepared statements kept for the candidate: enough for the statements of one request, sent again.
const CACHED_STATEMENTS: usize = 64;

/// Opens a connection with every limit, guard and function in place.
pub(super) fn open(
    limits: &RecorderLimits,
    watch: &Arc<Watch>,
    draw: &Arc<Mutex<Draw>>,
) -> Result<Connection, RecorderError> {
    // No URI and no shared cache: neither can name another database.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_in_memory_with_flags(flags).map_err(RecorderError::SetUp)?;
    configure(&connection, limits).map_err(RecorderError::SetUp)?;
    functions::register(&connection, limits.value_length as usize).map_err(RecorderError::SetUp)?;
    random::register(&connection, draw).map_err(RecorderError::SetUp)?;
    reset(&connection, limits).map_err(RecorderError::SetUp)?;
    watch_over(&mut connection, watch).map_err(RecorderError::SetUp)?;
    Ok(connection)
}

fn configure(connection: &Connection, limits: &RecorderLimits) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    for (option, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false),
    ] {
        connection.set_db_config(option, on)?;
    }
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_LENGTH, limits.value_length),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, limits.sql_length),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, limits.expression_depth),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, limits.compound_select),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, limits.like_pattern_length),
        (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, limits.variables),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 50),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, i32::try_from(value).unwrap_or(i32::MAX))?;
    }
    // Sorting and temporary tables never touch a disk.
    connection.execute_batch("PRAGMA temp_store = MEMORY")
}

fn watch_over(connection: &mut Connection, watch: &Arc<Watch>) -> rusqlite::Result<()> {
    let for_progress = Arc::clone(watch);
    connection.progress_handler(PROGRESS_STEP, Some(move || for_progress.look()))?;
    let for_authorizer = Arc::clone(watch);
    connection
        .authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| guard::authorize(&for_authorizer, context)))
}

/// Puts back what a candidate may have changed on the connection, and what a restored database does not carry:
/// the settings that Django's backend makes when it connects, and the bound on the size.
pub(super) fn reset(connection: &Connection, limits: &RecorderLimits) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, false)?;
    connection.execute_batch(&format!("PRAGMA defer_foreign_keys = OFF; PRAGMA max_page_count = {}", limits.pages))
}
