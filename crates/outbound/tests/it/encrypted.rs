//! TLS: the name in the certificate is the name that was asked for, by an authority that is believed.

use crate::{ask, client};
use jobfuture_outbound::{Answer, Error, Policy};
use jobfuture_testkit::NameServer;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A server with a certificate of its own making for `hill.example`; where it is, and the certificate.
async fn server() -> (SocketAddr, Vec<u8>) {
    let made = rcgen::generate_simple_self_signed(vec!["hill.example".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let crypto = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(crypto).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate.clone()], key).unwrap();
    let (listener, acceptor) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), TlsAcceptor::from(Arc::new(config)));
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";
            let _ = stream.write_all(answer).await;
            let _ = stream.shutdown().await;
        }
    });
    (at, certificate.to_vec())
}

#[tokio::test]
async fn a_certificate_is_for_the_name_and_by_somebody_who_is_believed() {
    let (at, root) = server().await;
    let dns = NameServer::start();
    dns.lead("hill.example", &["127.0.0.1"]);
    dns.lead("other.example", &["127.0.0.1"]);
    let outbound = client(&dns, Policy::default().with_tls_trial(at, root));
    let Answer::Arrived(arrived) = outbound.get(&ask("https://hill.example/")).await.unwrap() else {
        panic!("it arrives")
    };
    assert_eq!(arrived.body, b"hello");
    let error = outbound.get(&ask("https://other.example/")).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "another's certificate: {error}");
    let stranger = rcgen::generate_simple_self_signed(vec!["hill.example".to_owned()]).unwrap();
    let outbound = client(&dns, Policy::default().with_tls_trial(at, stranger.cert.der().to_vec()));
    let error = outbound.get(&ask("https://hill.example/")).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "by nobody who is believed: {error}");
}
