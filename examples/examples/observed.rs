//! What can be seen of calls: logs, metrics and an interceptor, against a server of this program's own.
//!
//! `RUST_LOG` is not read here: the program shows all that there is.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use tracing_subscriber::filter::LevelFilter;
use workstream::Protocol;
use workstream::appstream::{Client, types::*};
use workstream::client::{CallReport, Config, Credentials, Interceptor, InterceptorError, Metrics, UnsignedRequest};
use workstream::runtime::http::{HeaderName, HeaderValue};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_ansi(false).without_time().init();
    metrics::set_global_recorder(Printed)?;

    let config = Config::builder()
        .region("eu-west-1")
        .credentials(Credentials::new("AKIAIOSFODNN7EXAMPLE", "a secret key").session_token("a secret token"))
        .endpoint_url(serve()?)
        .protocol(Protocol::AwsJson1_1)
        .app_name("observed")
        .library("our-library", "1.2")
        .interceptor(Tenant)
        .interceptor(Metrics::new())
        .build();
    let client = Client::new(&config);

    let input = CreateStreamingUrlInput::new("stack", "fleet", "user").session_context("a secret of the session");
    let output = client.create_streaming_url(input).await?;
    println!("the URL has {} characters", output.streaming_url.unwrap_or_default().len());
    if let Err(error) = client.delete_fleet(DeleteFleetInput::new("gone")).await {
        println!("{error}");
    }
    Ok(())
}

/// Names a tenant, and tells how calls ended.
#[derive(Debug)]
struct Tenant;

impl Interceptor for Tenant {
    fn before_signing(&self, request: &mut UnsignedRequest<'_>) -> Result<(), InterceptorError> {
        request.insert_header(HeaderName::from_static("x-tenant"), HeaderValue::from_static("blue"));
        Ok(())
    }

    fn after_call(&self, call: &CallReport<'_>) {
        let ended = call.failure().map_or("well", |failure| failure.error_type());
        println!("interceptor: {} ended {ended} after {} attempts", call.operation().name, call.attempts());
    }
}

/// Answers three requests: it is too busy, has a URL, and has no such fleet.
fn serve() -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        let answers = [
            ("503 Service Unavailable", ""),
            ("200 OK", r#"{"StreamingURL":"https://streaming.example/?a-secret","Expires":1700000000}"#),
            ("400 Bad Request", r#"{"__type":"ResourceNotFoundException","Message":"no fleet of that name"}"#),
        ];
        for (answer, stream) in answers.into_iter().zip(listener.incoming()) {
            respond(stream?, answer)?;
        }
        Ok::<_, std::io::Error>(())
    });
    Ok(url)
}

fn respond(mut stream: TcpStream, (status, body): (&str, &str)) -> std::io::Result<()> {
    // The requests of this program are short, and come in one piece.
    let _ = stream.read(&mut [0; 8192])?;
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nx-amzn-requestid: request-1\r\nconnection: close\r\ncontent-length: {length}");
    write!(stream, "{head}\r\ncontent-type: application/x-amz-json-1.1\r\n\r\n{body}")
}

/// A recorder that prints. A real one counts, and somebody asks for the sums.
struct Printed;

/// A metric with its labels.
struct Line(String);

impl Line {
    fn of(key: &metrics::Key) -> Arc<Self> {
        let labels: Vec<String> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        Arc::new(Self(format!("{} {}", key.name(), labels.join(" "))))
    }
}

impl metrics::CounterFn for Line {
    fn increment(&self, value: u64) {
        println!("metric: {} +{value}", self.0);
    }

    fn absolute(&self, value: u64) {
        println!("metric: {} {value}", self.0);
    }
}

impl metrics::HistogramFn for Line {
    fn record(&self, value: f64) {
        println!("metric: {} {value:.3}", self.0);
    }
}

impl metrics::Recorder for Printed {
    fn describe_counter(&self, _: metrics::KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}

    fn describe_gauge(&self, _: metrics::KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}

    fn describe_histogram(&self, _: metrics::KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}

    fn register_counter(&self, key: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Counter {
        metrics::Counter::from_arc(Line::of(key))
    }

    fn register_gauge(&self, _: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Gauge {
        metrics::Gauge::noop()
    }

    fn register_histogram(&self, key: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Histogram {
        metrics::Histogram::from_arc(Line::of(key))
    }
}
