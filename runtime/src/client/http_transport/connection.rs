//! One connection, driven by whoever uses it.

use super::io::{Io, Whole};
use crate::client::network::failure::too_large;
use crate::client::network::message::{MAX_HEAD_READ, MAX_HEADERS, check_head};
use crate::client::{TransportError, TransportErrorKind};
use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// How much to allocate for a body before its bytes have come.
const MAX_PREALLOCATED: u64 = 1 << 20;

/// An HTTP/1.1 connection. It moves only while polled; to drop it is to close it.
pub(super) struct Connection {
    sender: SendRequest<Whole>,
    driver: http1::Connection<Io, Whole>,
}

/// Why there is no response.
pub(super) enum ExchangeError {
    /// Nothing was sent: here is the request again.
    Unsent(Box<Request<Bytes>>, TransportError),
    /// The server may have seen the request.
    Failed(TransportError),
}

impl Connection {
    pub(super) async fn new(io: Io) -> hyper::Result<Self> {
        let (sender, driver) =
            http1::Builder::new().max_headers(MAX_HEADERS).max_buf_size(MAX_HEAD_READ).handshake(io).await?;
        Ok(Self { sender, driver })
    }

    /// Whether the connection can take another request.
    fn is_reusable(&mut self) -> bool {
        // The runtime is not to keep a task for the sake of an idle connection: hence no real waker.
        let closed = Pin::new(&mut self.driver).poll(&mut Context::from_waker(Waker::noop())).is_ready();
        !closed && self.sender.is_ready()
    }

    /// Sends `request` and reads the response. The connection comes back if it can be used again.
    pub(super) async fn send(
        self,
        request: Request<Bytes>,
        max_response_bytes: u64,
    ) -> Result<(Response<Bytes>, Option<Self>), ExchangeError> {
        let Self { mut sender, driver } = self;
        let mut driver = Some(driver);
        let sent = sender.try_send_request(request.map(Whole));
        let response = match drive(&mut driver, sent).await {
            Ok(response) => response,
            Err(mut failed) => {
                return Err(match failed.take_message() {
                    Some(request) => {
                        ExchangeError::Unsent(Box::new(request.map(|body| body.0)), broken(failed.into_error()))
                    }
                    None => ExchangeError::Failed(broken(failed.into_error())),
                });
            }
        };
        let (head, body) = response.into_parts();
        check_head(&head.headers).map_err(ExchangeError::Failed)?;
        let body = drive(&mut driver, collect(body, max_response_bytes)).await.map_err(ExchangeError::Failed)?;
        let connection = driver.map(|driver| Self { sender, driver });
        let reusable = connection.and_then(|mut connection| connection.is_reusable().then_some(connection));
        Ok((Response::from_parts(head, body), reusable))
    }
}

/// Waits for `future` while `driver` moves it on; `driver` is gone once it has ended.
async fn drive<T>(driver: &mut Option<http1::Connection<Io, Whole>>, future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| {
        // What `future` asks of the driver it asks when polled, and what it gets shows when it is polled again.
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(output);
        }
        if let Some(running) = driver
            && Pin::new(running).poll(cx).is_ready()
        {
            // `future` is told how it ended.
            *driver = None;
        }
        future.as_mut().poll(cx)
    })
    .await
}

/// The whole of `body`; without a copy if it comes at once.
async fn collect(mut body: Incoming, limit: u64) -> Result<Bytes, TransportError> {
    let announced = body.size_hint().lower();
    if announced > limit {
        return Err(too_large(limit));
    }
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        // Trailers are of no use here.
        let Ok(data) = frame.map_err(broken)?.into_data() else { continue };
        if (first.len() + all.len() + data.len()) as u64 > limit {
            return Err(too_large(limit));
        }
        if first.is_empty() && all.is_empty() {
            first = data;
        } else {
            if all.is_empty() {
                all.reserve(usize::try_from(announced.min(MAX_PREALLOCATED)).unwrap_or_default());
                all.extend_from_slice(&std::mem::take(&mut first));
            }
            all.extend_from_slice(&data);
        }
        if body.is_end_stream() {
            break;
        }
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

fn broken(error: hyper::Error) -> TransportError {
    let kind = if error.is_user() {
        TransportErrorKind::Request
    } else if error.is_parse() {
        TransportErrorKind::Response
    } else {
        TransportErrorKind::Exchange
    };
    TransportError::new(kind, error)
}
