//! What the candidate's SQL may do at all: SQLite's authorizer, asked once for each action of a statement when it
//! is prepared. Trusted SQL is let through.

use super::limits::Watch;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// Pragmas that Django's SQLite backend and schema editor use, and some that only read. `foreign_keys`,
/// `defer_foreign_keys` and `legacy_alter_table` may be set; they are reset by every restore.
const PRAGMAS: &[&str] = &[
    "defer_foreign_keys",
    "foreign_key_check",
    "foreign_key_list",
    "foreign_keys",
    "index_info",
    "index_list",
    "index_xinfo",
    "legacy_alter_table",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// Functions that are refused by name: those that reach outside the database, those whose work in one call is not
/// bounded by the length of their arguments, and internals of virtual tables that nobody can create here.
const REFUSED_FUNCTIONS: &[&str] = &[
    "fts3_tokenizer",
    "json_patch",
    "jsonb_patch",
    "load_extension",
    "rtreecheck",
    "rtreedepth",
    "rtreenode",
    "sqlite_log",
];

/// Answers SQLite's authorizer. What it refuses is remembered in the watch, for the message.
pub(super) fn authorize(watch: &Watch, context: AuthContext<'_>) -> Authorization {
    if watch.is_trusted() {
        return Authorization::Allow;
    }
    match refused(&context.action) {
        None => Authorization::Allow,
        Some(what) => {
            watch.deny(what);
            Authorization::Deny
        }
    }
}

/// What is refused about an action, if it is.
fn refused(action: &AuthAction<'_>) -> Option<String> {
    match action {
        AuthAction::Attach { .. } => Some("ATTACH and VACUUM".to_owned()),
        AuthAction::Detach { .. } => Some("DETACH".to_owned()),
        AuthAction::Pragma { pragma_name, .. } => {
            let name = pragma_name.to_ascii_lowercase();
            (!PRAGMAS.contains(&name.as_str())).then(|| format!("PRAGMA {name}"))
        }
        AuthAction::Function { function_name } => {
            let name = function_name.to_ascii_lowercase();
            let refused = REFUSED_FUNCTIONS.contains(&name.as_str()) || super::random::NAMES.contains(&name.as_str());
            refused.then(|| format!("the function {name}"))
        }
        AuthAction::CreateVtable { module_name, .. } => Some(format!("a virtual table of {module_name}")),
        // Tells how the file is laid out, which is nothing that a query needs.
        AuthAction::Read { table_name, .. } if table_name.eq_ignore_ascii_case("dbstat") => Some("dbstat".to_owned()),
        // A trigger would run within the grader's own statements.
        AuthAction::CreateTrigger { .. } | AuthAction::CreateTempTrigger { .. } => Some("CREATE TRIGGER".to_owned()),
        // The temporary schema lives beside the snapshot and would outlive a restore.
        AuthAction::CreateTempTable { .. } | AuthAction::CreateTempView { .. } | AuthAction::CreateTempIndex { .. } => {
            Some("temporary tables and views".to_owned())
        }
        AuthAction::Unknown { .. } => Some("this statement".to_owned()),
        _ => None,
    }
}
