//! `partitions.json`: which regions belong together, and how their hosts are named.

use super::node::{At, Ignored, Object};
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
    let id = required_text(&object, "id");
    let region_regex = required_text(&object, "regionRegex");
    let regions = object.require("regions").map(|at| {
        // An object, whose order means nothing.
        let mut regions: Vec<String> = at.entries().map(|(name, at)| region(name, &at)).collect();
        regions.sort();
        regions
    });
    let outputs = object.require("outputs");
    object.finish("a partition", &[]);

    let outputs = outputs.as_ref()?.object()?;
    let name = required_text(&outputs, "name");
    let dns_suffix = required_text(&outputs, "dnsSuffix");
    let dual_stack_dns_suffix = required_text(&outputs, "dualStackDnsSuffix");
    let implicit_global_region = required_text(&outputs, "implicitGlobalRegion");
    let supports_fips = outputs.require("supportsFIPS").and_then(|at| at.boolean());
    let supports_dual_stack = outputs.require("supportsDualStack").and_then(|at| at.boolean());
    outputs.finish("a partition's outputs", &[]);
    Some(Partition {
        id: id?,
        name: name?,
        region_regex: region_regex?,
        regions: regions?,
        dns_suffix: dns_suffix?,
        dual_stack_dns_suffix: dual_stack_dns_suffix?,
        implicit_global_region: implicit_global_region?,
        supports_fips: supports_fips?,
        supports_dual_stack: supports_dual_stack?,
        origin: at.origin(),
    })
}

fn required_text(object: &Object<'_, '_>, key: &'static str) -> Option<String> {
    object.require(key)?.string().map(str::to_owned)
}

fn region(name: &str, at: &At<'_, '_>) -> String {
    if let Some(object) = at.object() {
        object.finish("a region", REGION);
    }
    name.to_owned()
}
