//! No page is a dead end.

use anyhow::ensure;
use e2e::{crawl, public_pages, walk};
use std::collections::BTreeSet;

#[test]
fn every_link_leads_to_a_page_that_leads_on() {
    walk("every link", async |page| {
        let pages = crawl(page).await?;
        let mut faults = Vec::new();
        for page in &pages {
            let place = format!("{} (linked from {})", page.path, page.from);
            // A file that is given out as it is has no place for links.
            let is_file = page.path.starts_with("/assets/") || page.path.starts_with("/vacancies/feed.atom");
            match page.status {
                200 if page.next_steps == 0 && !is_file => faults.push(format!("{place} has no next steps")),
                200 => {}
                status => faults.push(format!("{place} answers {status}")),
            }
            faults.extend(page.missing.iter().map(|id| format!("{place} has no place #{id}")));
        }
        let reached: BTreeSet<&str> = pages.iter().map(|page| page.path.as_str()).collect();
        let map = public_pages()?;
        let cut_off = map.iter().filter(|path| !reached.contains(path.as_str()));
        faults.extend(cut_off.map(|path| format!("{path} is public, and no link leads to it")));
        ensure!(faults.is_empty(), "of {} pages:\n{}", pages.len(), faults.join("\n"));
        Ok(())
    });
}

#[test]
fn pages_of_errors_lead_on() {
    walk("pages of errors", async |page| {
        for path in [
            "/nothing",
            "/guides/cobol",
            "/guides/django/nothing",
            "/guides/django/proofs/nothing",
            "/questions/nothing",
            "/questions/statements-for-publishers?variant=seven",
            "/questions/statements-for-publishers/proofs/nothing?variant=7",
            "/tasks/nothing",
            "/tasks/book-list/files/nothing.py?variant=7",
        ] {
            page.goto(path).await?;
            ensure!(page.text("main .eyebrow").await? == "404", "{path}");
            ensure!(page.count(".next-steps a").await? > 0, "{path}");
        }
        page.click(".next-steps a").await?;
        page.until("!document.querySelector('.error-page')").await
    });
}
