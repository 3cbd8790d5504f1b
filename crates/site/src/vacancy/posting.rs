//! A vacancy as structured data: schema.org's JobPosting, as Google's documentation of it asks for
//! (developers.google.com/search/docs/appearance/structured-data/job-posting). On pages of one open vacancy alone.

use super::store::PublicVacancy;
use super::terms::Remote;
use crate::page::Html;
use crate::profile::words_of;
use crate::site::Site;
use jobfuture_disclosure::Kind;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// Everything that the page says, for machines. `url` is the page's own address, where the site has one.
pub(super) fn job_posting(site: &Site, vacancy: &PublicVacancy, url: Option<&str>) -> Value {
    let terms = &vacancy.terms;
    let words = words_of(site.library());
    let skills: Vec<&str> = terms.must.iter().map(|id| words.shown(Kind::Competency, id)).collect();
    let mut posting = json!({
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": terms.title,
        "description": description(vacancy),
        "identifier": { "@type": "PropertyValue", "name": vacancy.company_name, "value": vacancy.id.to_string() },
        // Of the place, not of this posting of it: what is posted again is not made to look new.
        "datePosted": vacancy.first_published_at.to_string(),
        "validThrough": vacancy.closes_at.to_string(),
        "employmentType": terms.employment.schema(),
        "hiringOrganization": {
            "@type": "Organization",
            "name": vacancy.company_name,
            "sameAs": format!("https://{}", vacancy.domain),
        },
        "baseSalary": salary(vacancy),
        "skills": skills.join(", "),
        "totalJobOpenings": terms.headcount,
        "directApply": false,
    });
    if let Some(map) = posting.as_object_mut() {
        place(map, vacancy);
        if let Some(url) = url {
            map.insert("url".to_owned(), json!(url));
        }
    }
    posting
}

fn salary(vacancy: &PublicVacancy) -> Value {
    let pay = vacancy.terms.pay;
    let (min, max) = pay.decimals();
    let number = |text: String| text.parse::<serde_json::Number>().map_or(Value::String(text), Value::Number);
    json!({
        "@type": "MonetaryAmount",
        "currency": pay.currency(),
        "value": {
            "@type": "QuantitativeValue",
            "minValue": number(min),
            "maxValue": number(max),
            "unitText": pay.period().schema(),
        },
    })
}

fn place(map: &mut Map<String, Value>, vacancy: &PublicVacancy) {
    let terms = &vacancy.terms;
    if terms.remote == Remote::Remote {
        let countries = terms.countries.iter().map(|code| json!({ "@type": "Country", "name": code }));
        map.insert("jobLocationType".to_owned(), json!("TELECOMMUTE"));
        map.insert("applicantLocationRequirements".to_owned(), Value::Array(countries.collect()));
        return;
    }
    let country = terms.countries.first().map(String::as_str).unwrap_or_default();
    let address = json!({ "@type": "PostalAddress", "addressLocality": terms.city, "addressCountry": country });
    map.insert("jobLocation".to_owned(), json!({ "@type": "Place", "address": address }));
}

/// As HTML, which is what readers of postings expect.
fn description(vacancy: &PublicVacancy) -> String {
    let terms = &vacancy.terms;
    format!("{}<p>{}</p>{}", prose(&terms.description), "How the process runs:", prose(&terms.process))
}

/// In a page: nothing in it ends the element it stands in, and browsers run none of it.
pub(super) fn as_script(posting: &Value) -> Html {
    let text = posting.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    Html::from_content(format!("<script type=\"application/ld+json\">{text}</script>"))
}

/// Plain text as HTML: an empty line begins a paragraph, a line that begins with a hyphen is a point of a list.
pub(super) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for block in text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
        let mut open: Option<&str> = None;
        for line in block.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let point = line.strip_prefix(['-', '*', '•']).map(str::trim).filter(|point| !point.is_empty());
            let wanted = if point.is_some() { "ul" } else { "p" };
            if open == Some(wanted) {
                out.push_str(if point.is_some() { "" } else { "<br>" });
            } else {
                let _ = open.map(|tag| write!(out, "</{tag}>"));
                let _ = write!(out, "<{wanted}>");
                open = Some(wanted);
            }
            let _ = match point {
                Some(point) => write!(out, "<li>{}</li>", crate::page::Text(point)),
                None => write!(out, "{}", crate::page::Text(line)),
            };
        }
        let _ = open.map(|tag| write!(out, "</{tag}>"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn paragraphs_and_points_become_html_and_markup_stays_text() {
        let text = "You will:\n- build <b>things</b>\n- & keep them\n\nWe are few.\nAnd calm.";
        let html = "<p>You will:</p><ul><li>build &#60;b&#62;things&#60;/b&#62;</li><li>&#38; keep them</li></ul>\
                    <p>We are few.<br>And calm.</p>";
        assert_eq!(prose(text), html);
        assert_eq!(prose("\n\n - \n"), "<p>-</p>");
    }
}
