//! Turns AWS API models into a Rust client crate, or into a module of one.
//!
//! Models of botocore or Smithy go in as bytes, Rust files come out as text.
//! The library touches no disk, clock, network or environment, and never
//! panics, prints or exits.
//!
//! ```
//! use workstream_codegen::{Manifest, ModelSet, ModuleLayout, Options, ServiceFiles, SourceFile, generate, read};
//!
//! let model = br#"{
//!     "metadata": {"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Pets"},
//!     "operations": {"FeedPet": {"input": {"shape": "FeedPetRequest"}}},
//!     "shapes": {
//!         "FeedPetRequest": {"type": "structure", "required": ["Name"], "members": {"Name": {"shape": "Name"}}},
//!         "Name": {"type": "string"}
//!     }
//! }"#;
//! let files = vec![SourceFile { path: "service-2.json".to_owned(), text: model.to_vec() }];
//! let set = ModelSet { services: vec![ServiceFiles { name: "pets".to_owned(), files }], partitions: None };
//!
//! let (model, findings) = read(&set);                 // findings have file, line, column and a hint
//! let model = model.ok_or_else(|| format!("{findings:?}"))?;
//! let mut options = Options::new(Manifest::Standalone { runtime: "../runtime".to_owned() });
//! options.operations = vec!["FeedPet".to_owned()];    // else all
//! let (output, findings) = generate(&model, &options);
//! let output = output.ok_or_else(|| format!("{findings:?}"))?;
//! assert!(output.files["src/pets/operations/feed_pet.rs"].contains("pub struct FeedPetInput"));
//!
//! // A module of a crate with a `build.rs`, which writes the text into `OUT_DIR`, to be included:
//! let mut options = Options::module(ModuleLayout::File);
//! options.operations = vec!["FeedPet".to_owned()];
//! let (output, findings) = generate(&model, &options);
//! let output = output.ok_or_else(|| format!("{findings:?}"))?;
//! assert!(output.files["mod.rs"].contains("pub struct FeedPetInput"));
//! assert!(output.summary.runtime_features.contains("client-core"));     // of `workstream-runtime`
//! # Ok::<(), String>(())
//! ```
//!
//! # What is stable
//!
//! Reading models, generating, describing, comparing and rendering follow semantic versioning: the functions, and the
//! structures and enums that they take and return. Codes of diagnostics, ids of rules and names of facts never change
//! their meaning, and the JSON of a comparison says which [`SCHEMA`](diff::render::SCHEMA) it has.
//!
//! Not stable are [`graph`] and [`plan`], which are how the generator sees a model and the crate, and
//! [`diff::properties`]: their fields and variants follow what models say and what is generated, so they change in any
//! release. Words of diagnostics and of changelogs may change too. What is generated is the matter of the crate that has
//! it: it goes with the version of `workstream-runtime` that has the same number.

#![cfg_attr(not(test), deny(clippy::expect_used, clippy::panic, clippy::unwrap_used))]

pub mod describe;
pub mod diagnostic;
pub mod diff;
mod emit;
mod examples;
mod generate;
pub mod graph;
mod markup;
mod model;
mod output;
mod overlay;
pub mod plan;
mod prose;
mod sentences;
mod service_list;
mod severities;
mod source;

pub use emit::{Manifest, ModuleLayout, ModuleParts, OutputKind, Publication};
pub use generate::{Options, Output, ServiceSummary, Summary, generate};
pub use model::{Model, read};
pub use output::{RUST_HEADER, TOML_HEADER};
pub use service_list::{ListedService, RuntimePart, ServiceList, read_service_list};
pub use severities::read_severities;
pub use source::{FileKind, ModelSet, ServiceFiles, SourceFile, facts};
