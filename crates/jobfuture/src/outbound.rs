//! What this server asks of others, as the options say.

use crate::cli;
use anyhow::{Context, Result};
use jobfuture_outbound::{Names, Outbound, Policy};

/// The one client for addresses that users name; nothing where the operator wants none, or where DNS cannot be asked.
///
/// # Errors
/// Name servers that were named and cannot be asked; an address of this site that no header can hold.
pub fn client(options: &cli::Outbound, base_url: Option<&str>) -> Result<Option<Outbound>> {
    if options.no_outbound {
        return Ok(None);
    }
    let names = if options.dns.is_empty() { Names::of_system() } else { Names::at(&options.dns) };
    let names = match names {
        Ok(names) => names,
        Err(error) if options.dns.is_empty() => {
            tracing::warn!("domains of companies cannot be looked at: {error}");
            return Ok(None);
        }
        Err(error) => return Err(error).context("--dns"),
    };
    let policy = options.outbound_trial.iter().fold(Policy::default(), |policy, at| policy.with_trial(*at));
    Ok(Some(Outbound::new(names, policy, base_url)?))
}
