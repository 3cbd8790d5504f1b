//! A provider of OpenID Connect on this machine, small and whole: document, keys, the page where one signs in, codes for tokens.
//! It can be told to misbehave.

use crate::signing::Signing;
use axum::body::Body;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64};
use http::{HeaderMap, Request, StatusCode};
use jobfuture_db::Clock;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

pub const CLIENT: &str = "jobfuture";
pub const SECRET: &str = "a secret of both";
pub const CALLBACK: &str = "https://jobs.example.org/sign-in/oidc/callback";

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    Good,
    /// It tells the address to the bearer of the access token only.
    AddressForBearer,
    /// It says when it asked, and that was days ago.
    AskedDaysAgo,
    SaysNotWhenItAsked,
    WrongNonce,
    NoNonce,
    WrongAudience,
    AnotherAudienceBesides,
    OtherIssuer,
    Expired,
    FromTheFuture,
    Unconfirmed,
    NoAddress,
    NoToken,
    Cancels,
    TokensBroken,
    TokensLeadElsewhere,
    KeysLeadElsewhere,
    Gone,
}

/// Clones are one provider.
#[derive(Clone)]
pub struct Provider {
    pub issuer: String,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    clock: Option<Clock>,
    habit: Habit,
    signing: Signing,
    /// Who signs in at it next: subject and address.
    person: (String, String),
    codes: HashMap<String, HashMap<String, String>>,
    /// How often something was asked that was not where its document says.
    strayed: usize,
}

impl Provider {
    /// Listens on this machine, for as long as the test runs.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let person = ("248289761001".to_owned(), "ada@example.org".to_owned());
        let (codes, signing) = (HashMap::new(), Signing::Rs256);
        let inner = Inner { clock: None, habit: Habit::Good, signing, person, codes, strayed: 0 };
        let provider = Self { issuer, inner: Arc::new(Mutex::new(inner)) };
        let router = provider.router();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        provider
    }

    pub fn keeps_time_by(&self, clock: &Clock) {
        self.inner.lock().unwrap().clock = Some(clock.clone());
    }

    pub fn behaves(&self, habit: Habit) {
        self.inner.lock().unwrap().habit = habit;
    }

    pub fn signs(&self, signing: Signing) {
        self.inner.lock().unwrap().signing = signing;
    }

    pub fn is_used_by(&self, subject: &str, address: &str) {
        self.inner.lock().unwrap().person = (subject.to_owned(), address.to_owned());
    }

    pub fn strayed(&self) -> usize {
        self.inner.lock().unwrap().strayed
    }

    /// Somebody follows a link of the site to it, signs in, and is sent back: the path on the site.
    pub async fn visit(&self, url: &str) -> String {
        let path = url.strip_prefix(&self.issuer).unwrap_or_else(|| panic!("{url} does not lead to {}", self.issuer));
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = self.router().oneshot(request).await.unwrap();
        let home = answer.headers()["location"].to_str().unwrap();
        home.strip_prefix("https://jobs.example.org").expect("back to the site").to_owned()
    }

    fn router(&self) -> Router {
        Router::new()
            .route("/.well-known/openid-configuration", get(document))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/userinfo", get(bearer))
            .route("/elsewhere", get(elsewhere).post(elsewhere))
            .with_state(self.clone())
    }

    fn habit(&self) -> Habit {
        self.inner.lock().unwrap().habit
    }
}

async fn document(State(provider): State<Provider>) -> Response {
    let at = |path: &str| format!("{}{path}", provider.issuer);
    if provider.habit() == Habit::Gone {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    Json(json!({
        "issuer": provider.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        // It says that it would sign with these; what is taken does not depend on it.
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
    }))
    .into_response()
}

async fn keys(State(provider): State<Provider>) -> Response {
    match provider.habit() {
        Habit::KeysLeadElsewhere => Redirect::temporary("/elsewhere").into_response(),
        _ => Json(provider.inner.lock().unwrap().signing.published()).into_response(),
    }
}

async fn elsewhere(State(provider): State<Provider>) -> Response {
    provider.inner.lock().unwrap().strayed += 1;
    Json(Signing::Rs256.published()).into_response()
}

async fn authorize(State(provider): State<Provider>, Query(asked): Query<HashMap<String, String>>) -> Response {
    assert_eq!((asked["client_id"].as_str(), asked["redirect_uri"].as_str()), (CLIENT, CALLBACK));
    assert_eq!((asked["response_type"].as_str(), asked["scope"].as_str()), ("code", "openid email"));
    assert_eq!((asked["code_challenge_method"].as_str(), asked["code_challenge"].len()), ("S256", 43));
    let back = |rest: String| Redirect::to(&format!("{CALLBACK}?state={}&{rest}", asked["state"])).into_response();
    if provider.habit() == Habit::Cancels {
        return back("error=access_denied&error_description=ada%40example.org+said+no".to_owned());
    }
    let code = BASE64.encode(rand::random::<[u8; 16]>());
    provider.inner.lock().unwrap().codes.insert(code.clone(), asked.clone());
    let issuer = provider.issuer.replace(':', "%3A").replace('/', "%2F");
    back(format!("code={code}&iss={issuer}"))
}

async fn token(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(sent): Form<HashMap<String, String>>,
) -> Response {
    match provider.habit() {
        Habit::TokensBroken => return (StatusCode::INTERNAL_SERVER_ERROR, "<h1>Oops</h1>").into_response(),
        Habit::TokensLeadElsewhere => return Redirect::temporary("/elsewhere").into_response(),
        _ => {}
    }
    let shown = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{}", SECRET.replace(' ', "+"))));
    assert_eq!(headers["authorization"], shown.as_str());
    assert_eq!((sent["grant_type"].as_str(), sent["redirect_uri"].as_str()), ("authorization_code", CALLBACK));
    let mut inner = provider.inner.lock().unwrap();
    let refused = || (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response();
    let Some(asked) = inner.codes.remove(&sent["code"]) else { return refused() };
    if BASE64.encode(Sha256::digest(&sent["code_verifier"])) != asked["code_challenge"] {
        return refused();
    }
    let mut answer = json!({"access_token": "for the bearer", "token_type": "Bearer", "expires_in": 60});
    if inner.habit != Habit::NoToken {
        answer["id_token"] = inner.signing.sign(&inner.claims(&provider.issuer, &asked)).into();
    }
    Json(answer).into_response()
}

impl Inner {
    fn claims(&self, issuer: &str, asked: &HashMap<String, String>) -> Value {
        let now = self.clock.as_ref().expect("a clock").now().as_second();
        let (subject, address) = &self.person;
        let mut claims = json!({
            "iss": issuer, "sub": subject, "aud": [CLIENT], "iat": now, "exp": now + 300, "nonce": asked["nonce"],
            "auth_time": now, "email": address, "email_verified": true, "name": "Ada Lovelace",
        });
        let without = |claims: &mut Value, names: &[&str]| {
            names.iter().for_each(|name| drop(claims.as_object_mut().unwrap().remove(*name)));
        };
        match self.habit {
            Habit::AddressForBearer | Habit::NoAddress => without(&mut claims, &["email", "email_verified"]),
            Habit::AskedDaysAgo => claims["auth_time"] = (now - 3 * 86_400).into(),
            Habit::SaysNotWhenItAsked => without(&mut claims, &["auth_time"]),
            Habit::WrongNonce => claims["nonce"] = "another".into(),
            Habit::NoNonce => without(&mut claims, &["nonce"]),
            Habit::WrongAudience => claims["aud"] = "somebody-else".into(),
            Habit::AnotherAudienceBesides => claims["aud"] = json!([CLIENT, "somebody-else"]),
            Habit::OtherIssuer => claims["iss"] = "https://elsewhere.example".into(),
            Habit::Expired => claims["exp"] = (now - 120).into(),
            Habit::FromTheFuture => claims["iat"] = (now + 120).into(),
            Habit::Unconfirmed => claims["email_verified"] = false.into(),
            _ => {}
        }
        claims
    }
}

async fn bearer(State(provider): State<Provider>, headers: HeaderMap) -> Json<Value> {
    assert_eq!(headers["authorization"], "Bearer for the bearer");
    let inner = provider.inner.lock().unwrap();
    let (subject, address) = &inner.person;
    if inner.habit == Habit::NoAddress {
        return Json(json!({"sub": subject}));
    }
    // A string, as some write it.
    Json(json!({"sub": subject, "email": address, "email_verified": "true"}))
}
