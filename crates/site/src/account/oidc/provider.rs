//! What is known of the provider: where its parts are and which keys it signs with. Asked of it at start, every hour, and when
//! it signs with a key that is new.

use super::config::{BadOidc, OidcConfig};
use super::fault::OidcFault;
use super::http::{HttpClient, NoAnswer};
use crate::routes;
use arc_swap::ArcSwapOption;
use jiff::{SignedDuration, Timestamp};
use jobfuture_db::Clock;
use openidconnect::core::{CoreClient, CoreClientAuthMethod, CoreProviderMetadata};
use openidconnect::{
    AuthType, ClientId, ClientSecret, DiscoveryError, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    RedirectUrl,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long what is known is good.
const GOOD: Duration = Duration::from_secs(3600);
/// After how long it is asked again when it did not answer.
const AGAIN: Duration = Duration::from_secs(30);
/// However many people wait for it, it is not asked more often.
const REST: SignedDuration = SignedDuration::from_secs(10);

/// A provider that is known: endpoints and keys.
pub(super) type Known =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The provider that people may sign in by. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct OidcProvider(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config: OidcConfig,
    issuer: IssuerUrl,
    comes_back_to: RedirectUrl,
    http: HttpClient,
    known: ArcSwapOption<Known>,
    /// When it was last asked; held while it is.
    looked: Mutex<Option<Timestamp>>,
}

impl OidcProvider {
    /// For the site at this address. Nothing is asked yet.
    ///
    /// # Errors
    /// An address that is none, or no TLS.
    pub fn new(config: OidcConfig, base_url: &str) -> Result<Self, BadOidc> {
        let issuer = IssuerUrl::new(config.issuer.clone()).map_err(|_| BadOidc::NoAddress(config.issuer.clone()))?;
        let comes_back_to = RedirectUrl::new(format!("{base_url}{}", routes::OIDC_CALLBACK));
        let comes_back_to = comes_back_to.map_err(|_| BadOidc::Site(base_url.to_owned()))?;
        let http = HttpClient::new(config.is_encrypted()).map_err(BadOidc::Tls)?;
        let (known, looked) = (ArcSwapOption::empty(), Mutex::default());
        Ok(Self(Arc::new(Inner { config, issuer, comes_back_to, http, known, looked })))
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.0.config.name
    }

    /// The address that it has to know this site by.
    pub fn comes_back_to(&self) -> &str {
        self.0.comes_back_to.as_str()
    }

    /// As what it signs.
    pub(crate) fn issuer(&self) -> &str {
        self.0.issuer.as_str()
    }

    /// Whether it answered when it was last asked, or before.
    pub(crate) fn works(&self) -> bool {
        self.0.known.load().is_some()
    }

    pub(super) fn http(&self) -> &HttpClient {
        &self.0.http
    }

    /// Keeps what is known good for as long as the process lives. A provider that does not answer is asked again; what was
    /// known before stays.
    pub async fn keep_known(self, clock: Clock) {
        let mut was_told = false;
        loop {
            let wait = match self.look(clock.now()).await {
                Ok(()) => {
                    if was_told {
                        tracing::warn!("signing in by {} works again", self.name());
                    }
                    GOOD
                }
                Err(why) => {
                    if !was_told {
                        tracing::warn!("signing in by {} does not work: {why}. It is asked again", self.name());
                    }
                    AGAIN
                }
            };
            was_told = wait == AGAIN;
            tokio::time::sleep(wait).await;
        }
    }

    /// Asks the provider for its document and its keys.
    ///
    /// # Errors
    /// Why it does not work, for the operator.
    pub async fn look(&self, now: Timestamp) -> Result<(), String> {
        let mut looked = self.0.looked.lock().await;
        self.look_alone(&mut looked, now).await
    }

    async fn look_alone(&self, looked: &mut Option<Timestamp>, now: Timestamp) -> Result<(), String> {
        *looked = Some(now);
        let found = CoreProviderMetadata::discover_async(self.0.issuer.clone(), &self.0.http).await;
        let found = found.map_err(|error| self.said(error))?;
        self.0.known.store(Some(Arc::new(self.client(found)?)));
        Ok(())
    }

    fn client(&self, found: CoreProviderMetadata) -> Result<Known, String> {
        let config = &self.0.config;
        let authorization = found.authorization_endpoint().url();
        if config.is_encrypted() && authorization.scheme() != "https" {
            return Err(format!("its authorization endpoint {authorization} is not reached by https"));
        }
        if found.token_endpoint().is_none() {
            return Err("its document names no token endpoint".to_owned());
        }
        let (client_id, secret) =
            (ClientId::new(config.client_id.clone()), ClientSecret::new(config.client_secret.clone()));
        let auth = auth_type(&found);
        let client = CoreClient::from_provider_metadata(found, client_id, Some(secret));
        Ok(client.set_redirect_uri(self.0.comes_back_to.clone()).set_auth_type(auth))
    }

    /// What is known; asked for now if nothing is.
    pub(super) async fn known(&self, now: Timestamp) -> Result<Arc<Known>, OidcFault> {
        if let Some(known) = self.0.known.load_full() {
            return Ok(known);
        }
        self.renewed(None, now).await.ok_or(OidcFault::Down)
    }

    /// What is known after asking again, if it may be asked already and answers; `stale` is what did not do.
    pub(super) async fn renewed(&self, stale: Option<&Arc<Known>>, now: Timestamp) -> Option<Arc<Known>> {
        let mut looked = self.0.looked.lock().await;
        let is_stale = |known: &Arc<Known>| stale.is_some_and(|stale| Arc::ptr_eq(stale, known));
        // Somebody else may have asked while we waited for our turn.
        if let Some(known) = self.0.known.load_full().filter(|known| !is_stale(known)) {
            return Some(known);
        }
        if looked.is_some_and(|looked| now.duration_since(looked).abs() < REST) {
            return None;
        }
        if let Err(why) = self.look_alone(&mut looked, now).await {
            tracing::warn!("signing in by {} does not work: {why}", self.name());
            return None;
        }
        self.0.known.load_full()
    }

    /// A failure in words for the operator. What the provider sent is not repeated.
    fn said(&self, error: DiscoveryError<NoAnswer>) -> String {
        let issuer = self.issuer();
        match error {
            DiscoveryError::Request(why) => format!("{issuer}: {why}"),
            DiscoveryError::Response(status, ..) if status.is_redirection() => {
                format!(
                    "{issuer} leads elsewhere ({status}), which is not followed: give the issuer as it writes itself"
                )
            }
            DiscoveryError::Response(status, ..) => {
                format!(
                    "{issuer}/.well-known/openid-configuration or its keys answered {status}, or something else than JSON"
                )
            }
            DiscoveryError::Parse(error) => {
                format!("{issuer}: its document or its keys cannot be read ({})", error.path())
            }
            DiscoveryError::Validation(why) => {
                format!("{issuer} calls itself otherwise ({why}): give --oidc-issuer letter by letter as it does")
            }
            other => format!("{issuer}: {other}"),
        }
    }
}

/// How the secret is shown: in a header, unless the provider takes it in the body only (OpenID Connect Core, 9).
fn auth_type(found: &CoreProviderMetadata) -> AuthType {
    let Some(methods) = found.token_endpoint_auth_methods_supported() else { return AuthType::BasicAuth };
    let takes = |method| methods.contains(&method);
    if takes(CoreClientAuthMethod::ClientSecretPost) && !takes(CoreClientAuthMethod::ClientSecretBasic) {
        AuthType::RequestBody
    } else {
        AuthType::BasicAuth
    }
}
