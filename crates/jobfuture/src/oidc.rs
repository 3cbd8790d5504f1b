//! Sign-in by a provider, as the options say. Half of it is told at start: a button that can never work would be found by
//! whoever presses it.

use crate::cli::Oidc;
use anyhow::{Context, Result, bail};
use jobfuture_site::{OidcConfig, OidcProvider};
use std::fs;

/// The provider; nothing when none is configured.
///
/// # Errors
/// Half a configuration, or a part that cannot be right.
pub fn provider(options: &Oidc, base_url: Option<&str>) -> Result<Option<OidcProvider>> {
    let Oidc { oidc_issuer, oidc_client_id, oidc_client_secret, oidc_client_secret_file, oidc_name } = options;
    let any = [oidc_issuer, oidc_client_id, oidc_client_secret, oidc_name].into_iter().any(Option::is_some);
    if !any && oidc_client_secret_file.is_none() {
        return Ok(None);
    }
    let Some(issuer) = oidc_issuer else { bail!(half("--oidc-issuer", "the provider's address")) };
    let Some(client_id) = oidc_client_id else {
        bail!(half("--oidc-client-id", "as what the provider knows this site"))
    };
    let secret = secret(options)?;
    let Some(base_url) = base_url else {
        bail!(half("--base-url", "the address of this site, to which the provider sends people back"))
    };
    let config = OidcConfig::new(issuer, client_id, &secret, oidc_name.as_deref()).context("sign-in by a provider")?;
    Ok(Some(OidcProvider::new(config, base_url).context("sign-in by a provider")?))
}

fn secret(options: &Oidc) -> Result<String> {
    match (&options.oidc_client_secret, &options.oidc_client_secret_file) {
        (Some(_), Some(_)) => {
            bail!("the client secret is given twice: leave out --oidc-client-secret or --oidc-client-secret-file")
        }
        (Some(secret), None) => Ok(secret.clone()),
        (None, Some(file)) => {
            let place = file.display();
            fs::read_to_string(file).with_context(|| {
                format!("the client secret could not be read from {place}: make it readable for this user")
            })
        }
        (None, None) => {
            bail!(half(
                "--oidc-client-secret-file, or the variable JOBFUTURE_OIDC_CLIENT_SECRET",
                "the secret that belongs to the client id"
            ))
        }
    }
}

fn half(option: &str, what: &str) -> String {
    format!("sign-in by a provider is configured by half: give {option} too ({what}), or none of the --oidc options")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Oidc {
        Oidc {
            oidc_issuer: Some("https://login.example.org".to_owned()),
            oidc_client_id: Some("jobfuture".to_owned()),
            oidc_client_secret: Some("s3cret".to_owned()),
            ..Oidc::default()
        }
    }

    fn fault(options: &Oidc, base_url: Option<&str>) -> String {
        format!("{:#}", provider(options, base_url).unwrap_err())
    }

    #[test]
    fn nothing_is_nothing_and_all_is_a_provider() {
        assert!(provider(&Oidc::default(), None).unwrap().is_none());
        let made = provider(&whole(), Some("https://jobs.example.org")).unwrap().unwrap();
        assert_eq!(made.name(), "login.example.org");
        assert_eq!(made.comes_back_to(), "https://jobs.example.org/sign-in/oidc/callback");
    }

    #[test]
    fn half_of_it_is_told_with_what_is_missing() {
        let base = Some("https://jobs.example.org");
        let without = |change: fn(&mut Oidc)| {
            let mut options = whole();
            change(&mut options);
            options
        };
        let cases = [
            (without(|o| o.oidc_issuer = None), base, "give --oidc-issuer too"),
            (without(|o| o.oidc_client_id = None), base, "give --oidc-client-id too"),
            (without(|o| o.oidc_client_secret = None), base, "give --oidc-client-secret-file"),
            (whole(), None, "give --base-url too"),
            (without(|o| o.oidc_client_secret_file = Some("x".into())), base, "given twice"),
            (without(|o| o.oidc_issuer = Some("http://login.example.org".to_owned())), base, "Use its https address"),
            (without(|o| o.oidc_name = Some(" ".to_owned())), base, "1 to 40"),
        ];
        for (options, base, says) in cases {
            let fault = fault(&options, base);
            assert!(fault.contains(says), "{says}: {fault}");
        }
        let named = Oidc { oidc_name: Some("Example".to_owned()), ..Oidc::default() };
        assert!(fault(&named, base).contains("--oidc-issuer"));
    }

    #[test]
    fn the_secret_is_read_from_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        let options = Oidc { oidc_client_secret: None, oidc_client_secret_file: Some(file.clone()), ..whole() };
        assert!(fault(&options, Some("https://jobs.example.org")).contains("could not be read"));
        fs::write(&file, "s3cret\n").unwrap();
        assert!(provider(&options, Some("https://jobs.example.org")).unwrap().is_some());
    }
}
