//! What search engines read of a vacancy, as a validator that others wrote sees it.

use crate::browser::Browser;
use crate::pretend::Pretend;
use crate::showing::{company, operator};
use crate::site::TestSite;
use crate::vacancies::{of, publish};
use jobfuture_db::Db;
use jobfuture_site::{Practice, SiteConfig};
use jobfuture_testkit::node_packages;
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// What a vacancy may say, each different from the others where structured data is.
const VACANCIES: &[(&str, &[(&str, &str)])] = &[
    ("remote", &[]),
    (
        "hourly",
        &[
            ("title", "Weekend keeper"),
            ("employment", "part-time"),
            ("pay_min", "22"),
            ("pay_max", "22"),
            ("pay_period", "hour"),
        ],
    ),
    (
        "at-a-place",
        &[
            ("title", "Onsite keeper"),
            ("remote", "onsite"),
            ("countries", "NZ"),
            ("city", "Nelson"),
            ("pay_currency", "NZD"),
        ],
    ),
    (
        "hybrid",
        &[
            ("title", "Hybrid keeper"),
            ("remote", "hybrid"),
            ("countries", "JP"),
            ("city", "Kyōto"),
            ("pay_currency", "JPY"),
            ("pay_min", "6000000"),
            ("pay_max", "8000000"),
        ],
    ),
    (
        "contract",
        &[
            ("title", "“Quoted” <keeper>"),
            ("employment", "contractor"),
            ("pay_min", "600"),
            ("pay_max", "700"),
            ("pay_period", "day"),
            ("headcount", "3"),
        ],
    ),
];

/// What the validator says of each file in a folder.
fn told(folder: &Path) -> Value {
    let outside = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outside");
    let packages = node_packages(&outside, Path::new(env!("CARGO_TARGET_TMPDIR")));
    let done = Command::new("node").arg(outside.join("postings.mjs")).arg(packages).arg(folder).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_posting_is_accepted_by_a_validator_that_others_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite:{}", folder.path().join("site.db").display())).await.unwrap();
    let config = SiteConfig { base_url: Some("https://jobs.example.org".to_owned()), ..SiteConfig::default() };
    let site = TestSite::on_real_content(config, db, Practice::On(Arc::new(Pretend)));
    let mut edna = operator(&site).await;
    let (mut carl, company) = company(&site, &mut edna).await;
    let (list, pages) = (of(&company), tempfile::tempdir().unwrap());
    let mut stranger = Browser::new(&site);
    for (name, changes) in VACANCIES {
        let (_, public) = publish(&mut carl, &list, changes).await;
        let page = stranger.get(&public).await;
        std::fs::write(pages.path().join(name), page.is(200).text()).unwrap();
    }
    let all = stranger.get("/vacancies").await;
    std::fs::write(pages.path().join("list"), all.is(200).text()).unwrap();
    // The validator is one that finds something where there is something to find.
    let (_, public) = publish(&mut carl, &list, &[("title", "Broken")]).await;
    let broken = stranger.get(&public).await.text().replace("\"datePosted\"", "\"datePosited\"");
    std::fs::write(pages.path().join("broken"), broken).unwrap();

    let told = told(pages.path());
    for (name, _) in VACANCIES {
        assert_eq!(told[name]["postings"], 1, "{name}: {told}");
        assert_eq!(told[name]["errors"], Value::Array(Vec::new()), "{name}: {told}");
    }
    assert_eq!(told["list"]["postings"], 0, "only the page of a single vacancy has one");
    assert!(!told["broken"]["errors"].as_array().unwrap().is_empty(), "{told}");
}
