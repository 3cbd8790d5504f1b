//! Where things are: content, data folder, database, grader.

use crate::cli::Machine;
use anyhow::{Context, Result, bail};
use jobfuture_content::Library;
use jobfuture_db::{Clock, Db};
use jobfuture_disclosure::Disclosure;
use jobfuture_grader::{Grader, GraderConfig, Progress};
use std::fs::Permissions;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reads all content.
pub fn library(content: &Path) -> Result<Arc<Library>> {
    if !content.join("competencies.toml").exists() {
        bail!(
            "there is no content in {}: run this in the project's folder, or name the folder with --content",
            content.display()
        );
    }
    let library = Library::read(content).map_err(|faults| anyhow::anyhow!("the content cannot be read:\n{faults}"))?;
    Ok(Arc::new(library))
}

/// The data folder, made if it is not there, and writable.
pub fn data_folder(machine: &Machine) -> Result<PathBuf> {
    let folder = match &machine.data {
        Some(folder) => folder.clone(),
        None => default_data_folder()?,
    };
    let mend = || {
        format!("the data folder {} cannot be written: make it writable, or name another with --data", folder.display())
    };
    std::fs::create_dir_all(&folder).with_context(mend)?;
    let probe = folder.join(".writable");
    std::fs::write(&probe, "").with_context(mend)?;
    std::fs::remove_file(&probe).with_context(mend)?;
    folder.canonicalize().with_context(mend)
}

fn default_data_folder() -> Result<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = folder("XDG_DATA_HOME").or_else(|| Some(folder("HOME")?.join(".local/share")));
    let base = base.context("neither HOME nor XDG_DATA_HOME is set: name a data folder with --data")?;
    Ok(base.join("jobfuture"))
}

/// The database, migrated.
pub async fn database(machine: &Machine, data: &Path) -> Result<Db> {
    let url = machine.database_url.clone().unwrap_or_else(|| format!("sqlite:{}", data.join("jobfuture.db").display()));
    Ok(Db::open(&url).await?)
}

/// The keys that seal what people keep, in a database of their own, so that backups of the other do not hold them.
pub async fn keys(machine: &Machine, data: &Path) -> Result<Db> {
    if let Some(url) = &machine.keys_url {
        return Db::open(url).await.context("opening the database of keys");
    }
    let is_shared = machine.database_url.as_deref().is_some_and(|url| url.starts_with("postgres"));
    if is_shared {
        tracing::warn!(
            "the keys of profiles are kept on this machine: with several of them on one database, give all the same --keys-url"
        );
    }
    let file = data.join("keys.db");
    let mend = || format!("{} cannot be kept from others: make the data folder writable", file.display());
    // Before anything is in it: others on this machine are not to read it.
    let made = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&file).with_context(mend)?;
    made.set_permissions(Permissions::from_mode(0o600)).with_context(mend)?;
    drop(made);
    Db::open(&format!("sqlite:{}", file.display())).await.context("opening the database of keys")
}

/// What people keep and show.
pub async fn disclosure(machine: &Machine, data: &Path, db: Db) -> Result<Disclosure> {
    Ok(Disclosure::open(db, keys(machine, data).await?, Clock::system()).await?)
}

/// The grader, with everything made that it needs. Blocks.
///
/// # Errors
/// In the grader's own words, which are fit for readers of the site.
pub fn grader(
    machine: &Machine,
    data: &Path,
    library: &Arc<Library>,
    pool: usize,
    tell: Progress<'_>,
) -> Result<Grader, jobfuture_grader::GradeError> {
    let config = GraderConfig {
        data: data.to_owned(),
        python: machine.python.clone(),
        pool,
        allow_reduced_isolation: machine.allow_reduced_isolation,
    };
    Grader::start(library, &config, tell)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails should say where")]
mod tests {
    use super::*;
    use jobfuture_db::params;

    fn machine() -> Machine {
        Machine {
            content: "content".into(),
            data: None,
            python: None,
            database_url: None,
            keys_url: None,
            allow_reduced_isolation: false,
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn keys_are_for_this_user_alone_also_where_the_file_was_open_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.db");
        std::fs::write(&file, "").unwrap();
        std::fs::set_permissions(&file, Permissions::from_mode(0o666)).unwrap();
        let keys = keys(&machine(), folder.path()).await.unwrap();
        keys.execute("delete from sealing_key", &[]).await.unwrap();
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", entry.path().display());
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_database_whose_keys_were_lost_is_not_served_with_new_ones() {
        let folder = tempfile::tempdir().unwrap();
        let machine = machine();
        let db = database(&machine, folder.path()).await.unwrap();
        disclosure(&machine, folder.path(), db.clone()).await.unwrap();
        let (account, now) = (uuid::Uuid::from_u128(7), Clock::system().now());
        let sql = "insert into account (id, email, name, created_at) values ($1, 'a@b.example', 'A', $2)";
        db.execute(sql, params![account, now]).await.unwrap();
        let sql = "insert into profile_field (account, field, sealed, changed_at) values ($1, 'headline', $2, $3)";
        db.execute(sql, params![account, b"sealed".as_slice(), now]).await.unwrap();
        let error = disclosure(&machine, folder.path(), db).await.unwrap_err();
        assert!(format!("{error:#}").contains("restore keys.db"), "{error:#}");
    }
}
