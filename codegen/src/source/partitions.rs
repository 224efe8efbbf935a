//! `partitions.json`: which regions belong together, and how their hosts are named.

use super::node::{At, Ignored};
use crate::graph::Partition;

const FILE: &[Ignored] = &[Ignored { keys: &["version"], reason: "there is one format; a new one has new keys" }];

const REGION: &[Ignored] = &[Ignored { keys: &["description"], reason: "prose" }];

/// Reads the file, in its order.
pub(super) fn read(at: &At<'_, '_>) -> Option<Vec<Partition>> {
    let object = at.object()?;
    let partitions = object.require("partitions")?.items().filter_map(|item| partition(&item)).collect();
    object.finish("the partitions file", FILE);
    Some(partitions)
}

fn partition(at: &At<'_, '_>) -> Option<Partition> {
    let object = at.object()?;
    let id = object.require("id")?.string()?;
    let region_regex = object.require("regionRegex")?.string()?;
    let regions = object
        .require("regions")?
        .entries()
        .map(|(name, at)| {
            if let Some(region) = at.object() {
                region.finish("a region", REGION);
            }
            name.to_owned()
        })
        .collect();
    let outputs_at = object.require("outputs")?;
    let outputs = outputs_at.object()?;
    let text = |key| outputs.require(key)?.string().map(str::to_owned);
    let flag = |key| outputs.require(key)?.boolean();
    let partition = Partition {
        id: id.to_owned(),
        name: text("name")?,
        region_regex: region_regex.to_owned(),
        regions,
        dns_suffix: text("dnsSuffix")?,
        dual_stack_dns_suffix: text("dualStackDnsSuffix")?,
        implicit_global_region: text("implicitGlobalRegion")?,
        supports_fips: flag("supportsFIPS")?,
        supports_dual_stack: flag("supportsDualStack")?,
        origin: at.origin(),
    };
    outputs.finish("a partition's outputs", &[]);
    object.finish("a partition", &[]);
    Some(partition)
}
