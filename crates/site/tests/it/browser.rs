//! A browser with its cookies, as far as the site can tell.

use crate::site::{Answer, TestSite, encoded};
use axum::body::Body;
use http::Request;
use jobfuture_site::{Owner, Token};
use serde_json::Value;

pub const ADA: &str = "ada@example.org";
pub const PASSWORD: &str = "ferry orchard lantern";

/// A browser with its cookies.
pub struct Browser<'s> {
    pub site: &'s TestSite,
    pub cookies: Vec<(String, String)>,
}

impl<'s> Browser<'s> {
    pub fn new(site: &'s TestSite) -> Self {
        Self { site, cookies: Vec::new() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let request = Request::get(path).header("cookie", self.header());
        self.keep(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_from(path, fields, "same-origin").await
    }

    pub async fn post_from(&mut self, path: &str, fields: &[(&str, &str)], from: &str) -> Answer {
        let request = Request::post(path)
            .header("cookie", self.header())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("host", "jobs.example.org")
            .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .header("sec-fetch-site", from);
        self.keep(request.body(Body::from(encoded(fields))).unwrap()).await
    }

    /// Sends a form with a file, as browsers do.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            let file = if *name == "file" { "; filename=\"board\"" } else { "" };
            let head = format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            body.extend([head.as_bytes(), value, b"\r\n"].concat());
        }
        body.extend(b"--edge--\r\n");
        let request = Request::post(path)
            .header("cookie", self.header())
            .header("content-type", "multipart/form-data; boundary=edge")
            .header("host", "jobs.example.org")
            .header("sec-fetch-site", "same-origin");
        self.keep(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends JSON as the browser module does.
    pub async fn send(&mut self, path: &str, json: &Value) -> Answer {
        let request = Request::post(path)
            .header("cookie", self.header())
            .header("content-type", "application/json")
            .header("host", "jobs.example.org")
            .header("sec-fetch-site", "same-origin");
        self.keep(request.body(Body::from(json.to_string())).unwrap()).await
    }

    async fn keep(&mut self, request: Request<Body>) -> Answer {
        let answer = self.site.ask(request).await;
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax") && line.contains("Path=/"), "{line}");
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(other, _)| other != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    fn header(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// The key to the rows of whoever is signed in: made by their session, as everywhere.
    pub async fn owner(&self) -> Owner {
        let (_, token) = self.cookies.iter().find(|(name, _)| name.ends_with("session")).expect("a session");
        let session = self.site.accounts.session(&Token::parse(token).unwrap()).await.unwrap();
        session.expect("a session that has not ended").owner()
    }

    /// Joins by the letter that comes.
    pub async fn join(&mut self, email: &str) {
        self.post("/join", &[("email", email)]).await.is(200).has("Look into your mail");
        let link = last_link(self.site, email).await;
        self.get(&link).await.is(200).has(email);
        let made = self.post(&link, &[("name", "Ada"), ("password", PASSWORD)]).await;
        assert_eq!(made.is(303).header("location"), "/account");
    }
}

/// The path in the newest letter to somebody.
pub async fn last_link(site: &TestSite, email: &str) -> String {
    let letters = site.accounts.outbox(50).await.unwrap();
    let letter = letters.iter().find(|letter| letter.recipient == email).expect("a letter");
    let url = letter.body.lines().find(|line| line.starts_with("http")).expect("a link");
    url.split_once("jobs.example.org").expect("a whole address").1.to_owned()
}
