//! A company's key opens no profile.
use jobfuture_disclosure::{AsCompany, Disclosure};

async fn read(disclosure: &Disclosure, company: AsCompany) {
    let _ = disclosure.profile(company).await;
}

fn main() {}
