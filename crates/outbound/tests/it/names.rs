//! DNS as the client asks it.

use crate::{ask, client};
use jobfuture_outbound::{Error, Names, Policy};
use jobfuture_testkit::NameServer;

#[tokio::test]
async fn txt_records_are_read_whole_and_anew() {
    let dns = NameServer::start();
    let names = Names::at(&[dns.at()]).unwrap();
    let name = "_jobfuture-challenge.hill.example";
    assert_eq!(names.texts(name).await.unwrap(), Vec::<String>::new(), "there is none");
    let long = "x".repeat(600);
    dns.say(name, &["something else", &long]);
    let mut texts = names.texts(name).await.unwrap();
    texts.sort_by_key(String::len);
    assert_eq!(texts, ["something else", long.as_str()]);
    dns.say(name, &[]);
    assert_eq!(names.texts(name).await.unwrap(), Vec::<String>::new(), "nothing is remembered");
    dns.fail(true);
    let error = names.texts(name).await.unwrap_err();
    assert!(matches!(error, Error::Dns { .. }) && error.is_passing(), "{error}");
}

#[tokio::test]
async fn a_name_without_an_address_is_told_from_a_server_that_does_not_answer() {
    let dns = NameServer::start();
    let outbound = client(&dns, Policy::default());
    let error = outbound.get(&ask("https://nowhere.example/")).await.unwrap_err();
    assert_eq!(error, Error::NoSuchName { host: "nowhere.example".to_owned() });
    assert!(!error.is_passing());
    dns.lead("nowhere.example", &[]);
    assert!(matches!(outbound.get(&ask("https://nowhere.example/")).await.unwrap_err(), Error::NoSuchName { .. }));
    dns.fail(true);
    let error = outbound.get(&ask("https://nowhere.example/")).await.unwrap_err();
    assert!(matches!(error, Error::Dns { .. }) && error.is_passing(), "{error}");
}
