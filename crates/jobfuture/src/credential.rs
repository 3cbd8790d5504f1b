//! `jobfuture credential …`

use crate::cli::{Credential, Machine, VerifyCredential};
use crate::{place, told};
use anyhow::{Context, Result};
use jobfuture_credential::{
    Binding, Condition, Named, Revocation, ShownSignal, Standing, Verified, Verifier, WalletFile, read_metadata,
};
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
    let file = read(&options.file)?;
    let keys = match (&options.issuer, &options.metadata) {
        (Some(issuer), Some(path)) => {
            let keys = read_metadata(&text(path)?, issuer)
                .with_context(|| format!("{} does not hold the keys of {issuer}", path.display()))?;
            Some((issuer.as_str(), keys))
        }
        _ => None,
    };
    let from_issuer = keys.is_some();
    let (issuer, keys) = match (&keys, &file.issuer) {
        (Some((issuer, _)), Some((enclosed, _))) if issuer != enclosed => {
            anyhow::bail!("the file is of {enclosed}, and you gave the keys of {issuer}");
        }
        (Some((issuer, keys)), _) => (*issuer, keys),
        (None, Some((issuer, keys))) => (issuer.as_str(), keys),
        (None, None) => anyhow::bail!(
            "there are no keys in it to check it with: fetch /.well-known/jwt-vc-issuer from the issuer that you trust, and give \
             it with --issuer and --metadata"
        ),
    };
    let list = options.status_list.as_deref().map(text).transpose()?.or(file.status_list);
    let revocation = list.as_deref().map_or(Revocation::NotChecked, |list| Revocation::List(list.trim()));
    let binding = match (&options.audience, &options.nonce) {
        (Some(audience), Some(nonce)) => Binding::Required { audience, nonce },
        _ => Binding::NotAsked,
    };
    let is_bound = matches!(binding, Binding::Required { .. });
    let verifier = Verifier { issuer, keys, now: Clock::system().now().as_second() };
    let found = verifier.credential(&file.credential, binding, revocation);
    let known = Known { issuer, from_issuer, is_bound };
    Ok(match found {
        Ok(verified) if options.json => {
            println!("{}", serde_json::to_string_pretty(&json(&verified, known))?);
            ExitCode::SUCCESS
        }
        Ok(verified) => {
            tell(&verified, known);
            ExitCode::SUCCESS
        }
        Err(why) if options.json => {
            println!("{}", serde_json::json!({ "accepted": false, "why": why.to_string() }));
            ExitCode::from(1)
        }
        Err(why) => {
            println!("{} {why}.", told::red("Refused:"));
            ExitCode::from(1)
        }
    })
}

/// What stands around a credential that was found good.
#[derive(Clone, Copy)]
struct Known<'k> {
    issuer: &'k str,
    from_issuer: bool,
    is_bound: bool,
}

/// A wallet file, or a bare credential.
fn read(path: &Path) -> Result<WalletFile> {
    let text = text(path)?;
    let is_bare = !text.trim_start().starts_with("JobFuture") && text.contains('~') && !text.trim().contains('\n');
    if is_bare {
        return Ok(WalletFile { credential: text.trim().to_owned(), issuer: None, status_list: None });
    }
    WalletFile::read(&text).with_context(|| format!("{} is no wallet file and no credential of ours", path.display()))
}

fn text(path: &Path) -> Result<String> {
    let size = path.metadata().with_context(|| format!("{} cannot be read", path.display()))?.len();
    if size > LONGEST {
        anyhow::bail!("{} is larger than any such file: {size} bytes, and {LONGEST} at most", path.display());
    }
    std::fs::read_to_string(path).with_context(|| format!("{} cannot be read as text", path.display()))
}

fn tell(verified: &Verified, known: Known<'_>) {
    let Known { issuer, from_issuer, is_bound } = known;
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
    match is_bound {
        true => println!("  It answers your request: whoever sent it has the candidate's key."),
        false => {
            println!("It says nothing about who sent you the file: only a proof that answers your own request does.")
        }
    }
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

fn json(verified: &Verified, known: Known<'_>) -> serde_json::Value {
    let shown: serde_json::Map<String, serde_json::Value> =
        lines(&verified.signal).into_iter().map(|(what, says)| (what.to_lowercase(), says.into())).collect();
    let as_of = if let Standing::Valid { as_of } = verified.standing { Some(moment(as_of)) } else { None };
    serde_json::json!({
        "accepted": true,
        "keys": if known.from_issuer { "issuer" } else { "enclosed" },
        "issuer": known.issuer,
        "answers_the_request": known.is_bound,
        "not_withdrawn_as_of": as_of,
        "shown": shown,
    })
}
