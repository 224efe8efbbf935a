//! Where prose stands in botocore's files.

use crate::source::facts::{ALL_DOCUMENTED, DOCUMENTED, Prose};

pub(in crate::source) static SERVICE: Prose = Prose::keys(&["documentation", "examples"]).below(&[
    ("operations", &Prose::each(&OPERATION)),
    ("shapes", &Prose::each(&SHAPE)),
    ("clientContextParams", &ALL_DOCUMENTED),
]);
static OPERATION: Prose = Prose::keys(&["documentation"]).below(&[
    ("input", &DOCUMENTED),
    ("output", &DOCUMENTED),
    ("errors", &ALL_DOCUMENTED),
]);
static SHAPE: Prose = Prose::keys(&["documentation"]).below(&[
    ("members", &ALL_DOCUMENTED),
    ("member", &DOCUMENTED),
    ("key", &DOCUMENTED),
    ("value", &DOCUMENTED),
]);

pub(in crate::source) static WAITERS: Prose =
    Prose::NONE.below(&[("waiters", &Prose::each(&Prose::keys(&["description"])))]);
