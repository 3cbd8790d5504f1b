//! Vacancies for machines: an Atom feed (RFC 4287) of any search, all of them as XML, and the map of their pages
//! (sitemaps.org) with the days on which they changed.

use super::asked::Asked;
use super::one::place_words;
use super::posting::prose;
use super::shelf::Listed;
use crate::error::{Missing, SiteError};
use crate::page::Text;
use crate::routes::{self, VacancyUrl};
use crate::site::Site;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use jiff::Timestamp;
use jobfuture_codes::Code;
use jobfuture_vacancy_search::{Query, Sort};
use std::fmt::Write as _;
use std::sync::Arc;

/// Entries of an Atom feed.
const ENTRIES: usize = 50;
/// Vacancies of one page of the XML feed.
const ON_A_PAGE: usize = 500;
/// Addresses of one map; sitemaps.org allows 50,000.
const IN_A_MAP: usize = 20_000;

/// The site's own address. Machines that come from elsewhere need whole addresses.
fn base(site: &Site) -> Result<&str, SiteError> {
    site.config().base_url.as_deref().ok_or(SiteError::NotFound(Missing::Page))
}

fn answer(kind: &'static str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
    ];
    (headers, body).into_response()
}

fn url(base: &str, one: &Listed) -> String {
    format!("{base}{}", VacancyUrl { vacancy: &one.id.to_string() }.to_url())
}

/// `GET /vacancies/feed.atom`, of the search that its query names. Without an address of the site its links are relative.
pub(crate) async fn atom(State(site): State<Site>, RawQuery(query): RawQuery) -> Result<Response, SiteError> {
    let asked = Asked { page: 1, ..Asked::read(query.as_deref().unwrap_or_default())? };
    let query = Query { limit: ENTRIES, facet_limit: 0, sort: Sort::Freshness, ..asked.query() };
    let (_, listed) = site.vacancies().search(&query)?;
    let base = site.config().base_url.as_deref().unwrap_or_default();
    let asked = asked.to_query();
    let own = if asked.is_empty() { String::new() } else { format!("?{asked}") };
    let updated = listed.iter().map(|one| one.changed_at).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut xml =
        String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    let _ = write!(
        xml,
        "<id>{base}{feed}{own}</id>\n<title>Vacancies</title>\n<updated>{updated}</updated>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{base}{feed}{own}\"/>\n<link href=\"{base}{list}{own}\"/>\n\
         <author><name>JobFuture</name></author>\n",
        feed = routes::VACANCY_FEED,
        list = routes::VACANCIES,
        own = Text(&own),
    );
    for one in &listed {
        entry(&mut xml, base, one);
    }
    xml.push_str("</feed>\n");
    Ok(answer("application/atom+xml; charset=utf-8", xml))
}

fn entry(xml: &mut String, base: &str, one: &Listed) {
    let terms = &one.terms;
    let place = place_words(terms.remote, &terms.countries, &terms.city, terms.zones);
    let _ = writeln!(
        xml,
        "<entry><id>urn:uuid:{id}</id><title>{title} at {company}</title><link href=\"{url}\"/><published>{published}</published>\
         <updated>{updated}</updated><author><name>{company}</name></author><summary>{pay}. {place}</summary></entry>",
        id = one.id,
        title = Text(&terms.title),
        company = Text(&one.company_name),
        url = url(base, one),
        published = one.first_published_at,
        updated = one.changed_at,
        pay = Text(&terms.pay.words()),
        place = Text(&place),
    );
}

/// Which page of a list that is too long for one.
fn page_of(query: Option<String>) -> usize {
    let query = query.unwrap_or_default();
    let page = query.split('&').find_map(|pair| pair.strip_prefix("page="));
    page.and_then(|page| page.parse().ok()).filter(|page| (1..=10_000).contains(page)).unwrap_or(1)
}

/// `GET /vacancies/all.xml`: every open vacancy with all that its page says, in pages that name the next.
pub(crate) async fn xml(State(site): State<Site>, RawQuery(query): RawQuery) -> Result<Response, SiteError> {
    let (base, page) = (base(&site)?, page_of(query));
    let (total, listed) = site.vacancies().page((page - 1) * ON_A_PAGE, ON_A_PAGE)?;
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let _ = write!(xml, "<vacancies total=\"{total}\" page=\"{page}\"");
    if page * ON_A_PAGE < total {
        let _ = write!(xml, " next=\"{base}{}?page={}\"", routes::VACANCY_XML, page + 1);
    }
    xml.push_str(">\n");
    for one in &listed {
        // The long texts are not kept in memory.
        let Some(whole) = site.vacancies().public(one.id).await? else { continue };
        job(&mut xml, base, one, &whole.terms);
    }
    xml.push_str("</vacancies>\n");
    Ok(answer("application/xml; charset=utf-8", xml))
}

fn job(xml: &mut String, base: &str, one: &Listed, terms: &super::Terms) {
    let (min, max) = terms.pay.decimals();
    let _ = write!(
        xml,
        "<vacancy id=\"{id}\"><url>{url}</url><title>{title}</title><company domain=\"{domain}\">{company}</company>\
         <role>{role}</role><level>{level}</level><employment>{employment}</employment><remote>{remote}</remote>",
        id = one.id,
        url = url(base, one),
        title = Text(&terms.title),
        domain = Text(&one.domain),
        company = Text(&one.company_name),
        role = Text(&terms.role),
        level = Text(&terms.level),
        employment = terms.employment.id(),
        remote = terms.remote.id(),
    );
    for country in &terms.countries {
        let _ = write!(xml, "<country>{}</country>", Text(country));
    }
    if !terms.city.is_empty() {
        let _ = write!(xml, "<city>{}</city>", Text(&terms.city));
    }
    if let Some((from, to)) = terms.zones {
        let _ = write!(xml, "<zones from=\"{from}\" to=\"{to}\"/>");
    }
    let _ = write!(
        xml,
        "<pay currency=\"{currency}\" period=\"{period}\" min=\"{min}\" max=\"{max}\"/>",
        currency = terms.pay.currency(),
        period = terms.pay.period().id(),
    );
    for (tag, all) in [("must", &terms.must), ("nice", &terms.nice)] {
        for competency in all {
            let _ = write!(xml, "<{tag}>{}</{tag}>", Text(competency));
        }
    }
    let _ = writeln!(
        xml,
        "<opening>{opening}</opening><headcount>{headcount}</headcount><screening>{screening}</screening>\
         <first-published>{first}</first-published><published>{published}</published><confirmed>{confirmed}</confirmed>\
         <last-day>{last}</last-day><description>{description}</description><process>{process}</process>\
         <apply>{apply}</apply></vacancy>",
        opening = terms.opening.id(),
        headcount = terms.headcount,
        screening = terms.screening.id(),
        first = one.first_published_at,
        published = one.published_at,
        confirmed = one.confirmed_at,
        last = terms.closes_on,
        description = Text(&prose(&terms.description)),
        process = Text(&prose(&terms.process)),
        apply = Text(&terms.apply),
    );
}

/// `GET /vacancies/sitemap.xml`: their pages with the days on which they changed; a list of maps where there are many.
pub(crate) async fn map(State(site): State<Site>, RawQuery(query): RawQuery) -> Result<Response, SiteError> {
    let base = base(&site)?;
    let has_page = query.as_deref().is_some_and(|query| query.contains("page="));
    let page = page_of(query);
    let (total, listed) = site.vacancies().page((page - 1) * IN_A_MAP, IN_A_MAP)?;
    let schema = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if total > IN_A_MAP && !has_page {
        let _ = writeln!(xml, "<sitemapindex {schema}>");
        for page in 1..=total.div_ceil(IN_A_MAP) {
            let _ = writeln!(xml, "<sitemap><loc>{base}{}?page={page}</loc></sitemap>", routes::VACANCY_MAP);
        }
        xml.push_str("</sitemapindex>\n");
    } else {
        let _ = writeln!(xml, "<urlset {schema}>");
        for one in &listed {
            map_entry(&mut xml, base, one);
        }
        xml.push_str("</urlset>\n");
    }
    Ok(answer("application/xml; charset=utf-8", xml))
}

fn map_entry(xml: &mut String, base: &str, one: &Arc<Listed>) {
    let day = one.changed_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let _ = writeln!(xml, "<url><loc>{}</loc><lastmod>{day}</lastmod></url>", url(base, one));
}
