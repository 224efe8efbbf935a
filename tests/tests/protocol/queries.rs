//! awsQuery and ec2Query: forms, answers within their elements, and errors in XML; both sides.

use workstream_fixtures::dynamic::{self, DynamicError, DynamicOperation};
use workstream_fixtures::{Protocol, protocol_ec2, protocol_query};
use workstream_runtime::client::Mock;
use workstream_runtime::http::{Request, Response, StatusCode};

fn operation(service: &str, name: &str) -> &'static DynamicOperation {
    dynamic::operation(service, name).unwrap_or_else(|| panic!("no operation {name}"))
}

fn request(service: &str, protocol: Protocol, input: &str) -> Request<Vec<u8>> {
    operation(service, "Describe").request(input.as_bytes(), protocol).unwrap_or_else(|error| panic!("{error}"))
}

/// The lines of a form.
fn form(service: &str, protocol: Protocol, input: &str) -> String {
    let request = request(service, protocol, input);
    assert_eq!(request.uri(), "/");
    assert_eq!(request.method(), "POST");
    assert_eq!(request.headers()["content-type"], "application/x-www-form-urlencoded; charset=utf-8");
    String::from_utf8(request.into_body()).unwrap().replace('&', "\n")
}

fn answer(service: &str, protocol: Protocol, status: u16, body: &str) -> Result<String, DynamicError> {
    let mut response = Response::new(body.to_owned());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    operation(service, "Describe").response(protocol, &response)
}

const EVERYTHING: &str = concat!(
    r#"{"Name":"a b+c=d&é~","Number":-5,"Flag":true,"Ratio":"NaN","Bytes":"AP8=","Time":1398796238.5,"Seconds":1,"#,
    r#""Texts":["x","y"],"NamedTexts":["x"],"FlatTexts":["x","y"],"OldFlatTexts":["x","y"],"#,
    r#""Filters":[{"Name":"f","Values":["v","w"],"Nested":{"Name":"g"}},{}],"Map":{"k":"v","l":""},"#,
    r#""NamedMap":{"k":{"Name":"n"}},"FlatMap":{"k":"v"},"Lists":[["x","y"],["z"]],"Nested":{"Nested":{"Values":["v"]}}"#,
);

#[test]
fn forms_of_aws_query() {
    let expected = "Action=Describe\nVersion=2020-01-08\nName=a%20b%2Bc%3Dd%26%C3%A9~\ncount=-5\nFlag=true\nRatio=NaN\n\
        Bytes=AP8%3D\nTime=2014-04-29T18%3A30%3A38.5Z\nSeconds=1\n\
        Texts.member.1=x\nTexts.member.2=y\nNamedTexts.item.1=x\nFlatTexts.1=x\nFlatTexts.2=y\nOldText.1=x\nOldText.2=y\n\
        Filters.Filter.1.Name=f\nFilters.Filter.1.Value.item.1=v\nFilters.Filter.1.Value.item.2=w\n\
        Filters.Filter.1.Nested.Name=g\n\
        Map.entry.1.key=k\nMap.entry.1.value=v\nMap.entry.2.key=l\nMap.entry.2.value=\n\
        Entries.entry.1.Name=k\nEntries.entry.1.Value.Name=n\nFlatMap.1.key=k\nFlatMap.1.value=v\n\
        Lists.member.1.item.1=x\nLists.member.1.item.2=y\nLists.member.2.item.1=z\nNested.Nested.Value.item.1=v";
    assert_eq!(form("protocol-query", Protocol::AwsQuery, &format!("{EVERYTHING}}}")), expected);
    // A list without elements is there, a map is not.
    let empty = r#"{"Name":"","Texts":[],"FlatTexts":[],"Map":{},"Nested":{}}"#;
    let expected = "Action=Describe\nVersion=2020-01-08\nName=\nTexts=\nFlatTexts=";
    assert_eq!(form("protocol-query", Protocol::AwsQuery, empty), expected);
    let ping = operation("protocol-query", "Ping").request(b"{}", Protocol::AwsQuery).unwrap();
    assert_eq!(ping.body(), b"Action=Ping&Version=2020-01-08");
}

#[test]
fn forms_of_ec2_query() {
    let input = r#"{"Name":"n","DryRun":true,"Texts":["x","y"],
        "Filters":[{"Name":"f","Values":["v","w"]},{"Values":[]}],"Addresses":["a"]}"#;
    let expected = "Action=Describe\nVersion=2020-01-08\nName=n\nDryRun=true\nText.1=x\nText.2=y\n\
        FilterSet.1.Name=f\nFilterSet.1.ValueSet.1=v\nFilterSet.1.ValueSet.2=w\nAddresses.1=a";
    assert_eq!(form("protocol-ec2", Protocol::Ec2Query, input), expected);
}

#[test]
fn servers_read_forms() {
    // What is empty leaves nothing in a form.
    let input = format!("{EVERYTHING},\"Token\":\"t\"}}").replace(",{}]", "]");
    let sent = request("protocol-query", Protocol::AwsQuery, &input);
    let read = operation("protocol-query", "Describe").parse_request(Protocol::AwsQuery, &sent).unwrap();
    assert_eq!(read, input);
    // In any order, with more than nine elements, and as browsers write it.
    let texts: Vec<String> = (1..=12).rev().map(|number| format!("Texts.member.{number}=t+{number}")).collect();
    let body = format!("{}&Unknown.a.b=c&Name=%41&Action=Describe&&Version", texts.join("&"));
    let read = operation("protocol-query", "Describe").parse_request(Protocol::AwsQuery, &Request::new(body)).unwrap();
    let texts: Vec<String> = (1..=12).map(|number| format!("\"t {number}\"")).collect();
    assert_eq!(read, format!(r#"{{"Name":"A","Texts":[{}]}}"#, texts.join(",")));
    let input =
        r#"{"Name":"n","DryRun":true,"Texts":["x","y"],"Filters":[{"Name":"f","Values":["v"]}],"Addresses":["a"]}"#;
    let sent = request("protocol-ec2", Protocol::Ec2Query, input);
    assert_eq!(operation("protocol-ec2", "Describe").parse_request(Protocol::Ec2Query, &sent).unwrap(), input);
}

#[test]
fn results_stand_within_their_elements() {
    let body = r#"<DescribeResponse xmlns="https://query.example.com/"><DescribeResult><Name>n</Name><count>5</count>
        <Flag>false</Flag><Time>2014-04-29T18:30:38Z</Time><OldText>x</OldText><Texts><member>t</member></Texts><OldText>y</OldText>
        <Entries><entry><Value><Name>n</Name></Value><Name>k</Name></entry></Entries><FlatMap><key>k</key><value>v</value></FlatMap>
        </DescribeResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DescribeResponse>"#;
    let expected = concat!(
        r#"{"Name":"n","Number":5,"Flag":false,"Time":1398796238,"Texts":["t"],"OldFlatTexts":["x","y"],"#,
        r#""NamedMap":{"k":{"Name":"n"}},"FlatMap":{"k":"v"}}"#
    );
    assert_eq!(answer("protocol-query", Protocol::AwsQuery, 200, body).unwrap(), expected);
    // Some servers leave the inner element out.
    let body = "<DescribeResponse><Name>n</Name></DescribeResponse>";
    assert_eq!(answer("protocol-query", Protocol::AwsQuery, 200, body).unwrap(), r#"{"Name":"n"}"#);
    for nothing in ["", "<DescribeResponse/>", "<DescribeResponse><DescribeResult/></DescribeResponse>"] {
        assert_eq!(answer("protocol-query", Protocol::AwsQuery, 200, nothing).unwrap(), "{}");
    }
    let body = r#"<DescribeResponse><requestId>r</requestId><name>n</name><textSet><item>x</item></textSet>
        <filterSet><item><name>f</name><valueSet/></item></filterSet><since>2014-04-29T18:30:38.000Z</since></DescribeResponse>"#;
    let expected = r#"{"Name":"n","Texts":["x"],"Filters":[{"Name":"f","Values":[]}],"Since":1398796238}"#;
    assert_eq!(answer("protocol-ec2", Protocol::Ec2Query, 200, body).unwrap(), expected);
}

#[test]
fn what_is_no_answer_is_told() {
    for (body, expected) in [
        ("<html><head><title>Log in</title></head></html>", "expected XML, found an HTML page"),
        ("{}", "the body is JSON"),
        ("<DescribeResponse>", "expected more, found the end"),
        ("<R><DescribeResult><count>x</count></DescribeResult></R>", "Number: expected an integer, found other text"),
    ] {
        let error = answer("protocol-query", Protocol::AwsQuery, 200, body).unwrap_err().to_string();
        assert!(error.contains(expected), "{body}: {error}");
    }
}

/// Code, message, shape, members and request id of an error.
fn error(service: &str, protocol: Protocol, status: u16, body: &str) -> String {
    match answer(service, protocol, status, body) {
        Err(DynamicError::Service(error)) => {
            let (message, shape) = (error.message.as_deref().unwrap_or("-"), error.shape.unwrap_or("-"));
            let id = error.response.request_id.as_deref().unwrap_or("-");
            format!("{} | {message} | {shape} | {} | {id}", error.code, error.members)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn errors_have_their_code_in_the_body() {
    let query = |body: &str| error("protocol-query", Protocol::AwsQuery, 404, body);
    let expected = r#"Query.NotThere | m | NotThere | {"message":"m","Name":"n"} | r"#;
    let wrapped = "<ErrorResponse><Error><Type>Sender</Type><Code>Query.NotThere</Code><Message>m</Message><Name>n</Name></Error>\
        <RequestId>r</RequestId></ErrorResponse>";
    assert_eq!(query(wrapped), expected);
    assert_eq!(query("<ErrorResponse><Error><Code>Other</Code></Error></ErrorResponse>"), "Other | - | - | {} | -");
    assert_eq!(query(""), "404 | - | - | {} | -");
    let body = "<Response><Errors><Error><Code>InvalidThing.NotFound</Code><Message>m</Message></Error></Errors>\
        <RequestID>r</RequestID></Response>";
    let expected = "InvalidThing.NotFound | m | NotThere | {} | r";
    assert_eq!(error("protocol-ec2", Protocol::Ec2Query, 400, body), expected);
}

#[tokio::test]
async fn mocks_answer_in_the_protocol_of_the_request() {
    use protocol_query::types::{DescribeInput, DescribeOutput, Filter, NotThere};
    use protocol_query::{Client, ServiceError};
    let mock = Mock::new();
    let output = DescribeOutput::new()
        .name("<n>")
        .filters([Filter::new().name("f").values(["v"])])
        .map([("k", "v")])
        .flat_texts(["x", "y"]);
    mock.on::<DescribeInput>().respond(Ok(output.clone())).once();
    let gone = NotThere::new().message("m").name("n");
    mock.on::<DescribeInput>()
        .matching(|input| input.name == "gone")
        .respond(Err(ServiceError::NotThere(gone.clone())));
    mock.on::<DescribeInput>().matching(|input| input.name == "code").respond_code(
        StatusCode::BAD_REQUEST,
        "Some.Code",
        "m & n",
    );
    let client = Client::new(&mock.config_builder().endpoint_url("https://query.example.com").build());
    assert_eq!(client.describe(DescribeInput::new("a").texts(["t"])).await.unwrap(), output);
    assert_eq!(mock.calls::<DescribeInput>()[0].texts.as_deref(), Some(&["t".to_owned()][..]));
    assert!(mock.calls::<DescribeInput>()[0].token.is_some());
    let error = client.describe(DescribeInput::new("gone")).await.unwrap_err();
    assert_eq!(error.service_error(), Some(&ServiceError::NotThere(gone)));
    let error = client.describe(DescribeInput::new("code")).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some("Some.Code"), Some("m & n")));

    use protocol_ec2::types::{DescribeInput as Input, DescribeOutput as Output, NotThere as Missing};
    let mock = Mock::new();
    let output = Output::new().name("n").texts(["x", "y"]);
    mock.on::<Input>().respond(Ok(output.clone()));
    mock.on::<Input>()
        .matching(|input| input.dry_run == Some(true))
        .respond(Err(protocol_ec2::ServiceError::NotThere(Missing::new())));
    let client = protocol_ec2::Client::new(&mock.config_builder().endpoint_url("https://ec2.example.com").build());
    assert_eq!(client.describe(Input::new()).await.unwrap(), output);
    let error = client.describe(Input::new().dry_run(true)).await.unwrap_err();
    assert!(matches!(error.service_error(), Some(protocol_ec2::ServiceError::NotThere(_))), "{error}");
}
