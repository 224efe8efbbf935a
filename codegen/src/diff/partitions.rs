//! What differs between two lists of partitions: the endpoints of every service depend on them.

use super::rules::{Effect, Effects};
use crate::graph::Partition;

/// What differs between two lists of partitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartitionChanges {
    lines: Vec<String>,
}

impl PartitionChanges {
    /// Compares two lists.
    pub fn between(old: &[Partition], new: &[Partition]) -> Self {
        let mut lines = Vec::new();
        for partition in new {
            match old.iter().find(|before| before.id == partition.id) {
                None => lines.push(format!("{}: a new partition", partition.id)),
                Some(before) => compare(before, partition, &mut lines),
            }
        }
        let gone = old.iter().filter(|before| new.iter().all(|partition| partition.id != before.id));
        lines.extend(gone.map(|partition| format!("{}: the partition is gone", partition.id)));
        Self { lines }
    }

    /// A line for every difference.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// What they mean: requests may go to another host.
    pub fn severity(&self) -> Effects {
        let behaviour = if self.lines.is_empty() { Effect::None } else { Effect::Change };
        Effects { behaviour, ..Effects::default() }
    }
}

fn compare(old: &Partition, new: &Partition, lines: &mut Vec<String>) {
    let id = &new.id;
    let only = |these: &Partition, those: &Partition| {
        let regions = these.regions.iter().filter(|region| !those.regions.contains(region));
        regions.cloned().collect::<Vec<_>>().join(", ")
    };
    for (what, regions) in [("new regions", only(new, old)), ("regions are gone", only(old, new))] {
        if !regions.is_empty() {
            lines.push(format!("{id}: {what}: {regions}"));
        }
    }
    let texts = [
        ("name", &old.name, &new.name),
        ("pattern of regions", &old.region_regex, &new.region_regex),
        ("DNS suffix", &old.dns_suffix, &new.dns_suffix),
        ("dual-stack DNS suffix", &old.dual_stack_dns_suffix, &new.dual_stack_dns_suffix),
        ("region of global services", &old.implicit_global_region, &new.implicit_global_region),
    ];
    let changed = texts.into_iter().filter(|(_, old, new)| old != new);
    lines.extend(changed.map(|(what, old, new)| format!("{id}: another {what}: {old} -> {new}")));
    let flags = [
        ("FIPS", old.supports_fips, new.supports_fips),
        ("dual-stack", old.supports_dual_stack, new.supports_dual_stack),
    ];
    for (what, old, new) in flags {
        if old != new {
            let has = if new { "has" } else { "no longer has" };
            lines.push(format!("{id}: {has} {what} endpoints"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Origin;

    fn partition(id: &str, regions: &[&str]) -> Partition {
        Partition {
            id: id.to_owned(),
            name: id.to_owned(),
            region_regex: String::new(),
            regions: regions.iter().map(|region| (*region).to_owned()).collect(),
            dns_suffix: "a.example".to_owned(),
            dual_stack_dns_suffix: String::new(),
            implicit_global_region: String::new(),
            supports_fips: false,
            supports_dual_stack: false,
            origin: Origin::new("partitions.json", ""),
        }
    }

    #[test]
    fn every_difference_has_a_line() {
        let old = [partition("a", &["a-1", "a-2"]), partition("b", &[])];
        let same = PartitionChanges::between(&old, &old);
        assert_eq!((same.lines(), same.severity()), (&[][..], Effects::default()));
        let mut a = partition("a", &["a-2", "a-3", "a-4"]);
        a.dns_suffix = "b.example".to_owned();
        a.supports_fips = true;
        let changes = PartitionChanges::between(&old, &[a, partition("c", &[])]);
        assert_eq!(changes.severity().behaviour, Effect::Change);
        assert_eq!(
            changes.lines(),
            [
                "a: new regions: a-3, a-4",
                "a: regions are gone: a-1",
                "a: another DNS suffix: a.example -> b.example",
                "a: has FIPS endpoints",
                "c: a new partition",
                "b: the partition is gone",
            ]
        );
    }
}
