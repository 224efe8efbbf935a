//! Where prose stands in a Smithy model.

use crate::source::facts::{ALL_DOCUMENTED, Prose, RULE_SET};

/// What Smithy's own validation is told (`metadata`) has reasons in it.
pub(in crate::source) static MODEL: Prose = Prose::keys(&["metadata"]).below(&[("shapes", &Prose::each(&SHAPE))]);
static SHAPE: Prose = Prose::NONE.below(&[
    ("traits", &TRAITS),
    ("members", &Prose::each(&MEMBER)),
    ("member", &MEMBER),
    ("key", &MEMBER),
    ("value", &MEMBER),
]);
static MEMBER: Prose = Prose::NONE.below(&[("traits", &TRAITS)]);
static TRAITS: Prose =
    Prose::keys(&["smithy.api#documentation", "smithy.api#externalDocumentation", "smithy.api#examples"]).below(&[
        ("smithy.api#enum", &ALL_DOCUMENTED),
        ("smithy.waiters#waitable", &ALL_DOCUMENTED),
        ("smithy.rules#clientContextParams", &ALL_DOCUMENTED),
        ("smithy.rules#endpointRuleSet", &RULE_SET),
        ("smithy.rules#endpointTests", &ENDPOINT_TESTS),
    ]);
static ENDPOINT_TESTS: Prose = Prose::NONE.below(&[("testCases", &ALL_DOCUMENTED)]);
