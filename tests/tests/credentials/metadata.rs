//! What containers and instances have in common: no proxy sees what is said to them.

use super::*;

#[test]
fn a_proxy_sees_nothing_of_metadata_services() {
    let proxy = Server::plain(|_| ok(JSON));
    let agent = Server::plain(|request| {
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts, Bytes::from(body));
        match instance(&request) {
            Ok((200, body)) => ok(body),
            _ if request.uri().path() == "/pod" && request.headers()["authorization"] == "5ecret-pod" => ok(JSON),
            other => panic!("{request:?} {other:?}"),
        }
    });
    let url = format!("http://{}", agent.address());
    let pod = format!("{url}/pod");
    let environments = [
        vec![("AWS_CONTAINER_CREDENTIALS_FULL_URI", &*pod), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "5ecret-pod")],
        vec![("AWS_EC2_METADATA_SERVICE_ENDPOINT", &*url)],
    ];
    let options = HttpOptions::default().proxy(&format!("http://{}", proxy.address())).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for variables in environments {
        let environment = Environment::of(variables);
        let chain = chain_over(HttpTransport::new(options.clone()), &environment);
        assert_eq!(runtime.block_on(chain.provide()).unwrap(), temporary(KEY));
        let chain = blocking_chain_over(BlockingHttpTransport::new(options.clone()), &environment);
        assert_eq!(wait(chain.provide()).unwrap(), temporary(KEY));
    }
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn metadata_services_are_asked_directly_and_others_are_not() {
    let net = tempting();
    found(&net, &variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")]));
    found(&net, &variables([]));
    let seen = net.seen.lock().unwrap();
    assert_eq!(seen.len(), 4);
    assert!(seen.iter().all(|(request, _)| request.extensions().get::<Direct>().is_some()));
    let net = Net::new(|_| sts("AssumeRole"));
    found(&net, &variables([]).home(home("indirect", ROLES, "")));
    assert!(net.seen.lock().unwrap()[0].0.extensions().get::<Direct>().is_none());
}

/// EKS Pod Identity and instances have IPv6 addresses, too. The token is for them, and for no proxy.
#[test]
fn metadata_services_with_ipv6_are_asked_directly() {
    let token = folder::of_test("ipv6-token").join("token");
    fs::write(&token, "5ecret-pod").unwrap();
    let proxies = [("HTTP_PROXY", "http://proxy.example:3128"), ("ALL_PROXY", "http://proxy.example:3128")];
    let pod = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[fd00:ec2::23]/v1/credentials"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.to_str().unwrap()),
    ];
    let net = Net::new(|request| match request.headers().get("authorization") {
        Some(token) if token == "5ecret-pod" => Ok((200, JSON.to_owned())),
        _ => instance(request),
    });
    found(&net, &Environment::of([proxies, pod].concat()));
    assert_eq!(net.uris(), ["GET http://[fd00:ec2::23]/v1/credentials"]);
    found(&net, &Environment::of([&proxies[..], &[("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6")]].concat()));
    assert_eq!(net.uris().len(), 4);
    assert!(net.uris()[1..].iter().all(|uri| uri.contains(" http://[fd00:ec2::254]/")), "{:?}", net.uris());
    let seen = net.seen.lock().unwrap();
    assert!(seen.iter().all(|(request, _)| request.extensions().get::<Direct>().is_some()));
}
