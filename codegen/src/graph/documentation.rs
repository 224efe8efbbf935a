//! Documentation text that came with a model.

use super::Service;

impl Service {
    /// Whether any documentation text was read with it.
    pub fn is_documented(&self) -> bool {
        let mut members = self.shapes.iter().flat_map(|shape| shape.members());
        self.metadata.documentation.is_some()
            || self.operations.iter().any(|operation| operation.traits.documentation.is_some())
            || self.shapes.iter().any(|shape| shape.traits.documentation.is_some())
            || members.any(|member| member.traits.documentation.is_some())
    }

    /// The same without documentation text.
    #[must_use]
    pub fn without_documentation(mut self) -> Self {
        self.metadata.documentation = None;
        self.operations.iter_mut().for_each(|operation| operation.traits.documentation = None);
        self.waiters.iter_mut().for_each(|waiter| waiter.documentation = None);
        for shape in &mut self.shapes {
            shape.traits.documentation = None;
            shape.kind.members_mut().for_each(|member| member.traits.documentation = None);
        }
        self
    }
}
