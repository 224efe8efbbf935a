//! Services of every protocol on the same server: a crate of the operations that are called, generated on the fly from
//! botocore's models, and the program tests/e2e/services over it.

use crate::conformance::made::{self, Verdicts};
use crate::discover::discover;
use crate::failure::{Failure, Result};
use crate::paths::{slashed, workspace};
use crate::stderr::eprintln;
use crate::stdout::print;
use crate::writer::write_crate;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use workstream_codegen::ModelSet;

/// What is called, and what has to be generated for it. The program says what is done, and why some are as they are.
const SERVICES: [(&str, &[&str]); 12] = [
    ("dynamodb", &["CreateTable", "PutItem", "GetItem"]),
    ("sqs", &["CreateQueue", "SendMessage", "ReceiveMessage", "GetQueueUrl"]),
    ("kms", &["CreateKey", "Encrypt", "Decrypt", "DescribeKey"]),
    ("secretsmanager", &["CreateSecret", "GetSecretValue", "DeleteSecret"]),
    ("lambda", &["CreateFunction", "GetFunction", "DeleteFunction"]),
    ("sts", &["GetCallerIdentity", "AssumeRole", "GetFederationToken"]),
    ("iam", &["CreateUser", "TagUser", "GetUser", "DeleteUser", "CreateRole"]),
    ("sns", &["CreateTopic", "GetTopicAttributes", "Publish"]),
    ("ec2", &["CreateVpc", "CreateSubnet", "DescribeVpcs"]),
    ("cloudwatch", &["PutMetricData", "ListMetrics", "GetMetricStatistics", "GetDashboard"]),
    ("route53", &["CreateHostedZone", "ChangeResourceRecordSets", "ListResourceRecordSets", "GetHostedZone"]),
    ("s3", &["CreateBucket", "PutObject", "GetObject", "HeadObject", "ListObjectsV2", "DeleteObjects", "DeleteBucket"]),
];

/// Calls the services on the server at `endpoint`, and prints a table; `false` when a step fails or a service is refused.
///
/// # Errors
///
/// When the models cannot be read, or the crate or the program over it does not compile.
pub(super) fn run(models: &Path, endpoint: &str, region: &str, target: &Path) -> Result<bool> {
    let names: Vec<String> = SERVICES.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut set = discover(models, &names)?;
    let refused = refused(made::judge(&mut set), &mut set);
    let folder = target.join("e2e-services");
    let features = made::written(&set, operations(&set), &folder)?;
    write_crate(&folder.join("program"), [("Cargo.toml".to_owned(), cargo_toml(&features))].into())?;
    eprintln!("compiling {}", features.join(", "));
    let program = made::compiled("services", &folder)?;

    let mut called = Command::new(&program);
    called.args([endpoint, region]).stderr(Stdio::inherit());
    let done = called.output().map_err(|e| Failure::io("run", &program, &e))?;
    if !matches!(done.status.code(), Some(0 | 1)) {
        return Err(Failure::new(format!("the calls to the services ended with {}", done.status)));
    }
    let rows = rows(&String::from_utf8_lossy(&done.stdout), refused);
    print(&table(&rows))?;
    Ok(done.status.success() && rows.iter().all(|row| row[4] == OK))
}

/// The operations that are called of the services of the set.
fn operations(set: &ModelSet) -> Vec<String> {
    let taken = |name: &str| set.services.iter().any(|service| service.name == name);
    let called = SERVICES.iter().filter(|(name, _)| taken(name)).flat_map(|(_, operations)| *operations);
    called.copied().map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Services of which nothing, or not all that is called, is generated, each with a reason. The set is without them then.
fn refused(verdicts: Verdicts, set: &mut ModelSet) -> Vec<(String, String)> {
    let left_out = SERVICES.iter().flat_map(|(name, operations)| operations.iter().map(move |one| (*name, *one)));
    let left_out = left_out.filter_map(|(name, operation)| {
        let reason = verdicts.left_out.get(&format!("{name}.{operation}"))?;
        Some((name.to_owned(), format!("refused, {operation}: {reason}")))
    });
    let mut refused: Vec<_> = left_out.collect();
    set.services.retain(|service| !refused.iter().any(|(name, _)| *name == service.name));
    let whole =
        verdicts.refused.into_iter().map(|(name, why)| (name, format!("refused, {}: {}", why.code, why.message)));
    refused.extend(whole);
    refused
}

/// Service, protocol, client, steps, and what became of them.
type Row = [String; 5];

/// What stands in a row when all is well.
const OK: &str = "ok";

/// What the program says, line by line; and a row for each service of which it says nothing.
fn rows(said: &str, refused: Vec<(String, String)>) -> Vec<Row> {
    let row = |line: &str| Row::try_from(line.split('\t').map(str::to_owned).collect::<Vec<_>>()).ok();
    let mut rows: Vec<Row> = said.lines().filter_map(row).collect();
    let nothing = |name: String, why: String| [name, "-".to_owned(), "-".to_owned(), "0".to_owned(), why];
    rows.extend(refused.into_iter().map(|(name, why)| nothing(name, why)));
    let lacking: Vec<&str> = SERVICES
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !rows.iter().any(|[service, ..]| service == name))
        .collect();
    rows.extend(lacking.into_iter().map(|name| nothing(name.to_owned(), "not called".to_owned())));
    rows
}

fn table(rows: &[Row]) -> String {
    let titles = ["service", "protocol", "client", "steps", "ok"].map(str::to_owned);
    let mut text = String::new();
    let all = || std::iter::once(&titles).chain(rows);
    let width = |column: usize| all().map(|row| row[column].len()).max().unwrap_or_default();
    let [service, protocol, client, steps] = [0, 1, 2, 3].map(width);
    for row in all() {
        let [a, b, c, d, e] = row;
        let _ = writeln!(text, "{a:service$}  {b:protocol$}  {c:client$}  {d:>steps$}  {e}");
    }
    text
}

/// The program is compiled where it stands: what the compiler says of it is about a file of the repository.
fn cargo_toml(features: &[String]) -> String {
    let main: std::path::PathBuf = ["tests", "e2e", "services", "main.rs"].iter().collect();
    let names = |wanted: &str| features.iter().map(|feature| wanted.replace("NAME", feature)).collect::<String>();
    format!(
        "[package]\nname = \"services\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [[bin]]\nname = \"services\"\npath = {:?}\n\n[features]\ndefault = [{}]\n{}\n[dependencies]\n\
         tokio = {{ version = \"1.50\", default-features = false, features = [\"rt\"] }}\n\
         workstream = {{ path = \"../crate\", default-features = false, features = [\"client\", \"blocking\"] }}\n\n\
         [profile.dev]\ndebug = false\n\n[workspace]\n",
        slashed(&workspace().join(main)),
        names("\"NAME\", "),
        names("NAME = [\"workstream/NAME\"]\n"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_called_is_told() {
        let said = "dynamodb\tawsJson1_0\tasync\t4\tok\ndynamodb\tawsJson1_0\tblocking\t2\tfailed\nnoise\n";
        let rows = rows(said, vec![("s3".to_owned(), "refused, no-such: why".to_owned())]);
        assert_eq!(rows.len(), 2 + 1 + SERVICES.len() - 2);
        let table = table(&rows);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0], "service         protocol    client    steps  ok");
        assert_eq!(lines[2], "dynamodb        awsJson1_0  blocking      2  failed");
        assert_eq!(lines[3], "s3              -           -             0  refused, no-such: why");
        assert_eq!(lines[4], "sqs             -           -             0  not called");
    }

    #[test]
    fn an_operation_that_is_left_out_refuses_its_service() {
        let files = |name: &str| workstream_codegen::ServiceFiles { name: name.to_owned(), files: Vec::new() };
        let mut set = made::set_of(["kms", "sns", "sqs"].map(files).into());
        let mut verdicts = Verdicts::default();
        verdicts.left_out.insert("kms.Decrypt".to_owned(), "no reason".to_owned());
        verdicts.left_out.insert("sns.Other".to_owned(), "nobody calls it".to_owned());
        let refused = refused(verdicts, &mut set);
        assert_eq!(refused, [("kms".to_owned(), "refused, Decrypt: no reason".to_owned())]);
        assert_eq!(set.services.iter().map(|service| service.name.as_str()).collect::<Vec<_>>(), ["sns", "sqs"]);
        let wanted = operations(&set);
        assert!(wanted.contains(&"Publish".to_owned()) && !wanted.contains(&"Decrypt".to_owned()), "{wanted:?}");
    }
}
