//! The table of partitions, which all services share.

use crate::plan::partitions::{PartitionPlan, PatternPart};
use proc_macro2::TokenStream;
use quote::quote;

/// The module `partitions` of the crate.
pub(super) fn partitions(partitions: &[PartitionPlan<'_>]) -> TokenStream {
    let patterns = partitions.iter().any(|plan| !plan.pattern.is_empty());
    let imports = if patterns { quote!({Partition, PatternPart}) } else { quote!(Partition) };
    let partitions = partitions.iter().map(partition);
    quote! {
        //! Partitions of AWS regions.

        use workstream_runtime::endpoint::#imports;

        /// All partitions, in the order in which they are searched.
        pub static PARTITIONS: &[Partition] = &[#(#partitions),*];

        /// The partition of a region: the one that lists it, or else the first
        /// whose regions are named like it, else the first of all.
        pub fn find(region: &str) -> Option<&'static Partition> {
            Partition::find(PARTITIONS, region)
        }
    }
}

fn partition(plan: &PartitionPlan<'_>) -> TokenStream {
    let partition = plan.partition;
    let (name, regions) = (&partition.name, &partition.regions);
    let pattern = plan.pattern.iter().map(|part| match part {
        PatternPart::OneOf(literals) => quote!(PatternPart::OneOf(&[#(#literals),*])),
        PatternPart::Word => quote!(PatternPart::Word),
        PatternPart::Digits => quote!(PatternPart::Digits),
    });
    let (dns_suffix, dual_stack) = (&partition.dns_suffix, &partition.dual_stack_dns_suffix);
    let global = &partition.implicit_global_region;
    let fips = partition.supports_fips.then(|| quote!(.fips()));
    let suffix = (dual_stack != dns_suffix).then(|| quote!(.dual_stack_suffix(#dual_stack)));
    let dual_stack = partition.supports_dual_stack.then(|| quote!(.dual_stack()));
    quote! {
        Partition::new(#name, &[#(#regions),*], &[#(#pattern),*], #dns_suffix, #global) #fips #suffix #dual_stack
    }
}
