//! A loopback HTTP/1.1 server that also misbehaves: real sockets, with TLS and without.

use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use rcgen::{CertificateParams, DnType, KeyPair};
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

/// What the server does about a request.
pub enum Reply {
    /// Answers. Content-Length is added where the response does not say how its body ends; with `Transfer-Encoding:
    /// chunked` the body goes in pieces, and after `Connection: close` the connection is closed.
    Respond(Response<Vec<u8>>),
    /// Answers once the future is done.
    Later(Pin<Box<dyn Future<Output = ()> + Send>>, Response<Vec<u8>>),
    /// Says 200 and becomes a tunnel, as proxies do for CONNECT.
    Tunnel(SocketAddr),
    /// Does something wrong.
    Fault(Fault),
}

impl From<Response<Vec<u8>>> for Reply {
    fn from(response: Response<Vec<u8>>) -> Self {
        Self::Respond(response)
    }
}

impl From<Fault> for Reply {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What may go wrong between a client and a server.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The connection is reset instead of an answer.
    Reset,
    /// The connection is closed instead of an answer.
    Close,
    /// The connection is reset after half of the body.
    ResetInBody(Response<Vec<u8>>),
    /// The connection is closed after half of the body: Content-Length promises the whole.
    HalfBody(Response<Vec<u8>>),
    /// A body that comes in many pieces. Then the connection is closed, as the head has said.
    SlowBody(Response<Vec<u8>>),
    /// A body that never ends, one byte at a time, until the client gives up.
    EndlessBody,
    /// No answer, until the client gives up.
    Silence,
    /// An answer that is not HTTP.
    Garbage,
    /// The connection is closed after the answer, which has not said so.
    CloseAfter(Response<Vec<u8>>),
}

/// A success without members, in the protocol of the request: which one a client speaks is the model's to say.
pub fn empty_output(request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let cbor = request.headers().get(http::header::CONTENT_TYPE).is_some_and(|kind| kind == "application/cbor");
    if cbor { ok([0xa0]) } else { ok("{}") }
}

/// 200 with a body.
pub fn ok(body: impl Into<Vec<u8>>) -> Response<Vec<u8>> {
    Response::new(body.into())
}

/// 429 without a body.
pub fn too_many_requests() -> Response<Vec<u8>> {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response
}

/// 503 that says when to come back, in milliseconds of `x-amz-retry-after`.
pub fn unavailable(retry_after_seconds: u64) -> Response<Vec<u8>> {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response.headers_mut().insert("x-amz-retry-after", (retry_after_seconds * 1000).into());
    response
}

/// A page for people, as a gateway between client and service answers.
pub fn html(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(b"<html><body><h1>Bad Gateway</h1></body></html>".to_vec());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

/// A server on a free port of the loopback interface. It stops when dropped.
pub struct Server {
    address: SocketAddr,
    certificate: Option<Vec<u8>>,
    state: Arc<State>,
    runtime: Option<Runtime>,
}

type Handler = dyn Fn(Request<Vec<u8>>) -> Reply + Send + Sync;

struct State {
    handler: Box<Handler>,
    requests: AtomicUsize,
    connections: AtomicUsize,
    closed: Mutex<usize>,
    changed: Condvar,
}

impl Server {
    /// Without TLS, on 127.0.0.1.
    pub fn plain<R: Into<Reply>>(handler: impl Fn(Request<Vec<u8>>) -> R + Send + Sync + 'static) -> Self {
        Self::start(Ipv4Addr::LOCALHOST.into(), None, handler).expect("127.0.0.1 has free ports")
    }

    /// Without TLS, on `address`.
    ///
    /// # Errors
    /// When the machine has no such address.
    pub fn plain_on<R: Into<Reply>>(
        address: IpAddr,
        handler: impl Fn(Request<Vec<u8>>) -> R + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::start(address, None, handler)
    }

    /// With TLS and a certificate for `name`, on 127.0.0.1.
    pub fn tls<R: Into<Reply>>(name: &str, handler: impl Fn(Request<Vec<u8>>) -> R + Send + Sync + 'static) -> Self {
        Self::start(Ipv4Addr::LOCALHOST.into(), Some(name), handler).expect("127.0.0.1 has free ports")
    }

    fn start<R: Into<Reply>>(
        address: IpAddr,
        tls_name: Option<&str>,
        handler: impl Fn(Request<Vec<u8>>) -> R + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let state = Arc::new(State {
            handler: Box::new(move |request| handler(request).into()),
            requests: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            closed: Mutex::new(0),
            changed: Condvar::new(),
        });
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind((address, 0)))?;
        let address = listener.local_addr()?;
        let (acceptor, certificate) = tls_name.map(certify).unzip();
        runtime.spawn(accept(listener, acceptor, Arc::clone(&state)));
        Ok(Self { address, certificate, state, runtime: Some(runtime) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its certificate in DER: it is its own root. Empty without TLS.
    pub fn certificate(&self) -> Vec<u8> {
        self.certificate.clone().unwrap_or_default()
    }

    /// How many requests have come.
    pub fn requests(&self) -> usize {
        self.state.requests.load(Ordering::SeqCst)
    }

    /// How many connections have been opened.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Waits until `count` connections have been closed, by whichever side.
    ///
    /// # Panics
    /// When that does not come to pass.
    pub fn wait_until_closed(&self, count: usize) {
        let closed = self.state.closed.lock().unwrap();
        let limit = Duration::from_secs(30);
        let (closed, _) = self.state.changed.wait_timeout_while(closed, limit, |closed| *closed < count).unwrap();
        assert!(*closed >= count, "{closed} connections were closed, not {count}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Not to be waited for: the drop may come within another runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A certificate made on the spot, and how to use it.
fn certify(name: &str) -> (TlsAcceptor, Vec<u8>) {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let mut parameters = CertificateParams::new([name.to_owned()]).expect("names are ASCII");
    // Two servers' certificates are not to be of the same issuer.
    let issuer = format!("loopback server {}", MADE.fetch_add(1, Ordering::Relaxed));
    parameters.distinguished_name.push(DnType::CommonName, issuer);
    let key = KeyPair::generate().expect("ring makes keys");
    let certificate = parameters.self_signed(&key).expect("the parameters are complete").der().to_vec();
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has all of them")
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate.clone())], key.into())
        .expect("the key is the certificate's");
    (TlsAcceptor::from(Arc::new(config)), certificate)
}

async fn accept(listener: TcpListener, acceptor: Option<TlsAcceptor>, state: Arc<State>) {
    while let Ok((tcp, _)) = listener.accept().await {
        state.connections.fetch_add(1, Ordering::SeqCst);
        let (acceptor, state) = (acceptor.clone(), Arc::clone(&state));
        tokio::spawn(async move {
            // Errors are the clients' doing, and theirs to see.
            let _ = tcp.set_nodelay(true);
            let _ = match acceptor {
                None => serve(tcp, &state).await,
                Some(acceptor) => match acceptor.accept(tcp).await {
                    Ok(tls) => serve(tls, &state).await,
                    Err(error) => Err(error),
                },
            };
            *state.closed.lock().unwrap() += 1;
            state.changed.notify_all();
        });
    }
}

/// A stream that can be reset.
trait Stream: AsyncRead + AsyncWrite + Unpin {
    fn tcp(&self) -> &TcpStream;
}

impl Stream for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Stream for tokio_rustls::server::TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// One connection, to its end. The stream is dropped before this returns.
async fn serve(mut stream: impl Stream, state: &State) -> io::Result<()> {
    let mut unread = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut unread).await? {
        state.requests.fetch_add(1, Ordering::SeqCst);
        let is_head = request.method() == Method::HEAD;
        let asked_to_close = says_close(request.headers().get(CONNECTION));
        let response = match (state.handler)(request) {
            Reply::Respond(response) => response,
            Reply::Later(wait, response) => {
                wait.await;
                response
            }
            Reply::Tunnel(to) => return tunnel(stream, to).await,
            Reply::Fault(fault) => return misbehave(stream, fault).await,
        };
        let close = asked_to_close || says_close(response.headers().get(CONNECTION));
        let (mut bytes, body) = head(response);
        if !is_head {
            bytes.extend_from_slice(&body);
        }
        stream.write_all(&bytes).await?;
        stream.flush().await?;
        if close {
            return stream.shutdown().await;
        }
    }
    Ok(())
}

fn says_close(connection: Option<&HeaderValue>) -> bool {
    connection.is_some_and(|value| value == "close")
}

async fn misbehave(mut stream: impl Stream, fault: Fault) -> io::Result<()> {
    match fault {
        Fault::Reset => stream.tcp().set_zero_linger(),
        Fault::Close => stream.shutdown().await,
        Fault::ResetInBody(response) => {
            let (head, body) = head(response);
            stream.write_all(&[&head, &body[..body.len() / 2]].concat()).await?;
            stream.flush().await?;
            stream.tcp().set_zero_linger()
        }
        Fault::HalfBody(response) => {
            let (head, body) = head(response);
            stream.write_all(&[&head, &body[..body.len() / 2]].concat()).await?;
            stream.shutdown().await
        }
        Fault::SlowBody(mut response) => {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            let (head, body) = head(response);
            stream.write_all(&head).await?;
            for piece in body.chunks((body.len() / 16).max(1)) {
                stream.flush().await?;
                tokio::task::yield_now().await;
                stream.write_all(piece).await?;
            }
            stream.shutdown().await
        }
        Fault::EndlessBody => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await?;
            loop {
                stream.write_all(b"1\r\n \r\n").await?;
                stream.flush().await?;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        Fault::Silence => {
            while stream.read(&mut [0; 1024]).await? > 0 {}
            Ok(())
        }
        Fault::Garbage => {
            stream.write_all(b"\x15\x03\x01 what is HTTP?\r\n\r\n").await?;
            stream.shutdown().await
        }
        Fault::CloseAfter(response) => {
            let (head, body) = head(response);
            stream.write_all(&[head, body].concat()).await?;
            stream.shutdown().await
        }
    }
}

async fn tunnel(mut stream: impl Stream, to: SocketAddr) -> io::Result<()> {
    let mut server = TcpStream::connect(to).await?;
    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    tokio::io::copy_bidirectional(&mut stream, &mut server).await.map(drop)
}

/// A response's head as bytes, and its body as it is to be sent.
fn head(mut response: Response<Vec<u8>>) -> (Vec<u8>, Vec<u8>) {
    let mut body = std::mem::take(response.body_mut());
    if response.headers().contains_key(TRANSFER_ENCODING) {
        let piece = (body.len() / 3).max(1);
        let pieces =
            body.chunks(piece).flat_map(|piece| [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat());
        body = pieces.chain(*b"0\r\n\r\n").collect();
    } else if !response.headers().contains_key(CONTENT_LENGTH) {
        let length = body.len().into();
        response.headers_mut().insert(CONTENT_LENGTH, length);
    }
    let mut head = format!("HTTP/1.1 {}\r\n", response.status()).into_bytes();
    for (name, value) in response.headers() {
        head.extend_from_slice(&[name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    head.extend_from_slice(b"\r\n");
    (head, body)
}

/// The next request, with bodies as Content-Length says; none when the client closes in between.
async fn read_request(stream: &mut impl Stream, unread: &mut Vec<u8>) -> io::Result<Option<Request<Vec<u8>>>> {
    let end = loop {
        if let Some(at) = unread.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if unread.first().is_some_and(|byte| !byte.is_ascii_alphabetic()) {
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await?;
            return Ok(None);
        }
        if read_more(stream, unread).await? == 0 {
            return if unread.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
    };
    let mut request = parse_head(&unread[..end]).ok_or(io::ErrorKind::InvalidData)?;
    let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let whole = end + 4 + length.unwrap_or(0);
    while unread.len() < whole {
        if read_more(stream, unread).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    *request.body_mut() = unread[end + 4..whole].to_vec();
    unread.drain(..whole);
    Ok(Some(request))
}

async fn read_more(stream: &mut impl Stream, unread: &mut Vec<u8>) -> io::Result<usize> {
    unread.reserve(8 << 10);
    stream.read_buf(unread).await
}

fn parse_head(head: &[u8]) -> Option<Request<Vec<u8>>> {
    let mut lines = std::str::from_utf8(head).ok()?.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let mut request = Request::builder().method(first.next()?).uri(first.next()?);
    for line in lines {
        let (name, value) = line.split_once(':')?;
        request = request.header(HeaderName::try_from(name).ok()?, value.trim());
    }
    request.body(Vec::new()).ok()
}
