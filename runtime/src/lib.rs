//! Hand-written support that the generated crate `workstream` calls.
