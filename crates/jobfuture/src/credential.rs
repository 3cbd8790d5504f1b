//! `jobfuture credential …`

use crate::cli::{Credential, Machine, VerifyCredential};
use crate::{place, told};
use anyhow::{Context, Result};
use jobfuture_credential::{Condition, Named, ShownSignal, Standing, Trust, Verified, WalletFile, read_metadata};
use jobfuture_db::Clock;
use std::path::Path;
use std::process::ExitCode;

/// The largest file that is read, in bytes; the reader of wallet files has a limit of its own below it.
const LONGEST: u64 = 4 << 20;

/// Does what was asked.
pub fn run(command: &Credential) -> Result<ExitCode> {
    match command {
        Credential::Verify(options) => verify(options),
        Credential::RotateKey(machine) => change_keys(machine, Change::Rotate),
        Credential::RetireKey(machine) => change_keys(machine, Change::Retire),
    }
}

#[derive(Clone, Copy)]
enum Change {
    Rotate,
    Retire,
}

fn change_keys(machine: &Machine, change: Change) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")?;
    runtime.block_on(async {
        let data = place::data_folder(machine)?;
        let db = place::database(machine, &data).await?;
        let disclosure = place::disclosure(machine, &data, db).await?;
        match change {
            Change::Rotate => {
                disclosure.rotate_issuer_key().await.context("the key was not changed")?;
                println!(
                    "A new key signs from now on. Retire the one before with `jobfuture credential retire-key` when the last \
                     credential that it signed has expired: in two years at the latest."
                );
            }
            Change::Retire => {
                disclosure.retire_issuer_key().await?;
                println!("The key before is published no longer: everything that it signed is refused from now on.");
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn verify(options: &VerifyCredential) -> Result<ExitCode> {
    let file = WalletFile::read(&text(&options.file)?)
        .with_context(|| format!("{} is no wallet file of ours", options.file.display()))?;
    let keys = match (&options.issuer, &options.metadata) {
        (Some(issuer), Some(path)) => {
            let keys = read_metadata(&text(path)?, issuer)
                .with_context(|| format!("{} does not hold the keys of {issuer}", path.display()))?;
            Some((issuer, keys))
        }
        _ => None,
    };
    let trust = match &keys {
        Some((address, keys)) => Trust::Issuer { address, keys },
        None => Trust::AsEnclosed,
    };
    let enclosed = file.issuer.as_ref().map(|(address, _)| address.as_str());
    let issuer = options.issuer.as_deref().or(enclosed).unwrap_or_default();
    match file.verify(trust, Clock::system().now().as_second()) {
        Ok(verified) if options.json => {
            println!("{}", serde_json::to_string_pretty(&json(&verified, issuer, keys.is_some()))?);
            Ok(ExitCode::SUCCESS)
        }
        Ok(verified) => {
            tell(&verified, issuer, keys.is_some());
            Ok(ExitCode::SUCCESS)
        }
        Err(why) => {
            if options.json {
                println!("{}", serde_json::json!({ "accepted": false, "why": why.to_string() }));
            } else {
                println!("{} {why}.", told::red("Refused:"));
            }
            Ok(ExitCode::from(1))
        }
    }
}

fn text(path: &Path) -> Result<String> {
    let size = path.metadata().with_context(|| format!("{} cannot be read", path.display()))?.len();
    if size > LONGEST {
        anyhow::bail!("{} is larger than any such file: {size} bytes, and {LONGEST} at most", path.display());
    }
    std::fs::read_to_string(path).with_context(|| format!("{} cannot be read as text", path.display()))
}

fn tell(verified: &Verified, issuer: &str, from_issuer: bool) {
    let heading = if from_issuer { "Good." } else { "Whole, checked with the keys that came with it." };
    println!("{}", told::green(heading));
    for (what, says) in lines(&verified.signal) {
        println!("  {what}: {says}");
    }
    println!("  Issuer: {issuer}");
    match verified.standing {
        Standing::Valid { as_of } => println!("  Not withdrawn, by the list of {}", moment(as_of)),
        Standing::NotChecked => println!("  Whether it was withdrawn is not known: the file has no list."),
    }
    if !from_issuer {
        println!(
            "Whoever wrote the file could have put in keys of their own. To know that the issuer made it, fetch \
             /.well-known/jwt-vc-issuer from the issuer that you trust, and give it with --issuer and --metadata."
        );
    }
    println!("It says nothing about who sent you the file: only a proof that answers your own request does.");
}

fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |time| time.to_string())
}

fn lines(signal: &ShownSignal) -> Vec<(&'static str, String)> {
    let names = |list: &[Named]| list.iter().map(|one| one.name.to_string()).collect::<Vec<_>>().join("; ");
    let mut lines = Vec::new();
    let mut add =
        |what, says: Option<String>| lines.extend(says.filter(|says| !says.is_empty()).map(|says| (what, says)));
    add("Role", signal.role.as_ref().map(|role| role.name.to_string()));
    add("Level", signal.at_least.as_ref().map(|level| format!("{} or above", level.name)));
    add("Taken", signal.condition.as_ref().map(condition));
    add("On", signal.taken_on.as_ref().map(ToString::to_string));
    add("Competencies", signal.competencies.as_deref().map(names));
    add("Behaviours", signal.behaviours.as_deref().map(names));
    let versions = signal
        .versions
        .as_ref()
        .map(|all| all.iter().map(|one| format!("{} {}", one.of, one.version)).collect::<Vec<_>>().join(", "));
    add("Asked", versions);
    lines
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Practice {} => "as practice".to_owned(),
        Condition::Unaided {} => "unaided, as the candidate declares".to_owned(),
        Condition::OwnTools {} => "with their own tools".to_owned(),
        Condition::ProvidedAssistant {} => "with the assistant that the check provides".to_owned(),
        Condition::Witnessed { company, on } => format!("witnessed by {company} on {on}"),
    }
}

fn json(verified: &Verified, issuer: &str, from_issuer: bool) -> serde_json::Value {
    let shown: serde_json::Map<String, serde_json::Value> =
        lines(&verified.signal).into_iter().map(|(what, says)| (what.to_lowercase(), says.into())).collect();
    let as_of = if let Standing::Valid { as_of } = verified.standing { Some(moment(as_of)) } else { None };
    serde_json::json!({
        "accepted": true,
        "keys": if from_issuer { "issuer" } else { "enclosed" },
        "issuer": issuer,
        "not_withdrawn_as_of": as_of,
        "shown": shown,
    })
}
