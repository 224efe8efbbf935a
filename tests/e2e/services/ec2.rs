//! Amazon EC2.

use crate::drive::Drive;
use crate::report::{Failed, refused, same};
use crate::stage::{Stage, answered};
use workstream::ec2::client::Client;
use workstream::ec2::types::*;

/// Takes the steps.
pub async fn play<M: Drive>(stage: &Stage<M>) -> Result<(), Failed> {
    let (client, report) = (Client::<M>::new(&stage.config), &stage.report);
    let name = stage.name("office");
    let tags = [Tag::new().key("Name").value(&name), Tag::new().key("note").value("")];

    let vpc = report
        .step("CreateVpc", async {
            let tagged = TagSpecification::new().resource_type(ResourceType::Vpc).tags(tags.clone());
            let input = CreateVpcInput::new().cidr_block("10.7.0.0/16").tag_specifications([tagged]);
            let vpc = M::send(client.create_vpc(input)).await?.vpc.ok_or("no VPC")?;
            same("block", vpc.cidr_block.as_deref(), Some("10.7.0.0/16"))?;
            same("whether it is the default", vpc.is_default, Some(false))?;
            same("tags", sorted(vpc.tags), sorted(Some(tags.to_vec())))?;
            Ok(vpc.vpc_id.ok_or("no id")?)
        })
        .await?;
    report
        .step("CreateSubnet", async {
            let input = CreateSubnetInput::new(&vpc).cidr_block("10.7.1.0/24");
            let subnet = M::send(client.create_subnet(input)).await?.subnet.ok_or("no subnet")?;
            same("VPC", subnet.vpc_id.as_ref(), Some(&vpc))?;
            // Five addresses are the network's own.
            same("addresses", subnet.available_ip_address_count, Some(251))
        })
        .await?;
    report
        .step("DescribeVpcs", async {
            let filter = Filter::new().name("tag:Name").values([&name, "another"]);
            let output = M::send(client.describe_vpcs(DescribeVpcsInput::new().filters([filter]))).await?;
            let vpcs = output.vpcs.unwrap_or_default();
            let [found] = vpcs.as_slice() else { return Err(format!("not one VPC: {vpcs:?}").into()) };
            same("id", found.vpc_id.as_ref(), Some(&vpc))?;
            same("state", found.state.as_ref(), Some(&VpcState::Available))?;
            let blocks = found.cidr_block_association_set.as_deref().unwrap_or_default();
            same("blocks", blocks.len(), 1)
        })
        .await?;
    report
        .step("DescribeVpcs, InvalidVpcID.NotFound", async {
            let input = DescribeVpcsInput::new().vpc_ids(["vpc-00000000"]);
            let error = refused(M::send(client.describe_vpcs(input)).await)?;
            answered(&error, "InvalidVpcID.NotFound", 400)?;
            same("message", error.message().is_some_and(|message| message.contains("vpc-00000000")), true)
        })
        .await
}

/// In an order of their own: moto's is another.
fn sorted(tags: Option<Vec<Tag>>) -> Vec<(Option<String>, Option<String>)> {
    let mut tags: Vec<_> = tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect();
    tags.sort();
    tags
}
