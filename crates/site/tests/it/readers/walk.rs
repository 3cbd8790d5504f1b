//! One reader's walk over everything that is linked for them.

use crate::browser::Browser;
use crate::site::Answer;
use jobfuture_site::routes::PATTERNS;
use std::collections::{BTreeMap, BTreeSet};

/// Redirects that are followed before it is called a circle.
const MOST_REDIRECTS: usize = 5;

/// So many files of a project are looked at.
const FILES_OF_EACH: usize = 3;

/// So many searches of a pool are looked at: each leads to others, that are narrower.
const SEARCHES_OF_EACH: usize = 12;

/// Pages by whom they are for, and where at least one of their next steps has to lead.
const FITTING: &[(&[&str], &[&str])] = &[
    (
        &["/companies", "/verify", "/answers/employers"],
        &["/companies", "/verify", "/roles", "/guides", "/answers/employers"],
    ),
    (
        &["/profile", "/signals", "/grants", "/views", "/attempts", "/account", "/answers/candidates"],
        &["/profile", "/signals", "/grants", "/views", "/attempts", "/account", "/checks", "/guides", "/tasks"],
    ),
    (&["/operator"], &["/operator", "/account"]),
];

/// What is the same for everybody, so that who is signed in need not walk it again.
const FOR_EVERYBODY: [&str; 5] = ["/guides", "/questions", "/tasks", "/about/", "/assets/"];

/// What was found at one address.
#[derive(Debug, Default)]
struct Found {
    anchors: BTreeSet<String>,
    /// Where it leads on at once.
    leads_to: Option<String>,
}

/// Everything that one reader comes to.
pub struct Walk<'w> {
    who: &'static str,
    pages: BTreeMap<String, Found>,
    /// Addresses with a place on the page, and where such a link stands.
    places: BTreeMap<String, String>,
    waiting: Vec<String>,
    /// Addresses that forms are sent to, and which of them were asked for.
    actions: BTreeSet<String>,
    reloaded: BTreeSet<String>,
    /// How many files of each project were come to.
    files: BTreeMap<String, usize>,
    /// How many searches of each pool.
    searches: BTreeMap<String, usize>,
    faults: Vec<String>,
    /// What a stranger has walked.
    known: Option<&'w Walk<'w>>,
}

impl<'w> Walk<'w> {
    /// From these addresses on.
    pub async fn of(who: &'static str, browser: &mut Browser<'_>, from: &[&str], known: Option<&'w Walk<'w>>) -> Self {
        let mut walk = Self {
            who,
            pages: BTreeMap::new(),
            places: BTreeMap::new(),
            waiting: from.iter().map(|path| (*path).to_owned()).collect(),
            actions: BTreeSet::new(),
            reloaded: BTreeSet::new(),
            files: BTreeMap::new(),
            searches: BTreeMap::new(),
            faults: Vec::new(),
            known,
        };
        walk.go_on(browser).await;
        walk
    }

    /// Follows what is still to be followed.
    pub async fn go_on(&mut self, browser: &mut Browser<'_>) {
        while let Some(path) = self.waiting.pop() {
            if self.pages.contains_key(&path) || self.is_known(&path) || self.is_one_more(&path) {
                continue;
            }
            let answer = browser.get(&path).await;
            self.look_at(&path, &answer);
        }
        // Who reloads the answer to a form, or follows it from their history, asks for its address.
        for action in self.actions.clone() {
            if self.pages.contains_key(&action) || !self.reloaded.insert(action.clone()) {
                continue;
            }
            let answer = browser.get(&action).await;
            match answer.status.as_u16() {
                200 | 303 => {}
                405 if answer.text().contains("Where to go next") => {}
                status => {
                    self.faults.push(format!("the form of {action} leads to nothing when it is reloaded: {status}"));
                }
            }
        }
    }

    /// Files of a project are shown alike, and so are searches of a pool.
    fn is_one_more(&mut self, path: &str) -> bool {
        if let Some((pool, _)) = path.split_once("/pool?") {
            let count = self.searches.entry(pool.to_owned()).or_default();
            *count += 1;
            return *count > SEARCHES_OF_EACH;
        }
        let Some((project, _)) = path.split_once("/files/") else { return false };
        let count = self.files.entry(project.to_owned()).or_default();
        *count += 1;
        *count > FILES_OF_EACH
    }

    fn is_known(&self, path: &str) -> bool {
        let is_for_everybody = FOR_EVERYBODY.iter().any(|beginning| path.starts_with(beginning));
        is_for_everybody && self.known.is_some_and(|known| known.pages.contains_key(path))
    }

    /// Notes what is wrong with a page, and where it leads.
    pub fn look_at(&mut self, path: &str, answer: &Answer) {
        let mut found = Found::default();
        let status = answer.status.as_u16();
        if [303, 307, 308].contains(&status) {
            let to = answer.header("location").to_owned();
            found.leads_to = Some(without_place(&to).0);
            self.meet(path, &to);
        // A vacancy that is closed keeps its page, which says so.
        } else if status != 200 && status != 410 {
            self.faults.push(format!("{path} answers {status}"));
        } else if answer.header("content-type").starts_with("text/html") {
            found.anchors = attributes(answer.text(), "id").collect();
            self.page(path, answer.text());
        }
        self.pages.insert(path.to_owned(), found);
    }

    fn page(&mut self, path: &str, html: &str) {
        let headings = html.matches("<h1").count();
        if headings != 1 {
            self.faults.push(format!("{path} has {headings} headings of the first level"));
        }
        let next = html.split("class=\"next-steps\"").nth(1).and_then(|rest| rest.split("</nav>").next());
        let next: Vec<String> = attributes(next.unwrap_or_default(), "href").collect();
        let here = path.split('?').next().unwrap_or(path);
        if next.iter().all(|url| url == here) {
            self.faults.push(format!("{path} has no next step"));
        } else if next.iter().any(|url| url == here) {
            self.faults.push(format!("{path} has itself as a next step"));
        }
        let fitting = FITTING.iter().find(|(pages, _)| pages.iter().any(|page| is_below(here, page)));
        if let Some((_, to)) = fitting
            && !next.iter().any(|url| to.iter().any(|beginning| is_below(url, beginning)))
        {
            self.faults.push(format!("{path} has no next step that fits who reads it: {next:?}"));
        }
        for url in attributes(html, "href") {
            self.meet(path, &url);
        }
        for action in attributes(html, "formaction") {
            self.actions.insert(normal(&without_place(&action).0));
        }
        for form in html.split("<form").skip(1).filter_map(|rest| rest.split('>').next()) {
            let method = attributes(form, "method").next().unwrap_or_else(|| "get".to_owned());
            let action = attributes(form, "action").next().unwrap_or_else(|| path.to_owned());
            match method.as_str() {
                "post" => drop(self.actions.insert(normal(&without_place(&action).0))),
                "get" => self.meet(path, &action),
                // A dialogue is the business of a browser module.
                _ => {}
            }
        }
    }

    fn meet(&mut self, from: &str, url: &str) {
        let url = if url.starts_with('#') { format!("{from}{url}") } else { url.to_owned() };
        if !url.starts_with('/') {
            return;
        }
        let (path, place) = without_place(&url);
        let path = normal(&path);
        if let Some(place) = place {
            self.places.entry(format!("{path}#{place}")).or_insert_with(|| from.to_owned());
        }
        self.waiting.push(path);
    }

    fn found(&self, path: &str) -> Option<&Found> {
        self.pages.get(path).or_else(|| self.known?.pages.get(path))
    }

    /// Everything that is wrong.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.faults.clone();
        for (url, from) in &self.places {
            let (mut path, place) = url.split_once('#').unwrap_or((url, ""));
            for _ in 0..MOST_REDIRECTS {
                let Some(next) = self.found(path).and_then(|found| found.leads_to.as_deref()) else { break };
                path = next;
            }
            if !self.found(path).is_some_and(|found| found.anchors.contains(place)) {
                faults.push(format!("{from} leads to {url}, and there is no such place"));
            }
        }
        faults
    }

    pub fn assert_is_whole(&self) {
        let faults = self.faults();
        assert!(faults.is_empty(), "{} finds:\n{}", self.who, faults.join("\n"));
        assert!(self.pages.len() > 3, "{} came to {:?}", self.who, self.pages.keys());
    }

    /// Which addresses of the router were come to, by links or by forms.
    pub fn patterns(&self) -> impl Iterator<Item = &'static str> {
        self.pages.keys().chain(&self.actions).filter_map(|path| pattern_of(path))
    }
}

/// Which line of `routes.rs` answers a path.
pub fn pattern_of(path: &str) -> Option<&'static str> {
    let path = path.split('?').next().unwrap_or(path);
    let fits = |pattern: &str| {
        let (mut parts, mut wanted) = (path.split('/'), pattern.split('/'));
        loop {
            match (parts.next(), wanted.next()) {
                (None, None) => return true,
                (Some(_), Some(wanted)) if wanted.starts_with("{*") => return true,
                (Some(part), Some(wanted)) if part == wanted || (wanted.starts_with('{') && !part.is_empty()) => {}
                _ => return false,
            }
        }
    };
    let matching = PATTERNS.iter().copied().filter(|pattern| fits(pattern));
    matching.min_by_key(|pattern| pattern.matches('{').count())
}

/// Whether a path is this page or one below it.
fn is_below(path: &str, page: &str) -> bool {
    path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

fn without_place(url: &str) -> (String, Option<String>) {
    match url.split_once('#') {
        Some((path, place)) => (path.to_owned(), Some(place.to_owned())),
        None => (url.to_owned(), None),
    }
}

/// Variants are drawn; one of them stands for all.
fn normal(path: &str) -> String {
    match path.split_once("?variant=") {
        Some((path, _)) => format!("{path}?variant=7"),
        None => path.to_owned(),
    }
}

/// Values of an attribute, in order: of tags, not of text that speaks of tags.
fn attributes<'h>(html: &'h str, name: &str) -> impl Iterator<Item = String> + use<'h> {
    let start = format!(" {name}=\"");
    let tags = html.split('<').filter_map(|piece| piece.split('>').next());
    tags.flat_map(move |tag| {
        let ends: Vec<usize> = tag.match_indices(&start).map(|(at, _)| at + start.len()).collect();
        ends.into_iter().filter_map(move |at| tag[at..].split('"').next())
    })
    .map(|value| value.replace("&amp;", "&").replace("&#38;", "&"))
}
