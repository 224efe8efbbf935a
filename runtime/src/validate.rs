//! Looking at a value before it is sent.

use crate::writer::check;
use crate::{Operation, ServiceDescription, Value, Violations};

/// Inputs that know what their model asks for. Whoever imports the types of a service has it in scope.
pub trait Validate {
    /// Everything in the input that the model does not allow.
    ///
    /// The service may ask for more than its model says, and is what decides.
    ///
    /// # Errors
    ///
    /// All violations, each with the path of its member.
    fn validate(&self) -> Result<(), Violations>;
}

impl<I: Operation> Validate for I {
    fn validate(&self) -> Result<(), Violations> {
        I::DESCRIPTION.service.validate(self)
    }
}

impl ServiceDescription {
    /// Everything in a value that the model of the service does not allow: for parts of inputs, which do not know of which
    /// service they are.
    ///
    /// # Errors
    ///
    /// All violations, each with the path of its member.
    pub fn validate(&self, value: &dyn Value) -> Result<(), Violations> {
        check(self.constraints.map(|constraints| constraints()), value)
    }
}
