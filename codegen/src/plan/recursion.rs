//! Which members need a `Box`: those that lead back to their own structure
//! without passing through a list or a map.

use crate::graph::{Service, ShapeId};

/// Strongly connected components of "holds directly, by value".
#[derive(Debug)]
pub(super) struct Recursion {
    component: Vec<u32>,
}

impl Recursion {
    /// Whether a member of `owner` that targets `target` must be boxed.
    pub fn needs_box(&self, owner: ShapeId, target: ShapeId) -> bool {
        self.component[owner.index()] == self.component[target.index()]
    }
}

/// Shapes that `shape` holds by value: the aggregates among its members.
fn held(service: &Service, id: ShapeId) -> impl Iterator<Item = ShapeId> {
    service[id].kind.named_members().iter().map(|member| member.target)
}

/// Tarjan's algorithm with an explicit stack: a model may nest deeply.
pub(super) fn recursion(service: &Service) -> Recursion {
    const UNSEEN: u32 = u32::MAX;
    let count = service.shapes().len();
    let mut index = vec![UNSEEN; count];
    let mut low = vec![0; count];
    let mut component = vec![UNSEEN; count];
    let mut open: Vec<ShapeId> = Vec::new();
    let mut next_index = 0;
    let mut next_component = 0;

    for (root, _) in service.shapes() {
        if index[root.index()] != UNSEEN {
            continue;
        }
        let mut work = vec![(root, held(service, root).collect::<Vec<_>>())];
        (index[root.index()], low[root.index()]) = (next_index, next_index);
        next_index += 1;
        open.push(root);
        while let Some((at, pending)) = work.last_mut() {
            let at = *at;
            if let Some(target) = pending.pop() {
                let t = target.index();
                if index[t] == UNSEEN {
                    (index[t], low[t]) = (next_index, next_index);
                    next_index += 1;
                    open.push(target);
                    work.push((target, held(service, target).collect()));
                } else if component[t] == UNSEEN {
                    low[at.index()] = low[at.index()].min(index[t]);
                }
                continue;
            }
            work.pop();
            if let Some((parent, _)) = work.last() {
                low[parent.index()] = low[parent.index()].min(low[at.index()]);
            }
            if low[at.index()] == index[at.index()] {
                while let Some(member) = open.pop() {
                    component[member.index()] = next_component;
                    if member == at {
                        break;
                    }
                }
                next_component += 1;
            }
        }
    }
    Recursion { component }
}
