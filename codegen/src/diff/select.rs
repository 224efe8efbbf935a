//! A service cut down to some of its operations.

use crate::graph::Service;

/// `service` with those of `operations` that it has, what they reach, their
/// paginators and waiters, and what is said of the service as a whole.
pub fn select(service: &Service, operations: &[String]) -> Service {
    service.part(|operation| operations.contains(&operation.name))
}
