//! Amazon Route 53.

use crate::drive::Drive;
use crate::report::{Failed, refused, same};
use crate::stage::{Stage, answered};
use workstream::route53::client::Client;
use workstream::route53::types::*;

/// Takes the steps.
pub async fn play<M: Drive>(stage: &Stage<M>) -> Result<(), Failed> {
    let (client, report) = (Client::<M>::new(&stage.config), &stage.report);
    let name = format!("{}.example.com.", stage.name("shop"));
    let record = |name: &str, r#type| ResourceRecordSet::new(name, r#type).ttl(300);
    let text = record(&format!("text.{name}"), RrType::Txt);
    let text = text.resource_records([ResourceRecord::new("\"a <b> & c\""), ResourceRecord::new("\"d\"")]);

    let zone = report
        .step("CreateHostedZone", async {
            let config = HostedZoneConfig::new().comment("Tea & <Cake>");
            let input = CreateHostedZoneInput::new(&name, stage.name("reference")).hosted_zone_config(config.clone());
            let output = M::send(client.create_hosted_zone(input)).await?;
            let zone = output.hosted_zone;
            same("name", &zone.name, &name)?;
            same("comment", zone.config.and_then(|config| config.comment), config.comment)?;
            same("whether it says where", output.location.ends_with(&zone.id), true)?;
            same("name servers", output.delegation_set.name_servers.is_empty(), false)?;
            // The service gives ids with a path before, and takes them without.
            Ok(zone.id.trim_start_matches("/hostedzone/").to_owned())
        })
        .await?;
    report
        .step("ChangeResourceRecordSets", async {
            let change = Change::new(ChangeAction::Create, text.clone());
            let input = ChangeResourceRecordSetsInput::new(&zone, ChangeBatch::new([change]));
            let output = M::send(client.change_resource_record_sets(input)).await?;
            same("status", output.change_info.status, ChangeStatus::Insync)
        })
        .await?;
    report
        .step("ListResourceRecordSets", async {
            let input = ListResourceRecordSetsInput::new(&zone).start_record_type(RrType::Txt);
            let input = input.start_record_name(&text.name).max_items("1");
            let output = M::send(client.list_resource_record_sets(input)).await?;
            same("records", output.resource_record_sets.first(), Some(&text))
        })
        .await?;
    report
        .step("GetHostedZone, NoSuchHostedZone", async {
            let error = refused(M::send(client.get_hosted_zone(GetHostedZoneInput::new("Z0000000"))).await)?;
            answered(&error, "NoSuchHostedZone", 404)?;
            same("kind", error.is_no_such_hosted_zone(), true)
        })
        .await
}
